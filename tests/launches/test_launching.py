"""Launching cities in the admin, by the worker, and taking them back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, ReferenceIndex

from campaigns.models import (
    CampaignPage,
    City,
    CityName,
    Petition,
    PetitionPage,
    Recipient,
    Tie,
    TieEvent,
)
from campaigns.tables.reading import MOST_ROWS
from jobs.models import Job
from jobs.worker import drain
from launches import running
from launches.csv_file import parse
from launches.models import Launch
from tests.launches.tables import EUGENE, UKRAINIAN, city, problems, record, table, upload
from tests.support.factories import confirmed, make_user
from tests.support.kinds import SmallSite


def launch(client: Client, campaign: CampaignPage, text: str, **data: Any) -> Launch:
    """As an editor does: upload, look at the plan, confirm; then the worker does its part."""
    address = reverse("launch", args=[campaign.pk])
    plan = client.post(address, upload(text, **data)).context["plan"]
    client.post(address, {"plan": plan})
    drain()
    return Launch.objects.latest("created_at")


def test_a_city_is_launched_live_in_both_languages(admin: Client, campaign: CampaignPage) -> None:
    found = launch(admin, campaign, table(EUGENE), publish="on")
    assert found.state == Launch.State.DONE
    english = Client().get("/en/end-ties/eugene-oregon/").content.decode()
    ukrainian = Client().get("/uk/end-ties/eugene-oregon/").content.decode()
    assert "Mayor of Eugene: end the tie with Irkutsk" in english
    assert "Мере Юджина, розірвіть звʼязки з Іркутськом" in ukrainian
    assert PageLogEntry.objects.filter(action="campaigns.launch", page=campaign).exists()


def test_the_plan_says_what_will_be_made_and_makes_nothing(
    admin: Client, campaign: CampaignPage
) -> None:
    half = {**city(2), **dict.fromkeys(UKRAINIAN, "")}
    before = (City.objects.count(), Petition.objects.count(), PetitionPage.objects.count())
    text = table(EUGENE, half)
    response = admin.post(reverse("launch", args=[campaign.pk]), upload(text, publish="on"))
    planned = response.context["planned"]
    assert [each.is_new for each in planned] == [True, True]
    states = [[str(state) for _code, state in each.languages] for each in planned]
    assert states == [["published", "published"], ["published", "draft"]]
    assert "Names are missing in: Ukrainian." in planned[1].notes
    after = (City.objects.count(), Petition.objects.count(), PetitionPage.objects.count())
    assert after == before


def test_a_city_without_its_names_waits_as_a_draft_for_its_translation(
    admin: Client, campaign: CampaignPage
) -> None:
    launch(admin, campaign, table(city(1)), publish="on")
    pages = PetitionPage.objects.filter(slug="town-1-oregon").select_related("locale")
    assert {page.language: page.live for page in pages} == {"en": True, "uk": False}


def test_the_same_file_again_changes_nothing_and_says_so(
    admin: Client, campaign: CampaignPage
) -> None:
    launch(admin, campaign, table(EUGENE), publish="on")
    counts = [model.objects.count() for model in (City, CityName, Tie, TieEvent, PetitionPage)]
    response = admin.post(reverse("launch", args=[campaign.pk]), upload(table(EUGENE)))
    assert "Nothing will change." in response.content.decode()
    assert launch(admin, campaign, table(EUGENE)).made("petitions") == []
    again = [model.objects.count() for model in (City, CityName, Tie, TieEvent, PetitionPage)]
    assert again == counts


def test_cities_known_already_are_chosen_from_the_list(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    tie = Tie.objects.create(
        city=City.objects.create(key="salem-oregon", region="Oregon", country="US"),
        sister_city=site["portland"]["en"].tie.sister_city,
    )
    CityName.english(tie.city, "Salem").save()
    address = reverse("launch", args=[campaign.pk])
    html = admin.get(address).content.decode()
    assert "Salem, Oregon, US" in html
    assert "Portland, Oregon, US" not in html
    planned = admin.post(address, {"ties": [tie.pk]})
    rows = planned.text.partition("<tbody>")[2]
    assert "<td>Salem, Oregon</td><td>Khabarovsk, Khabarovsk Krai</td>" in rows
    assert tie.city.key not in rows
    plan = planned.context["plan"]
    admin.post(address, {"plan": plan})
    drain()
    assert PetitionPage.objects.filter(slug="salem-oregon", locale=campaign.locale).exists()


def test_nothing_is_launched_into_a_campaign_that_is_closed_for_good(
    admin: Client, campaign: CampaignPage, tmp_path: Path
) -> None:
    Petition.objects.filter(pk=campaign.petition_id).update(is_closed_for_good=True)
    response = admin.post(reverse("launch", args=[campaign.pk]), upload(table(EUGENE)))
    assert response.status_code == 422
    assert "The campaign is closed for good" in response.text
    file = tmp_path / "cities.csv"
    file.write_text(table(EUGENE))
    with pytest.raises(CommandError, match="closed for good"):
        call_command("launch", campaign.slug, str(file))
    assert not Petition.objects.filter(tie__city__key__startswith="eugene").exists()


def test_one_wrong_row_launches_nothing(admin: Client, campaign: CampaignPage) -> None:
    text = table(EUGENE, city(1, status="broken"), city(2, status_date="2022-13-01"))
    response = admin.post(reverse("launch", args=[campaign.pk]), upload(text))
    assert response.status_code == 422
    html = response.content.decode()
    assert "broken is none of active, suspended, ended, unknown" in html
    assert "2022-13-01 is not a date like 2022-06-04" in html
    assert not Launch.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"since": "88"}, "since", "88 is not a year"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "is not a web address"),
        ({"city": "=1+1"}, "city", "looks like a formula"),
        ({"city": "x" * 81}, "city", "is longer than 80 characters"),
        ({"source_title": "x" * 301}, "source_title", "is longer than 300 characters"),
        ({"city": "…"}, "city", "needs at least one letter"),
        ({"status_date": "2999-01-01"}, "status_date", "lies in the future"),
        ({"since": "2023"}, "status_date", "is before the year in which the tie began"),
        ({"sister_city": "Eugene", "sister_region": "Oregon"}, "sister_city", "is the city itself"),
        ({"state": ""}, "state", "is empty"),
    ],
)
def test_a_wrong_value_is_told_with_row_column_and_reason(
    changes: dict[str, str], column: str, reason: str
) -> None:
    assert (2, column, reason) in problems(table({**EUGENE, **changes}))


def test_repeated_and_contradicting_rows_are_told() -> None:
    other = {**EUGENE, "sister_city": "Bratsk", "city_uk": "Юджін"}
    found = problems(table(EUGENE, EUGENE, other))
    assert (3, "city", "this pair stands in line 2 already") in found
    assert (4, "city_uk", "is named differently in line 2") in found


def test_a_city_whose_tie_has_ended_is_launched_closed_and_has_met_nothing(
    admin: Client, campaign: CampaignPage
) -> None:
    text = table({**EUGENE, "status": "ended"})
    plan = admin.post(reverse("launch", args=[campaign.pk]), upload(text, publish="on"))
    assert "nobody will be able to sign, and the city will not count" in plan.content.decode()
    launch(admin, campaign, text, publish="on")
    petition = Petition.objects.get(tie__city__key="eugene-oregon")
    assert petition.state() == Petition.State.ENDED
    assert not petition.events.exists()
    assert campaign.outcomes().met == 0
    html = Client().get("/en/end-ties/eugene-oregon/").content.decode()
    assert "The tie had ended before this petition began." in html
    assert "Thank you" not in html
    # Told once: it is there already.
    again = admin.post(reverse("launch", args=[campaign.pk]), upload(text, publish="on"))
    assert "nobody will be able to sign, and the city will not count" not in again.content.decode()


def test_a_row_that_contradicts_what_is_known_is_refused(
    admin: Client, campaign: CampaignPage, tmp_path: Path
) -> None:
    launch(admin, campaign, table(EUGENE))
    file = tmp_path / "cities.csv"
    for changes, reason in [
        ({"status": "ended"}, "Another event of the same day says"),
        ({"since": "", "status_date": "1987-01-01"}, "The tie began later, in 1988."),
    ]:
        text = table({**EUGENE, **changes})
        response = admin.post(reverse("launch", args=[campaign.pk]), upload(text))
        assert response.status_code == 422
        assert reason in response.content.decode()
        file.write_text(text)
        with pytest.raises(CommandError, match=reason):
            call_command("launch", campaign.slug, str(file))
    assert TieEvent.objects.filter(tie__city__key="eugene-oregon").count() == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (table(EUGENE).encode("utf-16-le"), "seems to be UTF-16"),
        (table(EUGENE).replace("і", "и").replace("І", "И").encode("cp1251"), "Windows-1251"),
        (b"", "is empty"),
        (table().encode(), "holds no city"),
        (b"city,state\n", "missing"),
        (table(EUGENE).replace("since", "year").encode(), "there is no such column"),
        (table(EUGENE).replace("since", "city").encode(), "missing"),
        (table(EUGENE).encode()[:-40], "has fewer values"),
        (table(EUGENE).encode() + b'"cut off', "is broken or cut off"),
        (table(*(city(n) for n in range(MOST_ROWS + 1))).encode(), "more than 2000 rows"),
        (b"x" * 6_000_000, "more than 2000 rows"),
    ],
)
def test_a_file_that_is_not_the_table_is_told_what_it_is(data: bytes, reason: str) -> None:
    assert reason in problems(data)[0][2]


def test_a_table_with_a_byte_order_mark_and_in_another_script_is_read() -> None:
    text = table({**EUGENE, "city": "Юджин", "state": "Орегон"})
    rows = parse("cities.csv", text.encode("utf-8-sig"), ["en", "uk"])
    assert rows[0].key == "yudzhin-oregon"


def test_a_launch_is_taken_back_while_nobody_has_signed(
    admin: Client, campaign: CampaignPage
) -> None:
    kept = {model: model.objects.count() for model in (City, CityName, Tie, Petition)}
    found = launch(admin, campaign, table(EUGENE, city(1)), publish="on")
    address = reverse("launch_progress", args=[found.pk])
    asked = admin.post(address)
    assert "4 pages in all languages are deleted for good." in asked.text
    assert "Visitors see 3 of them now." in asked.text, "one waits for its cities’ names"
    assert "Yes, undo the launch of 2 cities" in asked.text
    found.refresh_from_db()
    assert found.state == Launch.State.DONE, "one press takes nothing back"
    admin.post(address, {"seen": asked.context["seen"]})
    found.refresh_from_db()
    assert found.state == Launch.State.TAKEN_BACK
    assert {model: model.objects.count() for model in kept} == kept
    assert not PetitionPage.objects.filter(slug__startswith="eugene").exists()
    assert Client().get("/en/end-ties/portland-oregon/").status_code == 200
    assert PageLogEntry.objects.filter(action="campaigns.take_back").exists()


def test_a_launch_that_somebody_signed_stays(admin: Client, campaign: CampaignPage) -> None:
    found = launch(admin, campaign, table(EUGENE), publish="on")
    confirmed(PetitionPage.objects.get(slug="eugene-oregon", locale=campaign.locale))
    response = admin.post(reverse("launch_progress", args=[found.pk]), follow=True)
    assert "Somebody has signed one of these petitions" in response.content.decode()
    found.refresh_from_db()
    assert found.state == Launch.State.DONE
    assert Client().get("/en/end-ties/eugene-oregon/").status_code == 200


def test_a_launch_shows_its_progress_and_goes_on_where_a_killed_worker_stopped(
    admin: Client, campaign: CampaignPage
) -> None:
    items = [row.as_json() for row in parse("c.csv", table(EUGENE, city(1)).encode(), ["uk"])]
    found = running.start(record(campaign), None, items, publish=False)
    running.step(str(found.pk))
    response = admin.get(reverse("launch_progress", args=[found.pk]))
    assert "Cities done: 1 of 2." in response.content.decode()
    assert response["Refresh"] == "2"
    assert drain() == 1
    found.refresh_from_db()
    assert (found.state, found.items.filter(is_done=True).count()) == (Launch.State.DONE, 2)
    assert len(found.made("petitions")) == 2
    assert "Refresh" not in admin.get(reverse("launch_progress", args=[found.pk]))


def test_a_launch_that_meets_an_error_is_taken_back_whole(campaign: CampaignPage) -> None:
    items = [row.as_json() for row in parse("c.csv", table(EUGENE).encode(), ["uk"])]
    found = running.start(record(campaign), None, [*items, {"tie": 10**6}], publish=True)
    drain()
    found.refresh_from_db()
    assert found.state == Launch.State.FAILED
    assert not PetitionPage.objects.filter(slug="eugene-oregon").exists()
    assert not City.objects.filter(key="eugene-oregon").exists()


def test_two_editors_who_launch_the_same_city_make_it_once(campaign: CampaignPage) -> None:
    items = [row.as_json() for row in parse("c.csv", table(EUGENE).encode(), ["uk"])]
    first, second = (running.start(record(campaign), None, items, publish=True) for _ in range(2))
    drain()
    assert PetitionPage.objects.filter(slug="eugene-oregon").count() == 2
    made = [Launch.objects.get(pk=each.pk).made("petitions") for each in (first, second)]
    assert sorted(map(len, made)) == [0, 1]


def test_pages_of_an_unpublished_campaign_are_launched_as_drafts_only(
    admin: Client, campaign: CampaignPage
) -> None:
    campaign.unpublish()
    html = admin.get(reverse("launch", args=[campaign.pk])).content.decode()
    assert "The campaign’s own page is not published." in html
    launch(admin, campaign, table(EUGENE), publish="on")
    assert not PetitionPage.objects.filter(slug="eugene-oregon", live=True).exists()


def test_only_who_may_add_pages_to_the_campaign_launches(campaign: CampaignPage) -> None:
    address = reverse("launch", args=[campaign.pk])
    assert Client().get(address).status_code == 302
    client = Client()
    client.force_login(make_user("stranger"))
    assert client.post(address, upload(table(EUGENE))).status_code == 302
    assert not Launch.objects.exists()


def test_a_forged_plan_is_refused(admin: Client, campaign: CampaignPage) -> None:
    response = admin.post(reverse("launch", args=[campaign.pk]), {"plan": "forged"}, follow=True)
    assert "This plan is no longer valid." in response.content.decode()
    assert not Launch.objects.exists()


def test_the_plan_takes_as_many_queries_for_many_cities_as_for_one(
    admin: Client, campaign: CampaignPage
) -> None:
    address = reverse("launch", args=[campaign.pk])
    admin.post(address, upload(table(city(0))))
    with CaptureQueriesContext(connection) as one:
        admin.post(address, upload(table(city(1))))
    with CaptureQueriesContext(connection) as many:
        admin.post(address, upload(table(*(city(number) for number in range(30)))))
    assert len(many) == len(one)


def test_the_command_launches_by_the_same_code(campaign: CampaignPage, tmp_path: Path) -> None:
    file = tmp_path / "cities.csv"
    file.write_text(table(EUGENE))
    call_command("launch", "end-ties", str(file), "--dry-run")
    assert not PetitionPage.objects.filter(slug="eugene-oregon").exists()
    call_command("launch", "end-ties", str(file), "--publish")
    assert PetitionPage.objects.filter(slug="eugene-oregon", live=True).count() == 2


def test_a_city_in_use_cannot_be_deleted(admin: Client, site: SmallSite) -> None:
    tie = site["portland"]["en"].tie
    response = admin.post(f"/admin/snippets/campaigns/city/delete/{tie.city_id}/", follow=True)
    assert response.status_code == 200
    assert City.objects.filter(pk=tie.city_id).exists()


def test_a_city_whose_use_the_worker_has_not_noted_yet_cannot_be_deleted(
    admin: Client, site: SmallSite
) -> None:
    ReferenceIndex.objects.all().delete()
    test_a_city_in_use_cannot_be_deleted(admin, site)


MAYOR = {
    "mayor": "Jane Doe",
    "mayor_address": "Dear Mayor Doe",
    "mayor_uk": "Джейн Доу",
    "of_mayor_uk": "Джейн Доу",
    "mayor_phone": "+1 (541) 555-0100",
    "mayor_term_until": "31.12.2999",
    "mayor_source": "The city’s page",
    "mayor_checked_on": timezone.localdate().isoformat(),
    "mayor_is_public": "yes",
}
WITH_MAYOR = [*EUGENE, *MAYOR]


def test_a_table_tells_the_mayors(admin: Client, campaign: CampaignPage) -> None:
    found = launch(admin, campaign, table({**EUGENE, **MAYOR}, columns=WITH_MAYOR))
    mayor = Recipient.objects.get(city__key="eugene-oregon")
    assert mayor.is_named
    assert mayor.phone == MAYOR["mayor_phone"]
    assert mayor.term_until == date(2999, 12, 31)
    words = {each.language: (each.name, each.of_name, each.address) for each in mayor.words.all()}
    assert words["en"] == ("Jane Doe", "", "Dear Mayor Doe")
    assert words["uk"] == ("Джейн Доу", "Джейн Доу", "")
    # What somebody entered is not what a table changes.
    other = {**EUGENE, **MAYOR, "mayor": "John Roe", "sister_city": "Omsk"}
    others = table({**other, **dict.fromkeys(UKRAINIAN, "")}, columns=WITH_MAYOR)
    plan = admin.post(reverse("launch", args=[campaign.pk]), upload(others)).text
    assert "Its mayor is known already and stays as entered." in plan
    running.take_back(found)
    assert not Recipient.objects.exists()


def test_two_rows_do_not_name_two_mayors_of_a_city() -> None:
    rows = [{**EUGENE, **MAYOR}, {**EUGENE, **MAYOR, "mayor": "John Roe", "sister_city": "Omsk"}]
    rows[1] |= dict.fromkeys(UKRAINIAN, "")
    rows[0] |= dict.fromkeys(UKRAINIAN, "")
    assert problems(table(*rows, columns=WITH_MAYOR)) == [(3, "mayor", "is different in line 2")]


def test_a_row_without_a_mayor_makes_none(admin: Client, campaign: CampaignPage) -> None:
    launch(admin, campaign, table(EUGENE))
    assert not Recipient.objects.exists()
