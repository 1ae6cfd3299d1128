"""The admin in Ukrainian: no word that a package leaves in English, and none that misleads."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.utils import translation
from django.utils.translation import trans_real
from wagtail.users.models import UserProfile

from accounts.models import User
from tests.accounts.addresses import ExampleObjects
from tests.accounts.roles import login, open_address, table
from tests.support.factories import shown
from tests.support.kinds import SmallSite
from translations.languages.third_party import known

pytestmark = [pytest.mark.any_database, pytest.mark.filterwarnings("ignore:Pagination may yield")]
# Made of two values only.
UNCHANGED = "%(time_zone_option)s: %(localized_time_zone_label)s"


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_word_of_the_translators_own_tool_is_left_in_english(domain: str) -> None:
    """wagtail-localize says the rest of it by scripts, or after a post."""
    catalogue: Any = trans_real.DjangoTranslation("uk", domain=domain)._catalog  # type: ignore[attr-defined]
    left = {
        message
        for _context, message, plural in known(
            domain, {"wagtail_localize", "wagtail_localize_locales"}
        )
        if not plural and re.search("[A-Za-z]", message) and message not in catalogue
    }
    assert left == set()


def test_scripts_of_the_admin_speak_ukrainian() -> None:
    ukrainian = trans_real.DjangoTranslation("uk", domain="djangojs")
    for _context, message, plural in known("djangojs"):
        if plural:
            forms = {ukrainian.ngettext(message, plural, number) for number in (1, 2, 5)}
            assert not forms & {message, plural}, message
        else:
            assert ukrainian.gettext(message) != message or message == UNCHANGED, message


def test_downloading_and_uploading_are_told_apart() -> None:
    ukrainian = trans_real.DjangoTranslation("uk", domain="djangojs")
    assert ukrainian.gettext("Download PO file") != ukrainian.gettext("Upload PO file")
    # The language follows without a space of its own.
    assert ukrainian.gettext("Publish in ").endswith(" ")


def test_our_word_takes_the_place_of_a_packages() -> None:
    with translation.override("uk"):
        assert translation.gettext("Submit") == "Надіслати"


# Ours, but for names of cities in one language and what is written in one.
OURS = re.compile(
    r"(petitions|moderation|launch|exchange|changes|reports/answers|snippets(?!/(choose/)?campaigns/cityname))/"
)
ENGLISH = re.compile(r"Portland|Khabarovsk|End the ties|\bHome\b")


def test_cities_petitions_and_crumbs_are_named_in_ukrainian(site: SmallSite) -> None:
    things = ExampleObjects(site)
    moderator = login("moderator")
    profile = UserProfile.get_for_user(User.objects.get(username="moderator"))
    profile.preferred_language = "uk"
    profile.save()
    shown(site["portland"]["en"])
    found = {}
    for pattern, letters in table().items():
        # What uses a record are names and pages, each in the language that it is written in.
        if "m" not in letters or not OURS.match(pattern) or "/usage/" in pattern:
            continue
        response = open_address(moderator, things.fill(pattern))
        if response.headers.get("Content-Type", "").startswith("text/html"):
            text = BeautifulSoup(response.text, "html.parser").get_text("\n")
            if named := sorted({line for line in text.splitlines() if ENGLISH.search(line)}):
                found[pattern] = named
    assert found == {}


# A count, by the names that packages give it.
NUMBER = re.compile(r"%[ds]|%\((?:\w*count|counter|num\w*|max|total\w*)\)[ds]")
# What counts people, or comes after words like "of" and "at least", has one form for 2 and 5; what
# is told as "pages: 5" has one for all.
ONE_FORM = re.compile(r"корист|учасник|: |і ще |підсторінки \(|зі сторінок|до %|символ|\bхв\b")


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_packages_count_as_ukrainians_do(domain: str) -> None:
    ukrainian = trans_real.DjangoTranslation("uk", domain=domain)
    wrong = []
    for context, one, many in known(domain):
        if not many or context:
            continue
        single, few, several = (ukrainian.ngettext(one, many, number) for number in (1, 2, 5))
        has_number = bool(NUMBER.search(several))
        # 21 is told as 1 is.
        if (
            single == one
            or (has_number and not NUMBER.search(single))
            or (has_number and few == several and not ONE_FORM.search(several))
        ):
            wrong.append(one)
    assert wrong == []


def test_words_for_records_and_languages_are_those_of_people() -> None:
    for domain in ("django", "djangojs"):
        ukrainian = trans_real.DjangoTranslation("uk", domain=domain)
        texts = [
            ukrainian.ngettext(message, plural, number) if plural else ukrainian.gettext(message)
            for _context, message, plural in known(domain)
            for number in (1, 2, 5)
        ]
        assert [
            text for text in texts if re.search("[Уу]рив[ко]|[Лл]окал[ьіеи]|[Сс]ніпет", text)
        ] == []
