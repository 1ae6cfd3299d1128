"""What a mayor's office asks of a number: one person once, nobody found out, always exact.

The mix of programs and people is measured by `bench.attack`.
"""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from bench.drilling import inside
from bench.drilling.browser import Answer, Browser, Door
from bench.drilling.site import Site, ask, size

Row = tuple[str, str, bool]
AT_ONCE, TIMES, THREADS = 200, 20, 24
PROBES, AUC = 2_000, 0.55
SIGNED = 10_000
# By policy one mailbox, and by policy two, of which staff are told.
SAME = ["Olena@Example.org", "olena@EXAMPLE.org", " olena@example.org ", "olena@example.org"]
SAME_IDN = ["ol@bücher.example", "ol@BÜCHER.example", "ol@xn--bcher-kva.example"]
SAME_FORM = ["jose\u0301@example.org", "jos\u00e9@example.org"]
APART = ["o.lena@gmail.com", "olena@gmail.com", "olena+tag@gmail.com"]


def identical(site: Site) -> Iterator[Row]:
    from signatures.models import Signature, Submission

    _page, sign, form = inside.form()
    wrong, codes = 0, set()
    for time_ in range(TIMES):
        email = f"same-{time_}@example.org"
        together = threading.Barrier(THREADS)
        post = partial(at_once, together, site.port, sign, {**form, "email": email})
        before = Signature.objects.count(), Submission.objects.count()
        with ThreadPoolExecutor(THREADS) as pool:
            codes |= {each.status for each in pool.map(post, range(size(AT_ONCE)))}
        after = Signature.objects.count(), Submission.objects.count()
        wrong += after != (before[0] + 1, before[1] + 1)
    told = f"{size(AT_ONCE)} at once x{TIMES}: {wrong} times not exactly one row, codes {codes}"
    yield "identical signs", told, not wrong and codes == {303}


def at_once(
    together: threading.Barrier, port: int, sign: str, form: dict[str, str], number: int
) -> Answer:
    """The first of each thread start at the same moment."""
    if number < THREADS:
        with suppress(threading.BrokenBarrierError):
            together.wait(20)
    return ask(port, sign, form)


def equivalent(site: Site) -> Iterator[Row]:
    from signatures.mailboxes import likely_mailbox, parse

    groups = (SAME, SAME_IDN, SAME_FORM)
    canonical = [{parse(each.strip()).canonical for each in group} for group in groups]
    apart = [parse(each) for each in APART]
    likely = {likely_mailbox(each.address) for each in apart}
    told = f"{sum(map(len, groups))} spellings of {len(groups)} mailboxes are "
    told += f"{sum(map(len, canonical))} mailboxes; +tag and dots stay "
    told += f"{len({each.canonical for each in apart})}, and are told as {len(likely)}"
    holds = all(len(each) == 1 for each in canonical)
    holds = holds and len({each.canonical for each in apart}) == len(APART) and len(likely) == 1
    yield "equivalent addresses", told, holds


def posted_twice(site: Site) -> Iterator[Row]:
    """As by a double press and by the back button."""
    from signatures.models import Submission

    _page, sign, form = inside.form()
    twice = {**form, "email": "twice@example.org"}
    before = Submission.objects.count()
    answers = [ask(site.port, sign, twice) for _press in range(3)]
    stored = Submission.objects.count() - before
    replies = {(each.status, len(each.headers.get("location", ""))) for each in answers}
    told = f"3 posts, {stored} stored, {len(replies)} different replies"
    yield "double post", told, stored == 1 and len(replies) == 1


def enumerated(site: Site) -> Iterator[Row]:
    """Whether an answer or its time tells who has signed: two kinds, asked by turns."""
    from signatures.models import Submission
    from signatures.signing.confirming import confirm_submission

    _page, sign, form = inside.form()
    number = size(PROBES)
    for each in range(number):
        ask(site.port, sign, {**form, "email": f"known-{each}@example.org"})
    for sent in Submission.objects.filter(confirmed_at=None):
        confirm_submission(sent)
    browser, door = Browser(), Door("127.0.0.1", site.port)
    times: dict[str, list[float]] = {"known": [], "new": []}
    replies = set()
    for each in range(number):
        for kind in random.sample(list(times), 2):
            answer = browser.ask(door, sign, {**form, "email": f"{kind}-{each}@example.org"})
            times[kind].append(answer.seconds)
            names = tuple(sorted(set(answer.headers) - {"location", "date"}))
            replies.add((answer.status, len(answer.headers.get("location", "")), names))
    told_by = auc(times["known"], times["new"])
    told = f"2 x {number} by turns: {len(replies)} different replies but for their tickets, "
    told += f"AUC of their times {told_by:.3f} (0.5 tells nothing, {AUC} is the goal)"
    yield "enumeration", told, len(replies) == 1 and told_by <= AUC


def auc(first: list[float], second: list[float]) -> float:
    """How often a time tells the kind, of pairs of one each; which is longer does not matter."""
    ranked = sorted([(each, 0) for each in first] + [(each, 1) for each in second])
    ranks = sum(rank for rank, (_time, kind) in enumerate(ranked, 1) if kind)
    below = ranks - len(second) * (len(second) + 1) / 2
    share = below / (len(first) * len(second))
    return max(share, 1 - share)


def invalidated_under_load(site: Site) -> Iterator[Row]:
    """Ten thousand signatures, while some are held, released, invalidated, undone and erased."""
    from django.db import connection

    from signatures import tallies
    from signatures.models import Tally

    number = size(SIGNED)
    is_over = threading.Event()
    acts = {"held": 0, "invalidated": 0, "undone": 0, "erased": 0}
    drifts: list[object] = []

    def staff() -> None:
        while not is_over.is_set():
            act(acts)
        connection.close()

    def watch() -> None:
        while not is_over.wait(0.5):
            drifts.extend(filter(None, tallies.recount(mends=False)))
        connection.close()

    threads = [threading.Thread(target=each) for each in (staff, watch)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(signed_and_confirmed, range(number)))
    took = time.monotonic() - started
    is_over.set()
    for thread in threads:
        thread.join()
    last = [each for each in tallies.recount(mends=False) if each]
    told = f"{number} signed and confirmed in {took:.0f} s beside {acts}: "
    told += f"{len(drifts)} looks found a drift meanwhile, {len(last)} at the end"
    yield "invalidations under load", told, not drifts and not last and all(acts.values())
    Tally.objects.update(signatures=7)
    found = sum(1 for each in tallies.recount() if each)
    left = sum(1 for each in tallies.recount(mends=False) if each)
    yield "a seeded drift", f"found in {found} petitions, left in {left}", found > 0 and not left


def signed_and_confirmed(number: int) -> None:
    from django.db import connection

    from campaigns.models import PetitionPage, TextVersion
    from signatures.mailboxes import parse
    from signatures.models import Submission
    from signatures.signing.confirming import confirm_submission
    from signatures.signing.sign import SignatureInput, sign

    page = PetitionPage.objects.live().filter(locale__language_code="en").order_by("pk").first()
    assert page is not None
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    ticket = sign(
        page.petition,
        text,
        SignatureInput("A Signer", parse(f"busy-{number}@example.org"), "US", "en"),
    )
    confirm_submission(Submission.objects.get(pk=ticket.submission))
    connection.close()


def act(acts: dict[str, int]) -> None:
    """One of what staff and signers do, to a few of those who are there."""
    from signatures import lifecycle
    from signatures.models import Invalidation, Signature
    from signatures.signing.confirming import erase_signature

    some = list(Signature.objects.order_by("?").values_list("pk", flat=True)[:20])
    rows = Signature.objects.filter(pk__in=some)
    what = random.choice(list(acts))
    if what == "held":
        acts[what] += lifecycle.hold(rows)
        lifecycle.release(rows)
    elif what == "erased":
        for row in rows[:1]:
            erase_signature(row)
            acts[what] += 1
    else:
        made = Invalidation.objects.create(reason=Invalidation.Reason.AUTOMATED)
        acts["invalidated"] += lifecycle.invalidate(rows, made)
        if what == "undone":
            acts[what] += lifecycle.undo(made, None)


def believed(site: Site) -> Iterator[Row]:
    for drill in (identical, equivalent, posted_twice, enumerated, invalidated_under_load):
        yield from drill(site)
