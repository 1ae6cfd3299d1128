"""Signing by form."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns.models import CampaignPage
from jobs.models import Job
from signatures.models import Signature
from tests.signatures.posting import OWN, address, fields, post
from tests.support.factories import confirm_all
from tests.support.kinds import CityPages, SmallSite

pytestmark = pytest.mark.both_databases


def test_an_accepted_post_stores_one_pending_signature_and_its_job(portland: CityPages) -> None:
    response = post(portland["uk"])
    assert response.status_code == 303
    assert f"/uk/petitions/{portland['uk'].petition_id}/check/" in response["Location"]
    signature = Signature.objects.get()
    assert (signature.status, signature.language, signature.name) == ("pending", "uk", "Olena")
    submission = signature.submissions.get()
    assert submission.details["name"] == "Olena"
    assert Job.objects.get().payload == {"args": [], "kwargs": {"mailbox": submission.mailbox}}


def test_what_people_tell_us_lies_encrypted_in_the_database(portland: CityPages) -> None:
    post(portland["en"], name="Canary Name", email="canary@example.org", comment="canary comment")
    stored = ""
    with connection.cursor() as cursor:
        for table in ("signatures_signature", "signatures_submission", "jobs_job"):
            cursor.execute(f"SELECT * FROM {table}")
            stored += " ".join(str(value) for value in cursor.fetchone())
    assert "canary" not in stored.lower()


@pytest.mark.parametrize(
    "name",
    ["Олена", "O’Neil", "Jean-Luc", "Плюто", "李小龍", "გიორგი", "محمد", "Ð'Arcy", "X Æ"],
)
def test_names_in_any_script_are_accepted(portland: CityPages, name: str) -> None:
    assert post(portland["en"], name=name).status_code == 303
    assert Signature.objects.get().name == name


@pytest.mark.parametrize(
    ("email", "sent_to"),
    [
        ("пошта@приклад.укр", "пошта@xn--80aikifvh.xn--j1amh"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("O'Neil+x@Example.org", "O'Neil+x@example.org"),
    ],
)
def test_addresses_that_the_standards_allow_are_accepted(
    portland: CityPages, email: str, sent_to: str
) -> None:
    assert post(portland["en"], email=email).status_code == 303
    assert Signature.objects.get().email == sent_to


BAD_INPUT = [
    ("name", ""),
    ("name", "x" * 100_000),
    ("name", "nul\0"),
    ("name", "bell\x07"),
    ("name", "turned\u202eround"),
    ("name", "<b>bold</b>"),
    ("name", "=1+1"),
    ("name", "see https://example.org"),
    ("email", ""),
    ("email", "no address"),
    ("email", "x" * 100_000 + "@example.org"),
    ("email", "a\r\nBcc: b@example.org"),
    ("country", ""),
    ("country", "XX"),
    ("country", "x" * 100_000),
    ("postcode", "9" * 100_000),
    ("comment", "x" * 100_000),
    ("comment", "nul\0"),
    ("consent", ""),
]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_bad_input_comes_back_with_its_message_and_what_was_typed(
    portland: CityPages, language: str
) -> None:
    for field, value in BAD_INPUT:
        case = (field, value[:20])
        details: dict[str, Any] = {"name": "Kept Name", field: value}
        response = post(portland[language], **details)
        page = response.content.decode()
        assert response.status_code == 422, case
        assert f'lang="{language}"' in page
        tag = re.search(rf'<[^>]*id="sign-{field}"[^>]*>', page)
        assert tag, case
        assert 'aria-invalid="true"' in tag[0], case
        assert 'aria-describedby="' in tag[0], case
        assert f'id="sign-{field}-error"' in page, case
        assert "error-summary" in page, case
        if field != "name":
            assert "Kept Name" in page, case
        assert not Signature.objects.exists(), case
        assert not Job.objects.exists(), case


def test_bytes_that_are_no_text_get_a_message(portland: CityPages) -> None:
    page = portland["en"]
    body = f"name=%ff%fe&email=a@example.org&country=UA&consent=on&version={page.words.checksum}"
    response = Client().post(
        address(page), body, content_type="application/x-www-form-urlencoded", **OWN
    )
    assert response.status_code == 422


def test_a_mistyped_domain_is_asked_by_two_buttons_until_one_is_pressed(
    portland: CityPages,
) -> None:
    for email in ("olena@gmial.com", "olena@gmail.com"):
        for _again in range(2):
            response = post(portland["en"], email="olena@gmial.com")
            assert response.status_code == 422
            buttons = BeautifulSoup(response.content, "html.parser").select(
                "form.sign-form button[type=submit]"
            )
            named = [button["value"] for button in buttons if button.get("name") == "email_choice"]
            assert named == ["olena@gmail.com", "olena@gmial.com"]
            # The first is what Enter presses.
            assert not buttons[0].get("name")
        # Once chosen, it holds while other mistakes are mended.
        chosen = post(portland["en"], email="olena@gmial.com", email_choice=email, country="")
        form = BeautifulSoup(chosen.content, "html.parser").select_one("form.sign-form")
        assert chosen.status_code == 422
        assert form is not None
        assert not form.select("[name=email_choice]")
        sent = form.select("[name=email], [name=email_asked]")
        typed: dict[str, Any] = {str(field["name"]): str(field["value"]) for field in sent}
        assert typed["email"] == email
        assert post(portland["en"], **typed).status_code == 303
        assert Signature.objects.latest("asked_at").email == email


@pytest.mark.parametrize("choice", ["no address", "a\u202e@example.org", "x" * 100_000])
def test_a_button_that_names_no_address_is_refused(portland: CityPages, choice: str) -> None:
    assert post(portland["en"], email_choice=choice).status_code == 422
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://testserver/"}, 403),
        ({}, 403),
    ],
)
def test_only_posts_from_our_own_pages_are_taken(
    portland: CityPages, headers: dict[str, str], status: int
) -> None:
    page = portland["en"]
    response = Client().post(address(page), fields(page), headers=headers)
    assert response.status_code == status
    assert Signature.objects.exists() == (status == 303)


def test_a_get_goes_to_the_page(portland: CityPages) -> None:
    response = Client().get(address(portland["en"]))
    assert response.status_code == 303
    assert response["Location"].endswith("/en/end-ties/portland-oregon/")


def test_other_methods_are_refused(portland: CityPages) -> None:
    assert Client().put(address(portland["en"])).status_code == 405


def test_an_unknown_petition_is_not_found(site: SmallSite) -> None:
    unknown = "/en/petitions/00000000-0000-4000-8000-000000000000/sign/"
    assert Client().post(unknown, {}, **OWN).status_code == 404


def test_a_double_submit_is_one_signature(portland: CityPages) -> None:
    post(portland["en"])
    post(portland["en"], email="OLENA@Example.ORG", name="  olena ")
    assert Signature.objects.count() == 1


def test_two_people_may_share_a_mailbox_and_a_third_may_not(portland: CityPages) -> None:
    for name in ("Olena", "Taras", "Ivan"):
        assert post(portland["en"], name=name).status_code == 303
    assert sorted(row.name for row in Signature.objects.all()) == ["Olena", "Taras"]


def test_dots_and_tags_make_another_mailbox(portland: CityPages) -> None:
    for email in ("olena@example.org", "ole.na@example.org", "olena+x@example.org"):
        post(portland["en"], email=email)
    assert Signature.objects.count() == 3


def test_who_fills_the_trap_is_asked_to_send_again_and_loses_nothing(portland: CityPages) -> None:
    """A program gives up; a person whose browser filled it only presses the button again."""
    response = post(portland["en"], nothing="https://spam.example", name="Olena")
    assert response.status_code == 422
    assert not Signature.objects.exists()
    html = response.content.decode()
    assert "Please send it once more." in html
    assert 'value="Olena"' in html
    assert "spam.example" not in html
    assert post(portland["en"], name="Olena").status_code == 303
    assert Signature.objects.exists()


def test_the_trap_has_a_name_that_no_browser_fills(portland: CityPages) -> None:
    html = Client().get(portland["en"].url).content.decode()
    trap = html.partition('class="honeypot"')[2].partition("</div>")[0]
    assert 'name="nothing"' in trap
    for known in ("website", "url", "phone", "tel", "company", "address", 'name="name'):
        assert known not in trap.lower()


def test_nobody_is_asked_for_mails_that_nobody_writes(portland: CityPages) -> None:
    assert "wants_updates" not in Client().get(portland["en"].url).content.decode()
    post(portland["en"], wants_updates="on")
    models = (CampaignPage, Signature)
    fields = {field.name for model in models for field in model._meta.get_fields()}
    assert not [name for name in fields if "wants_updates" in name]


def test_replies_are_the_same_for_a_new_a_pending_and_a_confirmed_mailbox(
    portland: CityPages,
) -> None:
    def reply() -> tuple[Any, ...]:
        response = post(portland["en"])
        page = Client().get(response["Location"])
        ticket = response["Location"].split("/")[-2]
        return (
            response.status_code,
            len(ticket),
            sorted(name for name in response.headers if name != "Location"),
            # In the address of the page in the other language, too.
            page.content.replace(ticket.encode(), b""),
        )

    new = reply()
    pending = reply()
    confirm_all()
    assert new == pending == reply()


def test_words_that_changed_meanwhile_are_shown_before_signing(portland: CityPages) -> None:
    response = post(portland["en"], version="0" * 64)
    assert response.status_code == 422
    assert portland["en"].words.checksum in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize(
    "state",
    [
        {"is_paused": True},
        {"opens_at": timedelta(days=1)},
        {"closes_at": -timedelta(days=1)},
    ],
)
def test_a_petition_that_is_not_open_says_so_in_page_and_post(
    portland: CityPages, language: str, state: dict[str, Any]
) -> None:
    page = portland[language]
    changes = {
        name: timezone.now() + value if isinstance(value, timedelta) else value
        for name, value in state.items()
    }
    type(page.petition).objects.filter(pk=page.petition_id).update(**changes)
    response = post(page)
    assert response.status_code == 409
    read = Client().get(page.url)
    for reply in (response, read):
        assert "sign-email" not in reply.content.decode()
        assert 'class="notice"' in reply.content.decode()
    said = {"en": "your signature was not taken", "uk": "ваш підпис не прийнято"}[language]
    assert said in response.content.decode()
    assert said not in read.content.decode()
    assert not Signature.objects.exists()


def test_a_petition_without_a_live_page_is_closed(portland: CityPages) -> None:
    portland["en"].unpublish()
    assert post(portland["en"]).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_identical_posts_at_once_are_one_signature(transactional_site: SmallSite) -> None:
    page = transactional_site["portland"]["en"]
    details = fields(page)

    def send(_number: int) -> int:
        try:
            return Client().post(address(page), details, **OWN).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(send, range(24)))
    assert set(codes) == {303}
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(("language", "word"), [("en", "Error: "), ("uk", "Помилка: ")])
def test_a_refused_form_says_so_in_the_title_and_comes_back_where_it_was(
    portland: CityPages, language: str, word: str
) -> None:
    page = portland[language]
    shown = Client().get(page.url).content.decode()
    assert f'action="{address(page)}#errors"' in shown
    assert f"<title>{word}" not in shown
    assert f"<title>{word}" in post(page, name="").content.decode()
