"""Two webs from separate folders and two workers, behind a proxy and before one database."""

import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from bench.drilling import inside
from bench.drilling.browser import Answer, Browser, Door, Fields
from bench.drilling.several import NAME, PASSWORD, Several, several
from bench.drilling.site import Load, Site, size, wait_until
from tests.cms.bucket import bucket

Row = tuple[str, str, bool]
PEOPLE = size(300)
AT_ONCE = 4
SOON = 1.0
# What an address may sign at once; then six seconds for each.
AT_MOST, REFILL = 30, 6
AWAY_SECONDS = 10


def machines(site: Site) -> Iterator[Row]:
    with several(site) as here:
        for rows in ROWS:
            yield from rows(here)


def status(door: Door, path: str, browser: Browser | None = None) -> int:
    return (browser or Browser()).ask(door, path).status


def shows(door: Door, path: str, words: str) -> bool:
    return words in Browser().ask(door, path).body.decode()


def cache(here: Several) -> Iterator[Row]:
    """What is changed by way of one web is seen at the other."""
    from campaigns.models import PetitionPage

    first, second = here.doors
    path, sign, form = inside.form()
    page = PetitionPage.objects.get(
        url_path__endswith=path.removeprefix("/en"), locale__language_code="en"
    )
    assert all(shows(second, path, sign) for _time in range(5))
    here.boss.send(first, f"/admin/pages/{page.pk}/unpublish/")
    gone = wait_until(lambda: not shows(second, path, sign), 20)
    # Whoever publishes shows once more who it is.
    publish = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/"
    here.boss.send(first, publish, {"current_password": PASSWORD})
    back = wait_until(lambda: shows(second, path, sign), 20)
    told = f"a page taken down by one web is gone at the other after {gone:.2f} s, published again "
    yield "cache", f"{told}there after {back:.2f} s", max(gone, back) <= SOON
    mail = "shown@example.org"
    Browser().ask(first, sign, {**form, "name": "Nightingale", "email": mail})
    own = confirm(here, mail).headers["location"]
    Browser().ask(first, own, {"action": "display", "show_name": "on"})
    moderate(here, first, {"action": "release"})
    seen = wait_until(lambda: shows(second, path, "Nightingale"), 20)
    moderate(here, first, {"action": "hide", "reason": "advertising"})
    hidden = wait_until(lambda: not shows(second, path, "Nightingale"), 20)
    told = f"a name released by one web shows at the other after {seen:.2f} s, and hidden it is "
    yield "cache", f"{told}gone after {hidden:.2f} s", max(seen, hidden) <= SOON


def moderate(here: Several, door: Door, decision: dict[str, str]) -> None:
    desk = "/admin/moderation/?state=any"
    (item, *_others) = re.findall(r'value="(name:[^"]+)"', here.boss.ask(door, desk).body.decode())
    here.boss.send(door, "/admin/moderation/", {"item": item, **decision})


def confirm(here: Several, mailbox: str) -> Answer:
    wait_until(lambda: here.link(mailbox), 60)
    return Browser().ask(here.named, here.link(mailbox), {})


def limits(here: Several) -> Iterator[Row]:
    _path, sign, form = inside.form()
    one = Browser(address="203.0.113.7")
    started, answers = time.monotonic(), Counter[tuple[int, int]]()
    for number in range(2 * AT_MOST):
        which = number % 2
        posted = {**form, "email": f"one-{number}@example.org"}
        answers[which, one.ask(here.doors[which], sign, posted).status] += 1
    most = AT_MOST + (time.monotonic() - started) / REFILL + 1
    taken, refused = ([answers[which, status] for which in (0, 1)] for status in (303, 429))
    told = f"one address posts {2 * AT_MOST} times, by turns to both: {taken[0]} and {taken[1]} "
    told += f"taken, {refused[0]} and {refused[1]} told to wait"
    holds = AT_MOST <= sum(taken) <= most and sum(taken) + sum(refused) == 2 * AT_MOST
    yield "limits", told, holds and all(taken) and all(refused)


def counts(here: Several) -> Iterator[Row]:
    from campaigns.models import Petition
    from signatures.models import Signature
    from signatures.tallies import totals

    _path, sign, form = inside.form()
    key = Petition.objects.get(pk=sign.split("/")[3]).pk
    people = [f"person-{number}@example.org" for number in range(PEOPLE)]
    before = Signature.objects.confirmed().filter(petition=key).count()

    def signed(mailbox: str) -> int:
        return Browser().ask(here.named, sign, {**form, "email": mailbox}).status

    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken = Counter(pool.map(signed, people))
        wait_until(lambda: all(map(here.link, people)), 120)
        confirmed = Counter(each.status for each in pool.map(partial(confirm, here), people))
    boxes = [
        [each for each in people if each in machine.mails.by_recipient] for machine in here.machines
    ]
    copies = sum(
        len(machine.mails.by_recipient.get(each, ()))
        for machine in here.machines
        for each in people
    )
    told = f"{PEOPLE} mails by two workers, {len(boxes[0])} and {len(boxes[1])}: {copies} arrived"
    yield "outbox", told, copies == PEOPLE and all(boxes)
    rows = Signature.objects.confirmed().filter(petition=key).count()

    def numbers() -> list[int]:
        path = f"/api/petitions/{key}/count/"
        found = [Browser().ask(door, path).body.decode() for door in here.doors]
        return [int(re.findall(r'"signatures": ?(\d+)', each)[0]) for each in found]

    took = wait_until(lambda: set(numbers()) == {rows}, 30)
    total = totals([key])[key]
    proven = here.site.manage("recount", "--check").strip().splitlines()[-1]
    told = f"{PEOPLE} sign by way of the proxy, {taken[303]} taken, {confirmed[303]} confirmed; "
    told += f"rows {rows - before} more, webs tell {numbers()} after {took:.1f} s, tallies "
    told += f"{total.signatures}; recount: {proven}"
    holds = taken[303] == confirmed[303] == rows - before == PEOPLE and total.signatures == rows
    yield "counts", told, holds


def picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((1200, 900), 60).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def upload(here: Several) -> tuple[str, bool]:
    """By one web; shown, smaller, by the other, and then by both."""
    from library.models import Image

    first, second = here.doors
    file = {"file": ("drill.jpg", "image/jpeg", picture())}
    sent = here.boss.send(first, "/admin/images/add/", {"title": "A picture"}, file)
    image = Image.objects.latest("pk")
    editor = here.boss.ask(second, f"/admin/images/{image.pk}/").body.decode()
    (address, *_others) = re.findall(r'src="(/media/images/[^"]+)"', editor)
    answers = [Browser().ask(door, address) for door in (second, first, here.named)]
    same = len({each.body for each in answers}) == 1 and len(answers[0].body) > 1000
    told = f"uploaded to one web ({sent.status}), made smaller by the other, shown by it, by the "
    told += f"first and by the proxy: {[each.status for each in answers]}"
    return told, {each.status for each in answers} == {200} and same


def uploads(here: Several) -> Iterator[Row]:
    told, holds = upload(here)
    yield "uploads in a shared folder", told, holds


def an_import(here: Several) -> Iterator[Row]:
    """A table of redirects, sent to one web, looked through and imported by the other."""
    first, second = here.doors
    file = {"import_file": ("redirects.csv", "text/csv", b"from,to\n/drill,https://example.org/\n")}
    looked = here.boss.send(first, "/admin/redirects/import/", {}, file)
    fields = Fields()
    fields.feed(looked.body.decode())
    columns = {"from_index": "0", "to_index": "1"}
    done = here.boss.ask(second, "/admin/redirects/import/process/", fields.found | columns)
    leads = Browser().ask(here.named, "/drill").headers.get("location", "")
    told = f"a table of redirects sent to one web and imported by the other: {looked.status}, then "
    yield "an import", f"{told}{done.status}; its address leads to {leads}", "example.org" in leads


def in_bucket(here: Several) -> Iterator[Row]:
    with bucket() as (endpoint, files):
        for machine in here.machines:
            machine.stop_web()
            machine.keep_uploads_in(None)
            machine.start_web(
                MEDIA_STORAGE=f"s3://uploads?region=eu&endpoint={endpoint}",
                AWS_ACCESS_KEY_ID="key",
                AWS_SECRET_ACCESS_KEY="secret",
                AWS_REQUEST_CHECKSUM_CALCULATION="when_required",
            )
        told, holds = upload(here)
        on_disk = [
            path
            for machine in here.machines
            for name in ("media", "private")
            for path in (machine.root / "var" / name).rglob("*.*")
        ]
        told += f"; {len(files)} files in the bucket, {len(on_disk)} in folders"
        yield "uploads in a bucket", told, holds and len(files) > 1 and not on_disk
        for machine in here.machines:
            machine.stop_web()


def sessions(here: Several) -> Iterator[Row]:
    first, second = here.doors
    somebody = Browser()
    somebody.log_in(first, NAME, PASSWORD)
    inside_of = [status(door, "/admin/", somebody) for door in (second, first, here.named)]
    somebody.ask(second, "/admin/logout/", {})
    after = [status(door, "/admin/", somebody) for door in (first, second)]
    told = f"logged in at one: the admin at the other, the first, the proxy {inside_of}; "
    told += f"logged out at the other: {after}"
    yield "sessions", told, set(inside_of) == {200} and set(after) == {302}


def language(here: Several) -> Iterator[Row]:
    """Of those in LANGUAGES: added, translated and published by way of one web."""
    from wagtail.models import Locale
    from wagtail_localize.models import StringSegment, Translation

    from home.models import HomePage

    first, second = here.doors
    home = HomePage.objects.get(locale=Locale.get_default())
    before = Browser().ask(second, "/pl/").headers.get("x-robots-tag", "")
    here.boss.send(first, "/admin/locales/new/", {"language_code": "pl"})
    added = Locale.all_objects.get(language_code="pl")
    here.boss.send(first, f"/admin/localize/submit/page/{home.pk}/", {"locales": str(added.pk)})
    page = HomePage.objects.get(locale_id=added.pk)
    translation = Translation.objects.get(
        target_locale_id=added.pk, source__object=home.translation_key
    )
    for text in StringSegment.objects.filter(source=translation.source):
        door = f"/admin/localize/translate/{translation.pk}/strings/{text.pk}/edit/"
        words = {"value": f"Po polsku: {text.string.data}"}
        answer = here.boss.ask(first, door, words, files={}, method="PUT")
        assert answer.status in (200, 201), answer.status
    here.boss.send(first, f"/admin/pages/{page.pk}/edit/", {"action": "publish"})
    took = wait_until(lambda: shows(second, "/pl/", "Po polsku"), 20)
    linked = wait_until(lambda: shows(second, "/en/", 'hreflang="pl"'), 20)
    told = f"Polish, added and its home page published by one web: the other, before “{before}”, "
    told += f"shows it after {took:.2f} s, and leads to it after {linked:.2f} s"
    yield "a language", told, before == "noindex" and max(took, linked) <= SOON


def killed(here: Several) -> Iterator[Row]:
    for name, door in (("as in Compose", here.named), ("in a list", here.listed)):
        yield lost(here, f"webs {name}, one killed", door, here.machines[1].kill_web, posts=AT_ONCE)
        yield lost(here, f"webs {name}, one stopped", door, here.machines[1].stop_web)


def lost(here: Several, name: str, door: Door, act: Callable[[], None], *, posts: int = 0) -> Row:
    """No reader notices; of those who post, at most so many were just being answered."""
    from signatures.models import Submission

    path, sign, form = inside.form()

    def ask(_port: int, path: str, form: dict[str, str] | None = None) -> Answer:
        return Browser().ask(door, path, form)

    stored = Submission.objects.count()
    with Load([door.port], path, sign, form, threads=AT_ONCE, ask=ask) as load:
        time.sleep(2)
        before = len(load.accepted)
        act()
        time.sleep(8)
    here.machines[1].start_web()
    stored = Submission.objects.count() - stored
    after, failed = len(load.accepted) - before, load.count("POST", at_least=500)
    told = f"{load.total('GET')} GETs, {load.count('GET', at_least=500)} of 5xx, slowest "
    told += f"{load.slowest['GET']:.1f} s; {load.total('POST')} POSTs, {failed} of 5xx, slowest "
    told += f"{load.slowest['POST']:.1f} s; {len(load.accepted)} accepted, {after} of them after "
    told += f"it, {stored} stored"
    holds = not load.count("GET", at_least=500) and failed <= posts and after > AT_ONCE
    # What was answered 5xx may be stored, and only once.
    return name, told, holds and len(load.accepted) <= stored <= len(load.accepted) + failed


def down(here: Several) -> Iterator[Row]:
    """Behind the pooler, too, readers do not notice and signers are told at once."""
    from django.db import connections

    path, sign, form = inside.form()
    for door in here.doors * 5:
        status(door, path)
    connections.close_all()
    here.site.server.stop()
    started, read, posted, slowest = time.monotonic(), Counter[int](), Counter[Any](), 0.0
    while time.monotonic() - started < AWAY_SECONDS:
        page = Browser().ask(here.named, path)
        answer = Browser().ask(here.named, sign, {**form, "email": "away@example.org"})
        read[page.status] += 1
        posted[answer.status, "retry-after" in answer.headers] += 1
        slowest = max(slowest, page.seconds, answer.seconds)
        time.sleep(0.2)
    here.site.server.start()
    again = {**form, "email": "after@example.org"}
    took = wait_until(lambda: Browser().ask(here.named, sign, again).status == 303, 30)
    told = f"database away for {AWAY_SECONDS} s behind PgBouncer: views {dict(read)}, signing "
    told += f"{dict(posted)}, slowest {slowest:.1f} s; signing back after {took:.1f} s"
    holds = set(read) == {200} and set(posted) == {(503, True)}
    yield "database down", told, holds and slowest <= 8 and took <= 10


ROWS = (
    *(cache, limits, counts, uploads, an_import, sessions, language, killed, down),
    # Last: it leaves the webs with other uploads.
    in_bucket,
)
