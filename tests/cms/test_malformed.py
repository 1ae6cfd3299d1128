"""What no page of ours sends is refused where another package fails over it, and nothing else is."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from wagtail.admin.views.reports.workflows import WorkflowView

from tests.accounts.addresses import ExampleObjects
from tests.accounts.roles import table, tried
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in

# The example has a row, and no file.
FILELESS = "documents/edit/<int:document_id>/"
# What somebody writes in is made or changed there; nowhere else is anything published by a button.
WRITTEN_IN = re.compile(r"(^|[/_-])(add|create|edit|new|translate|name|upload|settings)(/|$)")
TEXT = r"<str:\w+>"
# What Wagtail's own views read from a query or a hidden field, and none of them as a text.
READ = [
    *("id", "p", "page", "next", "position", "revision_id", "overwrite_revision_id", "locale"),
    *("new_parent_page", "collection_id", "collection", "user", "target_pages[]", "content_type"),
    *("body-count", "include_descendants", "is_editing", "in_preview_panel", "link_url"),
]


@pytest.fixture
def boss(site: SmallSite) -> Client:
    user = make_user("boss", is_staff=True, is_superuser=True)
    return logged_in(user, raise_request_exception=False)


def fails(ask: Callable[..., Response], *arguments: object) -> bool:
    with transaction.atomic():
        response = ask(*arguments)
        transaction.set_rollback(True)
    return response.status_code >= 500


def addresses(site: SmallSite, key: str = "") -> dict[str, str]:
    """All that are tried; or those with a text as a key, and another text there."""
    things, patterns = ExampleObjects(site), [each for each in table() if tried(each)]
    if key:
        patterns = [re.sub(TEXT, key, each) for each in patterns if re.search(TEXT, each)]
    return {each: things.fill(each) for each in patterns if each != FILELESS}


@pytest.mark.any_database
def test_no_form_of_the_admin_fails_over_missing_fields(site: SmallSite, boss: Client) -> None:
    filled = addresses(site)
    assert [each for each in filled if fails(boss.post, filled[each])] == []
    written_in = list(filter(WRITTEN_IN.search, filled))
    assert {"pages/<int:page_id>/edit/", "images/add/"} <= set(written_in)
    sent = {"title": "x", "action-publish": "1"}
    assert [each for each in written_in if fails(boss.post, filled[each], sent)] == []


@pytest.mark.any_database
def test_no_address_of_the_admin_fails_over_what_is_no_number(
    site: SmallSite, boss: Client
) -> None:
    filled, sent = addresses(site), dict.fromkeys(READ, "en")
    assert [each for each, path in filled.items() if fails(boss.get, path, sent)] == []
    assert [each for each, path in filled.items() if fails(boss.post, path, sent)] == []


@pytest.mark.any_database
@pytest.mark.parametrize(
    "name", ["en", "$:60", "wagtailadmin_pages:no", "wagtailadmin_pages:no:where", "signer"]
)
def test_where_to_go_on_is_no_name_of_a_view(site: SmallSite, boss: Client, name: str) -> None:
    """Django takes for one what looks like no address."""
    page = site["portland"]["en"]
    sent = boss.post(f"/admin/pages/{page.pk}/lock/", {"next": name})
    assert sent.status_code == 400


@pytest.mark.both_databases
@pytest.mark.parametrize("key", ["en", "9" * 20])
def test_no_address_of_the_admin_fails_over_a_key_that_is_none(
    site: SmallSite, boss: Client, key: str
) -> None:
    filled = addresses(site, key)
    assert len(filled) >= 20
    assert [each for each, path in filled.items() if fails(boss.get, path)] == []


@pytest.mark.both_databases
@pytest.mark.parametrize("number", ["1e999", "-Infinity", "NaN"])
def test_a_number_that_no_database_keeps_is_refused(
    site: SmallSite, boss: Client, number: str
) -> None:
    with transaction.atomic():
        sent = boss.patch("/admin/dismissibles/", f'{{"a": {number}}}', "application/json")
        transaction.set_rollback(True)
    assert sent.status_code == 400


@pytest.mark.any_database
@pytest.mark.parametrize("body", ["[" * 5000, '{"a":' * 5000])
def test_json_that_is_too_deep_to_be_read_is_refused(
    site: SmallSite, boss: Client, body: str
) -> None:
    page = site["portland"]["en"]
    action = f"/admin/api/main/pages/{page.pk}/action/unpublish/"
    assert boss.post(action, body, "application/json").status_code == 400
    assert boss.patch("/admin/dismissibles/", body, "application/json").status_code == 400


@pytest.mark.both_databases
def test_nothing_is_deleted_past_wagtails_questions(site: SmallSite, boss: Client) -> None:
    filled = addresses(site)
    deleting = [path for each, path in filled.items() if re.search(r"(^|/)delete/", each)]
    assert len(deleting) > 10
    for path in deleting:
        with transaction.atomic():
            assert boss.delete(path).status_code in (302, 403, 404, 405), path
            transaction.set_rollback(True)


@pytest.mark.any_database
def test_a_fault_of_the_site_stays_one(
    site: SmallSite, boss: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> int:
        return int("broken")

    monkeypatch.setattr("dashboard.numbers.with_numbers", fail)
    monkeypatch.setattr(WorkflowView, "get_queryset", fail)
    report = "/admin/reports/workflow/"
    assert boss.get("/admin/petitions/?q=broken").status_code == 500, "our line is next to it"
    assert boss.get(f"{report}?ordering=name").status_code == 500, "nobody sent that"
    assert "Refused" not in caplog.text
    assert boss.get(f"{report}?id=broken").status_code == 400
    assert "Refused a malformed request: ValueError in wagtail" in caplog.text
    assert "broken" not in caplog.text.split("Refused")[1]
