"""A signature: what counts, and what may be shown of it."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_countries.fields import CountryField

from campaigns.models import City, Petition, Round, TextVersion
from security.encryption import EncryptedJSONField, EncryptedTextField
from signatures.models.erasing import Erased
from signatures.models.holding import Hold
from signatures.models.invalidations import Invalidation
from signatures.release import (
    PARTS,
    PUBLIC_COMMENT,
    PUBLIC_NAME,
    Release,
    checksum,
    in_state,
    is_checksum,
    state_after,
)

# Also where staff have made it invalid.
UNCONFIRMED = Q(status__in=("pending", "invalidated"), confirmed_at=None)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def confirmed(self) -> "SignatureQuerySet":
        return self.filter(status=Signature.Status.CONFIRMED)

    def counted(self) -> "SignatureQuerySet":
        """The only ones that count, and of whom anything is public."""
        return self.confirmed().filter(held_at=None, round=None)

    def in_review(self) -> "SignatureQuerySet":
        return self.exclude(held_at=None)

    def with_own_page(self) -> "SignatureQuerySet":
        """Those whose mailed links open something.

        Nobody was ever given the link of one that was never confirmed. Who took theirs back finds
        out by it that it is so.
        """
        status = Signature.Status
        known = Q(anonymised_at=None) | Q(status=status.WITHDRAWN)
        return self.filter(known).exclude(status=status.PENDING)

    def of_campaign(self, campaign: Petition) -> "SignatureQuerySet":
        """A city's own, where it is no campaign but a city."""
        if campaign.parent_id:
            return self.filter(petition=campaign)
        theirs = Petition.objects.filter(Q(pk=campaign.pk) | Q(parent=campaign))
        return self.filter(petition__in=theirs.values("pk"))

    def of_mailbox(self, petition: Petition, mailbox_key: str) -> "SignatureQuerySet":
        """Its seats in the round that goes on, in their order."""
        seats = self.filter(petition=petition, mailbox_key=mailbox_key, round=None)
        return seats.order_by("seat")

    def beside(self, signature: "Signature") -> "SignatureQuerySet":
        """All of its mailbox's, whatever their round: it may be closed at this moment."""
        return self.filter(petition=signature.petition_id, mailbox_key=signature.mailbox_key)

    def of_earlier_rounds(self, signature: "Signature") -> "SignatureQuerySet":
        """Of the same person, who is still known by them."""
        known = self.filter(petition=signature.petition_id, anonymised_at=None)
        same = {"mailbox_key": signature.mailbox_key, "name_key": signature.name_key}
        return known.filter(**same).exclude(round=None)

    def unclaimed(self) -> "SignatureQuerySet":
        """Those that nobody confirmed, and that nothing is left to confirm by."""
        return self.filter(UNCONFIRMED, submissions=None).not_held()

    def not_held(self) -> "SignatureQuerySet":
        """Those that no legal hold keeps as they are; one that is over keeps nothing."""
        held = Hold.objects.active().filter(signature=models.OuterRef("pk"))
        return self.exclude(models.Exists(held))

    def with_public_name(self) -> "SignatureQuerySet":
        """Those whose names everybody may read."""
        return self.counted().filter(PUBLIC_NAME)

    def named_to(self, recipients: Iterable[str]) -> "SignatureQuerySet":
        """Those whose names may be handed to a recipient, as told in any language."""
        # The second condition says nothing new, but to the index.
        return self.counted().filter(named_to__in=list(recipients)).exclude(named_to="")

    def with_public_comment(self) -> "SignatureQuerySet":
        return self.counted().filter(PUBLIC_COMMENT)

    def with_public(self, part: str) -> "SignatureQuerySet":
        return self.with_public_name() if part == "name" else self.with_public_comment()

    def reported(self, part: str) -> "SignatureQuerySet":
        """Those whose public name, or comment, was reported as it stands."""
        return self.with_public(part).filter(
            reports__part=part,
            reports__checksum=models.F(f"{part}_checksum"),
            reports__settled_at=None,
        )

    def awaiting_moderation(self, part: str) -> "SignatureQuerySet":
        return self.counted().filter(in_state(part, Release.WAITING))

    def people(self) -> int:
        """Distinct people: somebody who signed for two cities counts once."""
        return self.values("mailbox_key", "seat").distinct().count()


class Signature(models.Model):
    """One person's support of one petition."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        INVALIDATED = "invalidated", _("invalidated")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: several begin with it.
    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    # Of one that is closed; none as long as it goes on.
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="signatures")
    language = models.CharField(max_length=12)
    # The person, known by keyed hashes only; seat 1 is a second person with the same mailbox.
    mailbox_key = models.CharField(max_length=64)
    name_key = models.CharField(max_length=64)
    seat = models.PositiveSmallIntegerField(default=0)
    email = EncryptedTextField()
    name = EncryptedTextField()
    comment = EncryptedTextField(blank=True)
    # To the editors' own questions, by their keys.
    answers = EncryptedJSONField(default=dict, blank=True)
    country = CountryField()
    # The first characters only, enough for totals.
    postcode = models.CharField(max_length=4, blank=True)
    # Of a city's petition.
    lives_here = models.BooleanField(null=True)
    # Of a campaign's own: one of its cities.
    home_city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    show_name = models.BooleanField(default=False)
    # The recipient to whom the name may be handed over, as told; empty where it may not.
    named_to = models.CharField(max_length=200, blank=True)
    # Safety mode: whoever sees the signer's mails learns nothing of what was signed.
    discreet = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    # What moderators say of the name and the comment, and checksums of what they said it of.
    name_state = models.CharField(max_length=12, choices=Release.choices, default=Release.NONE)
    name_checksum = models.CharField(max_length=64, blank=True)
    comment_state = models.CharField(max_length=12, choices=Release.choices, default=Release.NONE)
    comment_checksum = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    invalidated_at = models.DateTimeField(null=True)
    invalidation = models.ForeignKey(
        Invalidation, on_delete=models.PROTECT, null=True, related_name="signatures"
    )
    # Since when it is in review: it may be confirmed, and counts afterwards.
    held_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)
    # Raising it makes the links mailed before worthless.
    generation = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    # Pages of the admin that list where a petition is used are no place for signers.
    wagtail_reference_index_ignore = True

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [
            ("moderate_comments", gettext_noop("Can moderate names and comments")),
            ("decide_erasure", gettext_noop("Can decide when signers are erased")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "mailbox_key", "seat"],
                condition=Q(round=None),
                name="one_signature_per_seat",
            ),
            models.UniqueConstraint(
                fields=["petition", "round", "mailbox_key", "seat"],
                condition=Q(round__isnull=False),
                name="one_signature_per_seat_and_round",
            ),
            models.CheckConstraint(
                condition=Q(round=None) | ~Q(status="pending"), name="who_waits_signs_this_round"
            ),
            models.CheckConstraint(condition=Q(seat__in=(0, 1)), name="two_seats_per_mailbox"),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="confirmed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at=None)),
                name="withdrawn_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="invalidated", invalidated_at__isnull=False, invalidation__isnull=False
                )
                | (~Q(status="invalidated") & Q(invalidated_at=None, invalidation=None)),
                name="invalidated_has_its_act",
            ),
            models.CheckConstraint(
                condition=Q(held_at=None) | Q(status__in=("pending", "confirmed")),
                name="in_review_what_may_count",
            ),
            models.CheckConstraint(
                condition=Q(discreet=False) | Q(show_name=False, named_to=""),
                name="discreet_is_never_public",
            ),
        ]
        indexes = [
            # Counting, and the newest signers. Not partial: SQLite uses a partial index only for
            # a condition written out, and Django passes the status as a parameter.
            models.Index(
                fields=["petition", "status", "-confirmed_at", "held_at", "round"],
                name="signature_confirmed",
            ),
            # The people of a campaign.
            models.Index(
                fields=["petition", "status", "held_at", "round", "mailbox_key", "seat"],
                name="signature_people",
            ),
            # Those of a closed round.
            models.Index(
                fields=["round", "anonymised_at", "id"],
                condition=Q(round__isnull=False),
                name="signature_round",
            ),
            # The review.
            models.Index(
                fields=["petition", "held_at"],
                condition=Q(held_at__isnull=False),
                name="signature_in_review",
            ),
            # All that a mailbox has signed, for its holder.
            models.Index(fields=["mailbox_key"], name="signature_mailbox"),
            # How many came in which hour, and what became of them.
            models.Index(
                fields=["asked_at", "petition", "status", "held_at"], name="signature_asked"
            ),
            # Expiry.
            models.Index(fields=["asked_at"], condition=UNCONFIRMED, name="signature_unconfirmed"),
            # The moderators' desk: it holds all that is looked at to count, and to order the keys
            # of, what waits, so that a queue of 100,000 opens at once.
            models.Index(
                fields=[
                    "petition",
                    "status",
                    "name_state",
                    "comment_state",
                    "show_name",
                    "anonymised_at",
                    "held_at",
                    "round",
                    "confirmed_at",
                    "id",
                ],
                name="signature_moderation",
            ),
            # The same of what waits alone, for PostgreSQL: it is little, however many have signed.
            models.Index(
                fields=["confirmed_at", "id"],
                condition=Q(status="confirmed", anonymised_at=None)
                & (Q(name_state="waiting", show_name=True) | Q(comment_state="waiting")),
                name="signature_waiting",
            ),
            # The newest names and comments on a petition's page.
            models.Index(
                fields=["petition", "name_state", "-confirmed_at"], name="signature_names"
            ),
            models.Index(
                fields=["petition", "-confirmed_at"],
                condition=Q(comment_state="released"),
                name="signature_comments",
            ),
            # Whose names are handed over.
            models.Index(
                fields=["petition", "id"], condition=~Q(named_to=""), name="signature_named"
            ),
            # One of them that is reported.
            models.Index(
                fields=["name_checksum"],
                condition=Q(name_state="released"),
                name="signature_reported_name",
            ),
            models.Index(
                fields=["comment_checksum"],
                condition=Q(comment_state="released"),
                name="signature_reported_comment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def is_counted(self) -> bool:
        return self.is_confirmed and self.held_at is None and self.round_id is None

    def submit_to_moderators(self) -> None:
        """Lets wait what is to be shown and no moderator has read as it now stands.

        To be called, in the same transaction, after whatever may have changed that: a confirmation
        and what the signer chooses. Does nothing for a signature that is not confirmed.
        """
        with transaction.atomic():
            # What a moderator decides meanwhile is not written over.
            self.refresh_from_db(from_queryset=Signature.objects.select_for_update())
            if self.is_confirmed:
                shown = self.released_parts()
                self.set_release_states()
                columns = [f"{part}_{column}" for part in PARTS for column in ("state", "checksum")]
                self.save(update_fields=columns)
                for part in shown - self.released_parts():
                    Erased.objects.record(Erased.HIDDEN[part], [self.pk])

    def released_parts(self) -> set[str]:
        return {part for part in PARTS if getattr(self, f"{part}_state") == Release.RELEASED}

    def set_release_states(self) -> None:
        # A comment stands beside its writer's name, or nowhere.
        wanted = {"name": self.show_name, "comment": bool(self.comment) and not self.discreet}
        for part, is_wanted in wanted.items():
            text, before = getattr(self, part), getattr(self, f"{part}_checksum")
            is_same = is_checksum(before, self.pk, part, text)
            state = state_after(getattr(self, f"{part}_state"), is_same, is_wanted)
            setattr(self, f"{part}_state", state)
            setattr(self, f"{part}_checksum", checksum(self.pk, part, text))

    @property
    def proposal(self) -> dict[str, Any]:
        """What the form said that counts only once the signer has saved it."""
        confirmed = self.submissions.exclude(confirmed_at=None).order_by("-confirmed_at").first()
        return confirmed.proposal if confirmed else {}

    def choose(self, **chosen: Any) -> None:
        """What the signer says on the own page; what moderators say stands above it.

        Of the answers those are given that change, with None where there is none any more. What
        the form proposed is decided on with it, and no longer kept.
        """
        with transaction.atomic():
            known = Signature.objects.filter(pk=self.pk, anonymised_at=None)
            before = known.select_for_update().first()
            if before is None:
                return
            answers = {**before.answers, **chosen.pop("answers", {})}
            # In safety mode nobody's name is public.
            show_name = chosen.pop("show_name", before.show_name) and not before.discreet
            known.update(
                answers={key: each for key, each in answers.items() if each is not None},
                show_name=show_name,
                **chosen,
            )
            if before.show_name and not show_name:
                Erased.objects.record(Erased.What.SHOWN_NAME, [self.pk])
            for each in self.submissions.exclude(confirmed_at=None):
                each.forget_proposal()
            self.submit_to_moderators()

    def let_name(self, recipient: str) -> None:
        """Whom the name may be handed to, as told; nobody, where that is empty."""
        with transaction.atomic():
            known = Signature.objects.filter(pk=self.pk, anonymised_at=None, discreet=False)
            if known.update(named_to=recipient) and not recipient:
                Erased.objects.record(Erased.What.NAMED_TO, [self.pk])
