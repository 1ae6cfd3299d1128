"""Destroys a campaign's key once it has nothing left to tell."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from campaigns.models import Petition
from security import audit
from signatures.keeping.retention import GRACE
from signatures.models import HashKey, Signature, Submission


def destroy_idle(now: datetime) -> int:
    """Destroys the keys that nobody has needed for a week, and returns how many.

    The week is for whoever closed a petition by mistake: without its key nobody signs any more.
    """
    keys = HashKey.objects.of_campaigns().values_list("pk", flat=True)
    return sum(_look_at(key, now) for key in list(keys))


@transaction.atomic
def _look_at(pk: int, now: datetime) -> bool:
    key = HashKey.objects.of_campaigns().select_for_update().filter(pk=pk).first()
    if key is None or key.campaign is None:
        return False
    is_over = is_idle(key.campaign, now)
    if is_over and key.idle_since and now - key.idle_since >= GRACE:
        _destroy(key, key.campaign)
        return True
    idle_since = (key.idle_since or now) if is_over else None
    # Pages are rendered anew where a key changes.
    if idle_since != key.idle_since:
        key.idle_since = idle_since
        key.save(update_fields=["idle_since"])
    return False


def is_idle(campaign: Petition, now: datetime) -> bool:
    """Whether nobody who signed is known, and nobody can sign, for the campaign or its cities."""
    signed = Signature.objects.of_campaign(campaign)
    if signed.filter(anonymised_at=None).exists():
        return False
    if Submission.objects.filter(signature__in=signed.values("pk")).exists():
        return False
    petitions = Petition.objects.filter(Q(pk=campaign.pk) | Q(parent=campaign)).with_state(now)
    return not petitions.exclude(state_now__in=Petition.OVER).exists()


def _destroy(key: HashKey, campaign: Petition) -> None:
    signed = Signature.objects.of_campaign(campaign)
    if not signed.exists():
        # Where nobody signed, another key confuses nobody.
        key.delete()
        return
    # The links of those who took theirs back end with it.
    signed.update(generation=F("generation") + 1)
    audit.record("campaign.key_destroyed", rows=[campaign.pk])
    Petition.objects.filter(pk=campaign.pk).update(is_closed_for_good=True)
    key.secret = ""
    key.save(update_fields=["secret"])
