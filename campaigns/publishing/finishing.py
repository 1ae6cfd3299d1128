"""What a finished workflow does, see WAGTAIL_FINISH_WORKFLOW_ACTION."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from accounts.models import User


def publish_approved(workflow_state: "WorkflowState", user: "User | None" = None) -> None:
    """Raises: NotSeenError; ValidationError."""
    # Wagtail asks for this function while its own models are being made.
    from campaigns.publishing.approving import publish_if_seen

    publish_if_seen(workflow_state, user)
