"""Who may launch cities: whoever may add petitions, and pages below the campaign's."""

from collections.abc import Iterable

from django.db.models import QuerySet
from wagtail.models import Locale
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import User
from campaigns.models import CampaignPage
from campaigns.permissions import campaigns_for, petition_policy
from launches.models import Launch
from translations.permissions import NarrowedMixin


class LaunchPolicy(NarrowedMixin, BasePermissionPolicy):
    def user_has_permission(self, user: User, action: str) -> bool:
        return bool(petition_policy.user_has_permission(user, "add"))

    def campaigns(self, user: User) -> QuerySet[CampaignPage]:
        """Those that a user may launch in, each as its page in the source language."""
        if not self.user_has_permission(user, "add"):
            return CampaignPage.objects.none()
        return campaigns_for(user, "add").filter(locale=Locale.get_default())

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[Launch]:
        return Launch.objects.filter(campaign__in=self.campaigns(user).values("petition"))


launch_policy = LaunchPolicy(Launch)


def register() -> None:
    register_permission_policy(Launch, launch_policy)
