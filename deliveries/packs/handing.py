"""What an editor does with a delivery, each in one transaction with its entry in the log."""

import io
import zipfile
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from campaigns.models import Delivery, Petition, PetitionEvent
from deliveries.answering import links
from deliveries.models import Pack
from deliveries.models.packs import KEPT_FOR, WAITS_FOR
from deliveries.packs import files, making
from security import audit
from signatures.keeping.retention import brought_forward, plans
from signatures.keeping.weighing import as_sentence


class NotReadyError(Exception):
    """Its files are not there, or not whole."""


def prepare(
    petition: Petition, by: User, way: str, languages: list[str], email: str = ""
) -> Delivery:
    """Raises: django.db.IntegrityError, where somebody else has just prepared one."""
    told = {code: page.recipient for code in languages if (page := petition.live_page(code))}
    with transaction.atomic():
        delivery: Delivery = Delivery.objects.create(
            petition=petition, made_by=by, way=way, recipients=told, languages=list(told)
        )
        Pack.objects.create(delivery=delivery, email=email)
        audit.record("pack.asked", by, [delivery.pk])
        making.begin(delivery)
    return delivery


def take(pack: Pack, by: User) -> bytes:
    """All files in one archive, for printing or a USB drive; from now on they are kept for a day.

    Raises: NotReadyError, also where somebody who is named or quoted in it does not agree any more.
    """
    if not is_ready(pack):
        raise NotReadyError
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for name in pack.names:
            archive.writestr(name, files.read(pack, name))
    with transaction.atomic():
        note_handed_out(pack)
        audit.record("pack.taken", by, [pack.pk])
    return found.getvalue()


def is_ready(pack: Pack) -> bool:
    """Whether it may be handed out.

    Where somebody has taken name or comment back it is made anew, or gone if it was handed over.
    """
    if pack.state != Pack.State.READY:
        return False
    if making.still_agreed(pack):
        return True
    if not making.begin(pack.delivery):
        discard(pack)
    return False


def discard(pack: Pack) -> None:
    """Its delivery keeps the numbers and the checksums."""
    files.delete(pack)
    Pack.objects.filter(pk=pack.pk).update(state=Pack.State.GONE, sends=False, email="")


def note_handed_out(pack: Pack) -> None:
    Pack.objects.filter(pk=pack.pk, handed_out_at=None).update(handed_out_at=timezone.now())


def hand_over(
    delivery: Delivery, by: User | None, day: date, receipt: str = "", way: str = Delivery.Way.PRINT
) -> bool:
    """Makes the public event; False where it is not ready, or was handed over already."""
    with transaction.atomic():
        ours = Delivery.objects.ready().filter(pk=delivery.pk, handed_at=None)
        if not ours.update(handed_at=timezone.now(), receipt=receipt, way=way, bounced_at=None):
            return False
        event = PetitionEvent.objects.create(
            petition=delivery.petition, kind=PetitionEvent.Kind.DELIVERED, date=day
        )
        Delivery.objects.filter(pk=delivery.pk).update(event=event)
        packs = Pack.objects.filter(pk=delivery.pk)
        packs.update(sends=False)
        # Files that nobody took here are kept for no longer.
        packs.filter(handed_out_at=None).update(handed_out_at=timezone.now())
        audit.record("delivery.handed", by, [delivery.pk])
    return True


def note_bounce(delivery: Delivery, by: User | None) -> bool:
    """It never arrived: its event goes, and its link; it may be handed over another way.

    False where another delivery of its petition is prepared, or somebody has answered.
    """
    if delivery.answers.exists():
        return False
    event, back = delivery.event, {"bounced_at": timezone.now(), "handed_at": None, "event": None}
    try:
        with transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**back)
            if event:
                event.delete()
            links.revoke(delivery, by)
            audit.record("delivery.bounced", by, [delivery.pk])
    except IntegrityError:
        return False
    return True


def drop(delivery: Delivery, by: User | None) -> bool:
    """Takes back what nobody was handed, with its files; False where it was, or has an answer."""
    pack = Pack.objects.filter(pk=delivery.pk).first()
    with transaction.atomic():
        # Nobody says meanwhile that it was handed over.
        open_ones = Delivery.objects.filter(pk=delivery.pk, handed_at=None, answers=None)
        if open_ones.select_for_update(of=("self",)).first() is None:
            return False
        if pack:
            files.delete(pack)
        Delivery.objects.filter(pk=delivery.pk).delete()
        audit.record("pack.dropped", by, [delivery.pk])
    return True


def delete_old() -> int:
    """The files that were handed out a day ago, and what nobody has taken for long."""
    now = timezone.now()
    handed = Q(handed_out_at__lte=now - KEPT_FOR) & ~Q(key="")
    unwanted = Q(handed_out_at=None, delivery__handed_at=None, asked_at__lte=now - WAITS_FOR)
    found = Pack.objects.exclude(state=Pack.State.GONE).select_related("delivery")
    for pack in (old := list(found.filter(handed))):
        discard(pack)
    for pack in (left := list(found.filter(unwanted))):
        if not drop(pack.delivery, None):
            discard(pack)
    return len(old) + len(left)


def erases_told(petition: Petition, day: date) -> str:
    """In a sentence, whom its event would have erased sooner; empty where nobody."""
    now = timezone.now()
    with transaction.atomic():
        before = plans(now, petition.pk)
        PetitionEvent.objects.create(petition=petition, kind=PetitionEvent.Kind.DELIVERED, date=day)
        sooner = brought_forward(before, plans(now, petition.pk), now)
        transaction.set_rollback(True)
    return as_sentence(sooner) if sooner else ""


def today(petition: Petition) -> date:
    return petition.local_time(timezone.now()).date()
