"""A key that is missing, short, repeated or the wrong one is told in one sentence, and never shown."""

import base64
import os

import pytest

from cms.settings import environment
from cms.settings.environment import SettingError
from tests.support.production import KEY

OTHER = base64.urlsafe_b64encode(b"o" * 32).decode()
SHORT = base64.urlsafe_b64encode(b"o" * 31).decode()
FIELD_KEYS = {"one": base64.urlsafe_b64decode(KEY)}
NOW, FORMER = "n" * 60, "f" * 60


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FIELD_KEYS", "", "write it as id:key"),
        ("FIELD_KEYS", KEY, "write it as id:key"),
        ("FIELD_KEYS", f"o.n.e:{KEY}", "write it as id:key"),
        ("FIELD_KEYS", f"one:{KEY},one:{OTHER}", "the id one stands there twice"),
        ("FIELD_KEYS", f"one:{SHORT}", "the key one must be 32 random bytes"),
        ("FIELD_KEYS", "one:", "the key one must be 32 random bytes"),
        ("FIELD_KEYS", f"one:{KEY},two:{SHORT}", "the key two must be 32 random bytes"),
        ("BACKUP_KEY", SHORT, "must be 32 random bytes"),
        ("BACKUP_KEY", "no base64 at all", "must be 32 random bytes"),
        ("BACKUP_KEY", f"one:{OTHER}", "must be 32 random bytes"),
        ("BACKUP_KEY", KEY, "another key than those of FIELD_KEYS"),
        ("SECRET_KEY_FALLBACKS", "short", "50 characters or more"),
        ("SECRET_KEY_FALLBACKS", f"{FORMER},short", "50 characters or more"),
        ("SECRET_KEY_FALLBACKS", NOW, "is still SECRET_KEY"),
        ("SECRET_KEY_FALLBACKS", f"{FORMER},{FORMER}", "stands there twice"),
        ("BOUNCES", "carrier pigeon", "it is one of brevo"),
        ("BOUNCES_SECRET", "name:" + "x" * 24, "it is one of brevo"),
    ],
)
def test_a_wrong_one_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    readers = {
        "FIELD_KEYS": lambda: environment.field_keys(os.environ["FIELD_KEYS"]),
        "BACKUP_KEY": lambda: environment.backup_key(FIELD_KEYS),
        "SECRET_KEY_FALLBACKS": lambda: environment.secret_key_fallbacks(NOW),
        "BOUNCES": environment.bounces,
        "BOUNCES_SECRET": environment.bounces,
    }
    with pytest.raises(SettingError) as refused:
        readers[name]()
    sentence = str(refused.value)
    assert sentence.startswith(name.removesuffix("_SECRET"))
    assert told in sentence
    assert "\n" not in sentence
    for secret in (KEY, OTHER, SHORT, NOW, FORMER):
        assert secret not in sentence


@pytest.mark.parametrize("secret", ["", "name", ":" + "x" * 24, "name:short"])
def test_a_mail_service_has_to_show_who_it_is(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("BOUNCES", "postmark")
    monkeypatch.setenv("BOUNCES_SECRET", secret)
    with pytest.raises(SettingError, match="BOUNCES_SECRET must be a name"):
        environment.bounces()


def test_right_ones_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BACKUP_KEY", "SECRET_KEY_FALLBACKS", "BOUNCES", "BOUNCES_SECRET"):
        monkeypatch.delenv(name, raising=False)
    assert environment.backup_key(FIELD_KEYS) is None
    assert environment.secret_key_fallbacks(NOW) == []
    assert environment.bounces() == ("", "")
    monkeypatch.setenv("BACKUP_KEY", OTHER)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f" {FORMER} , {'g' * 50},")
    assert environment.backup_key(FIELD_KEYS) == b"o" * 32
    assert environment.secret_key_fallbacks(NOW) == [FORMER, "g" * 50]
    assert list(environment.field_keys(f"two:{OTHER},one:{KEY}")) == ["two", "one"]
