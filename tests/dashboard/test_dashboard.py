"""The list of all petitions, and what is done to many of them at once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import GroupPagePermission, ModelLogEntry
from wagtail.users.models import UserProfile

from campaigns.models import CampaignPage, Petition, PetitionEvent, PetitionPage, Tie, TieEvent
from signatures import lifecycle
from signatures.models import Signature
from tests.support.factories import (
    confirmed,
    make_campaign,
    make_city_petition,
    make_signature,
    make_user,
)
from tests.support.kinds import CityPages, SmallSite
from tests.support.logins import logged_in
from translations.submission import submit

LIST = "/admin/petitions/"
BULK = "/admin/petitions/bulk/"


def rows(client: Client, query: str = "") -> list[Any]:
    return list(client.get(LIST + query).context["object_list"])


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in rows(client, query)]


def test_the_numbers_are_those_of_the_signatures(admin: Client, site: SmallSite) -> None:
    page = site["portland"]["en"]
    for number in range(3):
        confirmed(page, f"a{number}@example.org")
    make_signature(page, "pending@example.org")
    old = confirmed(page, "old@example.org")
    long_ago = timezone.now() - timedelta(days=10)
    Signature.objects.filter(pk=old.pk).update(confirmed_at=long_ago)
    gone = confirmed(page, "gone@example.org")
    lifecycle.withdraw(gone)
    row = next(row for row in rows(admin) if row.pk == page.petition_id)
    assert (row.confirmed, row.pending, row.today, row.week) == (4, 1, 3, 3)
    assert (row.goal_now, row.tie_status, row.state_now) == (200, "active", "open")
    assert row.sparkline.days[-1] == 3
    assert row.sparkline.days[-11] == 1
    assert sum(row.sparkline.days) == 4
    assert row.languages_text == "en: published, uk: published"


def test_the_list_is_sorted_filtered_and_searched(
    admin: Client, site: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    confirmed(tacoma["en"])
    portland, other = "Portland, Oregon – Khabarovsk", "Tacoma, Washington – Khabarovsk"
    campaign = "End the ties"
    assert names(admin)[0] == other
    assert names(admin, "?ordering=confirmed")[-1] == other
    assert names(admin, "?q=портл") == [portland]
    assert names(admin, "?q=TACOMA") == [other]
    assert names(admin, "?region=Орегон") == [portland]
    assert set(names(admin, "?tie_status=active")) == {portland, other}
    Petition.objects.filter(pk=tacoma["en"].petition_id).update(is_paused=True)
    assert names(admin, "?state_now=paused") == [other]
    TieEvent.objects.create(
        tie=tacoma["en"].tie,
        kind="ended",
        date="2023-01-01",
        source_title="A",
        source_publisher="B",
    )
    assert names(admin, "?tie_status=ended") == names(admin, "?state_now=ended") == [other]
    Petition.objects.filter(pk=tacoma["en"].petition_id).update(
        closes_at=timezone.now() + timedelta(days=2)
    )
    assert names(admin, "?soon=true") == [other]
    assert set(names(admin, f"?campaign={site['campaign']['en'].pk}")) == {
        portland,
        other,
        campaign,
    }
    tacoma["uk"].delete()
    assert names(admin, "?language=none") == [other]
    submit(site["portland"]["en"], site["portland"]["uk"].locale)
    site["portland"]["en"].own_ask = "Another ask."
    site["portland"]["en"].save_revision().publish()
    assert names(admin, "?language=stale") == [portland]


def test_the_list_takes_as_many_queries_for_many_petitions_as_for_one(
    admin: Client, site: SmallSite
) -> None:
    admin.get(LIST)
    with CaptureQueriesContext(connection) as one:
        admin.get(LIST)
    pages = {code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()}
    make_city_petition(pages, "Tacoma", "Washington")
    for number in range(5):
        confirmed(site["portland"]["en"], f"a{number}@example.org")
    with CaptureQueriesContext(connection) as many:
        assert len(rows(admin)) == 3
    assert len(many) == len(one)


def test_the_list_is_exported_with_numbers_and_no_person(admin: Client, site: SmallSite) -> None:
    confirmed(site["portland"]["en"], "olena@example.org")
    text = admin.get(f"{LIST}?export=csv").getvalue().decode()
    assert "Portland, Oregon – Khabarovsk" in text
    assert "olena" not in text.casefold()
    assert admin.get(f"{LIST}?export=xlsx").getvalue().startswith(b"PK")


def editor_of(campaign: CampaignPage) -> Client:
    group = Group.objects.create(name=f"Editors of {campaign.pk}")
    for codename in ("access_admin", "view_petition", "change_petition"):
        group.permissions.add(Permission.objects.get(codename=codename))
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=campaign, permission=change)
    user = make_user(f"editor{campaign.pk}")
    user.groups.add(group)
    return logged_in(user)


def test_an_editor_sees_and_changes_the_petitions_of_their_campaigns_only(
    site: SmallSite,
) -> None:
    site["campaign"]["uk"].petition.refresh_from_db()  # type: ignore[union-attr]
    home = {code: type(page).objects.get(pk=page.pk) for code, page in site["home"].items()}
    for page in site["campaign"].values():
        type(page).objects.filter(pk=page.pk).update(slug="first", url_path="/home/first/")
    other = make_campaign(home)
    client = editor_of(CampaignPage.objects.get(pk=other["en"].pk))
    assert names(client) == ["End the ties"]
    portland = site["portland"]["en"].petition
    client.post(BULK, {"petition": [portland.pk], "action": "pause", "stage": "apply"})
    portland.refresh_from_db()
    assert not portland.is_paused


def test_who_has_no_right_sees_no_list(site: SmallSite) -> None:
    client = logged_in(make_user("translator"))
    assert client.get(LIST).status_code == 302
    assert client.post(BULK).status_code == 302


def test_many_petitions_are_closed_at_once_after_a_look_at_what_will_change(
    admin: Client, site: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    ids = [site["portland"]["en"].petition_id, tacoma["en"].petition_id]
    asked = admin.post(BULK, {"petition": ids, "action": "close"})
    assert "Closing time" in asked.content.decode()
    data = {"petition": ids, "action": "close", "moment": "2026-12-31T23:59"}
    seen = admin.post(BULK, {**data, "stage": "plan"})
    assert seen.context["can_apply"]
    assert not Petition.objects.exclude(closes_at=None).exists()
    admin.post(BULK, {**data, "stage": "apply"})
    # Midnight on the West Coast is eight hours later in UTC.
    expected = datetime(2027, 1, 1, 7, 59, tzinfo=UTC)
    assert set(Petition.objects.filter(pk__in=ids).values_list("closes_at", flat=True)) == {
        expected
    }
    entry = ModelLogEntry.objects.filter(action="campaigns.change_petition").first()
    assert entry is not None
    assert entry.user.username == "boss"
    assert entry.data["closes_at"][0] == "None"


def test_one_petition_that_cannot_be_changed_so_leaves_all_as_they_are(
    admin: Client, site: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    later = Petition.objects.get(pk=tacoma["en"].petition_id)
    later.opens_at = timezone.now() + timedelta(days=30)
    later.save()
    ids = [site["portland"]["en"].petition_id, later.pk]
    response = admin.post(BULK, {"petition": ids, "action": "close", "stage": "apply"})
    assert "It would close before it opens." in response.content.decode()
    assert not Petition.objects.exclude(closes_at=None).exists()


@pytest.mark.parametrize(
    ("action", "data", "field", "expected"),
    [
        ("pause", {}, "is_paused", True),
        ("goal", {"goal": "777"}, "goal", 777),
        ("goal", {"goal": ""}, "goal", None),
    ],
)
def test_all_petitions_that_fit_the_filters_are_changed(
    admin: Client,
    site: SmallSite,
    action: str,
    data: dict[str, str],
    field: str,
    expected: object,
) -> None:
    portland = site["portland"]["en"].petition
    Petition.objects.filter(pk=portland.pk).update(goal=5)
    post = {"all": "on", "query": "q=portland", "action": action, "stage": "apply", **data}
    admin.post(BULK, post)
    portland.refresh_from_db()
    assert getattr(portland, field) == expected
    assert getattr(portland.parent, field) in (False, None)


def test_a_petition_is_extended_by_days_and_never_shortened(admin: Client, site: SmallSite) -> None:
    portland = site["portland"]["en"].petition
    post = {"petition": [portland.pk], "action": "extend", "stage": "apply", "days": "7"}
    assert "no closing time" in admin.post(BULK, post).content.decode()
    closes_at = timezone.now() + timedelta(days=3)
    Petition.objects.filter(pk=portland.pk).update(closes_at=closes_at)
    admin.post(BULK, post)
    portland.refresh_from_db()
    assert portland.closes_at == closes_at + timedelta(days=7)
    earlier = {**post, "days": "", "moment": "2026-01-01T00:00"}
    assert "It closes later than that already." in admin.post(BULK, earlier).content.decode()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("post", [{}, {"petition": ["x"], "action": "pause"}, {"action": "none"}])
def test_a_change_without_petition_or_action_says_what_to_do(
    admin: Client, post: dict[str, Any]
) -> None:
    response = admin.post(BULK, post, follow=True)
    assert "Tick at least one petition" in response.content.decode()


def test_an_event_is_added_to_many_cities_with_its_source(
    admin: Client, site: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    ids = [site["portland"]["en"].petition_id, tacoma["en"].petition_id]
    event = {"what": "tie:ended", "date": "2023-05-01", "source_title": "A vote"}
    post = {"petition": ids, "action": "event", "stage": "apply", **event}
    assert "Name the source and its publisher" in admin.post(BULK, post).content.decode()
    post["source_publisher"] = "The city"
    later = admin.post(BULK, {**post, "date": "2999-01-01"})
    assert "This day has not come yet." in later.content.decode()
    admin.post(BULK, post)
    assert [tie.status for tie in Tie.objects.filter(petitions__in=ids)] == ["ended", "ended"]
    assert ModelLogEntry.objects.filter(action="campaigns.change_petition").count() == 2
    assert "This event is noted already." in admin.post(BULK, post).content.decode()
    own = {**post, "what": "petition:delivered", "source_title": "", "source_publisher": ""}
    admin.post(BULK, own)
    assert PetitionEvent.objects.filter(kind="delivered").count() == 2
    campaign = [site["campaign"]["en"].petition_id]
    response = admin.post(BULK, {**post, "petition": campaign})
    assert "It is about no tie." in response.content.decode()


def test_the_admins_home_says_what_needs_attention(admin: Client, site: SmallSite) -> None:
    confirmed(site["portland"]["en"], comment="A comment", show_name=True)
    html = admin.get("/admin/").content.decode()
    for part in ("Names", "Comments"):
        assert f"{part} to read and release</a>: 1</li>" in html
    assert "<strong>1</strong> confirmed signature ·" in html


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([kind.value for kind in TieEvent.Kind]),
        st.none() | st.dates(datetime(2022, 1, 1).date(), datetime(2022, 1, 4).date()),
    ),
    max_size=5,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_the_database_says_of_a_ties_status_what_the_tie_says(
    site: SmallSite, events: list[Any]
) -> None:
    tie = site["portland"]["en"].tie
    TieEvent.objects.filter(tie=tie).delete()
    for kind, day in events:
        TieEvent.objects.create(
            tie=tie, kind=kind, date=day, source_title="A", source_publisher="B"
        )
    tie = Tie.objects.with_status().get(pk=tie.pk)
    assert tie.status_now == tie.status


def test_times_are_told_in_the_petitions_own_time_zone(admin: Client, portland: CityPages) -> None:
    petition = portland["en"].petition
    data = {"action": "close", "petition": petition.pk, "moment": "2030-01-01T12:00"}
    shown = admin.post("/admin/petitions/bulk/", {**data, "stage": "plan"}).content.decode()
    assert "Jan. 1, 2030, noon PST" in shown
    admin.post("/admin/petitions/bulk/", {**data, "stage": "apply"})
    assert "PST" in admin.get("/admin/petitions/").content.decode()


def test_a_campaign_is_named_in_the_language_of_whoever_looks(
    admin: Client, site: SmallSite
) -> None:
    UserProfile.objects.update_or_create(
        user=get_user_model().objects.get(username="boss"), defaults={"preferred_language": "uk"}
    )
    campaign = site["campaign"]["uk"]
    plan = {"action": "pause", "petition": campaign.petition_id, "stage": "plan"}
    assert campaign.title in names(admin)
    for html in (
        admin.get("/admin/moderation/").content.decode(),
        admin.post(BULK, plan).content.decode(),
    ):
        assert campaign.title in html
    campaign.delete()
    assert site["campaign"]["en"].title in names(admin)


@pytest.mark.parametrize(
    "ticked", [["petition"], ["all"]], ids=["one that is ticked", "all that fit a filter"]
)
def test_back_leads_to_the_list_as_it_was_left(
    admin: Client, tacoma: dict[str, PetitionPage], ticked: list[str]
) -> None:
    """From the first page, from the plan, and from the question about erasing."""
    pk = str(tacoma["en"].petition_id)
    chosen = {"petition": pk} if ticked == ["petition"] else {"all": "on"}
    data = {**chosen, "action": "goal", "query": "region=washington&p=1"}
    for _page in range(2):
        html = BeautifulSoup(admin.post(BULK, data).content, "html.parser")
        back = html.find("a", string="Back")
        assert isinstance(back, Tag)
        listed = admin.get(str(back["href"]))
        assert [str(row.pk) for row in listed.context["object_list"]] == [pk]
        boxes = BeautifulSoup(listed.content, "html.parser").select("input[type=checkbox][checked]")
        assert [box["name"] for box in boxes] == ticked
        fields = html.select("form[method=post] input[type=hidden]")
        data = {str(each["name"]): str(each["value"]) for each in fields if each["name"] != "plan"}
        data |= {"stage": "plan", "goal": "12345"}
    assert listed.context["query"] == "region=washington&p=1"


@pytest.mark.parametrize(("language", "shown"), [("en", "12,345"), ("uk", "12\xa0345")])
def test_long_numbers_are_grouped(
    admin: Client, site: SmallSite, language: str, shown: str
) -> None:
    UserProfile.objects.create(user=get_user_model().objects.get(), preferred_language=language)
    Petition.objects.update(goal=12345)
    for address in (LIST, "/admin/snippets/campaigns/petition/"):
        assert f">{shown}<" in re.sub(r"\s*([<>])\s*", r"\1", admin.get(address).text)
