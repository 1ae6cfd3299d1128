"""Without the right to publish, nothing that visitors see changes at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.roles import EDITORS, MODERATORS
from campaigns.models import CityName, Petition, PetitionEvent, PetitionPage
from staff.assigning import assign
from tests.accounts.roles import make_other_campaign
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in

SENTENCE = "Visitors would see this at once"


def editor(publishes: bool = False) -> Client:
    user = make_user("ed")
    assign(user, EDITORS, "end-ties", publish=publishes)
    return logged_in(user)


@pytest.fixture
def city(site: SmallSite) -> PetitionPage:
    moderator = make_user("mod")
    assign(moderator, MODERATORS)
    return PetitionPage.objects.get(pk=site["portland"]["en"].pk)


def pause(client: Client, city: PetitionPage) -> Response:
    data = {"petition": city.petition_id, "action": "pause", "stage": "apply"}
    return client.post("/admin/petitions/bulk/", data, follow=True)


def close(client: Client, city: PetitionPage) -> Response:
    data = {"petition": city.petition_id, "action": "close", "stage": "apply", "moment": ""}
    return client.post("/admin/petitions/bulk/", data, follow=True)


def pause_record(client: Client, city: PetitionPage) -> Response:
    data = {"time_zone": "America/New_York", "is_paused": "on"}
    events = {f"events-{key}": 0 for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    address = f"/admin/snippets/campaigns/petition/edit/{city.petition_id}/"
    return client.post(address, {**data, **events}, follow=True)


def note_event(client: Client, city: PetitionPage) -> Response:
    data = {"petition": city.petition_id, "kind": "closed", "date": "2026-01-01"}
    extra = {"source_title": "", "source_publisher": "", "source_url": "", "source_language": "en"}
    return client.post("/admin/snippets/campaigns/petitionevent/add/", {**data, **extra})


def hide_blocks(client: Client, city: PetitionPage) -> Response:
    return client.post(f"/admin/inherited/{city.pk}/", {}, follow=True)


def rename_city(client: Client, city: PetitionPage) -> Response:
    name = CityName.objects.get(city=city.tie.city, locale=city.locale)
    data = dict.fromkeys(("name", "of_form", "in_form", "with_form", "region"), "Elsewhere")
    data["city"] = str(name.city_id)
    address = f"/admin/snippets/campaigns/cityname/edit/{name.pk}/"
    return client.post(address, data, follow=True)


def state(city: PetitionPage) -> tuple[object, ...]:
    petition = Petition.objects.get(pk=city.petition_id)
    names = CityName.objects.order_by("pk").values_list("name", flat=True)
    events = PetitionEvent.objects.filter(petition=petition).count()
    return petition.is_paused, petition.closes_at, petition.hidden_blocks, events, list(names)


@pytest.mark.parametrize(
    "change", [pause, close, pause_record, note_event, hide_blocks, rename_city]
)
def test_who_may_not_publish_is_told_whom_to_ask(
    city: PetitionPage, change: Callable[[Client, PetitionPage], Any]
) -> None:
    before = state(city)
    html = change(editor(), city).content.decode()
    assert SENTENCE in html
    assert "mod" in html.partition("Please ask somebody who may: ")[2][:20]
    assert state(city) == before


@pytest.mark.parametrize("change", [pause, close, note_event])
def test_who_may_publish_does_it(
    city: PetitionPage, change: Callable[[Client, PetitionPage], Any]
) -> None:
    before = state(city)
    assert SENTENCE not in change(editor(publishes=True), city).content.decode()
    assert state(city) != before


@pytest.mark.parametrize("change", [pause, close, note_event])
def test_what_is_not_live_is_anybodys_own(
    city: PetitionPage, change: Callable[[Client, PetitionPage], Any]
) -> None:
    PetitionPage.objects.filter(petition=city.petition).update(live=False)
    before = state(city)
    change(editor(), city)
    assert state(city) != before


def test_a_citys_name_needs_the_right_in_every_campaign_that_uses_it(
    site: SmallSite, city: PetitionPage
) -> None:
    other = make_other_campaign(site)
    assert other["en"].live
    petition = Petition.objects.create(parent=other["en"].petition, tie=city.tie, time_zone="UTC")
    page = PetitionPage(title="P", slug="portland-oregon", locale=city.locale, petition=petition)
    other["en"].add_child(instance=page)
    before = state(city)
    assert SENTENCE in rename_city(editor(publishes=True), city).content.decode()
    assert state(city) == before
