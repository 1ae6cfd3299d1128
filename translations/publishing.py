"""No sentence of another language goes live on a page.

What is asked is the row that is about to be saved, so that it holds by whatever way a draft goes
live: an editor's, a schedule's, a workflow's, an API's, a command's. Only our own publishing leaves
out of a translation what is not translated; by every other way it is refused.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Revision, TranslatableMixin
from wagtail_localize.fields import TranslatableField, get_translatable_fields
from wagtail_localize.models import String, StringTranslation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from translations.blocks import UnexplainedText
from translations.gaps import Gap, gap_of, name_gaps

# A page or a snippet, of whatever model.
Instance = TypeVar("Instance", bound=TranslatableMixin)

# What makes the words of a row seen, beside the words themselves.
VISIBILITY = frozenset({"live", "alias_of", "alias_of_id"})


class UntranslatedError(ValidationError):
    """A page may not go live with texts of another language; the reasons are by field."""

    def __init__(self, page: Page, found: list[Gap]) -> None:
        reasons: dict[str, list[Any]] = {}
        for gap in found:
            text = Truncator(gap.words).chars(80)
            reason = ValidationError(_("Not translated: “%(text)s”"), params={"text": text})
            reasons.setdefault(place(gap.path)[0], []).append(reason)
        super().__init__(reasons)
        self.page = page
        self.gaps = found


def refuse_foreign(page: Page) -> None:
    """Raises: UntranslatedError, where the page would show words of another language.

    What stands in the live row already, words or cities without a name, is no reason to refuse
    another change of it.
    """
    found = foreign_texts(page)
    if found and (stored := live_row(page)):
        known = {*lettered_texts(stored), *((gap.path, gap.source) for gap in name_gaps(stored))}
        found = [gap for gap in found if (gap.path, gap.source) not in known]
    if found:
        raise UntranslatedError(page, found)


def shows_words(page: Page, update_fields: Iterable[str] | None) -> bool:
    """Whether a save may put words before visitors: locks, moves, and drafts do not."""
    is_seen = page.live and not page.repeats_another_language
    return is_seen and not keeps_words(page, update_fields)


def keeps_words(page: Model, update_fields: Iterable[str] | None) -> bool:
    """Whether a save writes none of the words, nor whether they are seen."""
    if update_fields is None:
        return False
    fields = get_translatable_fields(type(page))
    words = {field.field_name for field in fields if isinstance(field, TranslatableField)}
    return not (words | VISIBILITY) & set(update_fields)


def live_row(page: Page) -> Page | None:
    """The page as visitors see it, which an alias never is."""
    return type(page).objects.filter(pk=page.pk, live=True, alias_of=None).first()


def lettered_texts(instance: TranslatableMixin) -> list[tuple[str, str]]:
    """The texts of a page that have letters, each with its place, in reading order."""
    return [
        (segment.path, segment.string.data)
        for segment in extract_segments(instance)
        if isinstance(segment, StringSegmentValue)
        and not isinstance(segment, UnexplainedText)
        and any(map(str.isalpha, segment.string.data))
    ]


def source_of(page: Instance) -> Instance:
    """The one page, or snippet, that all its translations are made from; it may be itself.

    It is the one that was submitted first, or else the one in the site's own language.
    """
    submitted = TranslationSource.objects.filter(object_id=page.translation_key).order_by("pk")
    locales = [*submitted.values_list("locale_id", flat=True), Locale.get_default().pk]
    pages = page.get_translations(inclusive=True).filter(locale__in=locales)
    if isinstance(page, Page):
        pages = pages.filter(alias_of=None)
    return min(pages, key=lambda each: locales.index(each.locale_id), default=page)


def foreign_texts(instance: TranslatableMixin) -> list[Gap]:
    """The texts of a translation that still stand in another language, in reading order.

    So do the names of cities that its language lacks. A text that a translator left as it is on
    purpose is none of them.
    """
    source = source_of(instance)
    if instance.locale_id == source.locale_id == Locale.get_default().pk:
        return []
    unnamed = name_gaps(instance)
    texts = lettered_texts(instance)
    hashes = {String._get_data_hash(text) for _path, text in texts}
    written = String.objects.exclude(locale=instance.locale_id).filter(data_hash__in=hashes)
    submitted = set(written.values_list("data", flat=True))
    repeated = set(lettered_texts(source)) if source.locale_id != instance.locale_id else set()
    foreign = [each for each in texts if each[1] in submitted or each in repeated]
    if not foreign:
        return unnamed
    translated = set(
        StringTranslation.objects.filter(
            context__object_id=instance.translation_key, locale=instance.locale_id, has_error=False
        ).values_list("context__path", "data")
    )
    untranslated = [
        gap_of(type(instance), path, text)
        for path, text in foreign
        if (path, text) not in translated
    ]
    return [*unnamed, *untranslated]


def drop_untranslated(revision: Revision) -> None:
    """Leaves out of a draft what is not translated. Raises: UntranslatedError."""
    page = revision.as_object()
    if leave_out_untranslated(page):
        revision.content = page.serializable_data()
        revision.save(update_fields=["content"])


def leave_out_untranslated(page: Page) -> bool:
    """What is not translated stays as it is live now, or away. Returns whether there was any.

    Raises: UntranslatedError, where visitors need a text that is not translated.
    """
    found = foreign_texts(page)
    essential = [gap for gap in found if gap.is_essential]
    if essential:
        raise UntranslatedError(page, essential)
    if found:
        leave_out(page, found)
    return bool(found)


def leave_out(page: Page, found: list[Gap]) -> None:
    live = live_row(page)
    also = foreign_texts(live) if live else []
    kept = {place(gap.path) for gap in also}
    for name, block in {place(gap.path) for gap in found}:
        field = page._meta.get_field(name)
        usable = live if live and (name, block) not in kept else None
        if isinstance(field, StreamField):
            now = {item["id"]: item for item in raw(usable, name)} if usable else {}
            items = [now.get(block) if item["id"] == block else item for item in raw(page, name)]
            setattr(page, name, field.stream_block.to_python([each for each in items if each]))
        else:
            setattr(page, name, getattr(usable, name) if usable else "")


def place(path: str) -> tuple[str, str]:
    """The field that a text stands in and, in a stream, the id of its outermost block."""
    name, _dot, rest = path.partition(".")
    return name, rest.partition(".")[0]


def raw(page: Page, name: str) -> list[dict[str, Any]]:
    return list(getattr(page, name).get_prep_value())
