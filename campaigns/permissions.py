"""Which campaigns a member of the staff works on, told by their rights on the campaign's page."""

from django.db.models import Model, Q, QuerySet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.models import User
from campaigns.models import CampaignPage, Petition, PetitionEvent, Tie, TieEvent
from campaigns.records.petitions import PetitionQuerySet
from campaigns.records.ties import TieQuerySet
from translations.permissions import languages_for


def campaigns_for(user: User, right: str = "change") -> QuerySet[CampaignPage]:
    """The campaign pages, in every language, on which a user has a right (Wagtail's words)."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, right)
    return CampaignPage.objects.filter(pk__in=pages.values("pk"))


def petitions_for(user: User, right: str = "change") -> PetitionQuerySet:
    """The petitions of those campaigns: each campaign-wide one, and those of its cities."""
    campaigns = campaigns_for(user, right).values("petition")
    return Petition.objects.filter(Q(pk__in=campaigns) | Q(parent__in=campaigns))


def ties_for(user: User, right: str = "change") -> TieQuerySet:
    """The ties of those petitions, and ties that no petition is about yet."""
    return Tie.objects.filter(
        Q(petitions=None) | Q(pk__in=petitions_for(user, right).values("tie"))
    )


def may_change(user: User, record: Model) -> bool:
    """Whether a record belongs to what a user works on. A city belongs to everybody's work."""
    if isinstance(record, Page):
        return bool(record.permissions_for_user(user).can_edit())
    if isinstance(record, PetitionEvent):
        record = record.petition
    if isinstance(record, TieEvent):
        record = record.tie
    if isinstance(record, Petition):
        return petitions_for(user).filter(pk=record.pk).exists()
    if isinstance(record, Tie):
        return ties_for(user).filter(pk=record.pk).exists()
    # What is written in one language, as a city's name is.
    locale = getattr(record, "locale_id", None)
    return locale is None or languages_for(user).filter(pk=locale).exists()
