"""Cities that have no name in a language yet, and where they get one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import Translation

if TYPE_CHECKING:
    from campaigns.records.ties import Tie


def unnamed(tie: "Tie", locale: Locale) -> Iterator[tuple[Any, str]]:
    """The cities without a name in a language, each with the address of the form for it."""
    for city in (tie.city, tie.sister_city):
        names = city.names.all()
        if any(name.locale_id == locale.pk for name in names):
            continue
        translation = Translation.objects.filter(
            source__object_id__in=[name.translation_key for name in names],
            target_locale=locale,
            enabled=True,
        ).first()
        if translation:
            yield city, reverse("translate_name", args=[translation.pk])
        else:
            yield city, reverse("wagtailsnippets_campaigns_cityname:list")
