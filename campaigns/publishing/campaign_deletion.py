"""Deleting a campaign's page, with all its cities' pages, takes two persons.

What people have signed is not deleted at all (`page_rules`); a campaign that nobody has signed yet
is still months of somebody's work. The petition's record stays until its last page is gone.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from accounts.models import User
from campaigns.models import CampaignPage
from campaigns.publishing.page_rules import refuse_to_delete_page
from security import two_persons
from security.models import Approval

ACT = "campaign.deletion"


def refuse_to_delete_alone(page: Page) -> None:
    """Raises: ValidationError, where a campaign would go with the page."""
    tree = Page.objects.descendant_of(page, inclusive=True)
    if CampaignPage.objects.filter(pk__in=tree.values("pk")).exists():
        raise ValidationError(
            _(
                "“%(title)s” takes two people to delete: open “Delete” at the campaign’s own "
                "page, and ask for it there."
            )
            % {"title": page.specific.get_admin_display_title()}
        )


def may(user: User) -> bool:
    """Whether a user may delete any; about one campaign, its page is asked when it is done."""
    return bool(page_permission_policy.user_has_permission(user, "publish"))


def deletion_told(subject: str) -> str:
    """Raises: LookupError."""
    page = _of(subject)
    return _("Delete the campaign “%(title)s” (%(language)s) with the pages of its cities") % {
        "title": page.get_admin_display_title(),
        "language": page.locale.get_display_name(),
    }


def do(approval: Approval) -> None:
    """Raises: RefusedError."""
    try:
        page = _of(approval.subject)
        refuse_to_delete_page(page)
        for user in (approval.decided_by, approval.asked_by):
            if not page.permissions_for_user(user).can_delete():
                raise PermissionDenied
    except LookupError as error:
        raise two_persons.RefusedError(_("What was asked for is not there anymore.")) from error
    except ValidationError as error:
        raise two_persons.RefusedError(" ".join(error.messages)) from error
    except PermissionDenied as error:
        raise two_persons.RefusedError(
            _("Both who asks and who grants must be allowed to delete this campaign.")
        ) from error
    DeletePageAction(page, user=approval.asked_by).execute()


def _of(subject: str) -> CampaignPage:
    page = CampaignPage.objects.filter(pk=int(subject)).first()
    if page is None:
        raise LookupError(subject)
    return page


def register() -> None:
    two_persons.register(two_persons.Act(ACT, may, deletion_told, do))
