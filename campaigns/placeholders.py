"""Sentences of city pages, composed from a campaign's patterns and the cities' names."""

import re

from django.core.exceptions import ValidationError
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.records.cities import CityName
from campaigns.records.ties import Tie

# What is known of a tie that is not said to be active, in place of a campaign's own pattern.
STATUS_PATTERNS = {
    Tie.Status.SUSPENDED: _("The sister-city tie {of_city} {with_sister_city} is suspended."),
    Tie.Status.ENDED: _("The sister-city tie {of_city} {with_sister_city} has ended."),
    Tie.Status.UNKNOWN: _(
        "It is not known whether the sister-city tie {of_city} {with_sister_city} still stands."
    ),
}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAME_FORMS = {"city": "name", "of_city": "of_form", "in_city": "in_form", "with_city": "with_form"}
# What a placeholder names, in whatever form: languages decline, and order their words otherwise.
NAMED = {
    **dict.fromkeys(NAME_FORMS, "city"),
    **{name.replace("city", "sister_city"): "sister_city" for name in NAME_FORMS},
    "state": "state",
    "sister_region": "sister_region",
}
PLACEHOLDERS = frozenset(NAMED)
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


def values(city: CityName, sister_city: CityName) -> dict[str, str]:
    """The text for every placeholder, in the language of the given names."""
    values = {"state": city.region, "sister_region": sister_city.region}
    for placeholder, field in NAME_FORMS.items():
        values[placeholder] = getattr(city, field)
        values[placeholder.replace("city", "sister_city")] = getattr(sister_city, field)
    return values


def fill(pattern: str, values: dict[str, str]) -> str:
    """Fills the placeholders; one that is unknown stays as it was written."""
    for name, region in (("city", "state"), ("sister_city", "sister_region")):
        # Moscow is a region of its own, which is said once.
        if values.get(name) == values.get(region):
            pattern = re.sub(rf" *\({{{region}}}\)|, *{{{region}}}(,(?= ))?", "", pattern)
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), pattern)


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
