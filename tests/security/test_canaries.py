"""Nothing personal lies where nobody looks for it, whatever succeeds or fails.

Somebody with words that occur nowhere else signs, and does all that a signer can, while mails, jobs,
views and the database fail. Then everything that keeps anything is read through.
"""

import json
import logging
import pickle
import re
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from io import StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache, caches
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import DataError, OperationalError, connection, models
from django.test import Client
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from pytest_django import Settings
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from jobs.models import Job
from security.encryption import EncryptedTextField
from signatures import lifecycle, tasks
from signatures.keeping.erasing import erase_people
from signatures.models import Signature, Submission, Suppression
from signatures.signing.tokens import own_token
from tests.signatures.posting import address, fields
from tests.support.factories import make_user, shape_form
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db
PERSON = {
    "name": "Florence Nightjar-7f3",
    "email": "nightjar.7f3@canary.example",
    "comment": "Our aunt’s “owl” in Bucha-7f3",
    "question__text": "School-of-owls-7f3",
    "postcode": "9QZ7F3",
}
BROWSER, NETWORK = "OwlBrowser/7f3", "203.0.113.173"
REQUEST: dict[str, Any] = {
    "headers": {"sec-fetch-site": "same-origin", "user-agent": BROWSER},
    "REMOTE_ADDR": NETWORK,
}
SENT: list[EmailMessage] = []


class Refusing(BaseEmailBackend):
    """Names the mailbox in what it says, as mail servers do."""

    errors: list[Exception] = [
        smtplib.SMTPRecipientsRefused({PERSON["email"]: (450, b"later, nightjar.7f3")}),
        smtplib.SMTPServerDisconnected(f"while talking of {PERSON['email']}"),
        smtplib.SMTPDataError(451, PERSON["email"].encode()),
    ]

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if self.errors and type(self).left:
            type(self).left -= 1
            raise self.errors[type(self).left]
        SENT.extend(messages)
        return len(messages)

    left = len(errors)


def work() -> None:
    """All that is due now or later, tried again after every failure."""
    for _attempt in range(Refusing.left + 2):
        Job.objects.update(run_at=timezone.now())
        call_command("worker", once=True)


def links() -> list[str]:
    return [
        link
        for message in SENT
        for link in re.findall(r"http://testserver(/\S+/)\s", f"{message.body}\n")
    ]


def secrets() -> dict[str, str]:
    """What must be found nowhere: whatever was typed, sent along, or mailed."""
    tokens = {link.split("/")[3] for link in links()}
    codes = {code for message in SENT for code in re.findall(r"\b\d{6}\b", str(message.body))}
    told = {**PERSON, "browser": BROWSER, "network": NETWORK}
    told |= {f"token {token[:4]}": token for token in tokens}
    return told | {f"code {code[:1]}…": code for code in codes}


def rows() -> Iterator[str]:
    """Every table as it lies there, whoever made it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield f"{table}: {json.dumps(row, default=str, ensure_ascii=False)}"


def decrypted() -> Iterator[str]:
    """What lies encrypted, for whoever has the keys."""
    for model in apps.get_models():
        sealed = [each for each in model._meta.fields if isinstance(each, EncryptedTextField)]
        for values in model._default_manager.values(*(each.name for each in sealed)):
            if sealed:
                yield f"{model.__name__}: {json.dumps(values, default=str, ensure_ascii=False)}"


def cached() -> Iterator[str]:
    for name in caches.settings:
        for key, value in getattr(caches[name], "_cache", {}).items():
            yield f"cache {key}: {pickle.loads(value)!r}"


def found(lines: Iterator[str] | list[str], wanted: dict[str, str]) -> list[str]:
    """Where a secret stands, also as addresses, JSON and Python write it."""
    return [
        f"{name} in {line[:200]}"
        for line in lines
        for name, secret in wanted.items()
        if is_in(secret, line)
    ]


def is_in(secret: str, line: str) -> bool:
    # Six digits may stand within a time or a hash by chance.
    if secret.isdecimal():
        return bool(re.search(rf"(?<![\w.-]){secret}(?![\w.-])", line))
    shapes = (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1])
    return any(shape in text for shape in shapes for text in (line, unquote(line)))


@pytest.fixture
def logged(
    capfd: pytest.CaptureFixture[str], settings: Settings
) -> Iterator[Callable[[], list[str]]]:
    """Whatever any logger says at its loudest, the mails about errors that some sites want, and
    what the worker prints."""
    settings.ADMINS = [("Operator", "operator@site.example")]
    settings.SERVER_EMAIL = "site@site.example"
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    SENT.clear()
    Refusing.left = len(Refusing.errors)
    cache.clear()
    reporter = AdminEmailHandler(
        include_html=True, email_backend="django.core.mail.backends.locmem.EmailBackend"
    )
    reporter.setLevel(logging.ERROR)
    said = StringIO()
    listener = logging.StreamHandler(said)
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    with ExitStack() as stack:
        for logger in loggers:
            stack.callback(logger.setLevel, logger.level)
            logger.setLevel(logging.DEBUG)
        for handler in (listener, reporter):
            logging.getLogger().addHandler(handler)
            stack.callback(logging.getLogger().removeHandler, handler)
        yield lambda: [
            *said.getvalue().splitlines(),
            *"".join(capfd.readouterr()).splitlines(),
            *(f"{each.subject}\n{each.message().as_bytes().decode()}" for each in mail.outbox),
            *(str(part[0]) for each in mail.outbox for part in getattr(each, "alternatives", [])),
        ]


def broken(*args: Any, **kwargs: Any) -> None:
    """Fails as code does: with a value in the words of the error."""
    raise ValueError(f"invalid literal: {PERSON['name']!r} of {PERSON}")


def refusing(error: Exception) -> Callable[..., object]:
    def refuse(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if sql.startswith("INSERT") and "signatures_submission" in sql:
            raise error
        return execute(sql, *arguments)

    return refuse


FAILING_ROW = f"value too long\nDETAIL:  Failing row contains (1, {', '.join(PERSON.values())})."


def everything(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A life of a signature, with all that can go wrong."""
    page = site["portland"]["en"]
    client = Client(raise_request_exception=False)
    form = fields(page, **PERSON, show_name="on")
    client.post(address(page), form)
    for changes in ({"country": ""}, {"email": f"{PERSON['email']}@"}, {"nothing": "x"}):
        client.post(address(page), {**form, **changes}, **REQUEST)
    for error in (OperationalError(FAILING_ROW), DataError(FAILING_ROW), ValueError(str(PERSON))):
        with connection.execute_wrapper(refusing(error)):
            client.post(address(page), form, **REQUEST)
    check = client.post(address(page), form, **REQUEST)["Location"]
    with monkeypatch.context() as patch:
        patch.setattr("signatures.signing.emails.render", broken)
        work()
    work()
    client.post(check, {"code": "000000"}, **REQUEST)
    code = re.search(r"\b\d{6}\b", str(SENT[-1].body))
    assert code
    confirm = client.post(check, {"code": code[0]}, **REQUEST)["Location"]
    own = client.post(confirm, **REQUEST)["Location"]
    client.get(own, **REQUEST)
    # What else was written counts once its signer saves it.
    more = {name: PERSON[name] for name in ("comment", "question__text", "postcode")}
    client.post(own, {"action": "display", "show_name": "on", **more}, **REQUEST)
    assert Signature.objects.get().comment == PERSON["comment"]
    with monkeypatch.context() as patch:
        patch.setattr("signatures.views.own.own_context", broken)
        assert client.get(own, **REQUEST).status_code == 500
        patch.setattr("signatures.lifecycle.withdraw", broken)
        withdrawal = {"action": "withdraw", "name": PERSON["name"]}
        assert client.post(own, withdrawal, **REQUEST).status_code == 500
    moderate()
    client.get(f"{own}download/", **REQUEST)
    ask_for_links(client)
    client.post(
        f"/en/signatures/{own_token(Signature.objects.get())}/", {"action": "renew"}, **REQUEST
    )
    work()
    client.get(own, **REQUEST)
    client.post(address(page), {**form, "comment": f"{PERSON['comment']} again"}, **REQUEST)
    work()
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)


def moderate() -> None:
    """A moderator finds the name, shows it and hides the comment."""
    desk = Client(raise_request_exception=False)
    desk.force_login(make_user("boss-7", is_staff=True, is_superuser=True))
    desk.get("/admin/moderation/", {"q": PERSON["name"]})
    signature = Signature.objects.get()
    for part, action in (("name", "release"), ("comment", "hide")):
        item = f"{part}:{signature.pk}:{getattr(signature, f'{part}_checksum')}"
        desk.post(
            "/admin/moderation/",
            {"item": item, "action": action, "reason": "other", "note": PERSON["comment"]},
        )


def ask_for_links(client: Client) -> None:
    for mailbox in (PERSON["email"], f"{PERSON['email']}@", "nobody.7f3@canary.example"):
        client.post("/en/my-signatures/", {"email": mailbox}, **REQUEST)
    work()


@pytest.fixture
def lived(
    site: SmallSite, logged: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> SmallSite:
    shape_form(site)
    everything(site, monkeypatch)
    return site


def test_nothing_of_a_signer_is_readable_anywhere(
    lived: SmallSite, logged: Callable[[], list[str]]
) -> None:
    wanted = secrets()
    assert len(wanted) > 9, "links and codes were mailed"
    signature = Signature.objects.get()
    assert (signature.name, signature.email) == (PERSON["name"], PERSON["email"])
    said = logged()
    assert any("ValueError" in line for line in said), "what failed is told"
    assert any("smtplib" in line or "SMTP" in line for line in said)
    assert mail.outbox, "there were reports"
    assert found(rows(), wanted) == []
    assert found(cached(), wanted) == []
    assert found(said, wanted) == []


def withdraw(signature: Signature) -> None:
    lifecycle.withdraw(signature)


def erase(signature: Signature) -> None:
    own = f"/en/signatures/{own_token(signature)}/"
    assert Client().post(own, {"action": "erase"}, **REQUEST).status_code == 200


def anonymize(signature: Signature) -> None:
    erase_people(Signature.objects.filter(pk=signature.pk), timezone.now())


@pytest.mark.parametrize("goes", [withdraw, erase, anonymize])
def test_nothing_of_a_signer_is_left_not_even_encrypted(
    lived: SmallSite, logged: Callable[[], list[str]], goes: Callable[[Signature], None]
) -> None:
    # A tenth of a postal code, and the country, are kept readable until then.
    wanted = {**secrets(), "postcode": PERSON["postcode"][:3]}
    assert found(decrypted(), {"name": PERSON["name"]}), "until then it is there"
    goes(Signature.objects.get())
    assert not Submission.objects.exists()
    work()
    tasks.delete_unconfirmed()
    gone = {name: secret for name, secret in wanted.items() if name != "network"}
    assert found(decrypted(), gone) == []
    assert found(rows(), gone) == []
    assert found(cached(), gone) == []
    assert found(logged(), secrets()) == []


def in_a_job() -> None:
    Job.objects.create(kind="x", payload={"args": [PERSON["email"]]})


def in_the_cache() -> None:
    cache.set("7f3", {"told": PERSON["comment"]})


def in_the_audit_log() -> None:
    log(make_user("auditor-7"), "wagtail.edit", data={"note": PERSON["name"]})
    assert ModelLogEntry.objects.exists()


def in_a_row() -> None:
    Suppression.objects.create(mailbox_key=PERSON["question__text"])


def in_a_log_line() -> None:
    logging.getLogger("signatures").debug("Signed: %s", PERSON["name"])


def in_a_report() -> None:
    mail.mail_admins("An error", PERSON["comment"])


def in_an_address() -> None:
    cache.set("7f3", "/en/?q=Florence%20Nightjar-7f3")


@pytest.mark.parametrize(
    "leak",
    [in_a_job, in_the_cache, in_the_audit_log, in_a_row, in_a_log_line, in_a_report, in_an_address],
)
def test_a_leak_of_each_kind_would_be_found(
    site: SmallSite,
    logged: Callable[[], list[str]],
    settings: Settings,
    leak: Callable[[], None],
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    before = [*found(rows(), PERSON), *found(cached(), PERSON), *found(logged(), PERSON)]
    assert before == []
    leak()
    after = [*found(rows(), PERSON), *found(cached(), PERSON), *found(logged(), PERSON)]
    assert len(after) >= 1


def test_every_column_that_is_encrypted_is_read() -> None:
    """And none that holds a person's words lies beside them in the open."""
    open_texts = {
        field.name
        for model in (Signature, Submission)
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, EncryptedTextField)
    }
    assert open_texts == {
        *("language", "mailbox_key", "name_key", "country", "postcode", "status", "name_state"),
        *("name_checksum", "comment_state", "comment_checksum", "content_key", "mailbox"),
        # By what a wave is known; and who is asked whether to tell the name: the recipients.
        *("network", "domain_key", "domain", "reader_key", "named_to"),
    }
