"""Staff see how signatures come in, look at some by a filter, and hold, release or invalidate them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrity.desk import sweeping
from integrity.desk.hours import spikes
from integrity.models import Sweep
from jobs.worker import drain
from security.models import Approval, AuditEntry
from signatures import lifecycle
from signatures.models import Invalidation, Signature, Submission
from tests.conftest import Clock
from tests.integrity import desk
from tests.officers_desk.acting import Officer
from tests.support.counted import assert_exact
from tests.support.factories import confirmed, make_signature, make_submission, shown
from tests.support.kinds import SmallSite
from tests.support.logins import login


def statuses(*rows: Signature) -> list[str]:
    found = Signature.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk].status + ("*" if found[row.pk].held_at else "") for row in rows]


@pytest.fixture
def wave(site: SmallSite) -> list[Signature]:
    """Two that count and a pending one, all from abroad, beside one from here."""
    page = site["portland"]["en"]
    confirmed(page, "real@example.org", country="US")
    sent = [confirmed(page, f"bot{n}@example.org", country="BR") for n in range(2)]
    return [*sent, make_signature(page, "bot2@example.org", country="BR")]


def test_an_invalidation_by_filter_takes_what_was_found_and_no_more_and_is_undone_once(
    site: SmallSite, officer: Officer, wave: list[Signature]
) -> None:
    page = desk.look(officer, country="BR")
    later = confirmed(site["portland"]["en"], "later@example.org", country="BR")
    desk.press(officer, "invalidate", page)
    drain()
    made = Sweep.objects.get()
    assert (made.state, made.seen, made.changed) == ("done", 3, 3)
    assert statuses(*wave, later) == ["invalidated"] * 3 + ["confirmed"]
    assert Signature.objects.counted().count() == 2
    for _time in range(2):
        desk.undo(officer, made)
        drain()
        assert statuses(*wave) == ["confirmed", "confirmed", "pending"]
        assert_exact()
    invalidation = Invalidation.objects.get()
    assert (invalidation.reason, invalidation.number) == ("automated", 3)
    assert (invalidation.undone_by, invalidation.undone_number) == (officer.user, 3)
    assert list(Sweep.objects.order_by("asked_at").values_list("act", "changed")) == [
        ("invalidate", 3),
        ("undo", 3),
    ]
    acts = AuditEntry.objects.filter(by=officer.user.pk).order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        "signatures.sampled",
        "signatures.invalidated",
        "signatures.invalidation_undone",
    ]


def test_what_is_held_is_released_and_counts_again(officer: Officer, wave: list[Signature]) -> None:
    desk.sweep(officer, "hold", country="BR")
    drain()
    assert statuses(*wave) == ["confirmed*", "confirmed*", "pending*"]
    assert Signature.objects.counted().count() == 1
    made = desk.sweep(officer, "release", in_review="yes")
    drain()
    made.refresh_from_db()
    assert made.changed == 3
    assert statuses(*wave) == ["confirmed", "confirmed", "pending"]
    assert_exact()


def test_what_changes_while_the_worker_is_at_it_goes_its_own_way(
    officer: Officer, wave: list[Signature]
) -> None:
    made = desk.sweep(officer, "invalidate", country="BR")
    assert sweeping.step(made.pk, size=1)
    still = Signature.objects.confirmed().filter(pk__in=[row.pk for row in wave])
    assert lifecycle.withdraw(still[0])
    while sweeping.step(made.pk, size=1):
        pass
    made.refresh_from_db()
    assert (made.state, made.seen) == ("done", 3)
    assert statuses(*wave).count("invalidated") == made.changed == 2
    assert Invalidation.objects.get().number == 2
    assert_exact()


@pytest.mark.parametrize("chosen", [{}, {"language": "en"}, {"petition": "own"}])
def test_a_filter_that_leaves_out_nothing_is_named_and_asked_twice(
    site: SmallSite, officer: Officer, wave: list[Signature], chosen: dict[str, str]
) -> None:
    if "petition" in chosen:
        confirmed(site["campaign"]["en"], "elsewhere@example.org")
        chosen = {"petition": str(site["portland"]["en"].petition_id)}
    page = desk.look(officer, **chosen)
    assert "finds every signature" in page.text
    asked = desk.press(officer, "invalidate", page)
    assert asked.status_code == 200
    assert "all 4 signatures" in asked.content.decode()
    assert not Sweep.objects.exists()
    assert desk.press(officer, "invalidate", page, sure="4").status_code == 302
    drain()
    assert statuses(*wave) == ["invalidated"] * 3
    assert "finds every signature" not in desk.look(officer, country="BR").text


def test_many_take_a_second_person_but_holding_them_does_not(
    officer: Officer, second: Officer, wave: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST_ALONE", 2)
    made = desk.sweep(officer, "invalidate", country="BR")
    drain()
    made.refresh_from_db()
    assert made.state == "waiting"
    approval = Approval.objects.get()
    told = second.client.get(f"/admin/approvals/{approval.pk}/").content.decode()
    assert "Invalidate 3 signatures" in told
    assert "Brazil" in told
    officer.grant(approval.pk)
    drain()
    assert statuses(*wave) == ["confirmed", "confirmed", "pending"], "nobody grants one's own"
    second.grant(approval.pk)
    drain()
    assert statuses(*wave) == ["invalidated"] * 3
    desk.undo(officer, Sweep.objects.get())
    drain()
    desk.sweep(officer, "hold", country="BR")
    drain()
    assert statuses(*wave) == ["confirmed*", "confirmed*", "pending*"]


def test_what_is_held_after_the_look_is_not_swept_along(
    officer: Officer, wave: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST_ALONE", 1)
    Signature.objects.filter(pk=wave[0].pk).update(held_at=timezone.now())
    page = desk.look(officer, in_review="yes")
    desk.sweep(officer, "hold", country="BR")
    drain()
    desk.press(officer, "invalidate", page)
    drain()
    assert Signature.objects.filter(status="invalidated").count() == 1


def test_who_is_only_named_by_a_stranger_is_not_like_the_strangers(
    site: SmallSite, officer: Officer, wave: list[Signature]
) -> None:
    again = make_submission(site["portland"]["en"], "real@example.org", country="BR")
    mine = Submission.objects.filter(Q(signature__in=wave) | Q(pk=again.pk))
    mine.update(network="n" * 64, is_disposable=True)
    found = desk.look(officer, like=str(wave[0].pk), like_by="network").text
    assert "3 signatures." in found
    assert "3 signatures." in desk.look(officer, domain="disposable").text


def test_what_was_refused_changes_nothing(
    officer: Officer, second: Officer, wave: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST_ALONE", 2)
    made = desk.sweep(officer, "invalidate", country="BR")
    address = f"/admin/approvals/{Approval.objects.get().pk}/"
    second.client.post(address, {"action": "refuse", "answer": "These are real."})
    drain()
    made.refresh_from_db()
    assert (made.state, made.changed) == ("refused", 0)
    assert statuses(*wave) == ["confirmed", "confirmed", "pending"]


def test_a_sample_shows_no_more_of_a_person_than_everybody_sees(
    site: SmallSite, officer: Officer
) -> None:
    page = site["portland"]["en"]
    shown(page, "shown@gmail.com", name="Olena Shown")
    confirmed(page, "hidden@family-name.org", name="Ivan Hidden", comment="Said to us.")
    text = desk.look(officer, status="confirmed").text
    assert "Olena Shown" in text
    assert "s•••••@gmail.com" in text
    assert "h•••••@•••••" in text
    for private in ("shown@", "hidden@", "family-name", "Hidden", "Said to us."):
        assert private not in text, private


def test_those_alike_in_how_they_were_sent_are_found_by_one_of_them(
    site: SmallSite, officer: Officer
) -> None:
    page = site["portland"]["en"]
    sent = [make_submission(page, f"{n}@example.org") for n in range(5)]
    traits: list[dict[str, Any]] = [
        {"network": "a", "domain_key": "d", "is_tagged": True, "reader_key": "r"},
        {"network": "a", "domain_key": "e", "reader_key": "r"},
        {"network": "b", "domain_key": "d", "domain": "gmail.com"},
        {"network": "b", "domain_key": "f", "domain": "mailinator.com", "is_disposable": True},
        {},
    ]
    for one, known in zip(sent, traits, strict=True):
        Submission.objects.filter(pk=one.pk).update(**known)

    def found(**chosen: str) -> set[int]:
        response = officer.client.get(desk.ADDRESS, {"petition": "", **chosen})
        shown = {each.signature.pk for each in response.context["examples"]}
        return {n for n, one in enumerate(sent) if one.signature_id in shown}

    like = str(sent[0].signature_id)
    assert found(like=like, like_by="network") == {0, 1}
    assert found(like=like, like_by="domain_key") == {0, 2}
    assert found(like=like, like_by="reader_key") == {0, 1}
    assert found(like=str(sent[4].signature_id), like_by="network") == set()
    assert found(domain="disposable") == {3}
    assert found(domain="gmail.com") == {2}
    assert found(spelling="is_tagged") == {0}
    assert found(spelling="pairs") == {0, 1}
    confirmed(page, "shared@example.org", name="Olena First")
    confirmed(page, "shared@example.org", name="Ivan Second")
    text = desk.look(officer, spelling="pairs").text
    assert "second person" in text
    assert "3 signatures." in text
    page_with_links = desk.look(officer, domain="gmail.com")
    links = [link["href"] for link in page_with_links.select("#found td a")]
    by = [str(link).partition("like_by=")[2].removesuffix("#found") for link in links]
    assert by == ["network", "domain_key"]


@pytest.mark.parametrize(
    "chosen",
    [{"like": "no number", "like_by": "network"}, {"like_by": "network"}, {"country": "X"}],
)
def test_a_filter_that_says_nothing_finds_nothing(
    officer: Officer, wave: list[Signature], chosen: dict[str, str]
) -> None:
    response = officer.client.get(desk.ADDRESS, {"petition": "", **chosen})
    assert response.status_code == 422
    assert "plan" not in response.context


def test_no_reason_or_an_outdated_page_changes_nothing(
    officer: Officer, wave: list[Signature]
) -> None:
    page = desk.look(officer, country="BR")
    assert desk.press(officer, "invalidate", page, reason="").status_code == 422
    assert desk.press(officer, "invalidate", page, note="").status_code == 422
    assert desk.press(officer, "hold", page, note="of a@example.org").status_code == 422
    assert desk.press(officer, "undo", page).status_code == 422
    assert desk.press(officer, "hold", page, plan="forged").status_code == 302
    assert not Sweep.objects.exists()


def test_the_hours_tell_what_became_of_those_who_signed_in_each(
    site: SmallSite, clock: Clock
) -> None:
    page = site["portland"]["en"]
    for number in range(3):
        confirmed(page, f"a{number}@example.org")
    held = Signature.objects.filter(pk=confirmed(page, "held@example.org").pk)
    held.update(held_at=timezone.now())
    clock.go_on(hours=5)
    make_signature(page, "b@example.org")
    found = spikes(Signature.objects.all(), timezone.now())
    busy = [(hour.at, {kind: n for kind, n in hour.numbers.items() if n}) for hour in found.hours]
    told = {at: numbers for at, numbers in busy if numbers}
    assert list(told.values()) == [{"counted": 3, "in_review": 1}, {"pending": 1}]
    assert max(told) - min(told) == timedelta(hours=5)
    assert max(bar.y + bar.height for bar in found.bars) == pytest.approx(120)
    assert min(bar.y for bar in found.bars) == pytest.approx(0)
    clock.go_on(days=3)
    assert not spikes(Signature.objects.all(), timezone.now()).total


def test_more_signatures_are_no_more_queries(site: SmallSite, officer: Officer) -> None:
    def queries(**chosen: Any) -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.look(officer, **chosen)
        return len(asked)

    page = site["portland"]["en"]
    confirmed(page, "a@example.org")
    queries()
    few = queries(), queries(country="UA")
    for number in range(25):
        confirmed(page, f"{number}@example.org")
    assert (queries(), queries(country="UA")) == few


def test_the_site_is_paused_and_goes_on(site: SmallSite, officer: Officer) -> None:
    address = f"{desk.ADDRESS}pause/"
    home = "/en/"
    assert officer.client.post(address, {"act": "begin", "note": ""}).status_code == 422
    officer.client.post(address, {"act": "begin", "note": desk.NOTE})
    assert "paused on the whole site" in officer.client.get(home).content.decode()
    assert "paused on the whole site" in officer.client.get(desk.ADDRESS).content.decode()
    officer.client.post(address, {"act": "end", "note": desk.NOTE})
    assert "paused on the whole site" not in officer.client.get(home).content.decode()
    acts = AuditEntry.objects.filter(act__startswith="site.").order_by("pk")
    assert list(acts.values_list("act", "reason")) == [
        ("site.paused", desk.NOTE),
        ("site.resumed", desk.NOTE),
    ]


@pytest.mark.parametrize("role", ["editor", "translator"])
def test_others_do_not_get_in(site: SmallSite, role: str) -> None:
    place = {"editor": "end-ties", "translator": "uk"}[role]
    client = login(role, place)
    for address in ("", "pause/", f"{uuid.uuid4()}/"):
        assert client.get(desk.ADDRESS + address).status_code in (302, 403)
    assert client.post(f"{desk.ADDRESS}sweep/").status_code in (302, 403)
