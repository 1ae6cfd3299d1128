"""Whatever changes shows on every process as soon as it has looked, and no page lives on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from campaigns.models import Petition
from home.models import HomePage
from signatures import lifecycle
from signatures.models import Signature
from signatures.moderation.decisions import Item, decide
from signatures.release import Release
from signatures.shown.places import refresh
from signatures.signing.confirming import erase_signature
from tests.pagecache.browser import CITY, Process, commit
from tests.pagecache.ways import CITY_UK, PAGES, WAYS, edit
from tests.support.factories import confirmed, make_user, publish, shown
from tests.support.kinds import SmallSite


@pytest.mark.parametrize("way", WAYS)
def test_what_changes_shows_on_another_process_at_once(
    kept_site: SmallSite, here: Process, way: str
) -> None:
    change, address, status, told = WAYS[way]
    before = here.get(address)
    assert before.status == 200
    assert here.is_kept(address)
    assert not told or told not in before.text
    change(kept_site)
    commit()
    after = here.get(address)
    assert after.status == status
    assert told in after.text


def test_a_moved_page_is_gone_from_its_old_address(kept_site: SmallSite, here: Process) -> None:
    home = kept_site["home"]["en"]
    moved = HomePage.objects.get(pk=home.pk)
    assert here.get("/en/end-ties/").status == 200
    assert here.is_kept("/en/end-ties/")
    Page.objects.get(pk=kept_site["campaign"]["en"].pk).move(
        Page.objects.get(pk=moved.pk).get_parent(), "last-child"
    )
    commit()
    answer = here.get("/en/end-ties/")
    assert answer.status != 200 or "Not yet in your language" in answer.text


NAME = "Florence Nightingale-7f3"
COMMENT = "A comment of hers 7f3"
ACTS: dict[str, Callable[[Signature], object]] = {
    "a moderator hides it": lambda row: decide(
        [Item.of(row, "name")], Release.HIDDEN, make_user("moderator")
    ),
    "the signer hides it": lambda row: row.choose(show_name=False),
    "the signer withdraws": lifecycle.withdraw,
    "the signer erases": erase_signature,
    "an operator deletes it": lambda row: Signature.objects.filter(pk=row.pk).delete(),
}


def test_what_is_counted_once_an_hour_is_told_without_rendering_anew(
    kept_site: SmallSite, here: Process
) -> None:
    for number in range(10):
        confirmed(kept_site["portland"]["en"], f"{number}@example.org", country="UA")
    commit()
    assert "From other countries" not in here.get(CITY).text
    rendered = len(here.rendered)
    refresh()
    commit()
    assert "<dt>From other countries</dt><dd>10</dd>" in here.get(CITY).text
    assert len(here.rendered) == rendered


@pytest.mark.parametrize("act", ACTS)
def test_whoever_is_taken_back_is_gone_without_rendering_anew(
    kept_site: SmallSite, here: Process, act: str
) -> None:
    row = shown(kept_site["portland"]["en"], name=NAME, comment=COMMENT)
    commit()
    before = here.get(CITY).text
    assert NAME in before
    assert COMMENT in before
    assert "<strong>1</strong> signature." in before
    ACTS[act](row)
    commit()
    rendered = len(here.rendered)
    after = here.get(CITY).text
    assert NAME not in after
    assert COMMENT not in after
    gone = act not in ("a moderator hides it", "the signer hides it")
    assert ("Nobody has signed yet." in after) == gone
    assert len(here.rendered) == rendered


def test_a_confirmation_is_counted_everywhere_without_rendering_anew(
    kept_site: SmallSite, here: Process
) -> None:
    petition = kept_site["portland"]["en"].petition
    live = f"/api/petitions/{petition.pk}/count/?language=uk"
    for address in (*PAGES, live):
        assert here.get(address).status == 200
    tags = {address: here.get(address).headers["ETag"] for address in (*PAGES, live)}
    rendered = len(here.rendered)
    confirmed(kept_site["portland"]["uk"])
    commit()
    texts = {address: here.get(address).text for address in (*PAGES, live)}
    assert len(here.rendered) == rendered
    assert "<strong>1</strong> signature." in texts[CITY]
    assert "<strong>1</strong> person has signed." in texts["/en/end-ties/"]
    assert "1 signature<" in texts["/en/"]
    assert '<td role="cell" class="number">1</td>' in texts["/en/end-ties/cities/"]
    assert '"signatures": 1' in texts[live]
    assert "<strong>1</strong> підпис." in texts[CITY_UK]
    after = {address: here.get(address).headers["ETag"] for address in (*PAGES, live)}
    assert not set(tags.values()) & set(after.values())


TURNS = {
    "opens_at": ("can be signed from", '<form class="sign-form"'),
    "closes_at": ('<form class="sign-form"', "can no longer be signed"),
}


@pytest.mark.parametrize("column", TURNS)
def test_what_time_changes_shows_at_its_moment(
    kept_site: SmallSite, here: Process, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = TURNS[column]
    now = timezone.now()
    moment = now + timedelta(hours=3)
    Petition.objects.filter(pk=kept_site["portland"]["en"].petition_id).update(**{column: moment})
    commit()
    assert before in here.get(CITY).text
    assert here.is_kept(CITY)
    for late, told in ((-0.1, before), (0.1, after)):
        then = moment + timedelta(seconds=late)
        monkeypatch.setattr("time.time", then.timestamp)
        monkeypatch.setattr("django.utils.timezone.now", lambda then=then: then)
        assert told in here.get(CITY).text


def test_a_petition_that_grows_too_old_closes_by_itself(
    kept_site: SmallSite, here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert '<form class="sign-form"' in here.get(CITY).text
    then = timezone.now() + timedelta(days=22 * 31)
    monkeypatch.setattr("time.time", then.timestamp)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    assert "can no longer be signed" in here.get(CITY).text


def test_a_scheduled_page_shows_when_the_worker_has_published_it(
    kept_site: SmallSite, here: Process
) -> None:
    page = HomePage.objects.get(pk=kept_site["home"]["en"].pk)
    page.go_live_at = timezone.now() + timedelta(seconds=1)
    page.lead = "A scheduled lead."
    revision = page.save_revision()
    revision.publish()
    commit()
    assert "A scheduled lead." not in here.get("/en/").text
    HomePage.objects.filter(pk=page.pk).update(go_live_at=None)
    revision.refresh_from_db()
    page = revision.as_object()
    page.go_live_at = None
    publish(page)
    commit()
    assert "A scheduled lead." in here.get("/en/").text


def test_the_process_that_changes_something_knows_it_at_once(
    kept_site: SmallSite, here: Process
) -> None:
    assert here.get(CITY).status == 200
    # It looks once in a minute, and is told by the change itself.
    here.cache.watch.seen_at += 60
    edit(kept_site["portland"]["en"], own_heading="A new heading")
    commit()
    assert "A new heading" in here.get(CITY).text
