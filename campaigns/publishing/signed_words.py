"""What happens may change the words that are signed: they are kept with it.

It happens to ties, to petitions and to mayors' offices. Whoever read the page a moment before signs
what they read. Events are entered in the admin, in bulk, by launches, imports and commands, so that
this hangs on the rows themselves. Saving one is one transaction with it.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save

from campaigns.models import (
    Petition,
    PetitionEvent,
    Recipient,
    RecipientWords,
    TextVersion,
    TieEvent,
)
from campaigns.pages.live import live_pages_of
from campaigns.records.petitions import PetitionQuerySet

Event = TieEvent | PetitionEvent | Recipient | RecipientWords
# Where an event keeps what it was.
BEFORE = "_stored_before"
# What no words depend on.
OTHER_KINDS = (
    PetitionEvent.Kind.LAUNCHED,
    PetitionEvent.Kind.CONTACTED,
    PetitionEvent.Kind.DELIVERED,
    PetitionEvent.Kind.REPLIED,
    PetitionEvent.Kind.HEARING,
)


def register() -> None:
    """Once, as the site starts."""
    for model in (TieEvent, PetitionEvent, Recipient, RecipientWords):
        pre_save.connect(note_before, sender=model)
        post_save.connect(after_event, sender=model)
        post_delete.connect(after_event, sender=model)
    post_save.connect(after_petition, sender=Petition)


def keep_words(petitions: PetitionQuerySet) -> None:
    """Of all languages in which everybody can see a page of theirs."""
    pages = live_pages_of(petitions.with_names())
    TextVersion.record((page.petition, page.words) for page in pages)


def petitions_of(event: Event) -> PetitionQuerySet:
    if isinstance(event, TieEvent):
        return Petition.objects.filter(tie=event.tie_id)
    if isinstance(event, RecipientWords):
        return petitions_of(event.recipient)
    if isinstance(event, Recipient):
        return Petition.objects.filter(tie__city=event.city_id, tie__isnull=False)
    return Petition.objects.filter(pk=event.petition_id)


def note_before(instance: Event, **kwargs: Any) -> None:
    """An event that is corrected may have been of another tie, and an office of another city."""
    before = type(instance)._default_manager.filter(pk=instance.pk).first() if instance.pk else None
    instance.__dict__[BEFORE] = before


def after_event(instance: Event, raw: bool = False, created: bool = False, **kwargs: Any) -> None:
    changes_nothing = isinstance(instance, PetitionEvent) and instance.kind in OTHER_KINDS
    if raw or (created and changes_nothing):
        return
    before = instance.__dict__.get(BEFORE)
    petitions = petitions_of(instance)
    keep_words(petitions | petitions_of(before) if before else petitions)


def after_petition(
    instance: Petition,
    raw: bool = False,
    created: bool = False,
    update_fields: Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    if raw or created or (update_fields is not None and "is_paused" not in update_fields):
        return
    keep_words(Petition.objects.filter(pk=instance.pk))
