"""Every address of the admin, walked once for each role, in Ukrainian.

Who gets in depends on no language, so one walk tells both: where a role gets in, and whether a word
is left in English there.
"""

import re

import pytest
from django.utils.translation import trans_real
from django.utils.translation.trans_real import DjangoTranslation
from wagtail.users.models import UserProfile

from accounts.models import User
from home.assigning import NAMES
from tests.accounts.addresses import ExampleObjects
from tests.accounts.test_roles import is_refused, login, open_address, table
from tests.support.kinds import SmallSite

pytestmark = [
    pytest.mark.any_database,
    # wagtail-localize's report of translations is not ordered.
    pytest.mark.filterwarnings("ignore:Pagination may yield"),
]
# They see between them all that there is to see.
READERS = ("editor", "translator", "administrator")
# Looked up by django-filter to make labels of, and what a program is told that asks amiss.
NEVER_SHOWN = {"exact", 'Method "{method}" not allowed.'}


@pytest.fixture
def missed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is looked up in Ukrainian and not found, and so shows in English."""
    found: set[str] = set()
    catalogue = trans_real.DjangoTranslation
    gettext, ngettext = catalogue.gettext, catalogue.ngettext

    def noting(self: DjangoTranslation, message: str) -> str:
        is_english = bool(re.search("[A-Za-z]", message))
        if self.language() == "uk" and is_english and message not in self._catalog:  # type: ignore[attr-defined]
            found.add(message)
        return str(gettext(self, message))

    def noting_plural(self: DjangoTranslation, one: str, many: str, number: int) -> str:
        shown = str(ngettext(self, one, many, number))
        if self.language() == "uk" and shown in (one, many):
            found.add(one)
        return shown

    monkeypatch.setattr(catalogue, "gettext", noting)
    monkeypatch.setattr(catalogue, "ngettext", noting_plural)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_role_gets_in_where_it_may_and_nowhere_else_and_reads_ukrainian_there(
    site: SmallSite, missed: set[str], name: str
) -> None:
    things = ExampleObjects(site)
    client = login(name)
    profile = UserProfile.get_for_user(User.objects.get(username=name))
    profile.preferred_language = "uk"
    profile.save()
    wrong = []
    in_english: set[str] = set()
    for pattern, letters in table().items():
        missed.clear()
        response = open_address(client, things.fill(pattern))
        if is_refused(response) == (name[0] in letters):
            wrong.append(f"{pattern}: {response.status_code}")
        # What programs ask speaks English to them.
        if name in READERS and name[0] in letters and not pattern.startswith("api/"):
            in_english |= missed
    assert wrong == []
    assert in_english - NEVER_SHOWN == set()
