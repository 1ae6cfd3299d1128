"""Who may hand petitions over: those who publish them, as it sets going when signers are erased."""

from django.db.models import QuerySet
from wagtail.permissions import register_permission_policy

from accounts.models import User
from campaigns.models import Delivery
from campaigns.permissions import petition_policy
from translations.permissions import RecordPolicy


class DeliveryPolicy(RecordPolicy):
    def own(self, user: User) -> QuerySet[Delivery]:
        petitions = petition_policy.own(user, "publish")
        found: QuerySet[Delivery] = Delivery.objects.filter(petition__in=petitions)
        return found


delivery_policy = DeliveryPolicy(Delivery)


def register() -> None:
    register_permission_policy(Delivery, delivery_policy)
