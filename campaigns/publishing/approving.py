"""An approved draft goes live once whoever approves it has seen what it touches."""

from wagtail.models import Page, TaskState, WorkflowState
from wagtail.workflows import publish_workflow_state

from accounts.models import User
from campaigns.impact import affects_cities
from campaigns.publishing.publish import refuse_unfit


class NotSeenError(Exception):
    """Nothing is approved before the city pages that it changes were looked at."""


def publish_if_seen(workflow_state: WorkflowState, user: User | None = None) -> None:
    """In place of Wagtail's own. Raises: NotSeenError; ValidationError."""
    page = workflow_state.content_object
    refuse_unfit(page.get_latest_revision_as_object())
    if not getattr(workflow_state, "is_seen", False) and affects_cities(page):
        raise NotSeenError
    publish_workflow_state(workflow_state, user)


def waiting_task(page: Page, user: User) -> TaskState | None:
    """The step of a page's workflow that a user may approve."""
    state: TaskState | None = page.current_workflow_task_state
    if state is None:
        return None
    actions = state.task.specific.get_actions(page, user)
    return state if any(name == "approve" for name, *_rest in actions) else None


def approve(state: TaskState, user: User) -> None:
    """Approves a draft that was looked at. Raises: ValidationError, with nothing changed."""
    state.workflow_state.is_seen = True
    state.task.specific.on_action(state, user, "approve")
