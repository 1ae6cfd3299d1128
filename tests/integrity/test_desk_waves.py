"""Staff see the waves that the worker found, look at one, and say where it is of people."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.translation import override

from accounts.confirming import PASSWORD as FIELD
from integrity.desk.filters import FilterForm
from integrity.models import Sweep, Wave
from jobs.worker import drain
from signatures import lifecycle
from signatures.models import Signature, Submission
from tests.integrity import desk
from tests.officers_desk.acting import PASSWORD, Officer
from tests.support.counted import assert_exact
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite


@pytest.fixture
def campus(site: SmallSite) -> Wave:
    """Three of one network, held, beside one of another."""
    page, now = site["portland"]["en"], timezone.now()
    sent = [confirmed(page, f"{number}@example.org") for number in range(4)]
    theirs = Submission.objects.filter(signature__in=sent[:3])
    theirs.update(network="campus", domain_key="campus")
    wave = Wave.objects.create(
        petition=page.petition,
        what=Wave.What.NETWORK,
        trait="campus",
        since=now - timedelta(hours=1),
        until=timezone.now(),
        number=3,
        share=0.75,
    )
    assert lifecycle.hold(wave.signatures()) == 3
    return wave


def test_a_wave_is_told_with_its_number_and_leads_to_its_signatures(
    officer: Officer, campus: Wave
) -> None:
    page = desk.look(officer)
    [row] = page.select("[aria-labelledby=waves-heading] tbody tr")
    for told in ("One network", "75%", "goes on"):
        assert told in row.text, told
    assert "campus" not in page.text
    found = desk.look(officer, wave=str(campus.pk))
    assert "3 signatures." in found.text
    desk.press(officer, "invalidate", found)
    drain()
    assert Signature.objects.filter(status="invalidated").count() == 3
    assert_exact()


def test_a_wave_of_everybody_warns_before_anything_is_done(officer: Officer, campus: Wave) -> None:
    everybody = "people among them"
    assert everybody not in desk.look(officer, wave=str(campus.pk)).text
    Wave.objects.update(what=Wave.What.ALL, trait="")
    assert everybody in desk.look(officer, wave=str(campus.pk)).text


def test_a_wave_of_people_is_released_and_held_no_more(officer: Officer, campus: Wave) -> None:
    address = f"{desk.ADDRESS}waves/{campus.pk}/"
    assert officer.client.post(address, {"note": ""}).status_code == 422
    for _time in range(2):
        officer.client.post(address, {"note": desk.NOTE, FIELD: PASSWORD})
        drain()
        campus.refresh_from_db()
        assert campus.state == Wave.State.CLEARED
    sweep = Sweep.objects.get()
    assert (sweep.act, sweep.seen, sweep.changed) == ("release", 3, 3)
    assert Signature.objects.counted().count() == 4
    assert_exact()


def test_a_moderator_sees_waves_and_clears_none(second: Officer, campus: Wave) -> None:
    page = desk.look(second)
    assert "One network" in page.text
    assert not page.select("a[href*='/waves/']")
    address = f"{desk.ADDRESS}waves/{campus.pk}/"
    assert second.client.post(address, {"note": desk.NOTE}).status_code == 302
    campus.refresh_from_db()
    assert campus.state == Wave.State.LASTING


def test_what_is_held_is_on_the_home_page_of_whoever_reviews(
    officer: Officer, campus: Wave
) -> None:
    home = BeautifulSoup(officer.client.get("/admin/").content, "html.parser")
    [link] = home.select("a[href='/admin/integrity/?in_review=yes']")
    assert "held for review" in link.text
    assert "3 signatures." in desk.look(officer, in_review="yes").text


def test_the_filter_lists_countries_by_the_reader_s_alphabet() -> None:
    with override("uk"):
        country: Any = FilterForm().fields["country"]
        names = [str(name) for _code, name in country.choices]
    assert names.index("Болгарія") < names.index("Вірменія")
