"""What pages show of signatures. Page templates know nothing else about people."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.forms import Form
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Petition, PetitionPageBase, Round
from campaigns.pages.city_rows import CityRow
from campaigns.pages.parts import Part
from campaigns.pages.tracker import TrackerQuestion, shown_part
from campaigns.templatetags.languages import with_names
from pagecache.holes import hole
from signatures import counts as counting
from signatures.form.sign_form import in_this_city
from signatures.shown import moving
from signatures.shown.data import closed_rounds
from signatures.shown.places import hourly_numbers
from signatures.views.sign import form_for
from translations.dates import zones

register = template.Library()

LARGEST = 12
# Of which each takes as much as the names of all countries.
MOST_FORMS = 100

_forms: dict[Hashable, SafeString] = {}


@register.simple_tag
def progress(petition: Petition) -> SafeString:
    """How many have signed, and how far it is to the goal."""
    return hole("progress_html", *moving.of(petition), numbers=moving.known(petition))


@register.simple_tag
def counted(petition: Petition) -> SafeString:
    """The number for paper: as of which day, and by which method."""
    key = str(petition.pk)
    return hole("counted_html", key, petition.time_zone, numbers=moving.known(petition))


@register.simple_tag
def earlier_rounds(petition: Petition) -> list[Round]:
    """Those that are closed, the newest first."""
    found = closed_rounds([petition]).get(petition.pk, [])
    for each in found:
        each.petition = petition
    return found[::-1]


@register.simple_tag(name="thanks")
def thanks_to_signers(petition: Petition) -> SafeString:
    return hole("thanks_html", str(petition.pk), numbers=moving.known(petition))


@register.simple_tag
def places(page: PetitionPageBase) -> SafeString:
    """How many of the signers say that they live in the city, and how many live where else."""
    petition = page.petition
    if petition.tie_id:
        told = _("Say they live %(in_city)s") % {"in_city": page.city_name.in_form}
    else:
        told = _("Say they live in one of the cities")
    arguments = (str(petition.pk), with_names(told, page), not petition.tie_id)
    return hole("places_html", *arguments, numbers=moving.known(petition))


@register.simple_tag
def places_of(cities: list[CityRow]) -> dict[str, int]:
    return hourly_numbers(city.petition_id for city in cities)


@register.simple_tag
def places_told(numbers: dict[str, int], petition_id: UUID) -> SafeString:
    return hole("places_in_words", str(petition_id), numbers=numbers)


@register.simple_tag
def signers(petition: Petition) -> SafeString:
    """The newest names and comments."""
    return hole("signers_html", str(petition.pk), petition.time_zone)


@register.simple_tag
def counts(cities: list[CityRow]) -> dict[Any, int]:
    return counting.signatures_by_petition(city.petition_id for city in cities)


@register.simple_tag
def largest(cities: list[CityRow], counts: dict[Any, int]) -> list[CityRow]:
    """Those with the most signatures, the most first; equals by name."""
    return sorted(cities, key=lambda city: -counts.get(city.petition_id, 0))[:LARGEST]


@register.simple_tag
def number_told(counts: dict[Any, int], petition_id: UUID) -> SafeString:
    """How many signatures a petition has."""
    return in_list("number_in_words", counts, petition_id)


@register.simple_tag
def number_alone(counts: dict[Any, int], petition_id: UUID) -> SafeString:
    return in_list("number_html", counts, petition_id)


def in_list(name: str, counts: dict[Any, int], petition_id: UUID) -> SafeString:
    key = str(petition_id)
    return hole(name, key, numbers={key: counts.get(petition_id, 0)})


@register.simple_tag
def tracker_part(cities: list[CityRow], question: TrackerQuestion) -> Part:
    return shown_part(cities, question, counts(cities) if question.is_by_number else {})


@dataclass(frozen=True)
class Moment:
    """In words, since a template's `date` would turn it back into the site's time zone."""

    day: str
    time: str
    zone: str


def moment(petition: Petition, when: datetime | None) -> Moment | None:
    """By the clock of the petition's own time zone."""
    if when is None:
        return None
    local = petition.local_time(when)
    day, time = date_format(local, "DATE_FORMAT"), date_format(local, "TIME_FORMAT")
    return Moment(day, time, zones.zone_name(local))


@register.simple_tag(takes_context=True)
def sign_form(context: Context) -> SafeString:
    """The form, or why there is none; in pages that are kept, another word for bad moments."""
    page, form = context["page"], context.get("sign_form")
    petition = page.petition
    state = petition.state()
    if state != Petition.State.OPEN:
        return rendered_form(page, state, form)
    is_kept = petition.tie_id and form is None
    usual = empty_form(page) if is_kept else rendered_form(page, state, form)
    return hole("unless_away", usual, render_to_string("signatures/_form_away.html"))


def rendered_form(page: PetitionPageBase, state: Petition.State, form: Form | None) -> SafeString:
    petition = page.petition
    found = {
        "page": page,
        "petition": petition,
        "state": state,
        "has_closed": petition.closes_at and petition.closes_at <= timezone.now(),
        "form": form or form_for(page),
        "opens": moment(petition, petition.opens_at),
        "closes": moment(petition, petition.closes_at),
    }
    return render_to_string("signatures/form.html", found)


def empty_form(page: PetitionPageBase) -> SafeString:
    """A city's, before somebody writes into it. Most edits of a page leave its form as it was.

    So each process keeps it by all that it is rendered from.
    """
    petition, asked = page.petition, repr(page.campaign.form_shape)
    own = (petition.pk, petition.closes_at, petition.time_zone, in_this_city(page))
    key = (get_language(), page.words, asked, *own)
    html = _forms.get(key)
    if html is None:
        html = rendered_form(page, Petition.State.OPEN, None)
        if len(_forms) >= MOST_FORMS:
            _forms.clear()
        _forms[key] = html
    return html
