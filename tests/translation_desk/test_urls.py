"""Each address of wagtail-localize that answers otherwise here is replaced by its name."""

import pytest
from django.http import HttpRequest

from translation_desk import checks, urls

pytestmark = pytest.mark.any_database


def test_every_replaced_address_is_answered_by_ours() -> None:
    assert checks.replaced_addresses(None) == []


def test_every_other_one_only_reads() -> None:
    names = {pattern.name for pattern in urls.theirs()}
    assert names - urls.REPLACED.keys() == {"javascript_catalog"}


def test_a_name_that_is_gone_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(urls.REPLACED, "publish_at_once", lambda request: None)
    [error] = checks.replaced_addresses(None)
    assert "publish_at_once" in error.msg


def test_an_address_that_passes_ours_by_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(request: HttpRequest) -> None:
        """Not the view that was registered."""

    monkeypatch.setitem(urls.REPLACED, "stop_translation", other)
    [error] = checks.replaced_addresses(None)
    assert "/disable/" in error.msg


def test_both_addresses_of_one_name_are_replaced() -> None:
    routes = [str(each.pattern) for each in urls.replaced()]
    previews = [route for route in routes if "/preview/" in route]
    assert len(previews) == 2
    assert len(routes) == len(set(routes))
