"""Opening, closing and today, by the clocks of the petition and of whoever writes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data
from wagtail.users.models import UserProfile

from campaigns.models import CampaignPage, Petition, PetitionEvent, TieEvent
from tests.support.kinds import CityPages

BULK = "/admin/petitions/bulk/"


@pytest.fixture
def petition(portland: CityPages) -> Petition:
    """Of Portland, by Pacific time."""
    return Petition.objects.get(pk=portland["en"].petition_id)


def be_in(zone: str) -> None:
    boss = get_user_model().objects.get(username="boss")
    UserProfile.objects.update_or_create(user=boss, defaults={"current_time_zone": zone})


def it_is(monkeypatch: pytest.MonkeyPatch, *moment: int) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "typed", "moment"),
    [
        # The last minute before spring's gap, and the first after it.
        ("America/Los_Angeles", "2027-03-14T01:59", (2027, 3, 14, 9, 59)),
        ("America/Los_Angeles", "2027-03-14T03:00", (2027, 3, 14, 10)),
        ("America/Los_Angeles", "2027-03-14T02:30", None),
        # Before and after the hour that autumn shows twice.
        ("America/Los_Angeles", "2027-11-07T00:59", (2027, 11, 7, 7, 59)),
        ("America/Los_Angeles", "2027-11-07T02:00", (2027, 11, 7, 10)),
        ("America/Los_Angeles", "2027-11-07T01:30", None),
        # Where clocks are never changed, and where they are changed on another day.
        ("America/Phoenix", "2027-03-14T02:30", (2027, 3, 14, 9, 30)),
        ("Europe/Kyiv", "2027-03-14T02:30", (2027, 3, 14, 0, 30)),
        ("Europe/Kyiv", "2027-03-28T03:30", None),
    ],
)
def test_a_time_that_clocks_show_once_is_taken_and_any_other_refused(
    admin: Client, petition: Petition, zone: str, typed: str, moment: tuple[int, ...] | None
) -> None:
    """In the form of one petition, and in that of many; whatever clocks the editor has."""
    be_in("Europe/Kyiv")
    Petition.objects.update(time_zone=zone)
    expected = datetime(*moment, tzinfo=UTC) if moment else None  # type: ignore[misc,arg-type]
    form = nested_form_data({"closes_at": typed, "time_zone": zone, "events": inline_formset([])})
    told = admin.post(reverse("wagtailsnippets_campaigns_petition:edit", args=[petition.pk]), form)
    petition.refresh_from_db()
    assert petition.closes_at == expected
    Petition.objects.update(closes_at=None)
    data = {"action": "close", "petition": petition.pk, "moment": typed, "stage": "apply"}
    refused = admin.post(BULK, data)
    petition.refresh_from_db()
    assert petition.closes_at == expected
    if moment is None:
        for page in (told, refused):
            assert "may be ambiguous or it may not exist" in page.content.decode()


def test_what_closes_in_the_doubled_hour_can_be_edited_in_everything_else(
    admin: Client, petition: Petition
) -> None:
    closes_at = datetime(2027, 11, 7, 9, 30, 12, tzinfo=UTC)
    Petition.objects.update(closes_at=closes_at)
    form = {"closes_at": "2027-11-07T01:30", "time_zone": petition.time_zone, "goal": "77"}
    address = reverse("wagtailsnippets_campaigns_petition:edit", args=[petition.pk])
    admin.post(address, nested_form_data({**form, "events": inline_formset([])}))
    petition.refresh_from_db()
    assert (petition.goal, petition.closes_at) == (77, closes_at)


@pytest.mark.parametrize("day", [13, 6])
def test_days_more_end_at_the_same_time_of_day(admin: Client, petition: Petition, day: int) -> None:
    month = {13: 3, 6: 11}[day]
    before = petition.local_time(datetime(2027, month, day, 20, tzinfo=UTC))
    Petition.objects.update(closes_at=before)
    admin.post(BULK, {"action": "extend", "petition": petition.pk, "days": 1, "stage": "apply"})
    petition.refresh_from_db()
    assert petition.closes_at
    after = petition.local_time(petition.closes_at)
    assert (after.day, after.time()) == (day + 1, before.time())
    assert after.utcoffset() != before.utcoffset()


@pytest.mark.parametrize(
    ("person", "utc", "day", "is_taken"),
    [
        # It is Friday evening in Portland, and Saturday in Kyiv.
        ("Europe/Kyiv", (2027, 1, 2, 4), "2027-01-02", True),
        ("Europe/Kyiv", (2027, 1, 2, 4), "2027-01-03", False),
        ("America/Los_Angeles", (2027, 1, 2, 4), "2027-01-01", True),
        ("America/Los_Angeles", (2027, 1, 2, 4), "2027-01-02", False),
        # Behind the petition's day: where it is, that day has come.
        ("Pacific/Honolulu", (2027, 1, 2, 9), "2027-01-02", True),
        ("Pacific/Honolulu", (2027, 1, 2, 9), "2027-01-03", False),
    ],
)
@pytest.mark.parametrize("kind", ["petition", "tie"])
def test_an_event_is_of_a_day_that_has_come_for_the_person_or_the_petition(
    admin: Client,
    petition: Petition,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    person: str,
    utc: tuple[int, ...],
    day: str,
    is_taken: bool,
) -> None:
    be_in(person)
    it_is(monkeypatch, *utc)
    # A session lasts a day.
    admin.force_login(get_user_model().objects.get(username="boss"))
    owner = petition.pk if kind == "petition" else petition.tie_id
    what = {"petition": "delivered", "tie": "ended"}[kind]
    source: dict[str, Any] = {"source_title": "A", "source_publisher": "B", "source_language": "en"}
    data = {kind: str(owner), "kind": what, "date": day, **source}
    admin.post(reverse(f"wagtailsnippets_campaigns_{kind}event:add"), data)
    model: Any = PetitionEvent if kind == "petition" else TieEvent
    assert model.objects.filter(kind=what, date=day).exists() is is_taken
    model.objects.filter(kind=what).delete()
    bulk = {"action": "event", "petition": petition.pk, "what": f"{kind}:{what}", "date": day}
    admin.post(BULK, {**bulk, **source, "stage": "apply"})
    assert model.objects.filter(kind=what, date=day).exists() is is_taken


@pytest.mark.parametrize("kept", ["America/Los_Angeles", "US/Pacific"])
def test_a_zone_is_chosen_among_those_of_places(
    admin: Client, petition: Petition, kept: str
) -> None:
    Petition.objects.update(time_zone=kept)
    address = reverse("wagtailsnippets_campaigns_petition:edit", args=[petition.pk])
    page = BeautifulSoup(admin.get(address).content, "html.parser")
    offered = {
        str(option["value"]): option.has_attr("selected")
        for option in page.select("select[name=time_zone] option")
    }
    assert [name for name, is_chosen in offered.items() if is_chosen] == [kept]
    assert {"Europe/Kyiv", "America/Los_Angeles"} <= offered.keys()
    # New York keeps no such time in summer.
    assert not {"EST", "Etc/GMT+5"} & offered.keys()


def test_a_zone_that_is_none_is_refused_by_its_form(admin: Client, petition: Petition) -> None:
    address = reverse("wagtailsnippets_campaigns_petition:edit", args=[petition.pk])
    form = {"time_zone": "Mars/Base", "goal": "77", "events": inline_formset([])}
    refused = admin.post(address, nested_form_data(form)).content.decode()
    assert "Give a time zone" in refused
    assert Petition.objects.get(pk=petition.pk).goal != 77


def test_a_new_campaign_tells_the_time_as_its_maker_does(campaign: CampaignPage) -> None:
    home = Page.objects.get(pk=campaign.get_parent().pk)
    fields = ("ask", "starter", "recipients", "consent_text", "city_heading", "city_ask")
    same = {name: getattr(campaign, name) for name in (*fields, "city_recipient", "locale")}
    page = CampaignPage(title="Another", slug="another", **same)
    with timezone.override("Europe/Kyiv"):
        home.add_child(instance=page)
    assert page.petition
    assert page.petition.time_zone == "Europe/Kyiv"
