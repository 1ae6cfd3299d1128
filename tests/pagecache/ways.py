"""What changes pages, and what of it shows where."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from campaigns.models import (
    CampaignPage,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    SitePause,
    TieEvent,
)
from home.models import Contact, HomePage
from tests.pagecache.browser import CITY
from tests.support.factories import publish
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.both_databases


WHEN = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+]+")
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
    "a report on the tie": (event("suspended"), "/en/end-ties/cities/", 200, "status--suspended"),
    "a victory": (won, CITY, 200, "This petition has won!"),
    "a pause": (
        lambda site: Petition.objects.filter(parent__isnull=False).update(is_paused=True),
        *(CITY, 200, "is paused"),
    ),
    "a pause of the whole site": (
        lambda site: SitePause.objects.create(reason="An attack"),
        *("/en/", 200, "Signing is paused on the whole site"),
    ),
    "a goal": (lambda site: Petition.objects.update(goal=4321), CITY, 200, "4,321"),
    "a language": (
        lambda site: HomePage.objects.get(pk=site["home"]["uk"].pk).delete(),
        *("/uk/", 200, "Ще не вашою мовою"),
    ),
}
