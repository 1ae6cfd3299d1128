"""Who may take texts outside, and which files come back in."""

from itertools import cycle

import polib
import pytest
from django.core import signing
from django.test import Client
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from accounts.roles import EDITORS, OFFICERS, TRANSLATORS, Role
from campaigns.models import CampaignPage
from security.sealed_plans import Seal
from staff.assigning import assign
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in
from tests.support.po import (
    address,
    as_poedit_saves,
    confirm,
    download,
    fill,
    many,
    one,
    stored,
    unzip,
    upload,
    words,
)
from tests.translation_desk.po.hostile_archives import HOSTILE
from tests.translation_desk.po.malformed_po import MALFORMED
from translation_desk.po import importing
from translation_desk.po.archives import pack


def login(role: Role, place: str = "", name: str = "somebody") -> Client:
    user = make_user(name)
    assign(user, role, place)
    return logged_in(user)


def is_refused(response: Response) -> bool:
    return response.status_code == 302 and response["Location"] == "/admin/"


def test_no_malformed_file_changes_anything_or_breaks_the_page(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    """All of them are read by the functions that both doors call; here each comes through one."""
    doors = cycle((address(work["campaign"]), many(site["campaign"]["en"])))
    told = {name: data for name, data in MALFORMED.items() if name != "ZIP"}
    for door, (data, reason) in zip(doors, told.values(), strict=False):
        response = upload(translator, door, data)
        assert response.status_code == 422
        said = words(response).replace("&#x27;", "'")
        assert "Nothing was changed." in said
        assert reason in said or not data, reason
    for data, reason in HOSTILE.values():
        response = upload(translator, many(site["campaign"]["en"]), data, "a.zip")
        assert response.status_code == 422
        assert reason in words(response)
    assert upload(translator, address(work["campaign"]), data, "a.po").status_code == 422
    assert not StringTranslation.objects.exists()


def test_no_file_at_all_is_told(translator: Client, work: dict[str, Translation]) -> None:
    response = translator.post(address(work["campaign"]))
    assert response.status_code == 422
    assert "Choose a file." in words(response)
    assert translator.get(address(work["campaign"])).status_code == 200


def test_a_file_of_another_page_is_refused_and_says_of_which(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    po = as_poedit_saves(download(translator, work["Portland"]))
    response = upload(translator, address(work["campaign"]), po)
    assert "for another page or language (it says: “Portland, Oregon”)" in words(response)
    response = upload(translator, many(site["home"]["en"]), po)
    assert "for another page or language" in words(response)
    assert not StringTranslation.objects.exists()


@pytest.mark.parametrize("language", ["pl", "en_GB", "<b>", "uk_UA@x\\n"])
def test_a_file_in_another_language_is_refused(
    translator: Client, work: dict[str, Translation], language: str
) -> None:
    po = download(translator, work["campaign"])
    text = as_poedit_saves(po).replace("Language: uk_UA", f"Language: {language}")
    response = upload(translator, address(work["campaign"]), text)
    is_ukrainian = language.startswith("uk")
    assert response.status_code == (200 if is_ukrainian else 422)
    assert ("written in another language" in words(response)) is not is_ukrainian


@pytest.mark.parametrize("header", ["", "12345", "not-a-uuid", "00000000-0000-4000-8000-0"])
def test_a_file_that_does_not_say_its_page_is_refused(
    translator: Client, work: dict[str, Translation], header: str
) -> None:
    po = download(translator, work["campaign"])
    po.metadata["X-WagtailLocalize-TranslationID"] = header
    response = upload(translator, address(work["campaign"]), po)
    assert "does not say which page" in words(response)


def test_of_a_zip_file_only_the_good_files_are_taken(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    door = many(site["campaign"]["en"])
    good = as_poedit_saves(download(translator, work["Portland"]))
    twice = as_poedit_saves(download(translator, work["campaign"]))
    home = as_poedit_saves(download(translator, work["home"]))
    files = {"a.po": good, "b.po": twice, "c.po": twice, "d.po": "no", "e.po": home, "f.txt": ""}
    seen = upload(translator, door, pack(files.items()), "a.zip")
    said = words(seen)
    assert "5 texts will change" in said
    assert said.count("Another file here is for the same page") == 2
    assert "Line 1 is not written" in said
    assert "it says: “Home”" in said
    assert "Left out, since they are no PO files: f.txt" in said
    confirm(translator, door, seen)
    assert len(stored(work["Portland"])) == StringTranslation.objects.count() == 5


def test_a_plan_belongs_to_who_saw_it(
    translator: Client,
    work: dict[str, Translation],
    site: SmallSite,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = address(work["campaign"])
    seen = upload(translator, door, as_poedit_saves(download(translator, work["campaign"])))
    other = login(TRANSLATORS, "uk")
    for response in (
        confirm(other, door, seen),
        translator.post(door, {"plan": seen.context["plan"] + "x"}),
        translator.post(door, {"plan": signing.dumps({}, salt="another")}),
        translator.post(door, {"plan": ""}),
        confirm(translator, address(work["Portland"]), seen),
    ):
        assert response.status_code == 422
        assert "no longer valid" in words(response)
    monkeypatch.setattr(importing, "SEAL", Seal("po", seconds=-1))
    assert "no longer valid" in words(confirm(translator, door, seen))
    assert not StringTranslation.objects.exists()


def test_rights_are_asked_again_when_confirming(
    translator: Client, work: dict[str, Translation]
) -> None:
    door = address(work["campaign"])
    seen = upload(translator, door, as_poedit_saves(download(translator, work["campaign"])))
    user = seen.wsgi_request.user
    user.groups.remove(*user.groups.filter(name="Translators of uk"))  # type: ignore[union-attr]
    assert is_refused(translator.post(door, {"plan": seen.context["plan"]}))
    assert not StringTranslation.objects.exists()


def test_a_translator_takes_along_only_the_own_language(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    polish = Locale.objects.create(language_code="pl")
    site["home"]["en"].copy_for_translation(polish)
    foreign = login(TRANSLATORS, "pl")
    for client, refused in ((translator, False), (foreign, True)):
        for translation in (work["campaign"], work["Portland"]):
            for action in ("download", "upload"):
                answer = client.get(f"{one(translation)}{action}/")
                assert is_refused(answer) is refused
        for rest in ("", "download/"):
            answer = client.get(f"{many(site['campaign']['en'])}{rest}")
            assert is_refused(answer) is refused
    assert "/admin/exchange/" not in words(foreign.get("/admin/exchange/"))


def test_an_editor_takes_along_only_the_own_campaign(
    work: dict[str, Translation], site: SmallSite
) -> None:
    editor = login(EDITORS, "end-ties")
    data = editor.get(f"{many(site['campaign']['en'])}download/").content
    assert "pages/end-ties.po" in unzip(data)
    assert is_refused(editor.get(many(site["home"]["en"])))
    assert is_refused(editor.get(f"{one(work['home'])}download/"))
    assert editor.get("/admin/exchange/").content.count(b"/admin/exchange/") == 1


def test_a_data_officer_takes_nothing_along(work: dict[str, Translation], site: SmallSite) -> None:
    officer = login(OFFICERS)
    for door in ("/admin/exchange/", many(site["campaign"]["en"]), address(work["campaign"])):
        assert is_refused(officer.get(door))


def test_a_translation_that_was_stopped_is_not_exchanged(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    Translation.objects.filter(pk=work["campaign"].pk).update(enabled=False)
    assert translator.get(address(work["campaign"]), follow=True).status_code == 404
    files = unzip(translator.get(f"{many(site['campaign']['en'])}download/").content)
    assert "pages/end-ties.po" not in files


@pytest.mark.parametrize("door", ["999/uk/", "0/uk/", "{city}/uk/", "{campaign}/xx/"])
def test_what_is_not_there_is_not_found(
    translator: Client, work: dict[str, Translation], site: SmallSite, door: str
) -> None:
    pages = {"city": site["portland"]["en"].pk, "campaign": site["campaign"]["en"].pk}
    door = f"/admin/exchange/{door.format(**pages)}"
    assert translator.get(door, follow=True).status_code == 404


def test_the_ways_outside_stand_where_translators_work(
    translator: Client, work: dict[str, Translation], site: SmallSite
) -> None:
    assert 'href="/admin/exchange/"' in translator.get("/admin/reports/languages/").text
    listed = translator.get("/admin/exchange/").text
    assert f'href="{many(site["campaign"]["en"])}"' in listed
    assert "(3 files)" in listed
    page = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    assert one(work["campaign"]) in translator.get(f"/admin/pages/{page.pk}/edit/").text


def test_what_a_file_says_is_shown_as_text_only(
    translator: Client, work: dict[str, Translation]
) -> None:
    payload = "<script>alert(1)</script>"
    fill(work["campaign"], "lead", payload)
    po = download(translator, work["campaign"])
    for entry in po:
        entry.msgstr = payload
    po.append(polib.POEntry(msgid=payload, msgctxt=payload, msgstr=payload))
    for name in ("texts.po", f"{payload}.po"):
        response = upload(translator, address(work["campaign"]), po, name)
        assert payload not in response.text.split("nice-padding")[1]
    po.metadata["X-WagtailLocalize-TranslationID"] = "0" * 32
    po.metadata["Project-Id-Version"] = payload
    assert payload not in upload(translator, address(work["campaign"]), po).text
