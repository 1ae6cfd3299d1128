"""A signature, and what somebody sent by the form to have it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_countries.fields import CountryField

from campaigns.models import City, Petition, Round, TextVersion
from security.encryption import EncryptedJSONField, EncryptedTextField
from signatures.models.erasing import Erased
from signatures.models.holding import Hold
from signatures.models.invalidations import Invalidation
from signatures.models.traits import HAS_TRAITS, NO_TRAITS, TRAITS_KEPT, Traits
from signatures.person import TAKEN_BACK, by_the_day, middle_of_day
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

CONFIRM_WITHIN = timedelta(days=7)


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

    def withdraw(self) -> bool:
        """Takes the signature back; the count falls at once. False when it did not count.

        Nothing stays of the person, nor of what else they sent: to come back, one signs again.
        """
        with transaction.atomic():
            counted = Signature.objects.confirmed().filter(pk=self.pk)
            held = counted.select_for_update().first()
            if held is None:
                return False
            Submission.objects.of_person(held).delete()
            today = middle_of_day(timezone.now())
            counted.update(
                status=self.Status.WITHDRAWN,
                **{**TAKEN_BACK, **by_the_day("asked_at")},
                withdrawn_at=today,
                held_at=None,
                anonymised_at=today,
            )
            Erased.objects.record(Erased.What.WITHDRAWN, [self.pk])
        return True

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


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def live(self) -> "SubmissionQuerySet":
        """Those whose seven days go on: from the last mail or, before any, from the post."""
        since = timezone.now() - CONFIRM_WITHIN
        return self.filter(Q(mailed_at__gt=since) | Q(mailed_at=None, created_at__gt=since))

    def expired(self) -> "SubmissionQuerySet":
        until = timezone.now() - CONFIRM_WITHIN
        # Each was made before it was mailed, so that the index on that serves both.
        old = self.filter(created_at__lte=until)
        return old.filter(Q(mailed_at=None) | Q(mailed_at__lte=until))

    def that_made_it(self) -> "SubmissionQuerySet":
        """Those whose signature is as they say: its first, or what was confirmed last."""
        return self.filter(created_at=F("signature__asked_at"))

    def hold(self, now: datetime) -> int:
        """Whatever comes of them is held for review, also what is only confirmed later."""
        return self.filter(held_at=None).update(held_at=now)

    def forget_traits(self) -> int:
        """Of those that are old enough, also where they stay for another mail."""
        old = self.filter(HAS_TRAITS, created_at__lte=timezone.now() - TRAITS_KEPT)
        return old.update(**NO_TRAITS)

    def beside(self, signature: Signature) -> "SubmissionQuerySet":
        """All that was sent for the petition from the signature's mailbox, in whatever seat."""
        return self.filter(
            signature__petition=signature.petition_id, signature__mailbox_key=signature.mailbox_key
        )

    def of_person(self, signature: Signature) -> "SubmissionQuerySet":
        """Those of them that are the signer's own: another person may share the mailbox."""
        sent = self.beside(signature)
        return sent.filter(pk__in=[each.pk for each in sent if each.is_of(signature)])

    def waiting(self, mailbox: str) -> "SubmissionQuerySet":
        """Those for which a mail to the mailbox is due, the oldest first."""
        found = self.live().filter(mailbox=mailbox, is_waiting=True)
        return found.order_by("created_at", "id")


class Submission(Traits):
    """What somebody sent by the form: a proposal, until the holder of the mailbox confirms it.

    What it confirms never changes. So a link confirms what stood in the form when its mail was
    made, whatever was sent since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="submissions")
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    # The person, and all that counts when it is confirmed, under the names of `Signature`'s own
    # fields; under `proposal` what its signer has to decide on afterwards.
    details = EncryptedJSONField()
    # A keyed hash of all that would count, by which the same sent twice is known.
    content_key = models.CharField(max_length=64)
    # A hash with the site's key, the same in every campaign, for as long as there is to mail.
    mailbox = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    # For its mail: the first one, or another that was asked for.
    is_waiting = models.BooleanField(default=True)
    # The job that carries it, so that a job tried again sends the same mail again.
    job = models.UUIDField(null=True)
    # Of one that the day's mails left out: when there may be another.
    mail_after = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    # Since when a signature that comes of it is held for review.
    held_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            # Of what is the same; what differs waits for a mail of its own.
            models.UniqueConstraint(
                fields=["signature", "content_key"],
                condition=Q(is_waiting=True),
                name="one_of_the_same_waits",
            )
        ]
        indexes = [
            # What the day's mails left out.
            models.Index(
                fields=["mail_after"],
                condition=Q(mail_after__isnull=False),
                name="submission_mail_after",
            ),
            # Other spellings of a mailbox, which few sign with.
            models.Index(
                fields=["reader_key"],
                condition=Q(reader_key__gt=""),
                name="submission_reader",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_of(self, signature: Signature) -> bool:
        """Whether the person is the same: two may share a mailbox."""
        return bool(self.details["name_key"] == signature.name_key)

    @property
    def proposal(self) -> dict[str, Any]:
        return dict(self.details.get("proposal", {}))

    def forget_proposal(self) -> None:
        if self.proposal:
            self.details["proposal"] = {}
            self.save(update_fields=["details"])

    def sent(self) -> Signature:
        """The signature with all that stood in the form, not stored."""
        signature, proposal = self.proposed(), self.proposal
        signature.answers |= proposal.pop("answers", {})
        for name, value in proposal.items():
            setattr(signature, name, value)
        return signature

    def proposed(self) -> Signature:
        """The signature that it asks for, not stored; without a city that is no more."""
        details = {name: each for name, each in self.details.items() if name != "proposal"}
        home = details.pop("home_city_id", None)
        return Signature(
            petition=self.signature.petition,
            text=self.text,
            language=self.language,
            home_city=City.objects.filter(pk=home).first() if home else None,
            **details,
        )
