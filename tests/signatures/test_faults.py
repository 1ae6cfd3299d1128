"""Faults are told in a sentence and lose nothing."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from campaigns.models import Answer, City, Delivery, Petition
from campaigns.tables.reading import DataFileError
from cms.settings.environment import SettingError, field_keys
from demo.content import ContentError, Item
from jobs.models import Job
from launches.csv_file import read
from security.encryption import DecryptionError, decrypt, encrypt
from signatures.models import Signature
from tests.signatures.posting import OWN, address, fields
from tests.support.kinds import CityPages, SmallSite
from tests.support.production import KEY, PRODUCTION

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_locked_database_asks_to_come_back_and_keeps_what_was_typed(
    portland: CityPages, settings: Settings
) -> None:
    """What stores all of it, or else the table of jobs: the row before it goes with it."""
    from django.db import connection

    def refuse(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if (sql.startswith("INSERT INTO") and "jobs_job" in sql) or "take_signature" in sql:
            raise OperationalError("database is locked")
        return execute(sql, *arguments)

    page = portland["en"]
    with connection.execute_wrapper(refuse):
        response = Client().post(address(page), fields(page, name="Kept Name"), **OWN)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "Kept Name" in response.content.decode()
    assert not Signature.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_KEYS", ""),
        ("FIELD_KEYS", "no-colon"),
        ("FIELD_KEYS", "one:short"),
        ("FIELD_KEYS", f"one:{KEY},one:{KEY}"),
        ("SECRET_KEY", "short"),
        ("BASE_URL", "petitions.example"),
        ("DATABASE_URL", "mysql://host/name"),
        ("MAILS_PER_MINUTE", "0"),
        ("WORKER_THREADS", "several"),
    ],
)
def test_a_wrong_setting_refuses_to_start_with_one_sentence(name: str, value: str) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**PRODUCTION, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert name in ended.stderr


def test_keys_can_be_changed_and_purposes_do_not_mix(settings: Settings) -> None:
    old = encrypt("words", "a")
    settings.FIELD_KEYS = {"new": os.urandom(32), **settings.FIELD_KEYS}
    assert decrypt(old, "a") == "words"
    assert encrypt("words", "a").startswith("new.")
    for sealed, purpose in [(old, "b"), (old[:-2] + "AA", "a"), ("", "a"), ("none.AAAA", "a")]:
        with pytest.raises(DecryptionError):
            decrypt(sealed, purpose)
    with pytest.raises(SettingError):
        field_keys("")


HEADER = (
    "city,state,sister_city,sister_region,since,status,status_date,"
    "source_title,source_publisher,source_url"
)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",Oregon,Khabarovsk,Krai,1988,active,2022-06-04,A,B,", "city"),
        ("Portland,Oregon,Khabarovsk,Krai,never,active,2022-06-04,A,B,", "since"),
        ("Portland,Oregon,Khabarovsk,Krai,,broken,2022-06-04,A,B,", "status"),
        ("Portland,Oregon,Khabarovsk,Krai,,active,yesterday,A,B,", "status_date"),
        ("Portland,Oregon,Khabarovsk,Krai,,active,2022-06-04,,B,", "source_title"),
        ("Portland,Oregon,Khabarovsk,Krai,,active,2022-06-04,A,B,javascript:1", "source_url"),
        ("Portland,Oregon,Khabarovsk,Krai,,active,2022-06-04,A,B,,more", "row"),
    ],
)
def test_a_bad_table_names_file_line_column_and_reason(
    tmp_path: Path, row: str, column: str
) -> None:
    path = tmp_path / "cities.csv"
    path.write_text(f"{HEADER}\n{row}\n")
    with pytest.raises(DataFileError) as caught:
        read(path, ["uk"])
    assert str(caught.value).startswith(f"cities.csv, line 2, {column}: ")


def test_a_bad_launch_changes_nothing(site: SmallSite, tmp_path: Path) -> None:
    path = tmp_path / "cities.csv"
    good = "Boise,Idaho,Tver,Tver Oblast,,active,2022-06-04,A,B,"
    path.write_text(f"{HEADER}\n{good}\nBad,,,,,,,,,\n")
    before = (City.objects.count(), Petition.objects.count())
    with pytest.raises(CommandError, match="line 3"):
        call_command("launch", "end-ties", path)
    path.write_text(f"{HEADER}\n{good}\n")
    call_command("launch", "end-ties", path, "--dry-run")
    assert (City.objects.count(), Petition.objects.count()) == before
    call_command("launch", "end-ties", path, "--publish")
    call_command("launch", "end-ties", path, "--publish")
    assert Petition.objects.count() == before[1] + 1
    assert Client().get("/en/end-ties/boise-idaho/").status_code == 200
    waiting = Client().get("/uk/end-ties/boise-idaho/")
    assert "Ще не вашою мовою" in waiting.content.decode(), "without names it waits as a draft"


@pytest.mark.parametrize("text", ["a: [", "", "a: b\n\tc: d", "a: {en: x}"])
def test_bad_content_names_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "content.yaml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        Item.read(path, ("en", "uk"))["a"].value("uk")
    assert caught.value.line >= 1
    assert caught.value.column >= 1


def test_the_demo_is_built_completely_and_again_changes_nothing(demo: None, db: None) -> None:
    from wagtail_localize.models import Translation

    translations = list(Translation.objects.all())
    assert translations
    for translation in translations:
        done, total = translation.get_progress()[:2]
        assert done == total, translation
    numbers = (Signature.objects.count(), Petition.objects.count(), len(translations))
    call_command("seed_demo")
    again = (Signature.objects.count(), Petition.objects.count(), Translation.objects.count())
    assert again == numbers
    assert numbers[1] == 21
    zones = dict(Petition.objects.exclude(tie=None).values_list("tie__city__key", "time_zone"))
    assert {zones[city] for city in ("portland-oregon", "beaverton-oregon")} == {
        "America/Los_Angeles"
    }
    assert zones["juneau-alaska"] == "America/Juneau"
    assert zones["chicago-illinois"] == "America/Chicago"
    for path in ("", "about/", "privacy/", "end-sister-city-ties/cities/"):
        for language in ("en", "uk"):
            assert Client().get(f"/{language}/{path}").status_code == 200


def test_the_demo_shows_what_becomes_of_what_was_handed_over(demo: None, db: None) -> None:
    campaign = "/{}/end-sister-city-ties/"
    answered = Answer.objects.public().get()
    assert (answered.untranslated, answered.days) == ([], 15)
    pages = (f"/{{}}/deliveries/{answered.delivery.code}/", f"{campaign}duluth-minnesota/")
    for language, told in (("en", "This answer is invented."), ("uk", "Цю відповідь вигадано.")):
        for page in pages:
            assert told in Client().get(page.format(language)).content.decode()
    due = Delivery.objects.handed().get(answers=None)
    for page in (f"/{{}}/deliveries/{due.code}/", f"{campaign}gainesville-florida/"):
        asked = Client().get(page.format("en")).content.decode()
        assert "There is no answer yet. We ask for one by" in asked
