"""A name or comment is public once a moderator has released it, and as long as none hides it."""

from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from campaigns.pages.base import PAGE_SECONDS
from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.models import Signature
from signatures.moderation.decisions import Item, decide
from signatures.release import PARTS, Release
from signatures.signing.confirming import confirm_submission
from signatures.signing.tokens import own_token
from tests.signatures.posting import OWN
from tests.support.crawling import links
from tests.support.factories import (
    add_content,
    confirm_change,
    confirmed,
    make_submission,
    make_user,
    shown,
)
from tests.support.kinds import CityPages, SmallSite

NAME, COMMENT = "Florence Canary", "The canary sings"
STATES = [state.value for state in Release]


def read_public(site: SmallSite) -> dict[str, str]:
    """All that a visitor can read: what links lead to, and each address that needs no argument."""
    client = Client(raise_request_exception=False)
    petition = site["portland"]["en"].petition_id
    waiting = {*bare_addresses(), f"/api/petitions/{petition}/", "/en/", "/uk/", "/sitemap.xml"}
    waiting |= {page.url for kind in ("campaign", "portland") for page in site[kind].values()}
    read: dict[str, str] = {}
    while waiting:
        here = waiting.pop()
        response = client.get(here)
        body = response.getvalue() if response.streaming else response.content
        # Icons and cards are pictures.
        read[here] = body.decode(errors="replace")
        known = {kind_of(address) for address in (*read, *waiting)}
        for address in sorted(links(here, read[here], "/")):
            # What was there before anybody signed shows nobody.
            if kind_of(address) not in known and not address.startswith("/static/"):
                known.add(kind_of(address))
                waiting.add(address)
    return read


def kind_of(address: str) -> tuple[Any, ...]:
    """Lists that are sorted or filtered in another way are alike; the pages of a list are not."""
    asked = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return urlsplit(address).path, *sorted(
        (name, value if name == "page" else "") for name, value in asked
    )


def bare_addresses(resolver: URLResolver | None = None, prefix: str = "/") -> set[str]:
    found = set()
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern).strip("^$")
        if route.startswith("/admin"):
            continue
        if isinstance(entry, URLResolver):
            found |= bare_addresses(entry, route)
        elif isinstance(entry, URLPattern) and "<" not in route and "(" not in route:
            found.add(route)
    return found


def previews(site: SmallSite) -> dict[str, str]:
    """The pages in each of the states that editors can look at."""
    found = {}
    for pages, language in product((site["campaign"], site["portland"]), ("en", "uk")):
        instance = type(pages[language]).objects.get(pk=pages[language].pk)
        for mode, _label in instance.preview_modes:
            with translation.override(language):
                response = instance.make_preview_request(preview_mode=mode)
            found[f"{instance} {mode}"] = response.content.decode()
    return found


def test_no_public_place_shows_what_nobody_released(site: SmallSite) -> None:
    add_content(site)
    # The newest are those that are not to be shown: a place that asked nobody would show them.
    order = sorted(product([True, False], STATES, STATES), key=lambda case: case[1] != "released")
    public = {}
    for number, (is_wanted, *states) in enumerate(order):
        name, comment = f"{NAME} {number:02}", f"{COMMENT} {number:02}"
        for page in (site["portland"]["en"], site["campaign"]["uk"]):
            details: Any = {"name": name, "comment": comment, "show_name": is_wanted}
            row = confirmed(page, f"p{number}@example.org", **details)
            Signature.objects.filter(pk=row.pk).update(
                name_state=states[0], comment_state=states[1]
            )
        public[name] = is_wanted and states[0] == "released"
        public[comment] = public[name] and states[1] == "released"
    read = {**read_public(site), **previews(site)}
    assert len(read) > 40
    pages = {page.url for kind in ("campaign", "portland") for page in site[kind].values()}
    for words, is_public in public.items():
        places = {address for address, text in read.items() if words in text}
        assert pages <= places if is_public else not places, words


def test_a_name_waits_when_its_signer_wants_it_shown_only(portland: CityPages) -> None:
    submission = make_submission(portland["en"], show_name=True, comment="Words")
    signature = submission.signature
    confirm_submission(submission)
    signature.refresh_from_db()
    assert (signature.name_state, signature.comment_state) == ("none", "none")
    signature.choose(show_name=True, comment="Words")
    assert (signature.name_state, signature.comment_state) == ("waiting", "waiting")
    other = confirmed(portland["en"], "b@example.org")
    assert (other.name_state, other.comment_state) == ("none", "none")
    other.choose(show_name=True)
    assert other.name_state == "waiting"
    other.choose(show_name=False)
    assert other.name_state == "none"


@pytest.mark.parametrize("decision", ["released", "hidden"])
@pytest.mark.parametrize("part", PARTS)
def test_a_decision_holds_until_the_text_changes(
    portland: CityPages, part: str, decision: str
) -> None:
    signature = confirmed(portland["en"], show_name=True, comment="Words")
    decide([Item.of(signature, part)], Release(decision), make_user("moderator"))
    for again in (False, True):
        signature.choose(show_name=again)
        assert getattr(signature, f"{part}_state") == decision
    signature = confirmed(portland["en"], show_name=True, comment="Words", country="US")
    assert getattr(signature, f"{part}_state") == decision, "what was sent again says the same"
    changed = {"show_name": True, "comment": "Words"} | {part: "Another Text"}
    # A name of another person would take the mailbox's other seat.
    confirm_change(signature, **changed)
    assert getattr(signature, f"{part}_state") == "waiting"
    decide([Item.of(signature, part)], Release(decision), make_user("another"))
    lifecycle.withdraw(signature)
    signature = confirmed(portland["en"], show_name=True, comment="Words")
    assert getattr(signature, f"{part}_state") == "waiting", "nothing was kept to compare it with"


class Signer(RuleBasedStateMachine):
    """A signer and a moderator who do anything in any order."""

    page: Any
    user: Any

    @initialize()
    def sign(self) -> None:
        Signature.objects.all().delete()
        self.signature = confirmed(self.page, show_name=True, comment="Words 0")
        self.released: set[tuple[str, str]] = set()
        self.number = 0

    @rule(wanted=st.booleans())
    def choose(self, wanted: bool) -> None:
        self.signature.choose(show_name=wanted)

    @rule()
    def withdraw(self) -> None:
        lifecycle.withdraw(self.signature)

    @rule(part=st.sampled_from(PARTS), number=st.integers(0, 2))
    def sign_again(self, part: str, number: int) -> None:
        """As the confirmation of a later post does it."""
        confirm_change(self.signature, **{part: f"Words {number}"})

    @rule(part=st.sampled_from(PARTS), release=st.booleans(), is_stale=st.booleans())
    def decide(self, part: str, release: bool, is_stale: bool) -> None:
        item = Item.of(self.signature, part)
        if is_stale:
            self.sign_again(part, self.number)
            self.number = (self.number + 1) % 3
        state = Release.RELEASED if release else Release.HIDDEN
        text = getattr(self.signature, part)
        before = Item.of(self.signature, part)
        decide([item], state, self.user)
        self.signature.refresh_from_db()
        if item == before and self.signature.is_confirmed:
            self.released ^= {(part, text)} & self.released if not release else set()
            self.released |= {(part, text)} if release else set()

    @invariant()
    def nothing_is_public_unread(self) -> None:
        if not hasattr(self, "signature"):
            return
        row = Signature.objects.with_public_name().first()
        if row is not None:
            assert row.show_name
            assert ("name", row.name) in self.released
        row = Signature.objects.with_public_comment().first()
        if row is not None:
            assert ("comment", row.comment) in self.released


def test_whatever_signers_and_moderators_do_nothing_is_public_unread(portland: CityPages) -> None:
    machine = type("Machine", (Signer,), {"page": portland["en"], "user": make_user("moderator")})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_hidden_name_is_gone_as_soon_as_pages_are_made_anew(portland: CityPages) -> None:
    signature = shown(portland["en"], name=NAME, comment=COMMENT)
    page = Client().get(portland["en"].url)
    assert NAME in page.content.decode()
    assert f"max-age={PAGE_SECONDS}" in page["Cache-Control"]
    assert PAGE_SECONDS <= 5
    decide([Item.of(signature, "name")], Release.HIDDEN, make_user("moderator"))
    html = Client().get(portland["en"].url).content.decode()
    assert NAME not in html
    assert COMMENT not in html, "it stands beside the name"


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize(
    ("state", "english", "ukrainian"),
    [
        ("waiting", "Your name is waiting", "Ваше ім’я ще не перевірено"),
        ("hidden", "do not show your name", "не показують вашого імені"),
        ("released", "Your name is shown.", "Ваше ім’я показано."),
    ],
)
def test_the_own_page_tells_how_it_stands_with_the_name(
    portland: CityPages, language: str, state: str, english: str, ukrainian: str
) -> None:
    signature = confirmed(portland[language], show_name=True)
    Signature.objects.update(name_state=state)
    own = f"/{language}/signatures/{own_token(signature)}/"
    sentence = {"en": english, "uk": ukrainian}[language]
    assert sentence in Client().get(own).content.decode()
    Client().post(own, {"action": "display"}, **OWN)
    assert sentence not in Client().get(own).content.decode()
    Client().post(own, {"action": "display", "show_name": "on"}, **OWN)
    assert sentence in Client().get(own).content.decode(), "a tick does not go round a decision"


def test_no_decision_outlives_the_person(portland: CityPages) -> None:
    shown(portland["en"], comment="Words")
    erase_people(Signature.objects.all(), timezone.now())
    row = Signature.objects.values(
        *(f"{p}_{c}" for p in PARTS for c in ("state", "checksum"))
    ).get()
    assert set(row.values()) == {"none", ""}


def test_a_checksum_tells_nothing_of_the_text(portland: CityPages) -> None:
    first = confirmed(portland["en"], name="Ann", show_name=True)
    second = confirmed(portland["en"], "b@example.org", name="Ann", show_name=True)
    assert first.name_checksum != second.name_checksum
    assert len(first.name_checksum) == 64


@pytest.mark.any_database
def test_the_demo_shows_released_names_and_lets_some_wait(demo: None, db: None) -> None:
    names, comments = (Signature.objects.awaiting_moderation(part).count() for part in PARTS)
    public = Signature.objects.with_public_name().count()
    assert 3 < names < public / 20
    assert comments > 3
    assert Signature.objects.with_public_comment().count() > 20
