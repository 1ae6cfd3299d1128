"""The texts that a translator may take outside, and the PO files in which they leave."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import (
    SourceDeletedError,
    StringSegment,
    StringTranslation,
    Translation,
)

from accounts.models import User
from campaigns.models import CampaignPage, CityName, PetitionPage
from security.printable import printable
from translation_desk.po.parsing import PoEntry, write
from translations.panels import in_reading_order
from translations.permissions import translation_policy
from translations.validation import Place, place_of, reason_refused

ID_HEADER = "X-WagtailLocalize-TranslationID"


def translations_for(user: User) -> QuerySet[Translation]:
    """The running translations whose page, or record in that language, a user may change."""
    found: QuerySet[Translation] = translation_policy.instances_user_has_permission_for(
        user, "change"
    )
    return found.select_related(
        "source__locale", "source__specific_content_type", "target_locale"
    ).order_by("pk")


def keys_below(top: Page) -> set[Any]:
    """The keys of a page, of what is below it, and of the names of the cities there.

    A campaign below another page stays out: it goes by itself.
    """
    pages = Page.objects.descendant_of(top, inclusive=True).filter(alias_of=None)
    for campaign in CampaignPage.objects.descendant_of(top):
        pages = pages.not_descendant_of(campaign, inclusive=True)
    ties = PetitionPage.objects.filter(pk__in=pages.values("pk")).values("petition__tie")
    names = CityName.objects.filter(
        Q(city__ties__in=ties) | Q(city__sister_ties__in=ties), locale=top.locale_id
    )
    return {*pages.values_list("translation_key", flat=True)} | {
        *names.values_list("translation_key", flat=True)
    }


def translations_below(user: User, top: Page, locale: Locale) -> QuerySet[Translation]:
    """Those that have a text: a city page may have none of its own."""
    return translations_for(user).filter(
        Exists(StringSegment.objects.filter(source=OuterRef("source"))),
        target_locale=locale,
        source__object_id__in=keys_below(top),
    )


@dataclass(frozen=True)
class Text:
    """A text of a source and its translation so far."""

    path: str
    source: str
    string_id: int
    context_id: int
    links: dict[str, Any]
    stored: StringTranslation | None

    @property
    def key(self) -> tuple[str, str]:
        return self.path, clean(self.source)

    @property
    def translation(self) -> str:
        return self.stored.data if self.stored else ""

    @property
    def is_draft(self) -> bool:
        """Whether a person has yet to accept it: made by a machine or a memory, or refused."""
        machine = StringTranslation.TRANSLATION_TYPE_MACHINE
        return bool(
            self.stored and (self.stored.has_error or self.stored.translation_type == machine)
        )


def clean(text: str) -> str:
    """As PO files hold it: gettext wants no carriage returns."""
    return text.replace("\r", "")


def is_same(one: str, other: str) -> bool:
    """Poedit gives a translation the line breaks at both ends that its source has."""
    return clean(one).strip("\n") == clean(other).strip("\n")


def texts_of(
    translations: Sequence[Translation], lock: bool = False
) -> dict[int, dict[tuple[str, str], Text]]:
    """The texts by source and key in reading order, all into one language, in two queries."""
    if not translations:
        return {}
    models = {each.source_id: model_of(each) for each in translations}
    found = StringSegment.objects.filter(source__in=models).select_related("string", "context")
    segments: dict[int, list[StringSegment]] = defaultdict(list)
    for segment in found:
        segments[segment.source_id].append(segment)
    stored = StringTranslation.objects.filter(
        locale=translations[0].target_locale,
        context__object_id__in=[each.source.object_id for each in translations],
    )
    if lock:
        stored = stored.select_for_update(of=("self",))
    by_place = {(each.context_id, each.translation_of_id): each for each in stored}
    texts: dict[int, dict[tuple[str, str], Text]] = defaultdict(dict)
    for source, model in models.items():
        for segment in in_reading_order(segments[source], model):
            text = Text(
                path=segment.context.path,
                source=segment.string.data,
                string_id=segment.string_id,
                context_id=segment.context_id,
                links=json.loads(segment.attrs or "null") or {},
                stored=by_place.get((segment.context_id, segment.string_id)),
            )
            texts[source].setdefault(text.key, text)
    return texts


def model_of(translation: Translation) -> type[TranslatableMixin]:
    model: type[TranslatableMixin] = translation.source.specific_content_type.model_class()
    return model


def targets_of(translations: Sequence[Translation]) -> dict[int, Any]:
    """The pages and records translated into, all of one language, by their translations' ids.

    One that is not there yet is stood in for by its source.
    """
    keys: dict[Any, list[Any]] = defaultdict(list)
    for each in translations:
        model = model_of(each)
        keys[Page if issubclass(model, Page) else model].append(each.source.object_id)
    found = {
        (instance.translation_key, instance.locale_id): instance
        for model, wanted in keys.items()
        for instance in model.objects.filter(translation_key__in=wanted)
    }
    return {
        each.pk: found.get((each.source.object_id, each.target_locale_id))
        or found[each.source.object_id, each.source.locale_id]
        for each in translations
    }


class Places:
    """The places of a source's texts; the source is read only when one of them is asked for."""

    def __init__(self, translation: Translation) -> None:
        self.translation = translation

    @cached_property
    def model(self) -> type[TranslatableMixin]:
        return model_of(self.translation)

    @cached_property
    def instance(self) -> TranslatableMixin:
        try:
            return self.translation.source.as_instance()
        except SourceDeletedError:
            return self.model()

    def __getitem__(self, path: str) -> Place:
        return place_of(self.instance if "." in path else self.model, path)


def misfit_in(translation: Translation, segment: StringSegment, text: str) -> str:
    """Why a text cannot stand in the place of one of the source's; empty when it can."""
    place = Places(translation)[segment.context.path]
    return reason_refused(printable(clean(text)), clean(segment.string.data), place)


def export(translation: Translation, texts: Iterable[Text]) -> str:
    """A PO file with every text, in reading order."""
    source, places = translation.source, Places(translation)
    headers = {
        "Project-Id-Version": source.object_repr,
        "POT-Creation-Date": f"{source.last_updated_at:%Y-%m-%d %H:%M%z}",
        "PO-Revision-Date": f"{timezone.now():%Y-%m-%d %H:%M%z}",
        "Language": translation.target_locale.language_code.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Generator": "Pidpys",
        "X-Source-Language": source.locale.language_code,
        ID_HEADER: str(translation.uuid),
    }
    heading = f"{source.object_repr}: {source.locale} → {translation.target_locale}"
    return write(heading, headers, [_exported(text, places[text.path]) for text in texts])


def _exported(text: Text, place: Place) -> PoEntry:
    links = [f"{name} = {each['href']}" for name, each in text.links.items() if "href" in each]
    return PoEntry(
        source=clean(text.source),
        text=clean(text.translation),
        context=text.path,
        is_fuzzy=text.is_draft,
        comment="\n".join(filter(None, [str(place), place.help_text, *links])),
    )
