"""What becomes of answers: kept encrypted, told to their signer, exported without names, erased."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from campaigns.models import CampaignPage, Petition
from signatures.form.answers import rows
from signatures.keeping.erasing import erase_people
from signatures.models import Signature
from signatures.signing.tokens import confirm_token, own_token
from tests.signatures.posting import OWN
from tests.support.factories import (
    QUESTION_IDS,
    UKRAINIAN,
    confirm_all,
    confirmed,
    make_city_petition,
    make_signature,
    make_submission,
    make_user,
    publish,
    questions_in,
    shape_form,
)
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

ANSWERS = {
    "_text": "Canary school",
    "_long_text": "Line one\nLine two",
    "_choice": "news",
    "_choices": ["friend", "news"],
    "_yes_no": False,
}


@pytest.fixture
def asked(site: SmallSite) -> SmallSite:
    shape_form(
        site,
        thank_you_text={"en": "A word of thanks.", "uk": "Слово подяки."},
        city_closing={"en": "Over {in_city}.", "uk": "Завершено {in_city}."},
    )
    return site


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM signatures_signature")
        return " ".join(str(value) for (value,) in cursor.fetchall())


def own_page(signature: Signature, language: str = "en", tail: str = "") -> str:
    address = f"/{language}/signatures/{own_token(signature)}/{tail}"
    return Client().get(address).content.decode()


def officer(**flags: Any) -> Client:
    user = make_user("officer", **flags)
    wanted = ["access_admin", "view_signature"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return logged_in(user)


def export(client: Client, petition: Petition) -> list[list[str]]:
    response: Any = client.get(f"/admin/petitions/{petition.pk}/answers.csv")
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def relabel(site: SmallSite, questions: list[dict[str, Any]]) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.extra_questions = json.dumps(questions)
    publish(page)


def test_answers_lie_encrypted_in_the_database(asked: SmallSite) -> None:
    confirmed(asked["portland"]["en"], answers=ANSWERS)
    for word in ("canary", "line", "news", "friend", "_text"):
        assert word not in stored().lower()
    assert Signature.objects.get().answers == ANSWERS
    Signature.objects.update(answers={})
    assert stored() == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Your school?", "Canary school", "A friend; The news", "<dd>No</dd>"]),
        ("uk", ["Ваша школа?", "Canary school", "Від друзів; Із новин", "<dd>Ні</dd>"]),
    ],
)
def test_the_signer_sees_the_answers_in_words(
    asked: SmallSite, language: str, words: list[str]
) -> None:
    shape_form(asked, *QUESTION_IDS)
    signature = confirmed(asked["portland"]["en"], answers=ANSWERS)
    shown = own_page(signature, language)
    for word in words:
        assert word in shown
    kept = json.loads(own_page(signature, language, "download/"))
    assert kept["answers"] == ANSWERS
    assert {"question": words[0], "answer": "Canary school"} in kept["answers_in_words"]


def test_answers_go_with_the_signature(asked: SmallSite) -> None:
    signature = confirmed(asked["portland"]["en"], answers=ANSWERS)
    Client().post(f"/en/signatures/{own_token(signature)}/", {"action": "erase"}, **OWN)
    assert not Signature.objects.exists()


def test_answers_go_with_the_person(asked: SmallSite) -> None:
    confirmed(asked["portland"]["en"], answers=ANSWERS)
    assert erase_people(Signature.objects.all(), timezone.now()) == 1
    assert Signature.objects.get().answers == {}
    assert stored() == ""


def test_no_answer_is_public(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    confirmed(page, answers=ANSWERS, show_name=True)
    for address in ("/api/petitions/", f"/api/petitions/{page.petition_id}/", page.url):
        assert "Canary" not in Client().get(address).content.decode()


def test_an_officer_exports_answers_without_names(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    confirmed(page, answers=ANSWERS, comment="A comment")
    confirmed(page, "b@example.org", answers={"_yes_no": True})
    make_signature(page, "pending@example.org", answers=ANSWERS)
    table = export(officer(), page.petition)
    today = str(timezone.now().date())
    assert table[0] == [
        "Confirmed on",
        "Language",
        "Your school?",
        "Your words?",
        "Heard from?",
        "Will you help?",
        "Ever written?",
    ]
    assert sorted(table[1:]) == [
        [today, "en", "", "", "", "", "Yes"],
        [
            today,
            "en",
            *["Canary school", "Line one\nLine two", "The news", "A friend; The news", "No"],
        ],
    ]
    told = json.dumps(table, ensure_ascii=False)
    for secret in ("example.org", "Шевченко", "A comment", "UA"):
        assert secret not in told


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_of_the_export_is_a_formula(asked: SmallSite, start: str) -> None:
    page = asked["portland"]["en"]
    confirmed(page, answers={"_text": f"{start}1+1", "=gone": "x"})
    questions = questions_in("en")
    questions[1]["value"]["label"] = f"{start}SUM(A1)"
    relabel(asked, questions)
    header, row = export(officer(), page.petition)
    assert f"'{start}1+1" in row
    # A text that is saved has one sign for the end of a line.
    label = "\n" if start == "\r" else start
    assert f"'{label}SUM(A1)" in header
    assert "'=gone" in header
    assert not [cell for cell in (*header, *row) if cell.startswith(start)]


def test_the_audit_log_keeps_who_exported(asked: SmallSite) -> None:
    petition = asked["portland"]["en"].petition
    export(officer(), petition)
    entry = ModelLogEntry.objects.get(action="signatures.answers_exported")
    assert entry.user.username == "officer"
    assert entry.object_id == str(petition.pk)


def test_nobody_else_exports(asked: SmallSite) -> None:
    petition = asked["portland"]["en"].petition
    address = f"/admin/petitions/{petition.pk}/answers.csv"
    assert Client().get(address).status_code == 302
    editor = make_user("editor")
    editor.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_petition", "change_petition"])
    )
    client = logged_in(editor)
    refused = client.get(address)
    assert refused.status_code == 302
    assert refused["Location"] == "/admin/"
    assert not ModelLogEntry.objects.filter(action="signatures.answers_exported").exists()
    missing = "/admin/petitions/00000000-0000-4000-8000-000000000000/answers.csv"
    unsafe = officer()
    assert unsafe.get(missing).status_code == 404
    assert unsafe.post(address).status_code == 405


def test_old_answers_stay_readable_when_the_questions_change(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    signature = confirmed(page, answers=ANSWERS)
    questions = questions_in("en", "choice", "choices")[2:4]
    questions[0]["value"]["label"] = "Who told you?"
    questions[0]["value"]["options"][1]["value"]["label"] = "A newspaper"
    del questions[1]["value"]["options"][0]
    questions[1]["value"]["options"].append(
        {"type": "item", "id": None, "value": {"label": "Later", "key": "later"}}
    )
    relabel(asked, questions)
    shown = own_page(signature)
    for words in ("Who told you?", "A newspaper", "friend; The news", "_text", "Canary school"):
        assert words in shown
    header, row = rows(page.petition)
    assert header[2:] == ["Who told you?", "Will you help?", "_long_text", "_text", "_yes_no"]
    assert row[2:] == [
        "A newspaper",
        "friend; The news",
        "Line one\nLine two",
        "Canary school",
        "No",
    ]


def test_answers_stay_readable_without_a_live_page(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    signature = confirmed(page, answers=ANSWERS)
    for each in asked["portland"].values():
        each.unpublish()
    assert "Your school?" in own_page(signature)
    assert next(rows(page.petition))[2] == "Your school?"


def test_the_export_asks_the_database_no_more_for_more_signatures(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    counts = []
    for target in (10, 20):
        for number in range(Signature.objects.count(), target):
            confirmed(page, f"{number}@example.org", answers=ANSWERS)
        with CaptureQueriesContext(connection) as queries:
            assert len(list(rows(page.petition))) == target + 1
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_thanks_and_closing_words_stand_where_they_belong(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    link = f"/en/signatures/{confirm_token(make_submission(page))}/confirm/"
    assert "A word of thanks." not in Client().get(link).content.decode()
    confirm_all()
    signature = Signature.objects.get()
    assert "A word of thanks." in own_page(signature)
    assert "Over in Portland." not in Client().get(page.url).content.decode()
    Petition.objects.filter(pk=page.petition_id).update(closes_at=timezone.now())
    assert "Over in Portland." in Client().get(page.url).content.decode()
    assert "Over in Portland." in own_page(signature)


def test_a_name_can_be_hidden_but_not_newly_shown_where_the_form_does_not_ask(
    asked: SmallSite,
) -> None:
    shown = confirmed(asked["portland"]["en"], show_name=True)
    other = confirmed(asked["portland"]["en"], "b@example.org")
    shape_form(asked, asks_show_name=False)
    assert 'name="show_name"' in own_page(shown)
    assert 'name="show_name"' not in own_page(other)
    for signature in (shown, other):
        choice = {"action": "display", "show_name": "on"}
        Client().post(f"/en/signatures/{own_token(signature)}/", choice, **OWN)
    assert Signature.objects.get(show_name=True) == shown
    Client().post(f"/en/signatures/{own_token(shown)}/", {"action": "display"}, **OWN)
    assert not Signature.objects.filter(show_name=True).exists()


def test_officers_find_the_exports_in_the_reports(asked: SmallSite) -> None:
    page = asked["portland"]["en"]
    confirmed(page, answers=ANSWERS)
    confirmed(page, "b@example.org")
    client = officer()
    listed = client.get("/admin/reports/answers/").content.decode()
    assert f"/admin/petitions/{page.petition_id}/answers.csv" in listed
    cells = re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", listed)
    assert cells == ["2", "1", "0", "0"]
    assert "/admin/reports/answers/" in client.get("/admin/").content.decode()


def test_the_list_of_exports_asks_no_more_for_more_petitions(asked: SmallSite) -> None:
    client = officer()
    counts = []
    for name, region in (("Tacoma", "Washington"), ("Boise", "Idaho"), ("Salem", "Oregon")):
        UKRAINIAN.setdefault(name, (name,) * 5)
        make_city_petition(asked["campaign"], name, region)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/reports/answers/").status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
