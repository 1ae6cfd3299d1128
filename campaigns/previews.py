"""What an editor can look at before publishing: a page in each of its states.

Whatever a preview shows beyond the page itself is made up and never stored. Other apps add theirs
in a module named `previews`.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from campaigns.records.cities import CityName
from campaigns.records.petitions import Petition, PetitionEvent
from campaigns.records.ties import Tie, TieEvent

DEFAULT = ""


class PreviewedPage(Protocol):
    """What a preview needs of a page."""

    petition: Any
    campaign: Any

    @property
    def language(self) -> str: ...

    def render_with(self, request: HttpRequest, **context: Any) -> HttpResponse: ...


class PreviewedCity(PreviewedPage, Protocol):
    tie: Tie
    city_name: CityName


Renderer = Callable[..., HttpResponse]
R = TypeVar("R", bound=Renderer)


@dataclass(frozen=True)
class Preview:
    label: str | Promise
    render: Renderer
    cities_only: bool = False


_previews: dict[str, Preview] = {}


def preview(name: str, label: str | Promise, *, cities_only: bool = False) -> Callable[[R], R]:
    """Registers a function that renders one preview of a page."""

    def register(render: R) -> R:
        _previews[name] = Preview(label, render, cities_only)
        return render

    return register


def modes(page: PreviewedPage) -> list[tuple[str, str | Promise]]:
    """The previews of a page as Wagtail wants them: names and labels."""
    autodiscover_modules("previews")
    is_city = bool(page.petition and page.petition.tie_id)
    return [
        (name, each.label) for name, each in _previews.items() if is_city or not each.cities_only
    ]


def render(page: PreviewedPage, request: HttpRequest, name: str) -> HttpResponse:
    """One preview in the page's own language; an unknown name shows the page as it is."""
    offered = dict(modes(page))
    if page.petition is None:
        page.petition = Petition(time_zone=timezone.get_current_timezone_name())
    if page.petition.tie_id:
        page.campaign = page.campaign.as_drafted()
    with translation.override(page.language):
        return _previews[name if name in offered else DEFAULT].render(page, request)


def pretend(page: PreviewedPage, **changes: Any) -> Petition:
    """Gives the page a copy of its petition that is open but for what is changed."""
    petition = copy.copy(page.petition)
    times = dict.fromkeys(("opens_at", "reopened_at", "created_at", "closes_at"))
    plain = {**times, "is_paused": False}
    for name, value in {**plain, **changes}.items():
        setattr(petition, name, value)
    endings = (PetitionEvent.Kind.CLOSED, PetitionEvent.Kind.WON)
    petition.events = [event for event in petition.events.all() if event.kind not in endings]
    page.petition = petition
    return petition


@preview(DEFAULT, _("As it stands now"))
def now(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    return page.render_with(request)


# Translators: Said of a petition that can be signed.
@preview("open", _("Open"))
def opened(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    pretend(page)
    return page.render_with(request)


@preview("not_yet_open", _("Not yet open"))
def not_yet_open(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    pretend(page, opens_at=timezone.now() + timedelta(days=7))
    return page.render_with(request)


@preview("paused", _("Paused"))
def paused(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    pretend(page, is_paused=True)
    return page.render_with(request)


@preview("closed", _("Closed"))
def closed(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    pretend(page, closes_at=timezone.now())
    return page.render_with(request)


# Translators: Said of a petition whose demand was met.
@preview("won", _("Won"))
def won(page: PreviewedPage, request: HttpRequest) -> HttpResponse:
    petition = pretend(page)
    event = PetitionEvent(petition=petition, kind=PetitionEvent.Kind.WON, date=timezone.localdate())
    # A petition is a cluster, too.
    petition.events = [*petition.events.all(), event]
    return page.render_with(request)


@preview("suspended", _("The tie is suspended"), cities_only=True)
def suspended(page: PreviewedCity, request: HttpRequest) -> HttpResponse:
    return with_event(page, request, TieEvent.Kind.SUSPENDED)


@preview("ended", _("The tie has ended"), cities_only=True)
def ended(page: PreviewedCity, request: HttpRequest) -> HttpResponse:
    return with_event(page, request, TieEvent.Kind.ENDED)


@preview("unknown", _("The tie’s status is unknown"), cities_only=True)
def unknown(page: PreviewedCity, request: HttpRequest) -> HttpResponse:
    return with_event(page, request, None)


def with_event(
    page: PreviewedCity, request: HttpRequest, kind: TieEvent.Kind | None
) -> HttpResponse:
    """The page as if this were all that is known of its tie."""
    petition = pretend(page)
    tie = petition.tie = copy.copy(page.tie)
    event = TieEvent(
        kind=kind or "",
        date=timezone.localdate(),
        source_title=translation.gettext("The city’s announcement"),
        source_publisher=page.city_name.name,
        source_language=page.language,
    )
    # A tie is a cluster: its events can be replaced without being stored.
    tie.events = [event] if kind else []
    return page.render_with(request)
