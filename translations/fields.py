from collections.abc import Sequence
from typing import Any

from django.db import models
from wagtail.models import TranslatableMixin

from translations.languages import collation
from translations.languages.folding import fold


class FoldedField(models.TextField):
    """Other text fields of the row, folded for searching: SQLite folds no Cyrillic itself."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = "\n".join(fold(str(getattr(model_instance, name))) for name in self.sources)
        setattr(model_instance, self.attname, folded)
        return folded


class CollatedField(models.TextField):
    """Another text field of the row, as what its language's alphabet sorts it by.

    Databases sort Ukrainian by Unicode, or by the one language that they were made for.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(editable=False, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: TranslatableMixin, add: bool) -> str:
        text = str(getattr(model_instance, self.source))
        key = collation.digits(text, model_instance.locale.language_code)
        setattr(model_instance, self.attname, key)
        return key
