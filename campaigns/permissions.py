"""Who may do what to petitions and records: told by rights on the campaigns' pages."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import page_permission_policy, register_permission_policy

from accounts.models import User
from campaigns.models import (
    CampaignPage,
    ChangeRequest,
    City,
    CityName,
    Petition,
    PetitionEvent,
    Recipient,
    Tie,
    TieEvent,
)
from campaigns.records.petitions import PetitionQuerySet
from campaigns.records.recipients import RecipientQuerySet
from campaigns.records.ties import TieQuerySet
from translations.permissions import NarrowedMixin, OneLanguagePolicy, RecordPolicy

# Whoever may do any of these to some records of a kind sees the list of them.
ANYTHING = ("add", "change", "delete", "view")


def campaigns_for(user: User, right: str = "change") -> QuerySet[CampaignPage]:
    """The campaign pages, in every language, on which a user has a right (Wagtail's words)."""
    pages = page_permission_policy.instances_user_has_permission_for(user, right)
    return CampaignPage.objects.filter(pk__in=pages.values("pk"))


class PetitionPolicy(RecordPolicy):
    """Of the campaigns that a user works on: each campaign-wide one, and those of its cities.

    What visitors see of a petition is published by those who may publish its campaign's page; on
    the petition itself there is no such right.
    """

    def own(self, user: User, right: str = "change") -> PetitionQuerySet:
        campaigns = campaigns_for(user, right).values("petition")
        return Petition.objects.filter(Q(pk__in=campaigns) | Q(parent__in=campaigns))

    def instances_user_has_permission_for(self, user: User, action: str) -> PetitionQuerySet:
        if action == "publish":
            return self.own(user, action)
        found: PetitionQuerySet = super().instances_user_has_permission_for(user, action)
        return found


class TiePolicy(RecordPolicy):
    """The ties of one's petitions, and ties that no petition is about yet."""

    def own(self, user: User) -> TieQuerySet:
        ties = petition_policy.own(user).values("tie")
        return Tie.objects.filter(Q(petitions=None) | Q(pk__in=ties))


class TieEventPolicy(RecordPolicy):
    def own(self, user: User) -> QuerySet[TieEvent]:
        return TieEvent.objects.filter(tie__in=tie_policy.own(user))


class PetitionEventPolicy(RecordPolicy):
    def own(self, user: User) -> QuerySet[PetitionEvent]:
        return PetitionEvent.objects.filter(petition__in=petition_policy.own(user))


class RecipientPolicy(RecordPolicy):
    """Of one's campaigns, and of cities that are in nobody else's."""

    def own(self, user: User) -> RecipientQuerySet:
        cities = Q(city__ties=None) | Q(city__in=tie_policy.own(user).values("city"))
        own = cities & Q(campaign=None) | Q(campaign__in=petition_policy.own(user))
        return Recipient.objects.filter(own).distinct()


class ChangeRequestPolicy(NarrowedMixin, BasePermissionPolicy):
    """A change is asked for by those whose work it is, and decided by those who may make it.

    These have the rights that it was kept with, and publish every petition that it touches.
    """

    def user_has_permission(self, user: User, action: str) -> bool:
        asks = [petition_policy, city_name_policy]
        if not any(policy.user_has_permission(user, "change") for policy in asks):
            return False
        return action == "add" or page_permission_policy.user_has_permission(user, "publish")

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[ChangeRequest]:
        through = ChangeRequest.petitions.through
        theirs = petition_policy.instances_user_has_permission_for(user, "publish")
        touched = through.objects.filter(changerequest=OuterRef("pk"))
        others = touched.exclude(petition__in=theirs.values("pk"))
        waiting = ChangeRequest.objects.waiting().filter(Exists(touched), ~Exists(others))
        rights = waiting.order_by().values_list("permission", flat=True).distinct()
        held = [names for names in rights if user.has_perms(names.split())]
        return waiting.filter(permission__in=held)


petition_policy = PetitionPolicy(Petition)
petition_event_policy = PetitionEventPolicy(PetitionEvent)
tie_policy = TiePolicy(Tie)
tie_event_policy = TieEventPolicy(TieEvent)
# A city belongs to everybody's work.
city_policy = RecordPolicy(City)
recipient_policy = RecipientPolicy(Recipient)
city_name_policy = OneLanguagePolicy(CityName)
change_policy = ChangeRequestPolicy(ChangeRequest)


def register() -> None:
    for policy in (
        petition_policy,
        petition_event_policy,
        tie_policy,
        tie_event_policy,
        city_policy,
        recipient_policy,
        city_name_policy,
        change_policy,
    ):
        register_permission_policy(policy.model, policy)
