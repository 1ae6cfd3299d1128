"""Whom a petition is handed to, and what pages may say of who that is."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from campaigns.models import (
    CampaignPage,
    ChangeRequest,
    City,
    Petition,
    PetitionPage,
    Recipient,
    RecipientWords,
    TextVersion,
)
from campaigns.pages.live import live_pages_of
from campaigns.placeholders import fill, mayor_values, missing_placeholders, validate_pattern
from campaigns.records.recipients import AHEAD, CHECK_HOLDS, settle_names
from campaigns.tasks import settle_recipients
from campaigns.views.asked_for import sentence
from tests.accounts.roles import make_other_campaign
from tests.campaigns.asking import SENTENCE, client_of
from tests.support.factories import publish
from tests.support.kinds import Response, SmallSite

DAY = timedelta(days=1)
LIST = "/admin/recipients/"
PATTERNS = {
    "en": ("We ask {mayor} to end the tie.", "{mayor}, {state}"),
    "uk": ("Просимо {of_mayor} розірвати побратимство.", "{mayor} ({state})"),
}
ENGLISH = {"name": "Jane Doe", "address": "Dear Mayor Doe"}
UKRAINIAN = {"name": "Джейн Доу", "to_name": "Джейн Доу", "of_name": "Джейн Доу"}


@pytest.fixture
def worded(site: SmallSite) -> SmallSite:
    """A campaign that asks its cities' mayors."""
    for language, (ask, recipient) in PATTERNS.items():
        page = CampaignPage.objects.get(pk=site["campaign"][language].pk)
        page.city_ask, page.city_recipient = ask, recipient
        publish(page)
    return site


def today() -> date:
    return timezone.localdate()


def make_mayor(city: City, **changes: Any) -> Recipient:
    known = {"source": "The city’s page", "checked_on": today(), "is_public": True}
    mayor = Recipient(city=city, office="mayor", **{**known, **changes})
    mayor.words = [
        RecipientWords(language="en", **ENGLISH),
        RecipientWords(language="uk", **UKRAINIAN),
    ]
    mayor.save()
    return mayor


def fresh(page: PetitionPage) -> PetitionPage:
    return PetitionPage.objects.get(pk=page.pk)


def asks(site: SmallSite) -> list[str]:
    return [fresh(page).demand for page in site["portland"].values()]


def is_kept(page: PetitionPage) -> bool:
    texts = TextVersion.objects.filter(petition=page.petition_id)
    return texts.filter(checksum=fresh(page).words.checksum).exists()


ALONE = [
    "We ask the mayor of Portland to end the tie.",
    "Просимо мера Портленда розірвати побратимство.",
]
NAMED = [
    "We ask Mayor Jane Doe of Portland to end the tie.",
    "Просимо мера Портленда Джейн Доу розірвати побратимство.",
]


def test_pages_name_the_mayor_in_their_language(worded: SmallSite) -> None:
    assert asks(worded) == ALONE
    make_mayor(worded["portland"]["en"].tie.city)
    assert asks(worded) == NAMED
    html = Client().get(worded["portland"]["en"].url).content.decode()
    assert "Petition to: Mayor Jane Doe of Portland, Oregon" in html
    assert NAMED[0] in html


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        ({}, True),
        ({"term_until": timedelta()}, True),
        ({"term_until": -DAY}, False),
        ({"checked_on": DAY - CHECK_HOLDS}, True),
        ({"checked_on": -CHECK_HOLDS}, False),
        ({"checked_on": None}, False),
        ({"source": ""}, False),
        ({"is_public": False}, False),
    ],
)
def test_past_the_term_or_unchecked_the_office_stands_alone(
    worded: SmallSite, changes: dict[str, Any], is_named: bool
) -> None:
    days = {name: today() + day for name, day in changes.items() if isinstance(day, timedelta)}
    mayor = make_mayor(worded["portland"]["en"].tie.city, **{**changes, **days})
    assert mayor.is_named is is_named
    assert asks(worded) == (NAMED if is_named else ALONE)


def test_a_name_without_a_form_leaves_the_office_alone(worded: SmallSite) -> None:
    mayor = make_mayor(worded["portland"]["en"].tie.city)
    RecipientWords.objects.get(recipient=mayor, language="uk").delete()
    assert asks(worded) == [NAMED[0], ALONE[1]]
    words = RecipientWords(language="uk", name="Джейн Доу", recipient=mayor)
    words.save()
    assert asks(worded) == [NAMED[0], ALONE[1]]


def test_a_new_holder_makes_new_texts_in_every_language_at_once(worded: SmallSite) -> None:
    pages = worded["portland"]
    before = TextVersion.objects.filter(petition=pages["en"].petition_id).count()
    mayor = make_mayor(pages["en"].tie.city)
    assert all(map(is_kept, pages.values()))
    for words in mayor.words.all():
        words.name = words.of_name = "John Roe"
        words.save()
    assert all(map(is_kept, pages.values()))
    texts = TextVersion.objects.filter(petition=pages["en"].petition_id)
    asked = set(texts.values_list("ask", flat=True))
    assert {*ALONE, *NAMED, "We ask Mayor John Roe of Portland to end the tie."} <= asked
    assert texts.count() == before + 4
    texts.delete()
    mayor.delete()
    assert asks(worded) == ALONE
    assert all(map(is_kept, pages.values()))


def test_an_office_that_moves_to_another_city_changes_the_words_of_both(
    worded: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    mayor = make_mayor(worded["portland"]["en"].tie.city)
    TextVersion.objects.all().delete()
    mayor.city = tacoma["en"].tie.city
    mayor.save()
    assert asks(worded) == ALONE
    pages = [*worded["portland"].values(), *tacoma.values()]
    assert all(map(is_kept, pages))


def test_no_clock_changes_what_is_signed_but_the_worker_does(worded: SmallSite) -> None:
    mayor = make_mayor(worded["portland"]["en"].tie.city)
    Recipient.objects.filter(pk=mayor.pk).update(term_until=today() - DAY)
    TextVersion.objects.all().delete()
    assert asks(worded) == NAMED
    settle_recipients()
    assert asks(worded) == ALONE
    assert all(map(is_kept, worded["portland"].values()))
    assert settle_names() == 0


def test_what_opens_a_sentence_begins_with_a_capital(worded: SmallSite) -> None:
    name = worded["portland"]["en"].city_name
    told = fill("{mayor} knows. {mayor} and {of_mayor}", mayor_values(name, None, "en"))
    assert told == "The mayor of Portland knows. The mayor of Portland and of the mayor of Portland"
    uk = fill("{to_mayor}", mayor_values(worded["portland"]["uk"].city_name, None, "uk"))
    assert uk == "Мерові Портленда"


def test_a_translation_names_the_mayor_in_whatever_form() -> None:
    validate_pattern("{mayor}, {to_mayor}, {of_mayor}")
    assert missing_placeholders("Ask {mayor}", "Просимо {of_mayor}") == []
    assert missing_placeholders("Ask {mayor}", "Просимо мера {of_city}") == ["{mayor}"]


@pytest.mark.both_databases
def test_the_mayors_of_many_cities_are_asked_for_at_once(
    worded: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    for pages in (worded["portland"], tacoma):
        make_mayor(pages["en"].tie.city)
    campaign = CampaignPage.objects.get(pk=worded["campaign"]["en"].pk)
    with CaptureQueriesContext(connection) as queries:
        told = [page.recipient for page in campaign.city_pages()]
        asked = [page.words.ask for page in live_pages_of(Petition.objects.with_names())]
    assert len(told) == 2
    assert all("Jane Doe" in text for text in told)
    assert sum("Doe" in ask or "Доу" in ask for ask in asked) == 4
    of_mayors = [query for query in queries if "campaigns_recipient" in query["sql"]]
    # The offices and their words, for each of the two lists.
    assert len(of_mayors) == 4


def test_the_database_keeps_one_holder_of_an_office(worded: SmallSite) -> None:
    city = worded["portland"]["en"].tie.city
    make_mayor(city)
    for lost in (
        {"city": city, "office": "mayor"},
        {"office": "council"},
        {"city": city, "campaign": worded["campaign"]["en"].petition, "office": "other"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recipient.objects.create(**lost)
    # Committees may be several.
    for _number in range(2):
        Recipient.objects.create(city=city, office="committee")


def form(city: City, *words: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {"city": city.pk, "campaign": "", "office": "mayor"}
    data |= dict.fromkeys(("email", "phone", "postal_address", "clerk", "term_until"), "")
    data |= {"source": "The city’s page", "source_url": "", "checked_on": str(today())}
    data |= {"words-TOTAL_FORMS": len(words), "words-INITIAL_FORMS": 0}
    for number, each in enumerate(words):
        empty = dict.fromkeys(("title", "name", "to_name", "of_name", "address", "id"), "")
        data |= {f"words-{number}-{name}": value for name, value in {**empty, **each}.items()}
    return data


def add(client: Client, *args: Any, **changes: Any) -> Response:
    return client.post(f"{LIST}add/", {**form(*args), **changes})


EN = {"language": "en", **ENGLISH}


def test_an_editor_who_publishes_adds_a_mayor(worded: SmallSite) -> None:
    city = worded["portland"]["en"].tie.city
    client = client_of("editor", publish=True)
    assert client.get(f"{LIST}add/").status_code == 200
    assert add(client, city, EN, is_public="on").status_code == 302
    assert asks(worded)[0] == NAMED[0]
    listed = client.get(LIST).content.decode()
    assert "Jane Doe" in listed
    assert "Jane Doe" in client.get(f"{LIST}?q=портленд").content.decode()


def test_an_editor_who_may_not_publish_is_told_whom_to_ask(worded: SmallSite) -> None:
    response = add(client_of("editor"), worded["portland"]["en"].tie.city, EN, is_public="on")
    assert response.status_code == 403
    assert SENTENCE in response.content.decode()
    assert not Recipient.objects.exists()


@pytest.mark.parametrize(
    ("words", "changes", "sentence"),
    [
        ([EN], {"source": ""}, "Give the source that says so: a name needs one."),
        ([EN, EN], {}, "Please correct the duplicate values below."),
        ([EN], {"office": "council"}, "Say what this office is called"),
        ([], {"office": "committee"}, "Add words that say what this office is called."),
        ([EN], {"city": ""}, "Choose either a city or a campaign-wide petition."),
        ([EN], {"checked_on": "2999-01-01"}, "This day has not come yet."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    worded: SmallSite, words: list[dict[str, str]], changes: dict[str, str], sentence: str
) -> None:
    client = client_of("editor", publish=True)
    response = add(client, worded["portland"]["en"].tie.city, *words, **changes)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Recipient.objects.exists()


def test_a_second_mayor_of_a_city_is_refused_in_a_sentence(worded: SmallSite) -> None:
    city = worded["portland"]["en"].tie.city
    make_mayor(city)
    response = add(client_of("editor", publish=True), city, EN)
    assert "Write the new holder there." in response.content.decode()
    assert Recipient.objects.count() == 1


def test_a_campaign_has_recipients_but_no_mayor(worded: SmallSite) -> None:
    petition = worded["campaign"]["en"].petition
    with pytest.raises(ValidationError, match="choose the city"):
        Recipient(campaign=petition).full_clean()
    with pytest.raises(ValidationError, match="choose the city instead"):
        Recipient(campaign=worded["portland"]["en"].petition, office="other").full_clean()
    Recipient(campaign=petition, office="other").full_clean()


def test_others_recipients_are_not_listed(worded: SmallSite) -> None:
    make_mayor(worded["portland"]["en"].tie.city)
    other = make_other_campaign(worded)
    Recipient.objects.create(campaign=other["en"].petition, office="other")
    assert Recipient.objects.count() == 2
    listed = client_of("editor").get(LIST).content.decode()
    assert listed.count("/admin/recipients/edit/") >= 1
    foreign = Recipient.objects.get(city=None)
    assert f"/admin/recipients/edit/{foreign.pk}/" not in listed
    assert client_of("second").get(f"{LIST}edit/{foreign.pk}/").status_code in (302, 403)


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, False),
        ({"term_until": AHEAD}, False),
        ({"term_until": AHEAD - DAY}, True),
        ({"checked_on": AHEAD - CHECK_HOLDS}, True),
        ({"checked_on": AHEAD - CHECK_HOLDS + DAY}, False),
        ({"checked_on": None}, True),
    ],
)
def test_whose_term_ends_or_who_was_not_checked_is_listed(
    worded: SmallSite, changes: dict[str, Any], is_due: bool
) -> None:
    days = {name: today() + day for name, day in changes.items() if day is not None}
    mayor = make_mayor(worded["portland"]["en"].tie.city, **{**changes, **days})
    client = client_of("editor")
    listed = client.get(f"{LIST}?due=true").content.decode()
    assert (f"{LIST}edit/{mayor.pk}/" in listed) is is_due
    assert ("Recipients to check" in client.get("/admin/").content.decode()) is is_due


@pytest.mark.parametrize(
    ("changes", "is_offered"),
    [
        ({"checked_on": None}, True),
        ({"checked_on": timezone.localdate() - CHECK_HOLDS}, True),
        ({"checked_on": timezone.localdate()}, False),
        ({"source": "", "checked_on": None}, False),
        ({"checked_on": None, "term_until": timezone.localdate() + AHEAD - DAY}, False),
    ],
)
def test_one_press_says_that_a_recipient_still_holds_the_office(
    site: SmallSite, changes: dict[str, Any], is_offered: bool
) -> None:
    mayor = make_mayor(site["portland"]["en"].tie.city, **changes)
    client = client_of("olena", publish=True)
    address = f"{LIST}{mayor.pk}/still-holds/"
    form = BeautifulSoup(client.get(LIST).text, "html.parser").select_one(
        f"form[action='{address}']"
    )
    assert bool(form) is is_offered
    if form:
        sent = {str(each["name"]): each["value"] for each in form.select("input")}
        assert sent.pop("csrfmiddlewaretoken")
        assert client.post(address, sent)["Location"] == f"{LIST}?due=true"
        mayor.refresh_from_db()
        assert (mayor.checked_on, mayor.is_named) == (today(), True)
        assert address not in client.get(LIST).text
        assert ModelLogEntry.objects.filter(action="campaigns.check_recipient").exists()


def test_nobody_says_so_of_a_holder_who_changed_meanwhile_or_of_others_recipients(
    site: SmallSite,
) -> None:
    mayor = make_mayor(site["portland"]["en"].tie.city, checked_on=None)
    address, seen = f"{LIST}{mayor.pk}/still-holds/", {"seen": mayor.known}
    RecipientWords.objects.update(name="John Roe")
    assert "Any change?" in client_of("olena", publish=True).post(address, seen).text
    seen = {"seen": Recipient.objects.get().known}
    editor = client_of("ivan")
    assert SENTENCE in editor.post(address, seen).text
    editor.post(address, {**seen, "ask": "1"})
    told = f"Note that nothing has changed about the recipient “{mayor}”"
    assert sentence(ChangeRequest.objects.get()) == told
    other = make_other_campaign(site)["en"].slug
    assert client_of("taras", place=other, publish=True).post(address, seen).status_code == 404
    mayor.refresh_from_db()
    assert mayor.checked_on is None
