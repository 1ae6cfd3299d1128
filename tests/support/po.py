"""Working outside, as a translator does: download, translate in a program, upload, confirm."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import polib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from campaigns.models import CampaignPage, CityName
from home.models import ContentPage
from tests.support.factories import add_content
from tests.support.kinds import Response, SmallSite
from tests.support.snapshot import kept
from translations.submission import make_draft, submit

Translate = Callable[[Any], str]


def submit_all(site: SmallSite, language: str = "uk") -> dict[str, Translation]:
    """Puts the small campaign with a block of every kind before the translators of a language."""
    add_content(site)
    return submitted(site["campaign"], site["home"], language)


@kept
def submitted(
    campaign: dict[str, CampaignPage], homes: dict[str, Any], language: str
) -> dict[str, Translation]:
    locale = Locale.objects.get(language_code=language)
    about = ContentPage.objects.get(locale=Locale.get_default())
    ContentPage.objects.exclude(pk=about.pk).get().delete()
    make_draft(submit(about, locale), about, locale)
    names = CityName.objects.filter(locale=Locale.get_default())
    pages = {
        "campaign": CampaignPage.objects.get(pk=campaign["en"].pk),
        "about": about,
        "home": homes["en"],
    }
    return {
        **{name: submit(page, locale) for name, page in pages.items()},
        **{name.name: submit(name, locale) for name in names},
    }


def one(translation: Translation) -> str:
    return f"/admin/localize/translate/{translation.pk}/pofile/"


def many(page: Page, language: str = "uk") -> str:
    return f"/admin/exchange/{page.pk}/{language}/"


def download(client: Client, translation: Translation) -> polib.POFile:
    response = client.get(f"{one(translation)}download/")
    assert response.status_code == 200
    return polib.pofile(response.content.decode())


def unzip(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: polib.pofile(archive.read(name).decode()) for name in archive.namelist()}


def upload(
    client: Client, address: str, data: bytes | str | polib.POFile, name: str = "texts.po"
) -> Response:
    content = data if isinstance(data, bytes) else str(data).encode()
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, address: str, seen: Response) -> Response:
    return client.post(address, {"plan": seen.context["plan"]}, follow=True)


def words(response: Response) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text.replace("&lt;", "<").replace("&gt;", ">"))


def stored(translation: Translation) -> dict[tuple[str, str], str]:
    rows = StringTranslation.objects.filter(
        context__object_id=translation.source.object_id, locale=translation.target_locale
    )
    return {
        (path, text): data
        for path, text, data in rows.values_list("context__path", "translation_of__data", "data")
    }


def ukrainian(entry: polib.POEntry) -> str:
    """A translation that keeps tags and placeholders."""
    return f"УКР «{entry.msgid}» – “%s” \\ кінець"


def as_poedit_saves(
    po: polib.POFile, translate: Translate = ukrainian, language: str = "uk_UA"
) -> str:
    """The file after a day's work in Poedit: other wraps, other order, other headers."""
    for entry in po:
        entry.msgstr = translate(entry)
        entry.flags = []
        entry.tcomment = "A note of the translator’s own"
    po.sort(key=lambda entry: entry.msgid)
    po.wrapwidth = 60
    po.metadata |= {
        "Language": language,
        "Last-Translator": "Леся <lesia@example.org>",
        "Language-Team": "",
        "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : 1);",
        "PO-Revision-Date": "2026-02-24 05:00+0200",
        "X-Generator": "Poedit 3.4.2",
    }
    po.append(polib.POEntry(msgid="Gone", msgstr="Нема", msgctxt="gone", obsolete=True))
    return f"{po}\n"


def address(translation: Translation) -> str:
    return f"{one(translation)}upload/"


def fill(translation: Translation, path: str, data: str, **changes: Any) -> StringTranslation:
    """As if translated in the editor."""
    segment = translation.source.stringsegment_set.get(context__path=path)
    row, _created = StringTranslation.objects.update_or_create(
        translation_of=segment.string,
        context=segment.context,
        locale=translation.target_locale,
        defaults={"data": data, "translation_type": "manual", **changes},
    )
    return row
