"""A signer's address is for data officers alone: no log has it, nor an index.

That nobody else meets it in the admin is asked on the way through all of it, in
`tests/accounts/test_walks.py`.
"""

import logging
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings
from wagtail.models import ReferenceIndex

from jobs.models import Job
from jobs.worker import drain
from signatures.models import Signature
from tests.signatures.posting import address as sign_address
from tests.signatures.posting import fields, post
from tests.support.factories import confirmed
from tests.support.kinds import CityPages
from tests.support.signer import ADDRESS, COMMENT, NAME


def test_no_log_names_a_signer(
    portland: CityPages, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    caplog.set_level(logging.DEBUG)
    page = portland["en"]
    person: dict[str, Any] = {"name": NAME, "email": ADDRESS, "comment": COMMENT}
    assert post(page, **person).status_code == 303
    assert post(page, **{**person, "country": ""}).status_code == 422
    stranger = Client().post(sign_address(page), fields(page, **person))
    assert stranger.status_code == 403
    settings.EMAIL_BACKEND = "tests.jobs.test_worker.DownBackend"
    drain()
    assert Job.objects.get().error == "smtplib.SMTPServerDisconnected"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(run_at=Signature.objects.get().asked_at)
    drain()
    assert mail.outbox[0].to == [ADDRESS]
    assert caplog.text, "something is logged"
    for secret in (ADDRESS, NAME, COMMENT):
        assert secret not in caplog.text


def test_signers_are_in_no_index_of_what_is_used_where(portland: CityPages) -> None:
    confirmed(portland["en"]).save()
    call_command("rebuild_references_index", verbosity=0)
    kinds = ReferenceIndex.objects.values_list("content_type__model", flat=True)
    assert "petitionpage" in kinds
    assert "signature" not in kinds
