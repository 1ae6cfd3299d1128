"""What a petition's page keeps for paper alone."""

import re

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format

from campaigns.templatetags.printing import qr_code
from pagecache.holes import Live
from signatures.shown.moving import counted_html
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite

PAGE = "/{}/end-ties/portland-oregon/"
# Of a page's weight: it is sent to everybody, and read by those few who print it.
MOST_BYTES = 4_000


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_number_stands_there_with_its_day_and_method(site: SmallSite, language: str) -> None:
    for number in range(2):
        confirmed(site["portland"][language], f"signer{number}@example.org")
    today = site["portland"][language].petition.local_time(timezone.now()).date()
    html = Client().get(PAGE.format(language)).content.decode()
    [sheet] = re.findall(r'<section class="sheet" hidden>.*?</section>', html, re.S)
    with translation.override(language):
        assert date_format(today) in sheet
    assert "<strong>2</strong>" in sheet
    assert {"en": "confirmed by email", "uk": "електронною поштою"}[language] in sheet
    assert site["portland"][language].full_url in sheet
    assert "<svg" in sheet
    assert len(sheet.encode()) < MOST_BYTES


def test_a_campaign_counts_people(site: SmallSite) -> None:
    key = str(site["campaign"]["en"].petition_id)
    told = counted_html(Live({key: 9, f"{key}:people": 1}), key, "UTC")
    assert "<strong>1</strong> person had signed as of" in told
    assert "counted once" in told


def test_each_address_has_a_code_of_its_own() -> None:
    one, other = (qr_code(f"https://petitions.example/{part}/") for part in ("en", "uk"))
    assert one != other
    assert one == qr_code("https://petitions.example/en/")
