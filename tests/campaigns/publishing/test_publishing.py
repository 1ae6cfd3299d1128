"""Publishing is one piece, and of several pages each goes by itself."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision, Workflow
from wagtail_localize.models import StringSegment

from campaigns.models import CampaignPage, TextVersion
from home.models import ContentPage, HomePage
from tests.support.editor import edit, publish_in_bulk
from tests.support.editor import publish as publish_in_editor
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite
from tests.support.snapshot import kept
from tests.support.source import calls, modules
from translations.submission import submit

API = "/admin/api/main/pages/"
NEW_PATTERN = "Now end it {with_sister_city}."


class Killed(BaseException):
    """Nothing in between takes this for an error that it could handle."""


@contextmanager
def killed_at(write: int) -> Iterator[None]:
    """Ends everything in place of the given write to the database, the first being 1."""
    written = 0

    def count(
        execute: Callable[..., object],
        sql: str,
        params: object,
        many: bool,
        context: dict[str, Any],
    ) -> object:
        nonlocal written
        # An index for searching is no part of it: it is written by a task, which takes any end.
        is_write = sql.startswith(("INSERT", "UPDATE", "DELETE")) and "search" not in sql
        written += is_write
        if is_write and written == write:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


def by_code(admin: Client, page: Page) -> None:
    page.get_latest_revision().publish()


def by_api(admin: Client, page: Page) -> None:
    admin.post(f"{API}{page.pk}/action/publish/")


def in_editor(admin: Client, page: Page) -> None:
    publish_in_editor(admin, page, ask="New ask.")


def in_bulk(admin: Client, page: Page) -> None:
    publish_in_bulk(admin, page)


def in_time(admin: Client, page: Page) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=past)
    call_command("publish_scheduled")


def by_approving(admin: Client, page: Page) -> None:
    Workflow.objects.get().start(page, None)
    admin.post(f"/admin/impact/{page.pk}/", {"seen": page.latest_revision_id})


def after_looking(admin: Client, page: Page) -> None:
    admin.post(f"/admin/impact/{page.pk}/", {"seen": page.latest_revision_id})


def state(page: CampaignPage) -> tuple[bool, bool, bool]:
    """Whether the new words are live, with the translators, and what visitors sign."""
    return (
        CampaignPage.objects.get(pk=page.pk).ask == "New ask.",
        StringSegment.objects.filter(
            source__object_id=page.translation_key, string__data="New ask."
        ).exists(),
        TextVersion.objects.filter(petition=page.petition_id, ask="New ask.").exists(),
    )


@pytest.fixture
@kept
def campaign(site: dict[str, Any]) -> CampaignPage:
    """With a draft that changes what visitors sign, and translators who wait for it."""
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    submit(page, site["campaign"]["uk"].locale)
    page.ask = "New ask."
    page.save_revision()
    return CampaignPage.objects.get(pk=page.pk)


@pytest.fixture
def about(site: SmallSite) -> ContentPage:
    page = ContentPage(title="About", slug="about", locale=site["home"]["en"].locale, live=False)
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=page)
    page.save_revision()
    return ContentPage.objects.get(pk=page.pk)


def unfinished(page: CampaignPage) -> CampaignPage:
    """A draft that the editor has just begun, and autosave stored."""
    page.ask = ""
    page.save_revision(clean=False)
    return CampaignPage.objects.get(pk=page.pk)


WAYS = [by_code, by_api, in_editor, in_bulk, in_time, by_approving, after_looking]


@pytest.mark.parametrize("publish_it", WAYS)
def test_whoever_publishes_and_is_killed_at_any_step_has_published_all_or_nothing(
    admin: Client, campaign: CampaignPage, publish_it: Callable[[Client, Any], None]
) -> None:
    killed, found = 0, set()
    while True:
        killed += 1
        kept = transaction.savepoint()
        try:
            with killed_at(killed):
                publish_it(admin, CampaignPage.objects.get(pk=campaign.pk))
        except Killed:
            found.add(state(campaign))
            transaction.savepoint_rollback(kept)
        else:
            break
    assert found <= {(False, False, False), (True, True, True)}
    assert killed > 5, "there is something to interrupt"
    assert state(campaign) == (True, True, True), "whoever is not killed has published"


def test_of_several_pages_the_good_go_live_and_the_other_is_named(
    admin: Client, campaign: CampaignPage, about: ContentPage
) -> None:
    html = publish_in_bulk(admin, unfinished(campaign), about).content.decode()
    assert "“End the ties” cannot be published." in html
    assert "1 page has been published" in html
    assert ContentPage.objects.get(pk=about.pk).live
    assert CampaignPage.objects.get(pk=campaign.pk).ask == "End all ties."


def test_of_several_scheduled_pages_the_good_go_live_and_the_other_is_named(
    campaign: CampaignPage, about: ContentPage, caplog: pytest.LogCaptureFixture
) -> None:
    past = timezone.now() - timedelta(minutes=1)
    due = [unfinished(campaign).latest_revision_id, about.latest_revision_id]
    Revision.objects.filter(pk__in=due).update(approved_go_live_at=past)
    call_command("publish_scheduled")
    assert ContentPage.objects.get(pk=about.pk).live
    assert "“End the ties” cannot be published." in caplog.text
    assert "Nobody can sign: say what a signer demands." in caplog.text
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_an_unfinished_draft_is_not_approved_and_its_reviewer_reads_why(
    admin: Client, campaign: CampaignPage
) -> None:
    page = unfinished(campaign)
    Workflow.objects.get().start(page, None)
    task = page.current_workflow_task_state
    address = f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    html = admin.post(address, follow=True).content.decode()
    assert "“End the ties” cannot be published." in html
    assert CampaignPage.objects.get(pk=page.pk).workflow_in_progress


@pytest.mark.parametrize("reviewed", [False, True])
def test_what_is_refused_after_it_was_looked_at_says_why_and_keeps_the_draft(
    admin: Client, campaign: CampaignPage, reviewed: bool
) -> None:
    page = unfinished(campaign)
    if reviewed:
        Workflow.objects.get().start(page, None)
    answer = admin.post(f"/admin/impact/{page.pk}/", {"seen": page.latest_revision_id})
    assert answer["Location"] == f"/admin/pages/{page.pk}/edit/"
    html = admin.get(answer["Location"]).content.decode()
    assert "“End the ties” cannot be published." in html
    assert "Nobody can sign: say what a signer demands." in html
    kept = CampaignPage.objects.get(pk=page.pk)
    assert kept.ask
    assert kept.get_latest_revision_as_object().ask == ""
    assert kept.workflow_in_progress is reviewed


def test_no_room_makes_wagtails_publishing_action_itself() -> None:
    """It is asked for by a revision's `publish`, so that there is one way to guard."""
    actions = ("PublishRevisionAction", "PublishPageRevisionAction")
    found = {path for path, tree in modules() for name in actions if calls(tree, name)}
    assert found == set()


def test_one_place_answers_a_refused_page() -> None:
    """A view that publishes one page lets the refusal go on to it; several name their own."""
    catching = {
        path
        for path, tree in modules("views/*.py")
        if calls(tree, "publish_draft")
        and any(isinstance(node, ast.ExceptHandler) for node in ast.walk(tree))
    }
    assert catching == set()


def approve_on_its_page(admin: Client, page: Page) -> Response:
    task = page.current_workflow_task_state
    return admin.post(f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/")


def approve_in_editor(admin: Client, page: Page) -> Response:
    action = {"workflow-action-name": "approve"}
    return edit(admin, page, "workflow-action", **action, city_ask=NEW_PATTERN)


@pytest.mark.parametrize("approve", [approve_on_its_page, approve_in_editor])
def test_whoever_approves_sees_first_what_it_touches(
    admin: Client, campaign: CampaignPage, approve: Callable[[Client, Any], Any]
) -> None:
    campaign.city_ask = NEW_PATTERN
    campaign.save_revision()
    page = CampaignPage.objects.get(pk=campaign.pk)
    Workflow.objects.get().start(page, make_user("writer"))
    address = f"/admin/impact/{page.pk}/"
    assert approve(admin, page)["Location"] == address
    page = CampaignPage.objects.get(pk=page.pk)
    assert page.workflow_in_progress
    assert "Now end" not in page.city_ask
    shown = admin.get(address)
    assert "Approve the change" in shown.content.decode()
    admin.post(address, {"seen": shown.context["impact"].revision})
    page = CampaignPage.objects.get(pk=page.pk)
    assert not page.workflow_in_progress
    assert page.workflow_states.get().status == "approved"
    assert "Now end" in page.city_ask


def test_whoever_publishes_in_bulk_sees_first_what_it_touches(
    admin: Client, campaign: CampaignPage
) -> None:
    campaign.city_ask = NEW_PATTERN
    campaign.save_revision()
    address = f"/admin/bulk/wagtailcore/page/publish/?id={campaign.pk}&next=/admin/"
    assert admin.post(address)["Location"] == address
    assert "Now end" not in CampaignPage.objects.get(pk=campaign.pk).city_ask
    assert "it changes 1 of 1 city page in" in admin.get(address).content.decode()
    publish_in_bulk(admin, campaign)
    assert "Now end" in CampaignPage.objects.get(pk=campaign.pk).city_ask
