"""Who reads, publishes and translates what recipients answer: told by rights on pages."""

from django.db.models import Exists, OuterRef, Q
from wagtail.permissions import page_permission_policy

from accounts.models import User
from campaigns.models import Answer, AnswerTranslation, Delivery
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


def untranslated_for(user: User) -> AnswerQuerySet:
    """Public ones that lack a translation into a language in which a user works."""
    lacking = Q(pk=None)
    for language in languages_for(user).values_list("language_code", flat=True):
        done = AnswerTranslation.objects.filter(answer=OuterRef("pk"), language=language)
        lacking |= Q(~Q(language=language), ~Exists(done))
    return answers_for(user).public().filter(lacking)


def translates_into(user: User, answer: Answer) -> list[str]:
    """The site's languages, but for the answer's own, in which a user works."""
    languages = languages_for(user).exclude(language_code=answer.language)
    return list(languages.order_by("language_code").values_list("language_code", flat=True))
