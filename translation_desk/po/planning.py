"""What uploaded PO files change, told without changing it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_localize.models import Translation

from campaigns.models import CityName
from campaigns.placeholders import missing_in_words
from security.printable import printable
from translation_desk.po.parsing import PoEntry, PoFile, UnreadableError, parse_po
from translation_desk.po.texts import ID_HEADER, Places, Text, clean, is_same, texts_of
from translations.validation import Place, reason_refused


@dataclass(frozen=True)
class PlannedText:
    text: Text
    place: Place
    new: str

    @property
    def is_changed(self) -> bool:
        return bool(self.text.stored) and not is_same(self.new, self.text.translation)

    @property
    def label(self) -> str | Promise:
        if self.is_changed:
            return gettext_lazy("changed")
        return gettext_lazy("accepted") if self.text.stored else gettext_lazy("new")

    @property
    def remark(self) -> str:
        """What it lacks, although it is taken."""
        return missing_in_words(self.text.source, self.new)


@dataclass(frozen=True)
class Refused:
    entry: PoEntry
    reason: str
    place: Place | None = None


@dataclass
class FilePlan:
    """What one file changes; `problem` says why it changes nothing at all."""

    name: str
    translation: Translation | None = None
    problem: str = ""
    changes: list[PlannedText] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0
    # Texts of the source that are still untranslated once the changes are stored.
    missing: int = 0

    @property
    def new(self) -> int:
        return sum(not change.text.stored for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new

    @property
    def title(self) -> str:
        return self.translation.source.object_repr if self.translation else self.name

    @property
    def is_name(self) -> bool:
        kind = self.translation and self.translation.source.specific_content_type
        return kind is not None and kind.model_class() is CityName

    @property
    def language(self) -> str:
        return self.translation.target_locale.language_code if self.translation else ""

    @property
    def source_language(self) -> str:
        return self.translation.source.locale.language_code if self.translation else ""

    @property
    def is_untouched(self) -> bool:
        return not (self.problem or self.changes or self.refused)


def plan_files(
    files: Iterable[tuple[str, bytes]], translations: QuerySet[Translation]
) -> list[FilePlan]:
    """What would change, without changing it. Only these translations may."""
    plans, opened = [], []
    for name, data in files:
        try:
            opened.append((name, parse_po(data)))
        except UnreadableError as error:
            plans.append(FilePlan(name, problem=str(error)))
    return [*plans, *plan_parsed(opened, translations)]


def plan_parsed(
    files: Sequence[tuple[str, PoFile]], translations: QuerySet[Translation], lock: bool = False
) -> list[FilePlan]:
    uuids = [_uuid(file) for _name, file in files]
    found = {each.uuid: each for each in translations.filter(uuid__in=filter(None, uuids))}
    texts = texts_of(list(found.values()), lock)
    counted, plans = Counter(uuids), []
    for (name, file), uuid in zip(files, uuids, strict=True):
        planned = FilePlan(name, found.get(uuid) if uuid else None)
        plans.append(planned)
        if counted[uuid] > 1 and planned.translation:
            planned.problem = _("Another file here is for the same page. Upload one of them.")
        elif planned.translation is None:
            planned.problem = _foreign(file, uuid)
        elif problem := _wrong_language(file, planned.translation):
            planned.problem = problem
        else:
            _plan_entries(planned, file.entries, texts[planned.translation.source_id])
    return plans


def _uuid(file: PoFile) -> UUID | None:
    try:
        return UUID(file.headers.get(ID_HEADER, ""))
    except ValueError:
        return None


def _foreign(file: PoFile, uuid: UUID | None) -> str:
    if uuid is None:
        return _(
            "The file does not say which page it is for. Download it again and keep its header "
            "%(header)s."
        ) % {"header": ID_HEADER}
    return _(
        "The file is for another page or language (it says: “%(page)s”), for one that is no "
        "longer translated, or for one that you may not change. Upload it where it was downloaded."
    ) % {"page": file.headers.get("Project-Id-Version", "?")[:100]}


def _wrong_language(file: PoFile, translation: Translation) -> str:
    said = file.headers.get("Language", "").replace("_", "-").lower()
    wanted = translation.target_locale.language_code.lower()
    # Poedit may add a country: uk_UA.
    if not said or said == wanted or said.partition("-")[0] == wanted:
        return ""
    return _(
        "The file says that it is written in another language (%(said)s); this page is translated "
        "into %(wanted)s. Correct the language in the file’s properties, or upload another file."
    ) % {"said": said[:40], "wanted": translation.target_locale}


def _plan_entries(
    planned: FilePlan, entries: Iterable[PoEntry], texts: dict[tuple[str, str], Text]
) -> None:
    assert planned.translation is not None  # noqa: S101
    places = Places(planned.translation)
    paths = {text.path for text in texts.values()}
    for entry in entries:
        text = texts.get((entry.context, clean(entry.source)))
        if text is None:
            planned.refused.append(Refused(entry, _unknown(entry.context in paths)))
        elif not (entry.text or entry.is_plural):
            planned.empty += 1
        elif _brings_nothing(entry, text):
            planned.unchanged += 1
        else:
            place = places[text.path]
            if reason := _not_taken(entry, text, place):
                planned.refused.append(Refused(entry, reason, place))
            else:
                planned.changes.append(PlannedText(text, place, printable(clean(entry.text))))
    gaps = {text.key for text in texts.values() if not text.stored or text.stored.has_error}
    planned.missing = len(gaps - {change.text.key for change in planned.changes})


def _brings_nothing(entry: PoEntry, text: Text) -> bool:
    is_accepted = text.is_draft and not entry.is_fuzzy
    return not (entry.is_plural or is_accepted) and is_same(entry.text, text.translation)


def _unknown(place_is_known: bool) -> str:
    if place_is_known:
        return _("The source has changed since the download. Download it again for the new text.")
    return _("This text is no longer on the page.")


def _not_taken(entry: PoEntry, text: Text, place: Place) -> str:
    if entry.is_plural:
        return _("Texts here have no plural forms. Keep the entry as it was downloaded.")
    if entry.is_fuzzy:
        return _("It is marked as needing work (fuzzy). Remove the mark once it is ready.")
    return reason_refused(printable(clean(entry.text)), text.source, place)
