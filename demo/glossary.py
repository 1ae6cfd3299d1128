"""The demo's glossary, in every language that it is written in."""

from django.core.exceptions import ValidationError
from django.db.models import Model
from wagtail.models import Locale

from demo.content import Item
from demo.pages import WRITTEN_IN
from translation_desk.models import GlossaryTerm, GlossaryTranslation

NAMES = ("term", "kind", "note")


def build_glossary(items: Item) -> None:
    """Adds what is missing; what is there stays as its translators left it.

    Raises: ContentError.
    """
    locales = {code: Locale.objects.get(language_code=code) for code in items.languages}
    for item in items:
        _build(item, locales)


def _build(item: Item, locales: dict[str, Locale]) -> None:
    fields = item.fields()
    for name, value in fields.items():
        if name not in (*NAMES, *WRITTEN_IN):
            known = ", ".join((*NAMES, *WRITTEN_IN))
            raise value.error(f"a term has no “{name}”; it has {known}")
    name = item["term"].text()
    term = GlossaryTerm.objects.filter(term__iexact=name).first()
    if term is None:
        note = fields["note"].text() if "note" in fields else ""
        term = GlossaryTerm(term=name, kind=item["kind"].text(), note=note)
        _save(term, item)
    for code in fields.keys() & locales.keys():
        if not term.translations.filter(locale=locales[code]).exists():
            forms = "\n".join(form.text() for form in fields[code])
            _save(GlossaryTranslation(term=term, locale=locales[code], forms=forms), fields[code])


def _save(record: Model, item: Item) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise item.error(" ".join(error.messages)) from error
    record.save()
