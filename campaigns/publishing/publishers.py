"""What visitors see at once is changed by those who may publish; others are told whom to ask."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.permissions import page_permission_policy
from wagtail_localize.models import Translation

from accounts.models import User
from campaigns.models import (
    City,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    Recipient,
    Tie,
    TieEvent,
)
from campaigns.permissions import petition_policy

MODERATORS_NAMED = 3


def refuse_unpublished(user: User, record: Model) -> None:
    """Raises: ValidationError, with whom to ask, where a change of a record shows at once."""
    if not_theirs(user, petitions_showing(record)).exists():
        raise ValidationError(whom_to_ask())


def refuse_shown_name(user: User, translation: Translation) -> None:
    """Raises: ValidationError, where a translation would change a name that visitors see."""
    if shown := shown_name(translation):
        refuse_unpublished(user, shown)


def shown_name(translation: Translation) -> CityName | None:
    """The name that a translation changes. One that is new shows on no page that was complete."""
    return CityName.objects.filter(
        translation_key=translation.source.object_id, locale=translation.target_locale
    ).first()


def not_theirs(user: User, petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Those with a live page on whose campaign a user may not publish."""
    live = petitions.filter(Q(petitionpage__live=True) | Q(campaignpage__live=True)).distinct()
    theirs = petition_policy.instances_user_has_permission_for(user, "publish")
    return live.exclude(pk__in=theirs.values("pk"))


def whom_to_ask() -> str:
    names = [
        person.get_full_name() or person.get_username()
        for person in publishers()[:MODERATORS_NAMED]
    ]
    return _(
        "Visitors would see this at once, and you may not publish all that it touches. "
        "Please ask somebody who may: %(names)s."
    ) % {"names": ", ".join(names) or _("the site’s administrators")}


def petitions_showing(record: Model) -> QuerySet[Petition]:
    """The petitions whose pages show what a record says; a name in its own language alone."""
    if isinstance(record, PetitionEvent):
        record = record.petition
    elif isinstance(record, TieEvent):
        record = record.tie
    elif isinstance(record, Recipient) and record.campaign:
        record = record.campaign
    if isinstance(record, Petition):
        return Petition.objects.filter(pk=record.pk)
    if isinstance(record, Tie):
        return Petition.objects.filter(tie=record.pk)
    if isinstance(record, Recipient):
        return Petition.objects.filter(tie__city=record.city_id)
    city = record.city_id if isinstance(record, CityName) else record.pk
    found = Petition.objects.filter(Q(tie__city=city) | Q(tie__sister_city=city))
    if isinstance(record, CityName):
        shown = PetitionPage.objects.filter(live=True, locale=record.locale_id)
        found = found.filter(pk__in=shown.values("petition"))
    return found


def shows_at_once(record: Model) -> bool:
    return isinstance(
        record, City | CityName | Petition | PetitionEvent | Recipient | Tie | TieEvent
    )


def publishers() -> QuerySet[Any]:
    """Those who may publish on some page."""
    found: QuerySet[Any] = page_permission_policy.users_with_permission("publish")
    return found.filter(is_superuser=False).order_by("username")
