"""Pages whose texts say their language, and translators at work on them."""

import re

from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail.models import Page
from wagtail_localize.models import OverridableSegment, StringSegment, StringTranslation

from campaigns.models import CampaignPage
from tests.support.factories import publish
from tests.support.kinds import Response
from translations.gaps import translation_of

SHORT = ("lead", "share_text", "thank_you_text", "closing_text", "postcode_help")
ESSENTIAL = ("title", "ask", "starter", "recipients", "consent_text")
PATTERNS = ("city_heading", "city_ask", "city_recipient")


def write(page: CampaignPage, word: str) -> CampaignPage:
    for name in (*SHORT, *ESSENTIAL):
        setattr(page, name, f"{word} {name}.")
    for name in PATTERNS:
        setattr(page, name, f"{word} {name} {{of_city}}.")
    page.body = [
        ("text", f"<p>{word} one.</p><p>{word} two.</p>"),
        ("reason", {"heading": f"{word} reason", "text": f"<p>{word} three.</p>"}),
    ]
    return publish(page)


def fill(page: Page, *but: str) -> None:
    """Translates every text that waits, except those of some fields."""
    translation = translation_of(page)
    assert translation
    for segment in StringSegment.objects.filter(source=translation.source):
        if segment.context.path.split(".")[0] not in but:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=page.locale,
                context=segment.context,
                defaults={"data": re.sub("ENGLISH|OTHER", "УКРАЇНСЬКЕ", segment.string.data)},
            )


def translate_all(page: CampaignPage, but: str = "") -> None:
    """Translates every text of the page's source, except those of a field."""
    translation = translation_of(page)
    assert translation
    for segment in StringSegment.objects.filter(source=translation.source):
        if segment.context.path != but:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=page.locale,
                context=segment.context,
                defaults={"data": f"УКР {segment.context.path} {{of_city}}"},
            )


def translate(page: Page) -> None:
    translation = translation_of(page)
    assert translation
    for segment in StringSegment.objects.filter(source=translation.source):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=page.locale,
            context=segment.context,
            defaults={"data": f"УКР {segment.string.data}", "translation_type": "manual"},
        )


def publish_translation(page: Page) -> None:
    translation = translation_of(page)
    assert translation
    translation.save_target(publish=False)
    page.specific_class.objects.get(pk=page.pk).get_latest_revision().publish()


def put(
    client: Client,
    page: Page,
    segment: StringSegment | OverridableSegment,
    value: str,
    kind: str = "strings",
) -> Response:
    translation = translation_of(page)
    assert translation
    body = encode_multipart(BOUNDARY, {"value": value})
    door = f"/admin/localize/translate/{translation.pk}/{kind}/{segment.pk}/edit/"
    return client.put(door, body, content_type=MULTIPART_CONTENT)
