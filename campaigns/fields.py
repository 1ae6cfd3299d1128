from typing import Any

from django.db import models


class FoldedField(models.TextField):
    """Other text fields of the row, case-folded for searching: SQLite folds no Cyrillic itself."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.update(editable=False, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"]
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = "\n".join(str(getattr(model_instance, name)).casefold() for name in self.sources)
        setattr(model_instance, self.attname, folded)
        return folded
