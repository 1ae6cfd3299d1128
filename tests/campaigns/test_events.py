"""What happened to ties and petitions: listed, added, corrected and deleted in one place."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from campaigns.models import Petition, PetitionEvent, Tie, TieEvent
from staff.assigning import NAMES, assign
from tests.accounts.roles import make_other_campaign
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

TIES = "/admin/snippets/campaigns/tieevent/"
PETITIONS = "/admin/snippets/campaigns/petitionevent/"
SOURCE = {"source_title": "Council ends tie", "source_publisher": "A paper"}
NO_SOURCE = {"source_title": "", "source_publisher": ""}


@pytest.fixture
def editor(site: SmallSite) -> Client:
    user = make_user("olena")
    # Visitors see an event at once.
    assign(user, NAMES["editor"], "end-ties", publish=True)
    return logged_in(user)


def event(**changes: Any) -> dict[str, Any]:
    source = {**SOURCE, "source_language": "en", "source_url": "", "archived_url": ""}
    return {"date": "2023-05-01", **source, **changes}


@pytest.mark.parametrize(
    ("kind", "status"),
    [("suspended", "suspended"), ("ended", "ended"), ("reinstated", "active")],
)
def test_an_event_added_to_the_list_decides_the_status(
    editor: Client, site: SmallSite, kind: str, status: str
) -> None:
    tie = site["portland"]["en"].tie
    response = editor.post(f"{TIES}add/", event(tie=tie.pk, kind=kind))
    assert response.status_code == 302
    assert Tie.objects.get(pk=tie.pk).status == status


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("replied", "Reply received"),
        ("hearing", "Hearing on the petition"),
        ("contacted", "Recipient contacted"),
        ("delivered", "Petition delivered"),
        ("launched", "Petition launched"),
    ],
)
def test_every_step_of_a_petition_is_added_from_its_list(
    editor: Client, site: SmallSite, kind: str, told: str
) -> None:
    petition = site["portland"]["en"].petition
    details = event(petition=str(petition.pk), kind=kind)
    assert editor.post(f"{PETITIONS}add/", details).status_code == 302
    html = Client().get(site["portland"]["en"].url).content.decode()
    assert f"<p>{told}" in html


def test_an_event_is_corrected_and_deleted_and_the_audit_log_says_so(
    editor: Client, site: SmallSite
) -> None:
    tie = site["portland"]["en"].tie
    wrong = TieEvent.objects.create(tie=tie, kind="ended", date="2023-05-01", **SOURCE)
    editor.post(f"{TIES}edit/{wrong.pk}/", event(tie=tie.pk, kind="suspended"))
    assert Tie.objects.get(pk=tie.pk).status == "suspended"
    editor.post(f"{TIES}delete/{wrong.pk}/")
    assert Tie.objects.get(pk=tie.pk).status == "active"
    done = ModelLogEntry.objects.filter(object_id=str(wrong.pk), user__username="olena")
    assert set(done.values_list("action", flat=True)) == {"wagtail.edit", "wagtail.delete"}


def test_the_list_is_filtered_by_city_kind_date_and_missing_address(
    editor: Client, site: SmallSite
) -> None:
    for query, count in [
        ("", 1),
        ("?city=портленд", 1),
        ("?city=tacoma", 0),
        ("?kind=reported", 1),
        ("?kind=ended", 0),
        ("?date_from=2022-01-01&date_to=2022-12-31", 1),
        ("?date_from=2023-01-01", 0),
        ("?bare=true", 1),
        ("?bare=false", 0),
    ]:
        html = editor.get(TIES + query).content.decode()
        assert ("An article" in html) is bool(count), query
    assert "Portland, Oregon – Khabarovsk" in editor.get(TIES).content.decode()


def test_the_list_takes_as_many_queries_for_many_events_as_for_few(
    editor: Client, site: SmallSite
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            editor.get(TIES)
        return len(caught)

    queries()
    few = queries()
    for day in range(1, 20):
        tie = site["portland"]["en"].tie
        TieEvent.objects.create(tie=tie, kind="ended", date=f"2023-05-{day:02}", **SOURCE)
    assert queries() == few


def test_events_of_another_campaign_are_neither_seen_nor_changed(site: SmallSite) -> None:
    other = make_other_campaign(site)
    user = make_user("taras")
    assign(user, NAMES["editor"], other["en"].slug)
    client = logged_in(user)
    tie = site["portland"]["en"].tie
    known = tie.events.get()
    assert "The Oregonian" not in client.get(TIES).content.decode()
    # Wagtail leads who may not to the admin's home.
    for address in (f"{TIES}edit/{known.pk}/", f"{TIES}delete/{known.pk}/"):
        client.post(address, event(tie=tie.pk, kind="ended"))
    response = client.post(f"{TIES}add/", event(tie=tie.pk, kind="ended"))
    assert "This belongs to another campaign." in response.content.decode()
    assert list(TieEvent.objects.all()) == [known]
    assert TieEvent.objects.get().kind == "reported"


def test_an_event_without_its_source_is_refused_with_the_reason(
    editor: Client, site: SmallSite
) -> None:
    petition = site["portland"]["en"].petition
    details = event(petition=str(petition.pk), kind="replied", **NO_SOURCE)
    response = editor.post(f"{PETITIONS}add/", details)
    assert "Name the source and its publisher" in response.content.decode()
    details["kind"] = "delivered"
    assert editor.post(f"{PETITIONS}add/", details).status_code == 302


def test_the_database_keeps_no_event_without_its_source(site: SmallSite) -> None:
    petition: Petition = site["portland"]["en"].petition
    bare = {"date": "2023-05-01", **NO_SOURCE}
    PetitionEvent.objects.create(petition=petition, kind="launched", **bare)
    with pytest.raises(IntegrityError), transaction.atomic():
        PetitionEvent.objects.create(petition=petition, kind="won", **bare)
    with pytest.raises(IntegrityError), transaction.atomic():
        TieEvent.objects.create(tie=petition.tie, kind="ended", **bare)


def test_a_tie_is_chosen_by_a_citys_name_among_ones_own(editor: Client, site: SmallSite) -> None:
    for kind in ("tie", "petition"):
        address = f"/admin/snippets/choose/campaigns/{kind}/results/"
        assert "Portland, Oregon, US" in editor.get(address + "?q=ПОРТЛ+орегон").content.decode()
        assert "Portland, Oregon, US" not in editor.get(address + "?q=tacoma").content.decode()
    other = make_other_campaign(site)
    user = make_user("taras")
    assign(user, NAMES["editor"], other["en"].slug)
    client = logged_in(user)
    for kind in ("tie", "petition"):
        address = f"/admin/snippets/choose/campaigns/{kind}/results/"
        assert "Portland, Oregon, US" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("kind", "day", "reason"),
    [
        ("ended", "1987-12-31", "The tie began later, in 1988."),
        ("ended", "2999-01-01", "This day has not come yet."),
        (
            "suspended",
            "2022-06-04",
            "Another event of the same day says “reported as still in force”",
        ),
        # Two sources may tell the same of one day, and of no day everybody may tell anything.
        ("reinstated", "2022-06-04", ""),
        ("suspended", "", ""),
    ],
)
def test_what_cannot_have_happened_to_a_tie_is_refused_in_a_sentence(
    editor: Client, site: SmallSite, kind: str, day: str, reason: str
) -> None:
    tie = site["portland"]["en"].tie
    by_itself = editor.post(f"{TIES}add/", event(tie=tie.pk, kind=kind, date=day))
    assert by_itself.status_code == (200 if reason else 302)
    assert reason in by_itself.content.decode()
    TieEvent.objects.filter(kind=kind).delete()
    with_its_tie = editor.post(tie_address(tie), tie_form(tie, kind=kind, date=day))
    assert with_its_tie.status_code == (200 if reason else 302)
    assert reason in with_its_tie.content.decode()
    assert TieEvent.objects.filter(kind=kind).exists() is not bool(reason)


def test_a_tie_cannot_begin_after_what_is_known_of_it(editor: Client, site: SmallSite) -> None:
    tie = site["portland"]["en"].tie
    response = editor.post(tie_address(tie), {**tie_form(tie), "since": "2023"})
    assert "The tie began later, in 2023." in response.content.decode()


def test_only_a_hearing_may_lie_ahead(editor: Client, site: SmallSite) -> None:
    petition = str(site["portland"]["en"].petition_id)
    ahead = event(petition=petition, kind="hearing", date="2999-01-01")
    assert editor.post(f"{PETITIONS}add/", ahead).status_code == 302
    html = editor.post(f"{PETITIONS}add/", {**ahead, "kind": "replied"}).content.decode()
    assert "This day has not come yet." in html
    html = editor.post(f"{PETITIONS}add/", {**ahead, "date": "1987-01-01"}).content.decode()
    assert "The tie began later, in 1988." in html


def test_a_petition_does_not_win_what_was_there_before_it(editor: Client, site: SmallSite) -> None:
    petition = site["portland"]["en"].petition
    won = event(petition=str(petition.pk), kind="won")
    html = editor.post(f"{PETITIONS}add/", won).content.decode()
    assert "This petition began later, so it won nothing by then." in html
    TieEvent.objects.create(tie=petition.tie, kind="ended", date="2023-05-01", **SOURCE)
    today = {**won, "date": str(petition.begins_on)}
    html = editor.post(f"{PETITIONS}add/", today).content.decode()
    assert "The tie had ended before this petition began, so the petition did not win it." in html
    TieEvent.objects.filter(kind="ended").delete()
    assert editor.post(f"{PETITIONS}add/", today).status_code == 302


def tie_address(tie: Tie) -> str:
    return f"/admin/snippets/campaigns/tie/edit/{tie.pk}/"


def tie_form(tie: Tie, **added: str) -> dict[str, Any]:
    """What the tie's form sends: its one event as it is, and perhaps another."""
    known = tie.events.get()
    stored = event(id=known.pk, kind=known.kind, date=str(known.date), DELETE="", ORDER="")
    forms = [stored, *([event(id="", DELETE="", ORDER="", **added)] if added else [])]
    return {
        "city": tie.city_id,
        "sister_city": tie.sister_city_id,
        "since": tie.since,
        "events-TOTAL_FORMS": len(forms),
        "events-INITIAL_FORMS": 1,
        "events-MIN_NUM_FORMS": 0,
        "events-MAX_NUM_FORMS": 1000,
        **{
            f"events-{number}-{name}": value
            for number, form in enumerate(forms)
            for name, value in form.items()
        },
    }
