"""What must hold of the replaced addresses, whatever the next version of wagtail-localize is."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.urls import URLPattern, resolve, reverse
from django.urls.converters import IntConverter

from translation_desk import urls


@register(Tags.urls)
def replaced_addresses(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    known = {pattern.name for pattern in urls.theirs()}
    lost = [
        Error(f"wagtail-localize has no address named {name} any more.", id="translation_desk.E001")
        for name in sorted(urls.REPLACED.keys() - known)
    ]
    passed_by = [
        Error(f"{pattern.name} is not answered by ours: {address}.", id="translation_desk.E002")
        for pattern in urls.theirs()
        if pattern.name in urls.REPLACED and not is_ours(pattern, address := example(pattern))
    ]
    return [*lost, *passed_by]


def example(pattern: URLPattern) -> str:
    """An address that fits; nothing needs to be there."""
    parts = {
        name: 1 if isinstance(converter, IntConverter) else "x"
        for name, converter in pattern.pattern.converters.items()
    }
    return reverse(f"wagtail_localize:{pattern.name}", kwargs=parts)


def is_ours(pattern: URLPattern, address: str) -> bool:
    """Whether our view answers, which the admin wraps in its own conditions."""
    view: Any = resolve(address).func
    while view is not None:
        if view is urls.REPLACED[str(pattern.name)]:
            return True
        view = getattr(view, "__wrapped__", None)
    return False
