"""What a filter finds: how many, and a few of them, with no more of a person than it takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from integrity.desk.filters import Chosen, rows
from integrity.desk.hours import names_of
from integrity.desk.sweeping import CONCERNED
from signatures.mailboxes import LARGE_PROVIDERS, MASK
from signatures.models import Signature, Submission, SubmissionQuerySet
from signatures.models.traits import HAS_TRAITS

SHOWN = 20
TRAITS = (
    "network",
    "domain_key",
    "domain",
    "reader_key",
    "is_tagged",
    "is_dotted",
    "is_disposable",
)
# By the act that would change them.
NUMBERS = {"all": Q(pk__isnull=False), **CONCERNED}


@dataclass(frozen=True)
class Example:
    """A signature as the desk shows it: its name only where everybody reads it anyway."""

    signature: Signature
    petition: str
    mailbox: str
    name: str
    # Of how it was sent, where that is known still.
    sent: Submission | None


def numbers(chosen: Chosen) -> dict[str, int]:
    """In one question."""
    counted = {name: Count("pk", filter=which) for name, which in NUMBERS.items()}
    return rows(chosen).aggregate(**counted)


def examples(chosen: Chosen) -> list[Example]:
    """Their keys are drawn at random, so that the first of them are a fair sample."""
    found = list(rows(chosen).order_by("pk")[:SHOWN])
    petitions = names_of(each.petition_id for each in found)
    public = public_names(found)
    sent = {each.signature_id: each for each in sent_for(found)}
    return [
        Example(
            each,
            petitions[each.petition_id],
            masked(each.email, sent.get(each.pk)),
            public.get(each.pk, ""),
            sent.get(each.pk),
        )
        for each in found
    ]


def sent_for(found: Iterable[Signature]) -> SubmissionQuerySet:
    keys = [each.pk for each in found]
    known = Submission.objects.that_made_it().filter(HAS_TRAITS, signature__in=keys)
    return known.only("signature", *TRAITS)


def public_names(found: Iterable[Signature]) -> dict[Any, str]:
    keys = [each.pk for each in found]
    public = Signature.objects.with_public_name().filter(pk__in=keys)
    return dict(public.values_list("pk", "name"))


def masked(address: str, sent: Submission | None) -> str:
    """Its domain is told where so many share it that it says nothing of one person."""
    local, _at, domain = address.rpartition("@")
    if not local:
        return ""
    is_told = domain in LARGE_PROVIDERS or (sent and sent.domain == domain)
    return f"{local[0]}{MASK}@{domain if is_told else MASK}"
