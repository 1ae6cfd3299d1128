"""Which campaigns a member of the staff works on, told by their rights on the campaign's page."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from campaigns.models import CampaignPage, Petition


def campaigns_for(user: Any, right: str = "change") -> QuerySet[CampaignPage]:
    """The campaign pages, in every language, on which a user has a right (Wagtail's words)."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, right)
    return CampaignPage.objects.filter(pk__in=pages.values("pk"))


def petitions_for(user: Any, right: str = "change") -> QuerySet[Petition]:
    """The petitions of those campaigns: each campaign-wide one, and those of its cities."""
    campaigns = campaigns_for(user, right).values("petition")
    return Petition.objects.filter(Q(pk__in=campaigns) | Q(parent__in=campaigns))
