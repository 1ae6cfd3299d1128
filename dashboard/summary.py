"""The summary on the admin's home: how many signed, and what needs attention."""

from typing import Any

from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.permissions import petition_policy
from dashboard.attention import Item, attention, items_for
from dashboard.numbers import closing_soon, day_start
from deliveries.answering.rights import answers_for, untranslated_for
from integrity.permissions import sweep_policy
from jobs.models import Job
from jobs.permissions import job_policy
from signatures.models import Signature
from signatures.permissions import signature_policy
from signatures.release import PARTS
from signatures.tallies import totals


@attention
def names_to_moderate(user: User) -> Item | None:
    return to_moderate(user, "name", _("Names to read and release"))


@attention
def comments_to_moderate(user: User) -> Item | None:
    return to_moderate(user, "comment", _("Comments to read and release"))


def to_moderate(user: User, part: str, label: str) -> Item | None:
    if not signature_policy.user_has_permission(user, "moderate"):
        return None
    waiting = Signature.objects.awaiting_moderation(part)
    return Item(label, waiting.count(), f"{reverse('moderation')}?part={part}")


@attention
def reports_to_moderate(user: User) -> Item | None:
    if not signature_policy.user_has_permission(user, "moderate"):
        return None
    address = f"{reverse('moderation')}?state=reported"
    number = sum(Signature.objects.reported(part).count() for part in PARTS)
    return Item(_("Names and comments that were reported"), number, address)


@attention
def answers_to_read(user: User) -> Item | None:
    return Item(_("Answers to read"), answers_for(user).waiting().count(), reverse("answers"))


@attention
def answers_to_translate(user: User) -> Item | None:
    number = untranslated_for(user).count()
    return Item(_("Answers to translate"), number, reverse("answers"))


@attention
def petitions_about_to_close(user: User) -> Item | None:
    if not petition_policy.user_has_permission(user, "view"):
        return None
    closing = closing_soon(petition_policy.own(user))
    address = reverse("petition_list") + "?soon=true"
    return Item(_("Petitions that close within a week"), closing.count(), address)


@attention
def signatures_in_review(user: User) -> Item | None:
    if not sweep_policy.user_has_permission(user, "add"):
        return None
    held = Signature.objects.in_review().count()
    return Item(_("Signatures held for review"), held, f"{reverse('integrity')}?in_review=yes")


@attention
def failed_jobs(user: User) -> Item | None:
    if not job_policy.user_has_permission(user, "view"):
        return None
    return Item(_("Jobs that failed"), Job.objects.failed().count(), reverse("jobs"))


class Summary(Component):
    template_name = "signatures/admin/summary.html"
    order = 50

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        return {"totals": self.totals(), "items": items_for(self.user)}

    def totals(self) -> dict[str, int]:
        """Of the petitions that the user works on."""
        if not petition_policy.user_has_permission(self.user, "view"):
            return {}
        petitions = petition_policy.own(self.user)
        counted = totals(petitions.order_by().values_list("pk", flat=True)).values()
        today = Signature.objects.counted().filter(
            petition__in=petitions, confirmed_at__gte=day_start(timezone.now())
        )
        return {
            "petitions": len(counted),
            "signatures": sum(each.signatures for each in counted),
            "people": sum(each.people or 0 for each in counted),
            "today": today.count(),
        }


def add_summary(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if petition_policy.user_has_permission(request.user, "view") or items_for(request.user):
        panels.append(Summary(request.user))
