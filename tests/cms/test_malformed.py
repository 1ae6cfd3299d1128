"""A form from which fields are missing is refused, and nothing fails over it."""

import re

import pytest
from django.db import transaction

from tests.accounts.addresses import ExampleObjects
from tests.accounts.roles import table, tried
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

# Wagtail's own fail with an error that says nothing of a field: told there, and left. A chooser's
# address for new records is there even where it has no form for one.
WAGTAILS = {
    "choose-external-link/",
    "redirects/import/process/",
    *(
        f"snippets/choose/{kind}/create/"
        for kind in (
            *("campaigns/city", "campaigns/cityname", "campaigns/petition", "campaigns/tie"),
            *("campaigns/petitionevent", "campaigns/tieevent"),
            *("translation_desk/glossaryterm", "translation_desk/glossarytranslation"),
        )
    ),
}
# The example has a row, and no file.
FILELESS = "documents/edit/<int:document_id>/"


# What somebody writes in is made or changed there; nowhere else is anything published by a button.
WRITTEN_IN = re.compile(r"(^|[/_-])(add|create|edit|new|translate|name|upload|settings)(/|$)")


@pytest.mark.any_database
def test_no_form_of_the_admin_fails_over_missing_fields(site: SmallSite) -> None:
    boss = make_user("boss", is_staff=True, is_superuser=True)
    things, client = ExampleObjects(site), logged_in(boss, raise_request_exception=False)

    def fails(pattern: str, **sent: str) -> bool:
        with transaction.atomic():
            response = client.post(things.fill(pattern), sent)
            transaction.set_rollback(True)
        return bool(response.status_code >= 500)

    patterns = [pattern for pattern in filter(tried, table()) if pattern != FILELESS]
    assert {pattern for pattern in patterns if fails(pattern)} == WAGTAILS
    written_in = [pattern for pattern in patterns if WRITTEN_IN.search(pattern)]
    assert {"pages/<int:page_id>/edit/", "images/add/"} <= set(written_in)
    sent = {"title": "x", "action-publish": "1"}
    assert {pattern for pattern in written_in if fails(pattern, **sent)} <= WAGTAILS
