"""Whatever changes shows on every process as soon as it has looked, and no page lives on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from campaigns.models import CampaignPage, CityName, Petition, PetitionEvent, PetitionPage, TieEvent
from home.models import Contact, HomePage
from signatures.models import Signature
from signatures.moderation.decisions import Item, decide
from signatures.release import Release
from signatures.shown.places import refresh
from signatures.signing.confirming import erase_signature
from tests.pagecache.browser import CITY, Process, commit
from tests.support.factories import confirmed, make_user, publish, shown
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.both_databases

CITY_UK = "/uk/end-ties/portland-oregon/"
PAGES = ["/en/", "/uk/", "/en/end-ties/", "/en/end-ties/cities/", CITY, CITY_UK]


def edit(page: Page, **changes: Any) -> None:
    found = type(page).objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(found, name, value)
    publish(found)


def restrict(site: SmallSite) -> None:
    page = Page.objects.get(pk=site["portland"]["en"].pk)
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def rename(site: SmallSite) -> None:
    CityName.objects.filter(name="Portland").update(name="Portland on the Willamette")


def event(kind: str) -> Callable[[SmallSite], object]:
    return lambda site: TieEvent.objects.create(
        tie=site["portland"]["en"].tie,
        kind=kind,
        date="2024-02-03",
        source_title="Another article",
        source_publisher="The Tribune",
    )


def won(site: SmallSite) -> None:
    PetitionEvent.objects.create(
        petition=site["portland"]["en"].petition,
        kind="won",
        date="2024-02-03",
        source_title="An article",
        source_publisher="The Tribune",
    )


def lead_away(site: SmallSite) -> None:
    """A page that was taken down, with a redirect from its address."""
    Page.objects.get(pk=site["portland"]["en"].pk).specific.unpublish()
    Redirect.objects.create(old_path=CITY.rstrip("/"), redirect_link="/en/")


# What changes, an address at which it shows, and what is to be found there.
WAYS: dict[str, tuple[Callable[[SmallSite], object], str, int, str]] = {
    "publishing": (
        lambda site: edit(site["portland"]["en"], own_heading="A new heading"),
        *(CITY, 200, "A new heading"),
    ),
    "a campaign's edit": (
        lambda site: edit(site["campaign"]["en"], consent_text="I agree to all of it."),
        *(CITY, 200, "I agree to all of it."),
    ),
    "a translation": (
        lambda site: edit(site["campaign"]["uk"], starter="гурт громадян"),
        *(CITY_UK, 200, "гурт громадян"),
    ),
    "a home page's edit": (
        lambda site: edit(site["home"]["en"], footer="A new footer"),
        *(CITY, 200, "A new footer"),
    ),
    "unpublishing": (
        lambda site: PetitionPage.objects.get(pk=site["portland"]["en"].pk).unpublish(),
        # The page that is left says where it can be read.
        *(CITY, 200, "Not yet in your language"),
    ),
    "a campaign's unpublishing": (
        lambda site: CampaignPage.objects.get(pk=site["campaign"]["en"].pk).unpublish(),
        *(CITY, 200, "Not yet in your language"),
    ),
    "deletion": (
        lambda site: [
            PetitionPage.objects.get(pk=page.pk).delete() for page in site["portland"].values()
        ],
        *(CITY, 404, ""),
    ),
    "privacy": (restrict, CITY, 302, ""),
    "a slug": (lambda site: edit(site["portland"]["en"], slug="portland"), CITY, 404, ""),
    "a redirect": (lead_away, CITY, 301, ""),
    "a site": (
        lambda site: Site.objects.update(port=8443),
        *(CITY, 200, "http://localhost:8443/en/"),
    ),
    "a setting": (
        lambda site: Contact.objects.create(site=Site.objects.get(), email="us@example.org"),
        *(CITY, 200, "us@example.org"),
    ),
    "a snippet": (rename, "/en/", 200, "Portland on the Willamette"),
    "an end of the tie": (event("ended"), CITY, 200, "has ended"),
    "a report on the tie": (event("suspended"), "/en/end-ties/cities/", 200, "tile--suspended"),
    "a victory": (won, CITY, 200, "This petition has won!"),
    "a pause": (
        lambda site: Petition.objects.filter(parent__isnull=False).update(is_paused=True),
        *(CITY, 200, "is paused"),
    ),
    "a goal": (lambda site: Petition.objects.update(goal=4321), CITY, 200, "4,321"),
    "a language": (
        lambda site: HomePage.objects.get(pk=site["home"]["uk"].pk).delete(),
        *("/uk/", 200, "Ще не вашою мовою"),
    ),
}


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
    "the signer hides it": lambda row: row.choose_display(False),
    "the signer withdraws": lambda row: row.withdraw(),
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
