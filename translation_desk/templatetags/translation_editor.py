"""What the editor of translations shows beside the texts."""

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from wagtail.models import Page, TranslatableMixin
from wagtail_localize.models import Translation

from accounts.models import User
from campaigns.models import CampaignPage
from translation_desk.changes import TextChange, tasks
from translation_desk.editor.labels import name_rows
from translation_desk.notes import Notes, date_in_words, notes_of
from translation_desk.status import LocaleStatus, statuses
from translations.gaps import Gap, name_gaps
from translations.models import TranslationState

register = template.Library()


@dataclass(frozen=True)
class Report:
    cell: LocaleStatus
    tasks: list[TextChange]
    state: TranslationState | None
    may_publish: bool
    # Cities whose names the language lacks.
    names: list[Gap]
    # Where to see what the patterns of a campaign make of its cities.
    wording: str

    @property
    def changed(self) -> list[TextChange]:
        return [task for task in self.tasks if task.before]

    @property
    def emptied(self) -> list[TextChange]:
        return [task for task in self.tasks if task.is_emptied]

    @property
    def new(self) -> list[TextChange]:
        return [task for task in self.tasks if not task.previous_translation]

    @property
    def essential(self) -> list[TextChange]:
        return [task for task in self.tasks if task.gap.is_essential]


@register.simple_tag
def editor_props(
    props: str, translation: Translation, instance: TranslatableMixin, notes: Notes, report: Report
) -> str:
    """What the editor's script is given, with what it lacks and without what we do not offer."""
    described = json.loads(props)
    # That the source's words be repeated.
    described["links"]["convertToAliasUrl"] = None
    name_rows(described, translation, type(instance))
    by_segment = {note.segment.pk: note for note in notes.notes}
    emptied = {task.gap.segment for task in report.emptied}
    described["initialStringTranslations"] = [
        shown
        for shown in described["initialStringTranslations"]
        if shown["segment_id"] not in emptied
    ]
    for shown in described["initialStringTranslations"]:
        date_in_words(shown)
        if note := by_segment.get(shown["segment_id"]):
            note.mark(shown)
    return json.dumps(described)


@register.simple_tag
def translation_notes(translation: Translation, instance: TranslatableMixin) -> Notes:
    """What a translator should look at."""
    return notes_of(translation, type(instance))


@register.simple_tag
def translation_report(translation: Translation, instance: TranslatableMixin, user: User) -> Report:
    source, language = translation.source, translation.target_locale
    origin = source.get_source_instance()
    return Report(
        cell=statuses([origin], [language])[origin.pk][language.language_code],
        tasks=tasks(translation, type(instance)),
        state=TranslationState.objects.filter(translation=translation)
        .select_related("ready_by")
        .first(),
        # A city's name knows no drafts: it shows once it is complete.
        may_publish=not isinstance(instance, Page)
        or instance.permissions_for_user(user).can_publish(),
        names=name_gaps(instance),
        wording=reverse("wording", args=[instance.pk])
        if isinstance(instance, CampaignPage)
        else "",
    )


@register.simple_tag
def translation_previews(
    translation: Translation, page: TranslatableMixin
) -> list[tuple[str, Any]]:
    """Addresses and labels of the previews; a city's name has none."""
    if not isinstance(page, Page):
        return []
    name = "wagtail_localize:preview_translation"
    return [
        (reverse(name, args=[translation.pk, mode] if mode else [translation.pk]), label)
        for mode, label in page.preview_modes
    ]
