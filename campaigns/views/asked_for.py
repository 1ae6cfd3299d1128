"""What somebody asks for, in a sentence for its reader: what would change, and of what."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from campaigns.models import (
    ChangeRequest,
    City,
    CityName,
    Petition,
    PetitionEvent,
    Recipient,
    Tie,
    TieEvent,
)
from campaigns.pages.queries import named
from campaigns.publishing.bulk import Action

# By what is done, and to which kind of record.
SENTENCES = {
    ("edit", "petition"): gettext_lazy("Change the petition “%(name)s”: %(what)s"),
    ("edit", "tie"): gettext_lazy("Change the tie “%(name)s”: %(what)s"),
    ("edit", "city"): gettext_lazy("Change the city “%(name)s”: %(what)s"),
    ("edit", "cityname"): gettext_lazy("Change the name of the city “%(name)s”: %(what)s"),
    ("edit", "recipient"): gettext_lazy("Change the recipient “%(name)s”: %(what)s"),
    ("edit", "tieevent"): gettext_lazy("Change an event of the tie “%(name)s”: %(what)s"),
    ("edit", "petitionevent"): gettext_lazy("Change an event of the petition “%(name)s”: %(what)s"),
    ("add", "tieevent"): gettext_lazy("Add an event to the tie “%(name)s”: %(what)s"),
    ("add", "recipient"): gettext_lazy("Add a recipient of “%(name)s”: %(what)s"),
    ("add", "petitionevent"): gettext_lazy("Add an event to the petition “%(name)s”: %(what)s"),
    ("delete", "petition"): gettext_lazy("Delete the petition “%(name)s”"),
    ("delete", "tie"): gettext_lazy("Delete the tie “%(name)s”"),
    ("delete", "city"): gettext_lazy("Delete the city “%(name)s”"),
    ("delete", "cityname"): gettext_lazy("Delete the name of the city “%(name)s”"),
    ("delete", "recipient"): gettext_lazy("Delete the recipient “%(name)s”"),
    ("delete", "tieevent"): gettext_lazy("Delete an event of the tie “%(name)s”: %(what)s"),
    ("delete", "petitionevent"): gettext_lazy(
        "Delete an event of the petition “%(name)s”: %(what)s"
    ),
}


def sentence(change: ChangeRequest) -> str:
    try:
        match = resolve(change.address)
    except Resolver404:
        return change.address
    if match.url_name == "petition_bulk":
        return _of_many(change)
    name = _name(change)
    if match.url_name == "still_so":
        return _("Note that nothing has changed about the tie “%(name)s”") % {"name": name}
    if match.url_name == "still_holds":
        return _("Note that nothing has changed about the recipient “%(name)s”") % {"name": name}
    if match.url_name == "inherited":
        return _("Choose what the page “%(name)s” shows of its campaign") % {"name": name}
    if match.url_name == "translate_name":
        what = _labels(CityName, change)
        return str(SENTENCES["edit", "cityname"]) % {"name": name, "what": what}
    return _of_record(change, match, name)


def _of_many(change: ChangeRequest) -> str:
    action = Action(change.data["action"][0]).label
    petitions = _petitions(change)
    if len(petitions) == 1:
        return _("%(action)s: “%(name)s”") % {"action": action, "name": petitions[0]}
    told = ngettext(
        "%(action)s: %(number)s petition", "%(action)s: %(number)s petitions", len(petitions)
    )
    return told % {"action": action, "number": len(petitions)}


def _petitions(change: ChangeRequest) -> list[str]:
    petitions: Any = change.petitions
    return list(named(petitions.with_names()).values())


def _of_record(change: ChangeRequest, match: ResolverMatch, name: str) -> str:
    # Wagtail's own names: of a snippet's pages.
    _prefix, app, kind = match.namespace.split("_")
    verb, model = match.url_name or "edit", apps.get_model(app, kind)
    what = _labels(model, change)
    if issubclass(model, TieEvent | PetitionEvent) and verb != "edit":
        what = _event(model, change, match)
    return str(SENTENCES[verb, kind]) % {"name": name, "what": what}


def _labels(model: type[Model], change: ChangeRequest) -> str:
    """The names of the fields that change."""
    return ", ".join(_label(model, name) for name in change.changed) or _("nothing")


def _label(model: type[Model], name: str) -> str:
    field = model._meta.get_field(name)
    if field.one_to_many:
        return str(field.related_model._meta.verbose_name_plural)  # type: ignore[union-attr]
    return str(field.verbose_name)  # type: ignore[union-attr]


def _event(
    model: type[TieEvent | PetitionEvent], change: ChangeRequest, match: ResolverMatch
) -> str:
    """An event that is to be added, as it was typed, or that is there to be deleted."""
    if event := model.objects.filter(pk__in=match.kwargs.values()).first():
        kind, day = event.kind, event.date
    else:
        kind = change.data.get("kind", [""])[0]
        day = parse_date(change.data.get("date", [""])[0])
    label = str(dict(model.Kind.choices).get(kind, "–"))
    return f"{label} ({date_format(day)})" if day else label


def _name(change: ChangeRequest) -> str:
    """Of what changes; where it is gone, of the first petition that showed it."""
    for label, keys in change.records.items():
        model: Any = apps.get_model(label)
        for record in model.objects.filter(pk__in=keys)[:1]:
            return _record_name(record)
    return next(iter(_petitions(change)), "–")


def _record_name(
    record: City | CityName | Petition | PetitionEvent | Recipient | Tie | TieEvent,
) -> str:
    if isinstance(record, Recipient):
        return str(record)
    if isinstance(record, TieEvent):
        return _record_name(record.tie)  # type: ignore[arg-type]
    if isinstance(record, PetitionEvent):
        return _record_name(record.petition)
    if isinstance(record, Petition):
        return named([record])[record.pk]
    language = get_language() or ""
    if isinstance(record, Tie):
        return _joined(side.name_in(language) for side in (record.city, record.sister_city))
    if isinstance(record, CityName):
        return f"{record.city.name_in(language)} ({record.locale.get_display_name()})"
    return str(record.name_in(language))


def _joined(names: Iterable[CityName]) -> str:
    return " – ".join(map(str, names))
