"""Changes that an editor may not make, and asking for them."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.roles import EDITORS, Role
from campaigns.models import ChangeRequest, CityName, PetitionEvent, PetitionPage
from staff.assigning import assign
from tests.support.factories import make_user
from tests.support.kinds import Response
from tests.support.logins import logged_in

SENTENCE = "Visitors would see this at once"
BULK = "/admin/petitions/bulk/"
SNIPPETS = "/admin/snippets/campaigns"
Form = tuple[str, dict[str, Any]]


def client_of(
    name: str, role: Role = EDITORS, place: str = "end-ties", publish: bool = False
) -> Client:
    user = make_user(name)
    assign(user, role, place, publish=publish)
    return logged_in(user)


def pause(city: PetitionPage) -> Form:
    return BULK, {"petition": str(city.petition_id), "action": "pause", "stage": "apply"}


def close_later(city: PetitionPage) -> Form:
    data = {"petition": str(city.petition_id), "action": "close", "moment": "2999-01-01T10:00"}
    return BULK, {**data, "stage": "apply"}


def set_goal(city: PetitionPage) -> Form:
    data: dict[str, Any] = {"time_zone": "America/Los_Angeles", "goal": "4321"}
    events = dict.fromkeys(("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS"), "0")
    data |= {f"events-{key}": value for key, value in events.items()}
    return f"{SNIPPETS}/petition/edit/{city.petition_id}/", data


def note_event(city: PetitionPage) -> Form:
    data = {"petition": str(city.petition_id), "kind": "delivered", "date": "2026-01-01"}
    source = {"source_title": "", "source_publisher": "", "source_url": "", "archived_url": ""}
    return f"{SNIPPETS}/petitionevent/add/", {**data, **source, "source_language": "en"}


def delete_event(city: PetitionPage) -> Form:
    event = PetitionEvent.objects.filter(petition=city.petition_id).first()
    event = event or PetitionEvent.objects.create(
        petition=city.petition, kind="launched", date="2026-01-01"
    )
    return f"{SNIPPETS}/petitionevent/delete/{event.pk}/", {}


def hide_blocks(city: PetitionPage) -> Form:
    listed = [block.id for block in city.inheritable_blocks]
    return f"/admin/inherited/{city.pk}/", {"listed": listed, "shown": listed[1:]}


def say_still_so(city: PetitionPage) -> Form:
    return f"/admin/ties/{city.tie.pk}/still-so/", {"seen": str(city.tie.status)}


def rename_city(city: PetitionPage) -> Form:
    name = CityName.objects.get(city=city.tie.city, locale=city.locale)
    data = dict.fromkeys(("name", "of_form", "in_form", "with_form", "region"), "Elsewhere")
    data["city"] = str(name.city_id)
    return f"{SNIPPETS}/cityname/edit/{name.pk}/", data


CHANGES = [
    pause,
    close_later,
    set_goal,
    note_event,
    delete_event,
    hide_blocks,
    rename_city,
    say_still_so,
]
Prepare = Callable[[PetitionPage], Form]


def ask(client: Client, form: Form, note: str = "Please, before Monday") -> Response:
    """As a browser does: by the button of the page that refuses it, where there is one."""
    address, data = form
    refused = client.post(address, data)
    if SENTENCE not in refused.text:
        return refused
    sent = {
        key: value
        for key, value in shown_form(refused.text).items()
        if key != "csrfmiddlewaretoken"
    }
    return client.post(address, {**sent, "ask": "1", "note_to_moderator": note}, follow=True)


def shown_form(html: str) -> dict[str, list[str]]:
    """What a browser would send of the page's own form."""
    forms = BeautifulSoup(html, "html.parser").select("main form[method], form#w-editor-form")
    form = next(form for form in forms if form.find("input", {"name": "csrfmiddlewaretoken"}))
    found: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        kind, name = field.get("type", ""), str(field["name"])
        if field.has_attr("disabled") or (
            kind in ("checkbox", "radio") and not field.has_attr("checked")
        ):
            continue
        values = found.setdefault(name, [])
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values.append(str(chosen["value"]) if isinstance(chosen, Tag) else "")
        elif field.name == "textarea":
            values.append(field.text.strip())
        else:
            values.append(str(field.get("value", "on" if kind == "checkbox" else "")))
    return found


def open_form(client: Client, change: ChangeRequest) -> tuple[str, Any]:
    page = client.get(f"/admin/changes/{change.pk}/")
    links = BeautifulSoup(page.content, "html.parser").select("a.button[href*='?change=']")
    address = str(links[0]["href"])
    return address, client.get(address)
