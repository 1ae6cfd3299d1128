"""A change that has signers erased sooner is shown with their number, in every way in."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone
from wagtail.admin.panels import get_edit_handler
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.log_actions import LogActionRegistry
from wagtail.models import ModelLogEntry
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from campaigns.models import Petition, PetitionEvent, Round, Tie, TieEvent
from launches.columns import COLUMNS
from launches.models import Launch
from launches.running import step
from signatures.keeping.weighing import is_weighed
from signatures.models import Erasure
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite
from tests.support.logins import login
from tests.support.snapshot import kept
from tests.support.source import ROOMS, ROOT

READ = (Petition, PetitionEvent, Round, Tie, TieEvent)
BULK = "/admin/petitions/bulk/"
SNIPPETS = "/admin/snippets/campaigns"
SOURCE = {
    "source_title": "A vote",
    "source_publisher": "A paper",
    "source_language": "en",
    "source_url": "",
    "archived_url": "",
}
LONG_AGO = "2022-03-01"


@pytest.fixture
@kept
def signed(site: dict[str, Any]) -> dict[str, Any]:
    for number in range(3):
        confirmed(site["portland"]["en"], f"a{number}@example.org")
    return site


@pytest.fixture
def editor(signed: SmallSite) -> Client:
    """Who may publish, so that nothing but the erasure stands in the way."""
    return login("editor", "end-ties", publish=True)


@pytest.fixture
def moderator(signed: SmallSite) -> Client:
    return login("moderator")


def petition_of(site: SmallSite) -> Petition:
    return Petition.objects.get(pk=site["portland"]["en"].petition_id)


def reinstated(site: SmallSite) -> TieEvent:
    """After an end; who deletes or corrects it ends the tie anew."""
    tie = petition_of(site).tie
    details = {name: SOURCE[name] for name in ("source_title", "source_publisher")}
    TieEvent.objects.create(tie=tie, kind="ended", date=LONG_AGO, **details)
    TieEvent.objects.filter(tie=tie, kind="reported").delete()
    return TieEvent.objects.create(tie=tie, kind="reinstated", date="2023-03-01", **details)


Way = Callable[[SmallSite], tuple[str, dict[str, Any]]]


def closing_in_its_form(site: SmallSite) -> tuple[str, dict[str, Any]]:
    petition = petition_of(site)
    soon = timezone.now() + timedelta(days=1)
    form = {
        **dict.fromkeys(("goal", "opens_at"), ""),
        "closes_at": soon.strftime("%Y-%m-%dT%H:%M"),
        "time_zone": "UTC",
        "events": inline_formset([]),
    }
    return f"{SNIPPETS}/petition/edit/{petition.pk}/", nested_form_data(form)


def winning_in_its_form(site: SmallSite) -> tuple[str, dict[str, Any]]:
    address, form = closing_in_its_form(site)
    event = {"kind": "won", "date": timezone.localdate().isoformat(), **SOURCE}
    return address, {
        **form,
        "closes_at": "",
        **nested_form_data({"events": inline_formset([event])}),
    }


def ending_in_the_ties_form(site: SmallSite) -> tuple[str, dict[str, Any]]:
    tie = petition_of(site).tie
    assert tie is not None
    event = {"kind": "ended", "date": LONG_AGO, **SOURCE}
    known = tie.events.get()
    known_form = {"id": known.pk, "kind": "reported", "date": "2021-06-04", **SOURCE}
    form = {
        "city": tie.city_id,
        "sister_city": tie.sister_city_id,
        "since": "",
        "events": inline_formset([known_form, event], initial=1),
    }
    return f"{SNIPPETS}/tie/edit/{tie.pk}/", nested_form_data(form)


def delivering(site: SmallSite) -> tuple[str, dict[str, Any]]:
    today = timezone.localdate().isoformat()
    event = {"petition": str(petition_of(site).pk), "kind": "delivered", "date": today, **SOURCE}
    return f"{SNIPPETS}/petitionevent/add/", event


def ending(site: SmallSite) -> tuple[str, dict[str, Any]]:
    event = {"tie": petition_of(site).tie_id, "kind": "ended", "date": "2024-03-01", **SOURCE}
    return f"{SNIPPETS}/tieevent/add/", event


def correcting(site: SmallSite) -> tuple[str, dict[str, Any]]:
    event = reinstated(site)
    form = {"tie": event.tie_id, "kind": "reinstated", "date": "2021-01-01", **SOURCE}
    return f"{SNIPPETS}/tieevent/edit/{event.pk}/", form


def deleting(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return f"{SNIPPETS}/tieevent/delete/{reinstated(site).pk}/", {}


def deleting_ticked_ones(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return f"/admin/bulk/campaigns/tieevent/delete/?id={reinstated(site).pk}", {}


def closing_now(site: SmallSite) -> tuple[str, dict[str, Any]]:
    petition = str(petition_of(site).pk)
    return BULK, {"petition": [petition], "action": "close", "moment": "", "stage": "apply"}


def closing_all(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return BULK, {"all": "on", "query": "q=portland", "action": "close", "stage": "apply"}


def ending_many(site: SmallSite) -> tuple[str, dict[str, Any]]:
    event = {"what": "tie:ended", "date": "2024-03-01", **SOURCE}
    petition = str(petition_of(site).pk)
    return BULK, {"petition": [petition], "action": "event", "stage": "apply", **event}


def table(**changes: str) -> str:
    row = {
        **dict.fromkeys(COLUMNS, ""),
        "city": "Portland",
        "state": "Oregon",
        "sister_city": "Khabarovsk",
        "sister_region": "Khabarovsk Krai",
        "status": "ended",
        "status_date": "2024-03-01",
        "source_title": "A vote",
        "source_publisher": "A paper",
        **changes,
    }
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


def plan_of_a_launch(site: SmallSite) -> tuple[str, dict[str, Any]]:
    from launches.csv_file import parse
    from launches.views import SEAL

    items = [row.as_json() for row in parse("t.csv", table().encode(), ["en", "uk"])]
    campaign = site["campaign"]["en"].pk
    plan = {"items": items, "publish": False}
    # A plan is for whoever looked at it.
    return f"/admin/launch/{campaign}/", {"plan": lambda user: SEAL.close(plan, user, campaign)}


def post_of(way: Way, site: SmallSite, client: Client) -> tuple[str, dict[str, Any]]:
    address, data = way(site)
    user = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    return address, {
        name: value(user) if callable(value) else value for name, value in data.items()
    }


def taking_a_launch_back(site: SmallSite) -> tuple[str, dict[str, Any]]:
    event = reinstated(site)
    launch = Launch.objects.create(  # type: ignore[misc]
        campaign=site["campaign"]["en"].petition, state="done", events=[event.pk]
    )
    # That no page would go was seen.
    return f"/admin/launches/{launch.pk}/", {"seen": "0"}


WAYS: list[Way] = [
    closing_in_its_form,
    winning_in_its_form,
    ending_in_the_ties_form,
    delivering,
    ending,
    correcting,
    deleting,
    deleting_ticked_ones,
    closing_now,
    closing_all,
    ending_many,
    plan_of_a_launch,
    taking_a_launch_back,
]
EVERY_WAY = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


def stored() -> list[Any]:
    """Everything that decides when signers are erased."""
    return [list(model.objects.order_by("pk").values()) for model in READ]


@EVERY_WAY
def test_an_editor_is_told_whom_to_ask_and_nothing_is_stored(
    editor: Client, signed: SmallSite, way: Way
) -> None:
    address, data = post_of(way, signed, editor)
    before = stored()
    response = editor.post(address, data)
    assert response.status_code == 409
    html = response.content.decode()
    assert "would erase 3 signers sooner" in html
    assert "Ask a moderator or an administrator" in html
    assert not list(response.context["messages"]), "nothing has succeeded"
    assert 'name="signers_erased"' not in html
    assert editor.post(address, {**data, "signers_erased": "3"}).status_code == 409
    assert stored() == before
    assert not Launch.objects.filter(state="running").exists()


@EVERY_WAY
def test_a_moderator_sees_number_and_day_and_types_the_number(
    moderator: Client, signed: SmallSite, way: Way
) -> None:
    address, data = post_of(way, signed, moderator)
    before = stored()
    asked = moderator.post(address, data)
    html = asked.content.decode()
    assert asked.status_code == 409
    assert re.search(r"would erase 3 signers sooner, the first of them on \w+\.? \d+, 20\d\d", html)
    # Whatever else is typed is wrong at one door as at the other, which ask one function.
    for typed in ("", "2", "33") if way is WAYS[0] else ("2",):
        refused = moderator.post(address, {**data, "signers_erased": typed})
        assert "That is not the number of signers." in refused.content.decode()
    assert stored() == before
    # The form of the page itself repeats what was posted.
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    repeated: dict[str, list[str]] = {}
    for name, value in fields:
        if name != "csrfmiddlewaretoken":
            repeated.setdefault(name, []).append(value)
    done = moderator.post(address, {**repeated, "signers_erased": "3"})
    assert done.status_code in (200, 302)
    assert stored() != before
    entry = ModelLogEntry.objects.get(action="signatures.erase_sooner")
    assert (entry.user.username, entry.data["signers"]) == ("moderator", 3)
    assert re.search(r"sooner: 3, from \w+\.? \d+, 20\d\d on", entry.message)
    assert Erasure.objects.filter(recorded_at__gte=timezone.now() - timedelta(minutes=1)).exists()


def test_what_erases_nobody_sooner_is_not_asked_about(editor: Client, signed: SmallSite) -> None:
    petition = petition_of(signed)
    address, data = delivering(signed)
    for kind in ("launched", "replied", "hearing"):
        assert editor.post(address, {**data, "kind": kind}).status_code == 302
    # Nobody had signed by then.
    assert editor.post(address, {**data, "date": LONG_AGO}).status_code == 302
    later = {"petition": str(petition.pk), "action": "close", "moment": "2999-01-01T00:00"}
    assert editor.post(BULK, {**later, "stage": "apply"}).status_code == 302


def test_an_error_while_it_is_weighed_is_answered_as_elsewhere_and_stores_nothing(
    editor: Client, signed: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_more: object) -> NoReturn:
        raise OperationalError

    address, data = delivering(signed)
    before = stored()
    # By then the event is stored.
    monkeypatch.setattr(LogActionRegistry, "log", fail)
    assert editor.post(address, {**data, "kind": "hearing"}).status_code == 503
    assert stored() == before


def test_programs_that_save_in_the_background_get_the_sentence(
    editor: Client, signed: SmallSite
) -> None:
    address, data = delivering(signed)
    response = editor.post(address, data, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert "would erase 3 signers sooner" in response.json()["error_message"]


def test_the_launch_command_names_the_number_and_wants_it_back(
    signed: SmallSite, tmp_path: Path
) -> None:
    file = tmp_path / "cities.csv"
    file.write_text(table())
    for options in ({}, {"erases": 2}, {"dry_run": True}):
        before = stored()
        with pytest.raises(CommandError, match=r"would erase 3 signers sooner.*--erases 3"):
            call_command("launch", "end-ties", file, **options)
        assert stored() == before
    call_command("launch", "end-ties", file, erases=3)
    assert petition_of(signed).state() == "ended"


def test_a_launched_status_is_known_at_once_and_noted_once(
    moderator: Client, signed: SmallSite
) -> None:
    address, data = post_of(plan_of_a_launch, signed, moderator)
    moderator.post(address, {**data, "signers_erased": "3"})
    launch = Launch.objects.get()
    [event] = TieEvent.objects.filter(kind="ended")
    assert launch.made("events") == [str(event.pk)]
    while step(str(launch.pk)):
        pass
    assert TieEvent.objects.filter(kind="ended").count() == 1
    launch.refresh_from_db()
    assert launch.made("events") == [str(event.pk)]


@pytest.mark.parametrize("role", ["editor", "moderator"])
def test_a_closing_time_in_the_past_is_refused(
    request: pytest.FixtureRequest, signed: SmallSite, role: str
) -> None:
    client = request.getfixturevalue(role)
    before = stored()
    address, form = closing_in_its_form(signed)
    for moment in ("2026-01-01T00:00", "2022-01-01 10:00"):
        refused = client.post(address, {**form, "closes_at": moment, "signers_erased": "3"})
        assert "That moment has passed." in refused.content.decode()
        for stage in ("plan", "apply"):
            post = {**closing_now(signed)[1], "moment": moment, "stage": stage}
            refused = client.post(BULK, {**post, "signers_erased": "3"})
            assert "That moment has passed." in refused.content.decode()
    assert stored() == before


def test_a_petition_that_has_closed_is_edited_as_before(
    moderator: Client, signed: SmallSite
) -> None:
    petition = petition_of(signed)
    closed_at = timezone.now() - timedelta(days=40, seconds=17)
    Petition.objects.filter(pk=petition.pk).update(closes_at=closed_at)
    address, form = closing_in_its_form(signed)
    shown = petition.local_time(closed_at).strftime("%Y-%m-%dT%H:%M")
    assert shown in moderator.get(address).content.decode()
    form |= {"closes_at": shown, "goal": "700", "time_zone": petition.time_zone}
    done = moderator.post(address, form)
    assert done.status_code == 302
    petition.refresh_from_db()
    assert (petition.goal, petition.closes_at) == (700, closed_at)


def test_an_opening_before_the_petition_was_made_is_refused(
    moderator: Client, signed: SmallSite
) -> None:
    address, form = closing_in_its_form(signed)
    refused = moderator.post(
        address, {**form, "opens_at": "2020-01-01T00:00", "closes_at": "", "signers_erased": "3"}
    )
    assert "It was made here later than that" in refused.content.decode()


def test_what_people_have_signed_has_opened(moderator: Client, signed: SmallSite) -> None:
    later = timezone.now() + timedelta(days=30)
    address, form = closing_in_its_form(signed)
    form |= {"opens_at": later.strftime("%Y-%m-%dT%H:%M"), "closes_at": ""}
    assert "so it has opened" in moderator.post(address, form).content.decode()
    petition = petition_of(signed)
    for each in (petition, petition.campaign):
        each.opens_at = later
        with pytest.raises(ValidationError, match="so it has opened"):
            each.save()
        assert Petition.objects.get(pk=each.pk).state() == Petition.State.OPEN


UNREADABLE = ["01/02/2026", "1.2.2026", "2026-13-01", "tomorrow"]


@pytest.mark.parametrize("typed", UNREADABLE)
def test_a_date_that_cannot_be_read_is_refused_and_never_todays(
    moderator: Client, signed: SmallSite, typed: str
) -> None:
    before = stored()
    address, event = delivering(signed)
    html = moderator.get(address).content.decode()
    assert re.search(r'<input type="date" name="date"', html)
    assert (
        "Write the day like" in moderator.post(address, {**event, "date": typed}).content.decode()
    )
    address, form = closing_in_its_form(signed)
    html = moderator.get(address).content.decode()
    for name in ("opens_at", "closes_at"):
        assert re.search(f'<input type="datetime-local" name="{name}"', html)
        refused = moderator.post(address, {**form, name: typed}).content.decode()
        assert "Write the moment like" in refused
    assert stored() == before


def test_whoever_may_stop_it_sees_on_the_home_page_what_will_be_erased(
    moderator: Client, editor: Client, signed: SmallSite
) -> None:
    petition = petition_of(signed)
    now = timezone.now()
    assert "Signers to be erased" not in moderator.get("/admin/").content.decode()
    announce(petition)
    html = moderator.get("/admin/").content.decode()
    assert "Signers to be erased" in html
    assert "six months since it was won" in html
    assert "Signers to be erased" not in editor.get("/admin/").content.decode()
    address = f"/admin/petitions/{petition.pk}/stop-erasure/"
    assert address in html
    assert editor.post(address, {"reason": "A wrong year"}).status_code in (302, 403)
    assert moderator.post(address, {"reason": ""}).status_code == 422
    assert not Erasure.objects.exclude(stopped_until=None).exists()
    moderator.post(address, {"reason": "A wrong year"})
    stopped = Erasure.objects.exclude(stopped_until=None).get()
    assert stopped.stopped_until is not None
    assert timedelta(days=29) < stopped.stopped_until - now <= timedelta(days=31)
    entry = ModelLogEntry.objects.get(action="signatures.stop_erasure")
    assert (entry.user.username, entry.data["reason"]) == ("moderator", "A wrong year")
    assert "A wrong year" in entry.message
    html = moderator.get("/admin/").content.decode()
    assert html.count("stopped until") == 1
    assert address not in html, "it is not offered again"


def announce(petition: Petition) -> None:
    """As if it had been won long ago, noted then, and announced by the worker yesterday."""
    now = timezone.now()
    PetitionEvent.objects.create(
        petition=petition, kind="won", date="2024-01-01", source_title="A", source_publisher="B"
    )
    Erasure.objects.create(
        petition=petition,
        act="won 2024-01-01",
        recorded_at=now - timedelta(days=200),
        announced_at=now - timedelta(days=1),
        seen_at=now,
    )


def test_a_stop_of_what_is_not_announced_says_so(moderator: Client, signed: SmallSite) -> None:
    address = f"/admin/petitions/{petition_of(signed).pk}/stop-erasure/"
    assert "Nothing of this petition can be stopped" in moderator.get(address).content.decode()
    told = moderator.post(address, {"reason": "A wrong year"}, follow=True)
    assert "can be stopped anymore" in told.content.decode()


# Further ways in


def admin_patterns(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from admin_patterns(entry, address)
        elif address.startswith("/admin/"):
            yield address, entry.callback


def models_of(view: Callable[..., object]) -> set[Any]:
    """Which records a view of Wagtail's shows or makes forms of, as it is declared."""
    cls = getattr(view, "view_class", None)
    options = getattr(view, "view_initkwargs", {})
    found = {options.get("model"), getattr(cls, "model", None)}
    for name in ("form_class", "creation_form_class"):
        form = options.get(name) or getattr(cls, name, None)
        found.add(getattr(getattr(form, "_meta", None), "model", None))
    return found


def filled(address: str) -> str:
    """A declared address with something in its places."""
    uuid = "00000000-0000-4000-8000-000000000000"
    address = address.replace("<uuid:pk>", uuid)
    return re.sub(r"<(?:\w+:)?\w+>", "1", address).replace("^", "").replace("$", "")


def test_every_address_of_records_that_decide_is_weighed() -> None:
    found = [
        filled(address)
        for address, view in admin_patterns(get_resolver())
        if models_of(view) & set(READ) and hasattr(getattr(view, "view_class", None), "post")
    ]
    assert len(found) >= 12
    unweighed = [address for address in found if not is_weighed(resolve(address))]
    assert not unweighed


def test_every_form_of_a_record_that_holds_these_records_is_weighed() -> None:
    """Also forms of other records, with one of these inside."""
    for model in get_snippet_models():
        if not hasattr(model, "snippet_viewset"):
            continue
        handler = model.snippet_viewset.get_edit_handler() or get_edit_handler(model)
        form = handler.get_form_class()
        inside = {formset.model for formset in getattr(form, "formsets", {}).values()}
        if ({model} | inside) & set(READ):
            assert is_weighed(resolve(f"/admin/snippets/campaigns/{model._meta.model_name}/add/"))


def test_every_bulk_action_on_these_records_is_weighed() -> None:
    for model in READ:
        options = model._meta
        for action in bulk_action_registry.get_bulk_actions_for_model(
            options.app_label, options.model_name
        ):
            address = f"/admin/bulk/campaigns/{options.model_name}/{action.action_type}/"
            assert is_weighed(resolve(address))


# Which programs write what decides about erasing, and why that is no way around the question.
WRITERS = {
    "campaigns/publishing/bulk.py": "through petition_bulk, which is weighed",
    "campaigns/records/petitions.py": "its own saving, by whichever of these ways",
    "campaigns/records/ties.py": "in the tie's form, which is weighed; who checked decides nothing",
    "campaigns/viewsets/events.py": "in the event's form, which is weighed",
    "launches/building.py": "through launch, which is weighed, and the command, which asks",
    "launches/running.py": "through launch and launch_progress, which are weighed",
    "signatures/signing/confirming.py": "asks whether there was a round before, no more",
    "signatures/keeping/rounds.py": "begins another round, which erases nobody sooner",
    "deliveries/packs/handing.py": "at the handing over, whose form tells who is erased, and when",
    "demo/signers.py": "dates launches back, which decide nothing",
    "demo/load.py": "makes up new petitions, under the demo settings alone",
    "demo/states.py": "shows every state to those who measure pages, in a demo made for that",
    "demo/fakes.py": "closes a round of its own making, in the demo alone",
    "demo/after_signing.py": "hands over and answers in a demo made for those who measure pages",
}
WRITES = {"save", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update"}
WRITES |= {"update", "delete"}
DECIDING = {"PetitionEvent", "TieEvent", "opens_at", "reopened_at", "closes_at"}


def words_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in ("id", "attr", "arg", "value"):
            if isinstance(word := getattr(node, name, None), str):
                yield word


def writes(tree: ast.AST) -> bool:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in WRITES for call in calls)


def test_no_other_program_writes_what_decides_about_erasing() -> None:
    found = set()
    for file in (file for app in ROOMS for file in (ROOT / app).rglob("*.py")):
        tree = ast.parse(file.read_text())
        if "migrations" not in file.parts and DECIDING & set(words_of(tree)) and writes(tree):
            found.add(file.relative_to(ROOT).as_posix())
    assert found == WRITERS.keys(), "weigh the new way in, and say here how"


def test_what_is_read_is_all_that_is_weighed() -> None:
    """Whoever lets other columns decide has them weighed."""
    source = ROOT.joinpath("signatures/keeping/retention.py").read_text()
    imported = re.search(r"from campaigns.models import (.*)\n", source)
    assert imported
    assert set(imported[1].split(", ")) == {model.__name__ for model in READ}
