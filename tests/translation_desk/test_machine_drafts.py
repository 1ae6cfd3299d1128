"""What a machine translates is a draft until a person accepts it."""

import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.messages import get_messages
from django.db.models import QuerySet
from django.test import Client
from pytest_django import Settings
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from campaigns.models import CampaignPage
from cms.settings import environment
from staff.assigning import NAMES, assign
from tests.support.editor import address
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.machine import KEY, Service, serving
from tests.support.translating import translate_all
from tests.translation_desk.storing import store
from translation_desk.machine.drafts import TEXTS_AT_A_TIME
from translation_desk.models import GlossaryTerm
from translation_desk.status import statuses
from translations.gaps import gaps, translation_of
from translations.memory import reuse
from translations.queries import DRAFTS

if TYPE_CHECKING:
    from django.contrib.auth.models import Group

Configure = Callable[..., None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Configure:
    """Sets the environment, and what the settings make of it."""

    def set_to(name: str = "", key: str = "", url: str = "") -> None:
        monkeypatch.setenv("MACHINE_TRANSLATOR", name)
        monkeypatch.setenv("MACHINE_TRANSLATOR_KEY", key)
        monkeypatch.setenv("MACHINE_TRANSLATOR_URL", url)
        settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR = environment.machine_translator()

    return set_to


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture(params=["libretranslate", "deepl"])
def configured(request: pytest.FixtureRequest, service: Service, configure: Configure) -> Service:
    configure(name=request.param, key=KEY, url=service.address)
    return service


@pytest.fixture
def dummy(configure: Configure) -> None:
    configure(name="dummy")


def door(page: Page, action: str = "machine_translate") -> str:
    translation = translation_of(page)
    assert translation
    return f"/admin/localize/translate/{translation.pk}/{action}/"


def press(client: Client, page: Page) -> str:
    """Asks for drafts; returns what the editor shows then."""
    return client.post(door(page), {"next": address(page)}, follow=True).content.decode()


def drafts(page: Page) -> QuerySet[StringTranslation]:
    return StringTranslation.objects.filter(
        DRAFTS, locale=page.locale, context__object_id=page.translation_key
    )


def test_without_a_service_nothing_is_offered_and_nothing_is_asked(
    admin: Client, campaign_pages: dict[str, CampaignPage], configure: Configure
) -> None:
    configure()
    page = campaign_pages["uk"]
    assert '"machineTranslator": null' in admin.get(address(page)).context["props"]
    assert admin.post(door(page), follow=True).status_code == 404
    assert not drafts(page).exists()


def test_a_draft_is_marked_and_counts_as_missing_until_it_is_accepted(
    admin: Client, campaign_pages: dict[str, CampaignPage], configured: Service
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    StringTranslation.objects.filter(context__path="ask", locale=page.locale).delete()
    before = Client().get(page.url).content
    html = press(admin, page)
    assert configured.asked == [["End all ties."]]
    assert "1 draft was made." in html
    assert html.count("It shows nowhere until somebody accepts it.") == 2
    assert "END ALL TIES.</textarea>" in html
    translation = translation_of(page)
    assert translation
    [gap] = gaps(translation, CampaignPage)
    assert (gap.source, gap.has_draft) == ("End all ties.", True)
    cell = statuses([campaign_pages["en"]], [page.locale])[campaign_pages["en"].pk]["uk"]
    assert (cell.texts, cell.drafts) == (1, 1)
    assert "1 machine draft" in admin.get("/admin/reports/languages/").content.decode()
    html = admin.post(address(page), {"action": "publish"}, follow=True).content.decode()
    assert "cannot be published: 1 text that visitors need is not translated" in html
    assert "(a draft waits to be accepted)" in html
    assert Client().get(page.url).content == before
    segment = StringSegment.objects.get(source=translation.source, context__path="ask")
    form = {"text": segment.pk, "words": "Розірвіть усі зв’язки."}
    assert "1 text was accepted." in post(admin, page, form)
    assert gaps(translation, CampaignPage) == []
    admin.post(address(page), {"action": "publish"})
    page.refresh_from_db()
    assert page.ask == "Розірвіть усі зв’язки."


def post(client: Client, page: Page, form: dict[str, Any]) -> str:
    answer = client.post(door(page, "accept"), {"next": address(page), **form}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("dummy")
def test_a_draft_of_a_text_that_may_be_missing_does_not_go_live_either(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    StringTranslation.objects.filter(context__path="lead", locale=page.locale).delete()
    press(admin, page)
    assert drafts(page).get().data == "lead. A"
    admin.post(address(page), {"action": "publish"})
    page.refresh_from_db()
    assert page.ask.startswith("УКР ask")
    assert "lead. A" not in Client().get(page.url).content.decode()


@pytest.mark.usefixtures("dummy")
def test_saving_a_draft_in_the_editor_accepts_it(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    page = campaign_pages["uk"]
    press(admin, page)
    row = drafts(page).get(context__path="ask")
    segment = StringSegment.objects.get(string=row.translation_of, context=row.context)
    body = encode_multipart(BOUNDARY, {"value": row.data})
    edit = door(page, f"strings/{segment.pk}/edit")
    answer = admin.put(edit, body, content_type=MULTIPART_CONTENT).json()
    assert answer["error"] is None
    assert answer["comment"].startswith("Translated manually")
    row.refresh_from_db()
    assert (row.translation_type, row.has_error) == ("manual", False)


@pytest.mark.usefixtures("dummy")
def test_all_drafts_are_accepted_at_once_except_those_whose_markup_is_wrong(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    press(admin, page)
    count = drafts(page).count()
    drafts(page).filter(context__path="ask").update(data="<h1>wrong</h1>")
    html = post(admin, page, {})
    assert f"{count - 1} texts were accepted." in html
    assert (
        "Not accepted: “&lt;h1&gt;wrong&lt;/h1&gt;”. It holds a “&lt;” that begins no tag" in html
    )
    assert drafts(page).get().data == "<h1>wrong</h1>", "it stays a draft, beside its source"
    translation = translation_of(page)
    assert translation
    assert [gap.source for gap in gaps(translation, CampaignPage)] == ["End all ties."]
    drafts(page).delete()
    assert "There was nothing to accept." in post(admin, page, {})


@pytest.mark.usefixtures("dummy")
def test_the_draft_of_a_title_shows_in_no_list(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    before = page.draft_title
    press(admin, page)
    page.refresh_from_db()
    assert page.draft_title == before


@pytest.mark.usefixtures("dummy")
def test_drafts_leave_alone_what_a_person_wrote_and_what_is_known_from_elsewhere(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    store(page, "ask", "Своє.")
    source = TranslationSource.objects.get_for_instance(campaign_pages["en"])
    title = StringSegment.objects.get(source=source, context__path="title")
    elsewhere = StringSegment.objects.get(source=source, context__path="starter").context
    StringTranslation.objects.create(
        translation_of=title.string,
        locale=page.locale,
        context=elsewhere,
        data="Відоме",
        translation_type="manual",
    )
    press(admin, page)
    rows = StringTranslation.objects.filter(locale=page.locale)
    assert rows.get(context__path="ask").data == "Своє."
    assert rows.get(context__path="title").data == "Відоме"
    assert not drafts(page).filter(context__path__in=["ask", "title"]).exists()
    store(page, "title", "Кращe")
    row = drafts(page).get(context__path="lead")
    StringTranslation.objects.create(
        translation_of=row.translation_of,
        locale=page.locale,
        context=elsewhere,
        data="Людське",
        translation_type="manual",
    )
    translation = translation_of(page)
    assert translation
    assert reuse(translation) == 1
    assert rows.get(context__path="lead").data == "Людське"


@pytest.mark.usefixtures("dummy")
def test_a_draft_is_never_offered_elsewhere(
    admin: Client, campaign_pages: dict[str, CampaignPage], site: SmallSite
) -> None:
    from home.models import ContentPage, HomePage
    from translations.submission import submit

    press(admin, campaign_pages["uk"])
    about = ContentPage(
        title=campaign_pages["en"].title, slug="about", locale=campaign_pages["en"].locale
    )
    HomePage.objects.get(locale=about.locale).add_child(instance=about)
    translation = submit(about, campaign_pages["uk"].locale)
    assert [gap.source for gap in gaps(translation, ContentPage)] == [about.title]


@pytest.mark.usefixtures("dummy")
def test_a_draft_against_the_glossary_says_so(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    GlossaryTerm.objects.create(term="end all", kind=GlossaryTerm.Kind.KEPT)
    html = press(admin, campaign_pages["uk"])
    assert "The glossary keeps “end all” as it is." in html


FAULTS = {
    "500": "is out of order",
    "403": "refused the site’s key",
    "429": "was asked too much lately",
    "456": "was asked too much lately",
    "garbage": "gave no answer that can be used",
    "short": "gave no answer that can be used",
    "slow": "did not answer in time",
}


def test_a_service_that_fails_ends_in_a_sentence_and_changes_nothing(
    admin: Client, campaign_pages: dict[str, CampaignPage], configured: Service, settings: Settings
) -> None:
    options = settings.WAGTAILLOCALIZE_MACHINE_TRANSLATOR["OPTIONS"]
    for mood, sentence in FAULTS.items():
        # Only what never comes need be waited for no longer.
        options["TIMEOUT"] = 0.2 if mood == "slow" else 5
        configured.mood = mood
        answer = admin.post(door(campaign_pages["uk"]), {"next": address(campaign_pages["uk"])})
        *_earlier, message = get_messages(answer.wsgi_request)
        assert sentence in str(message), mood
        assert not drafts(campaign_pages["uk"]).exists(), mood
    configured.mood = ""
    assert "drafts were made." in press(admin, campaign_pages["uk"]), (
        "that it could have been asked"
    )


@pytest.mark.parametrize("kind", ["libretranslate", "deepl"])
def test_a_wrong_key_and_a_service_that_is_gone_end_in_a_sentence(
    admin: Client,
    campaign_pages: dict[str, CampaignPage],
    configure: Configure,
    service: Service,
    kind: str,
) -> None:
    configure(name=kind, key="wrong", url=service.address)
    assert "refused the site’s key" in press(admin, campaign_pages["uk"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    configure(name=kind, key=KEY, url=gone)
    assert "cannot be reached" in press(admin, campaign_pages["uk"])


def test_what_is_no_text_makes_no_draft_and_markup_stays_text(
    admin: Client, campaign_pages: dict[str, CampaignPage], configured: Service
) -> None:
    page = campaign_pages["uk"]
    configured.mood = "odd"
    press(admin, page)
    configured.mood = "markup"
    html = press(admin, page)
    assert drafts(page).count() == StringSegment.objects.filter(
        source=TranslationSource.objects.get_for_instance(campaign_pages["en"])
    ).count()  # fmt: skip
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_batches_before_a_failure_are_kept(
    admin: Client, campaign_pages: dict[str, CampaignPage], configured: Service
) -> None:
    english = CampaignPage.objects.get(pk=campaign_pages["en"].pk)
    english.body = [
        ("text", "".join(f"<p>Paragraph {number}.</p>" for number in range(TEXTS_AT_A_TIME)))
    ]
    english.save_revision().publish()
    configured.mood = "second"
    assert "is out of order" in press(admin, campaign_pages["uk"])
    assert len(configured.asked[0]) == TEXTS_AT_A_TIME
    assert drafts(campaign_pages["uk"]).count() == TEXTS_AT_A_TIME
    configured.mood = ""
    press(admin, campaign_pages["uk"])
    translation = translation_of(campaign_pages["uk"])
    assert translation
    assert all(gap.has_draft for gap in gaps(translation, CampaignPage))


@pytest.mark.usefixtures("dummy")
def test_only_who_may_change_a_translation_drafts_and_accepts(
    campaign_pages: dict[str, CampaignPage], site: SmallSite
) -> None:
    page = campaign_pages["uk"]
    Locale.objects.create(language_code="pl")
    for role, place in (("translator", "uk"), ("editor", "end-ties"), ("officer", "")):
        user = make_user(role)
        assign(user, NAMES[role], place)
        client = Client()
        client.force_login(user)
        allowed = role != "officer"
        for action in ("machine_translate", "accept"):
            answer = client.post(door(page, action), {"next": address(page)})
            assert (answer.headers.get("Location") == address(page)) is allowed
        assert drafts(page).exists() is False
        StringTranslation.objects.filter(locale=page.locale).delete()
    answer = Client().post(door(page))
    assert answer.headers["Location"].startswith("/admin/login/")


@pytest.mark.usefixtures("dummy")
def test_a_translator_of_another_language_touches_no_citys_name(site: SmallSite) -> None:
    from translations.submission import submit

    names = site["portland"]["en"].tie.city.names
    ukrainian = Locale.objects.get(language_code="uk")
    translation = submit(names.get(locale__language_code="en"), ukrainian)
    user = make_user("polka")
    user.groups.add(*_groups_of_a_translator())
    client = Client()
    client.force_login(user)
    segment = StringSegment.objects.filter(source=translation.source).first()
    assert segment
    start = f"/admin/localize/translate/{translation.pk}"
    for door in (f"{start}/machine_translate/", f"{start}/accept/"):
        assert client.post(door).headers["Location"] == "/admin/"
    assert client.put(f"{start}/strings/{segment.pk}/edit/").headers["Location"] == "/admin/"
    assert not StringTranslation.objects.exists()


def _groups_of_a_translator() -> "QuerySet[Group]":
    from django.contrib.auth.models import Group

    return Group.objects.filter(name="Translators")


@pytest.mark.usefixtures("dummy")
def test_sending_the_newest_texts_asks_no_machine(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    source = TranslationSource.objects.get_for_instance(campaign_pages["en"])
    update = f"/admin/localize/update/{source.pk}/"
    assert "use_machine_translation" not in admin.get(update).content.decode()
    admin.post(update, {"use_machine_translation": "on"})
    assert not StringTranslation.objects.filter(locale=campaign_pages["uk"].locale).exists()


@pytest.mark.parametrize(
    "form", [{"text": "x"}, {"text": "9" * 30}, {"text": "1", "words": "a\0b"}, {"words": "x"}]
)
def test_a_form_that_cannot_be_read_accepts_nothing(
    admin: Client, campaign_pages: dict[str, CampaignPage], form: dict[str, str]
) -> None:
    answer = admin.post(
        door(campaign_pages["uk"], "accept"), {**form, "next": "https://evil.example/"}
    )
    assert answer.status_code in (302, 404)
    assert "evil" not in answer.headers.get("Location", "")
    assert not StringTranslation.objects.filter(locale=campaign_pages["uk"].locale).exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "babelfish"}, "MACHINE_TRANSLATOR is wrong: it is one of deepl, google"),
        ({"key": "x"}, "MACHINE_TRANSLATOR is not set"),
        ({"name": "deepl"}, "MACHINE_TRANSLATOR_KEY is not set"),
        ({"name": "libretranslate", "key": "x"}, "MACHINE_TRANSLATOR_URL is not set"),
        ({"name": "libretranslate", "url": "ftp://x"}, "MACHINE_TRANSLATOR_URL must be"),
        ({"name": "google", "key": "/nowhere"}, "MACHINE_TRANSLATOR.* google"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    configure: Configure, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(environment.SettingError, match=sentence) as stopped:
        configure(**values)
    assert "\n" not in str(stopped.value)
