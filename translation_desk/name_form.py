"""The form in which a city's name is translated, and which name comes next."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from accounts.models import User
from campaigns.models import CityName
from translation_desk.editor.emptied import empty, is_emptied
from translations.queries import translations, untranslated


class NameForm(forms.Form):
    """A name's texts in one language, each beside its source. They may be saved one by one."""

    def __init__(self, translation: Translation, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.translation = translation
        segments = StringSegment.objects.filter(source=translation.source).select_related(
            "string", "context"
        )
        known = segments.get_translations(translation.target_locale)
        self.emptied = {each.context_id: each.data for each in known if is_emptied(each)}
        texts = {each.context_id: each.data for each in known if not is_emptied(each)}
        self.segments = {segment.context.path: segment for segment in segments.order_by("order")}
        for path, segment in self.segments.items():
            self.fields[path] = self.field_for(path, segment, texts.get(segment.context_id, ""))

    def field_for(self, path: str, segment: StringSegment, text: str) -> forms.CharField:
        field: Any = CityName._meta.get_field(path)
        return forms.CharField(
            label=capfirst(field.verbose_name),
            help_text=self.told_of(segment),
            max_length=field.max_length,
            required=False,
            initial=text,
            widget=forms.TextInput(attrs={"lang": self.translation.target_locale.language_code}),
        )

    def told_of(self, segment: StringSegment) -> str:
        """The source, and what stood here until somebody took it away."""
        source = str(segment.string.data)
        if words := self.emptied.get(segment.context_id):
            told = _("%(source)s. Your translation until now: %(words)s")
            return told % {"source": source, "words": words}
        return source

    def save(self, user: User) -> None:
        work = {
            "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            "tool_name": "",
            "last_translated_by": user,
            "has_error": False,
            "field_error": "",
        }
        for path, text in self.cleaned_data.items():
            segment = self.segments[path]
            place = {
                "translation_of": segment.string,
                "context": segment.context,
                "locale": self.translation.target_locale,
            }
            if text:
                StringTranslation.objects.update_or_create(**place, defaults={**work, "data": text})
            else:
                for row in StringTranslation.objects.filter(**place):
                    empty(row, user)


def next_waiting(translation: Translation) -> Translation | None:
    """The name after this one, by the alphabet of the source, that waits in the same language."""
    gaps = untranslated(translation.target_locale).values("source")
    waiting = translations(translation.target_locale).filter(
        source__in=gaps, source__specific_content_type=translation.source.specific_content_type
    )
    ordered = waiting.exclude(pk=translation.pk).order_by("source__object_repr", "pk")
    here = translation.source.object_repr
    return ordered.filter(source__object_repr__gte=here).first() or ordered.first()
