"""A form from which fields are missing is refused, and nothing fails over it."""

import pytest
from django.db import transaction
from django.test import Client

from tests.accounts.addresses import ExampleObjects
from tests.accounts.test_roles import table, tried
from tests.support.factories import make_user
from tests.support.kinds import SmallSite

# Wagtail's own fail with an error that says nothing of a field: told there, and left. A chooser's
# address for new records is there even where it has no form for one.
WAGTAILS = {
    "choose-external-link/",
    "redirects/import/process/",
    *(
        f"snippets/choose/{kind}/create/"
        for kind in (
            *("campaigns/city", "campaigns/cityname", "campaigns/petition", "campaigns/tie"),
            *("campaigns/petitionevent", "campaigns/tieevent"),
            *("translation_desk/glossaryterm", "translation_desk/glossarytranslation"),
        )
    ),
}
# The example has a row, and no file.
FILELESS = "documents/edit/<int:document_id>/"


@pytest.mark.any_database
@pytest.mark.parametrize("sent", [{}, {"title": "x", "action-publish": "1"}])
def test_no_form_of_the_admin_fails_over_missing_fields(
    site: SmallSite, sent: dict[str, str]
) -> None:
    things, client = ExampleObjects(site), Client(raise_request_exception=False)
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    failed = set()
    for pattern in filter(tried, table()):
        if pattern == FILELESS:
            continue
        with transaction.atomic():
            response = client.post(things.fill(pattern), sent)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            failed.add(pattern)
    assert failed == WAGTAILS
