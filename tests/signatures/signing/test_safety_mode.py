"""In safety mode a glance at the phone, the mailbox or the page tells of no petition."""

import itertools
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from campaigns.models import PetitionPageBase
from home.models import HomePage
from jobs.worker import drain
from signatures.models import Signature, Submission
from signatures.signing.tokens import confirm_token, own_token
from tests.signatures.posting import OWN, fields, post
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db
EMAIL = "olena@example.org"
# What a line of a mail must not hold, in either language: the campaign's words, and signing's.
TELLING = re.compile(
    r"petition|sign|campaign|tie|mayor|portland|петиц|підпис|кампан|зв.яз|мер[иеу]?\b|портленд",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://\S+")


@pytest.fixture(autouse=True)
def telling_names(site: SmallSite, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "End the ties <ties@petitions.example>"
    settings.DISCREET_FROM_EMAIL = "ties@petitions.example"
    HomePage.objects.update(title="Petitions against ties")


def sent() -> EmailMultiAlternatives:
    drain()
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def assert_tells_nothing(message: EmailMultiAlternatives) -> None:
    """Neither in sender and subject nor in any line: whichever of them a phone shows."""
    name = message.from_email.partition("<")[0] if "<" in message.from_email else ""
    html = BeautifulSoup(str(message.alternatives[0][0]), "html.parser")
    title = html.title.get_text() if html.title else ""
    told = [name, str(message.subject), title, str(message.body), html.get_text(" ")]
    for words in told:
        assert not TELLING.search(ADDRESS.sub("", words)), words
    assert not re.search(r"\d{6}", str(message.subject)), "a code is not for who sees the screen"
    first_lines = " ".join(str(message.body).split())[:90]
    assert not re.search(r"\d{6}|http", first_lines)


def first_mail(page: PetitionPageBase) -> None:
    post(page, discreet="on")


def already(page: PetitionPageBase) -> None:
    confirmed(page, name="Olena", discreet=True)
    post(page, discreet="on")


def change(page: PetitionPageBase) -> None:
    confirmed(page, name="Olena", discreet=True)
    post(page, country="US", show_name="on")


def several(page: PetitionPageBase) -> None:
    confirmed(page, name="Olena", discreet=True)
    post(page)
    post(page.campaign)


def links(page: PetitionPageBase) -> None:
    confirmed(page, name="Olena", discreet=True)
    confirmed(page.campaign, name="Olena")
    Client().post(f"/{page.language}/my-signatures/", {"email": EMAIL}, **OWN)


def new_link(page: PetitionPageBase) -> None:
    signature = confirmed(page, name="Olena", discreet=True)
    own = f"/{page.language}/signatures/{own_token(signature)}/"
    Client().post(own, {"action": "renew"}, **OWN)


def elsewhere(page: PetitionPageBase) -> None:
    """Of two petitions of which one asks for it, long confirmed."""
    confirmed(page.campaign, name="Olena", discreet=True)
    Submission.objects.all().delete()
    post(page)


MAILS = {
    each.__name__: each
    for each in (first_mail, already, change, several, links, new_link, elsewhere)
}


@pytest.mark.parametrize(
    ("kind", "language"), list(itertools.product(MAILS, ("en", "uk"))), ids="-".join
)
def test_no_mail_tells_a_glance_what_it_is_about(site: SmallSite, kind: str, language: str) -> None:
    MAILS[kind](site["portland"][language])
    message = sent()
    assert_tells_nothing(message)
    assert message.to == [EMAIL]
    assert "http://testserver/" in str(message.body)
    subjects = {"en": ("Your code", "Your link"), "uk": ("Ваш код", "Ваше посилання")}[language]
    has_code = bool(re.search(r"\b\d{6}\b", str(message.body)))
    assert message.subject == subjects[not has_code]
    # The same mails without safety mode do tell: that is what the words above are for.
    mail.outbox.clear()
    confirmed_elsewhere: dict[str, Any] = {"email": "other@example.org", "name": "Taras"}
    post(site["portland"][language], **confirmed_elsewhere)
    with pytest.raises(AssertionError):
        assert_tells_nothing(sent())


def test_the_code_and_the_link_of_such_a_mail_confirm(site: SmallSite) -> None:
    page = site["portland"]["en"]
    check = post(page, discreet="on")["Location"]
    code = re.search(r"\b\d{6}\b", str(sent().body))
    assert code
    confirm = Client().post(check, {"code": code[0]}, **OWN)["Location"]
    assert "our emails name no petition" in Client().get(confirm).content.decode()
    own = Client().post(confirm, **OWN)["Location"]
    signature = Signature.objects.get()
    assert (signature.discreet, signature.show_name) == (True, False)
    html = Client().get(own).content.decode()
    assert "You signed in safety mode" in html
    assert "share-links" not in html
    assert "friends" not in html
    assert 'name="show_name"' not in html


def test_the_box_is_unticked_in_a_fold_and_opens_with_what_was_typed(site: SmallSite) -> None:
    page = site["portland"]["en"]
    for html, is_open in (
        (Client().get(page.url).content.decode(), False),
        (post(page, discreet="on", country="").content.decode(), True),
    ):
        document = BeautifulSoup(html, "html.parser")
        fold = document.select_one("form.sign-form details.safety")
        assert fold is not None
        assert fold.has_attr("open") == is_open
        box = fold.select_one("input[name=discreet]")
        assert box is not None
        assert box.has_attr("checked") == is_open


def test_a_public_name_and_safety_mode_are_not_had_together(site: SmallSite) -> None:
    page = site["portland"]["en"]
    refused = post(page, discreet="on", show_name="on")
    assert refused.status_code == 422
    assert "your name is never shown" in refused.content.decode()
    assert not Signature.objects.exists()
    signature = confirmed(page, discreet=True, comment="Words.")
    own = f"/en/signatures/{own_token(signature)}/"
    Client().post(own, {"action": "display", "show_name": "on"}, **OWN)
    signature.choose(show_name=True)
    signature.refresh_from_db()
    assert not signature.show_name
    assert signature.comment_state == "none", "no moderator reads what is never shown"
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.update(show_name=True)


def test_the_answer_to_the_form_is_the_same_with_and_without_it(site: SmallSite) -> None:
    page = site["portland"]["en"]
    forms: list[dict[str, Any]] = [
        {"email": "a1@example.org"},
        {"email": "a2@example.org", "discreet": "on"},
    ]
    plain, discreet = (Client().get(post(page, **form)["Location"]).content for form in forms)
    tokens = re.compile(rb"/check/[^/]+/")
    assert tokens.sub(b"", plain) == tokens.sub(b"", discreet)


def pages_of_a_signer(site: SmallSite) -> dict[str, str]:
    page = site["portland"]["en"]
    check = post(page)["Location"]
    token = confirm_token(Submission.objects.get())
    shown = {"check": check, "links": "/en/my-signatures/", "asked": "/en/my-signatures/?asked"}
    shown |= {step: f"/en/signatures/{token}/{step}/" for step in ("confirm", "stop")}
    html = {name: Client().get(here).content.decode() for name, here in shown.items()}
    own = Client().post(shown["confirm"], **OWN)["Location"]
    html["own"] = Client().get(own).content.decode()
    html["renewed"] = Client().post(own, {"action": "renew"}, **OWN).content.decode()
    html["gone"] = Client().get(own).content.decode()
    own = f"/en/signatures/{own_token(Signature.objects.get())}/"
    Client().post(own, {"action": "withdraw"}, **OWN)
    html["withdrawn"] = Client().get(own).content.decode()
    html["erased"] = Client().post(own, {"action": "erase"}, **OWN).content.decode()
    waiting = confirm_token(make_submission(page))
    stop = f"/en/signatures/{waiting}/stop/"
    html["stopped"] = Client().post(stop, **OWN).content.decode()
    return html


def test_every_page_of_a_signers_has_a_quick_way_out(site: SmallSite, settings: Settings) -> None:
    settings.LEAVE_TO = "https://weather.example/"
    for name, html in pages_of_a_signer(site).items():
        link = BeautifulSoup(html, "html.parser").select_one("main a[data-leave]")
        assert link is not None, name
        assert link["href"] == "https://weather.example/"
        assert "noreferrer" in link["rel"]


def test_a_stranger_cannot_switch_it_off_and_its_holder_sees_what_would_change(
    site: SmallSite,
) -> None:
    page = site["portland"]["en"]
    tacoma: Any = make_city_petition(site["campaign"], "Tacoma", "Washington")
    confirmed(page, name="Olena", discreet=True)
    assert fields(page)["email"] == EMAIL
    post(page)
    post(tacoma["en"])
    assert_tells_nothing(sent())
    assert Signature.objects.get(petition=page.petition).discreet
    sending = Submission.objects.filter(signature__petition=page.petition).latest("created_at")
    confirm = f"/en/signatures/{confirm_token(sending)}/confirm/"
    html = Client().get(confirm).content.decode()
    assert "This would change your signature" in html
    assert "Safety mode" in html
    Client().post(confirm, **OWN)
    assert not Signature.objects.get(petition=page.petition).discreet
