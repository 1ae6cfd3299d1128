"""Who reads, publishes and translates what recipients answer: told by rights on pages."""

from django.db.models import Q
from wagtail.permissions import page_permission_policy

from accounts.models import User
from campaigns.models import Answer, Delivery
from campaigns.permissions import petition_policy
from campaigns.records.answers import AnswerQuerySet
from translations.permissions import languages_for


def works_here(user: User) -> bool:
    return bool(page_permission_policy.user_has_permission(user, "change"))


def decides(user: User, delivery: Delivery) -> bool:
    """Whoever may publish the petition's pages decides what stands on them."""
    return petition_policy.own(user, "publish").filter(pk=delivery.petition_id).exists()


def answers_for(user: User) -> AnswerQuerySet:
    """All of those petitions that one may publish; of others that one works on, public ones."""
    theirs = Q(delivery__petition__in=petition_policy.own(user, "publish").values("pk"))
    public = Q(
        delivery__petition__in=petition_policy.own(user).values("pk"),
        state=Answer.State.PUBLISHED,
    )
    found: AnswerQuerySet = Answer.objects.filter(theirs | public)
    return found


def translates_into(user: User, answer: Answer) -> list[str]:
    """The site's languages, but for the answer's own, in which a user works."""
    languages = languages_for(user).exclude(language_code=answer.language)
    return list(languages.order_by("language_code").values_list("language_code", flat=True))
