"""Sentences of city pages, composed from a campaign's patterns and the cities' names."""

import re

from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from campaigns.records.cities import CityName
from campaigns.records.petitions import Petition
from campaigns.records.recipients import RecipientWords
from campaigns.records.standings import Standing
from campaigns.records.ties import Tie

# What is said where a campaign has no words of its own: no more than is known.
NEUTRAL_HEADING = _("The sister-city tie between {city} and {sister_city}")
STATES = {
    Petition.State.NOT_YET_OPEN: _("This petition cannot be signed yet."),
    Petition.State.PAUSED: _("This petition is paused and cannot be signed for now."),
    Petition.State.CLOSED: _("This petition is closed and can no longer be signed."),
    Petition.State.WON: _("This petition has won!"),
}
STATUSES = {
    Tie.Status.SUSPENDED: _("The sister-city tie between {city} and {sister_city} is suspended."),
    Tie.Status.ENDED: _("The sister-city tie between {city} and {sister_city} has ended."),
    Tie.Status.UNKNOWN: _(
        "It is not known whether the sister-city tie between {city} and {sister_city} still stands."
    ),
}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAME_FORMS = {"city": "name", "of_city": "of_form", "in_city": "in_form", "with_city": "with_form"}
# Of the city's mayor: the form of the holder's name, the office alone, and with the holder. A
# mayor's words name the city too: languages put it in different places.
MAYOR_FORMS = {
    "mayor": ("name", _("the mayor %(of_city)s"), _("Mayor %(name)s %(of_city)s")),
    "to_mayor": ("to_name", _("to the mayor %(of_city)s"), _("to Mayor %(name)s %(of_city)s")),
    "of_mayor": ("of_name", _("of the mayor %(of_city)s"), _("of Mayor %(name)s %(of_city)s")),
}
# What a placeholder names, in whatever form: languages decline, and order their words otherwise.
NAMED = {
    **dict.fromkeys(NAME_FORMS, "city"),
    **{name.replace("city", "sister_city"): "sister_city" for name in NAME_FORMS},
    **dict.fromkeys(MAYOR_FORMS, "mayor"),
    "state": "state",
    "sister_region": "sister_region",
}
PLACEHOLDERS = frozenset(NAMED)
# For a language in which a city's name lacks a form.
FORMS = {
    "of_city": _("of the city %(name)s"),
    "in_city": _("in the city %(name)s"),
    "with_city": _("with the city %(name)s"),
}
AROUND = 15


def validate_pattern(pattern: str) -> None:
    """Refuses a pattern with a placeholder that no city can fill, naming it."""
    for name in PLACEHOLDER.findall(pattern):
        if name not in PLACEHOLDERS:
            raise ValidationError(
                _("There is no placeholder {%(name)s}. Use one of these: %(known)s."),
                params={
                    "name": name,
                    "known": ", ".join(f"{{{known}}}" for known in sorted(PLACEHOLDERS)),
                },
            )
    refuse_lone_braces(pattern)


def refuse_placeholders(text: str) -> None:
    """For texts of the campaign as a whole, which is about no city in particular."""
    for name in PLACEHOLDER.findall(text):
        raise ValidationError(
            _("This text is about no city, so nothing fills {%(name)s}. Write it without braces."),
            params={"name": name},
        )
    refuse_lone_braces(text)


def refuse_lone_braces(text: str) -> None:
    """A brace is half a placeholder: visitors would read the other half as it was typed."""
    # As long as the placeholder, so that places stay the same.
    rest = PLACEHOLDER.sub(lambda found: "_" * len(found[0]), text)
    if lone := re.search("[{}]", rest):
        around = text[max(0, lone.start() - AROUND) : lone.end() + AROUND]
        raise ValidationError(
            _("A curly bracket stands alone in “%(around)s”. Write a placeholder like {of_city}."),
            params={"around": around},
        )


def missing_placeholders(source: str, translated: str) -> list[str]:
    """The source's placeholders for something that a translation does not name in any form."""
    named = {NAMED[name] for name in PLACEHOLDER.findall(translated) if name in NAMED}
    wanted = dict.fromkeys(name for name in PLACEHOLDER.findall(source) if name in NAMED)
    return [f"{{{name}}}" for name in wanted if NAMED[name] not in named]


def missing_in_words(source: str, translated: str) -> str:
    """What a translator is told of them; empty where all are there."""
    names = missing_placeholders(source, translated)
    if not names:
        return ""
    return gettext("Missing here, but in the source: %(names)s.") % {"names": ", ".join(names)}


def neutral_lead(standing: Standing) -> str:
    """What is known, in whole sentences: of the petition, then of the tie."""
    known = [
        *(text for state, text in STATES.items() if state == standing.state),
        *(text for status, text in STATUSES.items() if status == standing.status),
    ]
    return " ".join(map(str, known))


def values(city: CityName, sister_city: CityName) -> dict[str, str]:
    """The text for every placeholder, in the language of the given names."""
    values = {"state": city.region, "sister_region": sister_city.region}
    for placeholder, field in NAME_FORMS.items():
        values[placeholder] = form_of(city, placeholder, field)
        values[placeholder.replace("city", "sister_city")] = form_of(
            sister_city, placeholder, field
        )
    return values


def names_mayor(pattern: str) -> bool:
    return not MAYOR_FORMS.keys().isdisjoint(PLACEHOLDER.findall(pattern))


def mayor_values(city: CityName, holder: RecipientWords | None, language: str) -> dict[str, str]:
    """The text for every placeholder of the city's mayor: the office, and its holder if named."""
    of_city = form_of(city, "of_city", "of_form")
    found = {}
    with override(language):
        for placeholder, (field, office, with_holder) in MAYOR_FORMS.items():
            name = holder.form(field) if holder else ""
            pattern = with_holder if name else office
            found[placeholder] = str(pattern) % {"name": name, "of_city": of_city}
    return found


def form_of(name: CityName, placeholder: str, field: str) -> str:
    """The name's form or, where nobody has written it, one that needs none."""
    form: str = getattr(name, field)
    if form or placeholder not in FORMS:
        return form
    with override(name.language):
        return str(FORMS[placeholder]) % {"name": name.name}


def fill(pattern: str, values: dict[str, str], *, is_sentence: bool = True) -> str:
    """Fills the placeholders; one that is unknown stays as it was written.

    “the mayor of Portland” opens a sentence with a capital letter.
    """
    for name, region in (("city", "state"), ("sister_city", "sister_region")):
        # Moscow is a region of its own, which is said once.
        if not values.get(region, region) or values.get(name) == values.get(region):
            pattern = re.sub(rf" *\({{{region}}}\)|, *{{{region}}}(,(?= ))?", "", pattern)
            # “with Moscow in Moscow”, with whatever preposition.
            placed = rf"({{(?:\w+_)?{name}}})\s+\w{{1,3}}\s+{{{region}}}"
            pattern = re.sub(placed, r"\1", pattern)

    def filled(match: re.Match[str]) -> str:
        value = values.get(match[1], match[0])
        opens = is_sentence and match[1] in MAYOR_FORMS and opens_sentence(match)
        return capfirst(value) if opens else value

    return PLACEHOLDER.sub(filled, pattern)


def opens_sentence(match: re.Match[str]) -> bool:
    before = match.string[: match.start()].rstrip()
    return not before or before.endswith((".", "!", "?", "…"))


def marked(text: str, names: list[tuple[str, str]]) -> SafeString:
    """A sentence as HTML in which names of another language, given with it, carry their `lang`."""
    languages: dict[str, str] = {escape(name): language for name, language in names if name}
    if not languages:
        return escape(text)
    # The longest first: “of Portland” before “Portland”.
    found = "|".join(re.escape(name) for name in sorted(languages, key=len, reverse=True))
    html = re.sub(
        rf"(?<!\w)({found})(?!\w)",
        lambda match: format_html(
            '<span lang="{}">{}</span>',
            languages[match[0]],
            mark_safe(match[0]),  # noqa: S308
        ),
        escape(text),
    )
    return mark_safe(html)  # noqa: S308
