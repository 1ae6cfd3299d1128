"""The moderators' desk: what waits is released, singly or a page at once, or hidden for a reason."""

import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import ModelLogEntry

from signatures import lifecycle
from signatures.models import Signature
from signatures.moderation import finding
from signatures.moderation.decisions import Item, Reason
from signatures.views import moderation
from tests.support.factories import confirm_change, confirmed, make_city_petition, make_user, shown
from tests.support.kinds import CityPages, SmallSite
from tests.support.logins import logged_in
from tests.support.snapshot import kept

DESK = "/admin/moderation/"
WHY = {"action": "hide", "reason": "advertising"}


@pytest.fixture
def moderator(db: None) -> Client:
    user = make_user("moderator")
    wanted = ["access_admin", "moderate_comments"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return logged_in(user)


@pytest.fixture
@kept
def waiting(portland: CityPages) -> list[Signature]:
    """Three signatures whose names and comments nobody has read, the oldest first."""
    return [
        confirmed(
            portland["en"],
            f"{name}@example.org",
            name=f"Somebody {name}",
            comment=f"Words of {name}",
            show_name=True,
        )
        for name in ("Ann", "Ben", "Cid")
    ]


def items(client: Client, query: str = "") -> list[str]:
    """What can be ticked, in its order."""
    response = client.get(DESK + query)
    assert response.status_code == 200
    document = BeautifulSoup(response.content.decode(), "html.parser")
    return [str(box["value"]) for box in document.select('input[name="item"]')]


def texts(client: Client, query: str = "") -> list[str]:
    response = client.get(DESK + query)
    document = BeautifulSoup(response.content.decode(), "html.parser")
    return [" ".join(each.get_text().split()) for each in document.select(".desk__part label")]


def states(part: str = "name") -> list[str]:
    return list(Signature.objects.order_by("confirmed_at").values_list(f"{part}_state", flat=True))


def log() -> list[tuple[str, str, dict[str, str]]]:
    return [(entry.action, entry.object_id, entry.data) for entry in ModelLogEntry.objects.all()]


def test_only_moderators_see_and_decide(
    portland: CityPages, moderator: Client, waiting: list[Signature]
) -> None:
    post = {"action": "release", "item": items(moderator)}
    stranger = Client()
    user = make_user("editor")
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    stranger.force_login(user)
    assert "Somebody" not in stranger.get(DESK, follow=True).content.decode()
    stranger.post(DESK, post)
    assert states() == ["waiting"] * 3
    moderator.post(DESK, post)
    assert states() == ["released"] * 3


def test_the_queue_has_the_newest_last_and_every_petition(
    site: SmallSite, moderator: Client, waiting: list[Signature]
) -> None:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    confirmed(tacoma["en"], "d@example.org", name="Somebody Dan", show_name=True)
    names = [f"Name: Somebody {name}" for name in ("Ann", "Ben", "Cid", "Dan")]
    assert texts(moderator, "?part=name") == names
    assert texts(moderator, f"?part=name&petition={tacoma['en'].petition_id}") == names[3:]
    assert texts(moderator)[:2] == [names[0], "Comment: Words of Ann"]
    assert texts(moderator, "?part=comment") == [
        f"Comment: Words of {n}" for n in ("Ann", "Ben", "Cid")
    ]


def test_what_is_ticked_is_released_and_nothing_else(
    moderator: Client, waiting: list[Signature]
) -> None:
    first = items(moderator)[0]
    moderator.post(DESK, {"action": "release", "item": [first]})
    assert states() == ["released", "waiting", "waiting"]
    assert states("comment") == ["waiting"] * 3
    assert log() == [("signatures.name_released", str(waiting[0].pk), {})]


def test_one_press_releases_the_page_and_no_other(
    moderator: Client, waiting: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moderation, "PER_PAGE", 2)
    document = BeautifulSoup(moderator.get(DESK).content.decode(), "html.parser")
    page = [str(hidden["value"]) for hidden in document.select('input[name="on_page"]')]
    assert len(page) == 4
    moderator.post(DESK, {"action": "release_page", "on_page": page})
    assert states() == states("comment") == ["released", "released", "waiting"]
    assert len(log()) == 4
    assert len(items(moderator)) == 2


@pytest.mark.parametrize("part", ["name", "comment"])
def test_what_is_public_is_hidden_at_once_with_a_reason_in_the_log(
    portland: CityPages, moderator: Client, part: str
) -> None:
    signature = shown(portland["en"], name="Somebody Ann", comment="Words of hers")
    text = getattr(signature, part)
    assert text in Client().get(portland["en"].url).content.decode()
    [item] = items(moderator, f"?state=released&part={part}")
    post = {"action": "hide", "item": item, "reason": "hatred", "note": "A slur."}
    moderator.post(f"{DESK}?state=released", post)
    assert text not in Client().get(portland["en"].url).content.decode()
    why = {"reason": "hatred", "note": "A slur."}
    assert log() == [(f"signatures.{part}_hidden", str(signature.pk), why)]
    entry = ModelLogEntry.objects.get()
    told = f"A {part} was hidden: insult, hatred or threat: A slur."
    assert (entry.message, entry.user.username) == (told, "moderator")
    assert text not in json.dumps([entry.label, entry.data, entry.message])
    assert items(moderator, "?state=hidden") == [item]
    moderator.post(f"{DESK}?state=hidden", {"action": "release", "item": item})
    assert text in Client().get(portland["en"].url).content.decode()


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ({}, "Choose a reason."),
        ({"reason": "nonsense"}, "Select a valid choice"),
        ({"reason": "other"}, "Say which reason."),
        ({"reason": "hatred", "note": "Calls himself SOMEBODY Ann"}, "The log holds no names"),
        ({"reason": "hatred", "note": "x" * 301}, "at most 300 characters"),
    ],
)
def test_nothing_is_hidden_without_a_reason_and_no_name_gets_into_the_log(
    moderator: Client, waiting: list[Signature], why: dict[str, str], sentence: str
) -> None:
    first = items(moderator)[0]
    response = moderator.post(DESK, {"action": "hide", "item": first, **why})
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html
    assert f'value="{first}" id="item-{first}" checked' in html, "the ticks are kept"
    assert states() == ["waiting"] * 3
    assert log() == []


@pytest.mark.parametrize("reason", Reason.values)
def test_each_reason_is_told_in_the_log_in_both_languages(
    moderator: Client, waiting: list[Signature], reason: str
) -> None:
    moderator.post(DESK, {**WHY, "item": items(moderator)[0], "reason": reason, "note": "Так."})
    told = set()
    for language in ("en", "uk"):
        with translation.override(language):
            message = str(ModelLogEntry.objects.get().message)
            assert str(Reason(reason).label) in message
        told.add(message)
    assert len(told) == 2


def test_what_changed_since_it_was_read_is_not_released(
    moderator: Client, waiting: list[Signature]
) -> None:
    read = items(moderator)
    signature = waiting[0]
    confirm_change(signature, name="Buy this")
    lifecycle.withdraw(waiting[1])
    response = moderator.post(DESK, {"action": "release", "item": read}, follow=True)
    assert "but not for what its signer has changed" in response.content.decode()
    for each in waiting:
        each.refresh_from_db()
    assert [each.name_state for each in waiting] == ["waiting", "none", "released"], (
        "of Ann, who signed anew, Ben, who left, and Cid"
    )
    assert len(log()) == 3, "two comments and a name"


@pytest.mark.parametrize(
    "post",
    [
        {},
        {"action": "release"},
        {"action": "nonsense"},
        {"action": "release", "item": ["x", "name:x:y", "email:x:y", "name"]},
        {"action": "hide", "item": "name:00000000-0000-4000-8000-000000000000"},
        {"action": "release", "item": "email:00000000-0000-4000-8000-000000000000:x"},
        {"action": "release", "item": "name:00000000-0000-4000-8000-000000000000:x"},
    ],
)
def test_a_post_that_means_nothing_changes_nothing(
    moderator: Client, waiting: list[Signature], post: dict[str, Any]
) -> None:
    assert moderator.post(DESK, post).status_code in (302, 422)
    assert states() == ["waiting"] * 3
    assert log() == []


@pytest.mark.parametrize(
    "query",
    ["?state=x", "?part=x", "?petition=x", "?p=x", "?p=999", "?q=ann", f"?q={'9' * 90}"],
)
def test_a_list_that_cannot_be_is_refused_in_a_sentence(
    moderator: Client, waiting: list[Signature], query: str
) -> None:
    assert moderator.get(DESK + query).status_code == 200


def test_a_search_needs_a_petition(moderator: Client, waiting: list[Signature]) -> None:
    html = moderator.get(f"{DESK}?q=ann").content.decode()
    assert "Choose the petition to search in." in html
    assert "Somebody" not in html


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("mary", "Mary O’Neil"),
        ("O'NEIL", "Mary O’Neil"),
        ("ШЕВЧ", "Тарас Шевченко"),
        ("ｍａｒｙ", "Mary O’Neil"),
        ("of me", "Тарас Шевченко"),
        ("2", "Тарас Шевченко"),
    ],
)
def test_a_public_name_is_found_by_a_part_a_comment_or_its_number(
    portland: CityPages, moderator: Client, words: str, name: str
) -> None:
    shown(portland["en"], "a@example.org", name="Mary O’Neil")
    shown(portland["en"], "b@example.org", name="Тарас Шевченко", comment="Words of mine OF ME")
    petition = portland["en"].petition_id
    found = texts(moderator, f"?state=released&petition={petition}&q={words}")
    assert any(name in text for text in found) or "OF ME" in found[0]
    assert len({text for text in found if text.startswith("Name")}) <= 1
    assert (
        "Nothing found here."
        in moderator.get(f"{DESK}?state=released&petition={petition}&q=nobody").content.decode()
    )


def test_a_signature_of_the_log_is_found_by_its_id(portland: CityPages, moderator: Client) -> None:
    signature = shown(portland["en"], name="Somebody Ann")
    assert texts(moderator, f"?q={signature.pk}") == ["Name: Somebody Ann"] or texts(
        moderator, f"?q={signature.pk}"
    ) == ["Name (shown): Somebody Ann"]


def test_a_search_reads_in_bounded_steps_and_misses_nobody(
    portland: CityPages, moderator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "STEP", 3)
    monkeypatch.setattr(moderation, "PER_PAGE", 2)
    petition = portland["en"].petition_id
    for number in range(11):
        shown(
            portland["en"],
            f"p{number}@example.org",
            name=f"Ann {'abcdefghijk'[number]} X" if number % 4 else "Ben",
        )
    Signature.objects.update(confirmed_at=Signature.objects.latest("confirmed_at").confirmed_at)
    for words, expected in (("ann", 8), ("ben", 3), ("nobody", 0)):
        query, found, steps = f"?state=released&petition={petition}&q={words}", [], 0
        while query:
            html = moderator.get(DESK + query).content.decode()
            document = BeautifulSoup(html, "html.parser")
            found += [str(box["value"]) for box in document.select('input[name="item"]')]
            link = [each for each in document.select(".button-row a") if "older" in each.get_text()]
            query = str(link[0]["href"]) if link else ""
            steps += 1
        assert len(found) == len(set(found)) == expected
        assert steps <= 8


def test_whoever_shows_no_name_is_named_to_no_moderator(
    portland: CityPages, moderator: Client
) -> None:
    signature = confirmed(portland["en"], name="Somebody Ann", comment="Words")
    for query in (
        "",
        "?state=any",
        f"?q={signature.pk}",
        f"?state=any&petition={portland['en'].petition_id}&q=somebody",
    ):
        html = moderator.get(DESK + query).content.decode()
        assert "Somebody Ann" not in html
    assert items(moderator) == [], "nobody need read a comment that has no name beside it"
    assert "Shown to nobody" in moderator.get(f"{DESK}?q={signature.pk}").content.decode()


def test_what_is_in_review_waits_for_no_moderator(
    moderator: Client, waiting: list[Signature]
) -> None:
    ann = Signature.objects.filter(pk=waiting[0].pk)
    lifecycle.hold(ann)
    assert "Name: Somebody Ann" not in texts(moderator)
    lifecycle.release(ann)
    assert texts(moderator)[0] == "Name: Somebody Ann"


def test_a_long_queue_takes_no_more_queries_than_a_short_one(
    portland: CityPages, moderator: Client
) -> None:
    moderator.get(DESK)
    numbers = []
    for count in (2, 12):
        for number in range(count):
            confirmed(portland["en"], f"p{count}-{number}@example.org", show_name=True)
        with CaptureQueriesContext(connection) as queries:
            moderator.get(DESK)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("state", ["waiting", "released", "any"])
@pytest.mark.parametrize("part", ["", "name", "comment"])
def test_one_index_holds_all_that_a_list_is_counted_and_put_in_order_by(
    portland: CityPages, state: str, part: str
) -> None:
    """So that 100,000 waiting names open at once: no row is read but those of the page."""
    for petition in ("", str(portland["en"].petition_id)):
        form = moderation.DeskForm({"state": state, "part": part, "petition": petition})
        assert form.is_valid()
        rows = moderation.in_order(moderation.rows_of(form.cleaned_data), form.cleaned_data)
        assert is_held_by_an_index(rows.values_list("pk"))


@pytest.mark.parametrize("part", ["name", "comment"])
def test_one_index_holds_all_that_the_admins_home_counts(part: str) -> None:
    assert is_held_by_an_index(Signature.objects.awaiting_moderation(part).values_list("pk"))


def is_held_by_an_index(rows: QuerySet[Any]) -> bool:
    wanted = set(re.findall(r'"signatures_signature"\."(\w+)"', str(rows.query)))
    meta: Any = Signature._meta
    held = [
        {meta.get_field(name.lstrip("-")).column for name in index.fields}
        for index in meta.indexes
        if not index.condition
    ]
    return any(wanted <= columns for columns in held)


def test_the_desk_reads_nothing_that_it_does_not_show(
    moderator: Client, waiting: list[Signature]
) -> None:
    """A search reads thousands of rows, so every column counts."""
    petition = waiting[0].petition_id
    for query in ("", f"?petition={petition}&q=ann", f"?q={waiting[0].pk}"):
        with CaptureQueriesContext(connection) as queries:
            assert items(moderator, query)
        sent = " ".join(each["sql"] for each in queries)
        assert "name_checksum" in sent
        for column in ("mailbox_key", "email", "answers", "asked_at"):
            assert f'"signatures_signature"."{column}"' not in sent


def test_a_search_that_goes_on_says_so(
    moderator: Client, waiting: list[Signature], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{DESK}?petition={waiting[0].petition_id}&q=nobody"
    assert "That is not all" not in moderator.get(address).content.decode()
    monkeypatch.setattr(finding, "STEP", 2)
    monkeypatch.setattr(moderation, "STEP", 2)
    html = moderator.get(address).content.decode()
    assert "a search reads up to 2 signatures at a time" in html
    assert "Search among older signatures" in html


def test_the_admins_home_tells_moderators_what_waits(
    moderator: Client, waiting: list[Signature]
) -> None:
    home = moderator.get("/admin/").content.decode()
    assert "Names to read and release</a>: 3</li>" in home
    assert "Comments to read and release</a>: 3</li>" in home
    moderator.post(
        DESK, {"action": "release", "item": [i for i in items(moderator) if "name" in i]}
    )
    home = moderator.get("/admin/").content.decode()
    assert "Names to read" not in home


def test_two_decisions_name_each_item_once(waiting: list[Signature]) -> None:
    item = Item.of(waiting[0], "name")
    assert Item.read([str(item), str(item)]) == [item]
