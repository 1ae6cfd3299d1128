"""What launching a city costs, and whether that grows with the cities that are there already."""

import datetime
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launches.rows import LaunchRow

STEPS = (50, 200, 500)


def row(number: int) -> "LaunchRow":
    from campaigns.models import Tie
    from launches.rows import LaunchRow

    names = {
        side: {
            "name": f"{name}{number}",
            "of_form": f"{name}{number}а",
            "in_form": f"у {name}{number}і",
            "with_form": f"з {name}{number}ом",
            "region": region,
        }
        for side, name, region in (("city", "Місто", "Орегон"), ("sister_city", "Град", "Край"))
    }
    return LaunchRow(
        *(f"Town {number}", "Oregon", f"Gorod {number}", "Krai", 1990, Tie.Status.ACTIVE),
        datetime.date(2022, 6, 4),
        *("A report", "A paper", "https://news.example/1"),
        {"uk": names},
    )


def measure() -> list[tuple[str, float, float, float]]:
    """Name, milliseconds a city, floor and goal; to be run on the demo's database."""
    from wagtail.models import Page

    from campaigns.models import CampaignPage
    from home.models import ContentPage, HomePage
    from launches.building import launch_cities

    campaign = CampaignPage.objects.get(locale__language_code="en")
    home = HomePage.objects.get(locale__language_code="en")
    start = time.perf_counter()
    for number in range(20):
        page = ContentPage(title=f"Page {number}", slug=f"page-{number}", locale=home.locale)
        HomePage.objects.get(pk=home.pk).add_child(instance=page)
        page.save_revision().publish()
        Page.objects.get(pk=page.pk).copy_for_translation(campaign.get_translations()[0].locale)
    floor = (time.perf_counter() - start) * 1000 / 20
    results = []
    first, done = 0.0, 0
    for there in STEPS:
        last = 0.0
        while done < there:
            start = time.perf_counter()
            launch_cities(campaign, [row(done + each) for each in range(50)], publish=True)
            last = (time.perf_counter() - start) * 1000 / 50
            first = first or last
            done += 50
        name = f"launching a city in two languages, {there} there, against two plain pages"
        results.append((name, last, floor, 12.0))
    results.append(("the last 50 of 500 cities, against the first 50", last, first, 1.3))
    return results
