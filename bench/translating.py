"""What a page costs that is submitted for translation, synchronized and published in another
language, and whether that grows with the pages that are there already."""

import statistics
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from home.models import ContentPage, HomePage

STEPS = (50, 200, 500)
ALL = STEPS[-1]


def median_ms(run: Callable[[Any], Any], things: Iterable[Any]) -> float:
    """The median of one run for each thing, in the processor's time.

    Minutes lie between the first pages and the last, and whatever else the machine did meanwhile.
    """
    times = []
    for thing in things:
        start = time.process_time()
        run(thing)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def make_pages(home: "HomePage") -> list[Any]:
    from home.models import ContentPage, HomePage

    pages = []
    for number in range(ALL):
        page = ContentPage(title=f"Text {number}", slug=f"text-{number}", locale=home.locale)
        page.body = [("text", f"<p>A first {number}.</p><p>A second {number}.</p>")]
        HomePage.objects.get(pk=home.pk).add_child(instance=page)
        page.save_revision().publish()
        pages.append(page)
    return pages


def measure() -> list[tuple[str, float, float, float]]:
    """Name, processor's milliseconds a page, floor and goal; to be run on the demo's database."""
    from wagtail.models import Locale
    from wagtail_localize.models import StringSegment, StringTranslation, Translation

    from home.models import ContentPage, HomePage
    from translations.gaps import resync
    from translations.submission import make_draft, publish_what_is_translated, submit

    home = HomePage.objects.get(locale__language_code="en")
    uk = Locale.objects.get(language_code="uk")
    pages = make_pages(home)

    def submitting(page: "ContentPage") -> None:
        make_draft(submit(page, uk), page, uk)

    def synchronizing(page: "ContentPage") -> None:
        resync(page)

    def publishing(page: "ContentPage") -> None:
        publish_what_is_translated(
            Translation.objects.select_related("source", "target_locale").get(
                source__object_id=page.translation_key, target_locale=uk
            )
        )

    def edit(page: "ContentPage") -> None:
        page.title = f"{page.title} again"
        page.save()

    def fill(page: "ContentPage") -> None:
        for segment in StringSegment.objects.filter(source__object_id=page.translation_key):
            StringTranslation.objects.get_or_create(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=uk,
                defaults={"data": "Переклад", "translation_type": "manual"},
            )

    def plain(page: "ContentPage") -> None:
        ContentPage.objects.get(pk=page.pk).save_revision().publish()

    floor = median_ms(plain, pages[: STEPS[0]])
    acts = {"submitting": submitting, "synchronizing": synchronizing, "publishing": publishing}
    costs: dict[str, dict[int, float]] = {name: {} for name in acts}
    done = 0
    for there in STEPS:
        while done < there:
            batch = pages[done : done + 50]
            done += len(batch)
            for name, act in acts.items():
                if name == "synchronizing":
                    median_ms(edit, batch)
                if name == "publishing":
                    median_ms(fill, batch)
                costs[name][done] = median_ms(act, batch)
    results = []
    for name, by_number in costs.items():
        first = by_number[STEPS[0]]
        title = f"{name} a translation"
        results.append((f"{title}, against publishing a plain page", first, floor, 4.0))
        for there in STEPS[1:]:
            words = f"{title}, {there} there, against the first {STEPS[0]}"
            results.append((words, by_number[there], first, 1.3))
    return results
