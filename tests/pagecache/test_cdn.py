"""What is said to a CDN, and whom Wagtail tells of what is published."""

import pytest
from django.utils.module_loading import import_string

from cms.settings import cdn
from cms.settings.environment import SettingError, megabytes

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CDN", "CDN_SECONDS", "PAGE_CACHE_MB"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_cdn_whoever_keeps_a_page_asks_each_time() -> None:
    assert cdn.backends() == {}
    assert cdn.control() == "public, no-cache"


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("https://cache.example", {"LOCATION": "https://cache.example"}),
        ("cloudflare://Secret@Zone", {"BEARER_TOKEN": "Secret", "ZONEID": "Zone"}),
        ("cloudfront://E1ABC", {"DISTRIBUTION_ID": "E1ABC"}),
    ],
)
def test_a_cdn_keeps_a_page_for_a_second_and_no_browser_does(
    address: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDN", address)
    found = cdn.backends()["cdn"]
    assert import_string(found.pop("BACKEND")).__mro__[1].__name__ == "BaseBackend"
    assert found == options
    told = cdn.control().split(", ")
    assert {"public", "max-age=0", "s-maxage=1", "stale-while-revalidate=1"} <= set(told)
    monkeypatch.setenv("CDN_SECONDS", "7")
    assert "s-maxage=7" in cdn.control()
    monkeypatch.setenv("CDN_SECONDS", "0")
    assert cdn.control() == "public, no-cache"


@pytest.mark.parametrize("address", ["nonsense", "https://", "cloudflare://zone", "ftp://x"])
def test_a_cdn_that_nobody_knows_is_refused_in_a_sentence(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDN", address)
    with pytest.raises(SettingError, match="CDN is wrong: write"):
        cdn.backends()


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "٣"])
def test_numbers_that_are_none_are_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDN_SECONDS", value)
    monkeypatch.setenv("PAGE_CACHE_MB", value)
    with pytest.raises(SettingError, match="CDN_SECONDS must be"):
        cdn.control()
    with pytest.raises(SettingError, match="PAGE_CACHE_MB must be"):
        megabytes("PAGE_CACHE_MB", 64)
    monkeypatch.setenv("PAGE_CACHE_MB", "0")
    assert megabytes("PAGE_CACHE_MB", 64) == 0
