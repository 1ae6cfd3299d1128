"""An editor writes, a moderator publishes; both can comment, compare and lock."""

import pytest
from django.test import Client
from wagtail.models import Comment, GroupApprovalTask, PageLogEntry, Workflow

from accounts.models import User
from campaigns.models import CampaignPage, PetitionPage, TextVersion
from tests.support.editor import edit
from tests.support.factories import add_content
from tests.support.kinds import Part, SmallSite


def test_what_an_editor_submits_goes_live_when_a_moderator_approves(
    site: SmallSite, editor: Client, moderator: Client
) -> None:
    page = site["campaign"]["en"]
    edit(editor, page, "publish", ask="Published without a right to.")
    page.refresh_from_db()
    assert page.ask == "End all ties."
    assert edit(editor, page, "submit", ask="End them at once.").status_code == 302
    page = CampaignPage.objects.get(pk=page.pk)
    task = page.current_workflow_task_state
    assert task.status == task.STATUS_IN_PROGRESS
    assert page.ask == "End all ties."
    address = f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    editor.post(address)
    page.refresh_from_db()
    assert page.ask == "End all ties.", "nobody approves their own work without the right to"
    assert page.title in moderator.get("/admin/").content.decode(), "it waits on the start page"
    moderator.post(address)
    page.refresh_from_db()
    assert page.ask == "End them at once."
    assert "End them at once." in Client().get(page.url).content.decode()
    assert TextVersion.objects.filter(petition=page.petition, ask=page.ask).exists()
    log = PageLogEntry.objects.filter(page=page, action="wagtail.workflow.approve").get()
    assert log.user.username == "moderator"


def test_a_moderator_sends_work_back_with_a_reason(
    site: SmallSite, editor: Client, moderator: Client
) -> None:
    page = site["portland"]["en"]
    edit(editor, page, "submit", own_ask="End it.")
    state = PetitionPage.objects.get(pk=page.pk).current_workflow_task_state
    address = f"/admin/pages/workflow/action/{page.pk}/reject/{state.pk}/"
    moderator.post(address, {"comment": "Say whom you ask."})
    page = PetitionPage.objects.get(pk=page.pk)
    assert page.own_ask == ""
    assert page.current_workflow_state.status == "needs_changes"
    shown = editor.get(f"/admin/pages/{page.pk}/workflow_history/", follow=True)
    assert shown.status_code == 200
    assert "Say whom you ask." in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()


def test_moderation_is_set_up_for_the_whole_site(site: SmallSite) -> None:
    task = GroupApprovalTask.objects.get()
    assert [group.name for group in task.groups.all()] == ["Moderators"]
    for language in ("en", "uk"):
        workflow = site["portland"][language].get_workflow()
        assert workflow == Workflow.objects.get()
        assert workflow.active


def test_a_comment_on_a_field_is_kept_and_found_in_the_panel(
    site: SmallSite, editor: Client
) -> None:
    page = site["campaign"]["en"]
    comment = {
        "id": "",
        "contentpath": "ask",
        "text": "Is this the demand?",
        "position": "",
        "replies-TOTAL_FORMS": 0,
        "replies-INITIAL_FORMS": 0,
        "replies-MIN_NUM_FORMS": 0,
        "replies-MAX_NUM_FORMS": "",
    }
    edit(editor, page, comments=[comment])
    kept = Comment.objects.get()
    assert (kept.contentpath, kept.user.username) == ("ask", "editor")
    shown = editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Is this the demand?" in shown
    assert "Toggle comments" in shown


@pytest.mark.parametrize("kind", ["campaign", "portland"])
def test_two_revisions_are_compared_block_by_block(
    site: SmallSite, editor: Client, kind: Part
) -> None:
    add_content(site)
    page = type(site[kind]["en"]).objects.get(pk=site[kind]["en"].pk)
    reason = {"heading": "A new reason", "text": "<p>Its words.</p>"}
    if page.body:
        del page.body[0]
    page.body.append(("reason", reason))
    page.save_revision()
    for versions in ("live...latest", "earliest...latest"):
        shown = editor.get(f"/admin/pages/{page.pk}/revisions/compare/{versions}/")
        assert shown.status_code == 200
        assert "A new reason" in shown.content.decode()


def test_a_locked_page_takes_no_change_but_from_whom_locked_it(
    site: SmallSite, editor: Client, moderator: Client
) -> None:
    page = site["campaign"]["en"]
    editor.post(f"/admin/pages/{page.pk}/lock/")
    page.refresh_from_db()
    assert not page.locked, "editors lock nothing"
    moderator.post(f"/admin/pages/{page.pk}/lock/")
    page.refresh_from_db()
    assert page.locked_by == User.objects.get(username="moderator")
    before = page.revisions.count()
    edit(editor, page, ask="Changed behind the lock.")
    assert page.revisions.count() == before
    edit(moderator, page, ask="Changed by its holder.")
    assert page.revisions.count() == before + 1
    editor.post(f"/admin/pages/{page.pk}/unlock/")
    page.refresh_from_db()
    assert page.locked
    moderator.post(f"/admin/pages/{page.pk}/unlock/")
    page.refresh_from_db()
    assert not page.locked
