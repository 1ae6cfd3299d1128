"""Making a pack in steps, each a file or two of it, so that a worker that dies loses one step.

First the numbers are counted, then each language's document, the names in volumes, and last the
checksums, signed.
"""

import json
import math
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tasks import task

from campaigns.models import Delivery
from campaigns.tables.writing import csv_text
from deliveries.models import Pack, SigningKey
from deliveries.packs import files, totals
from deliveries.packs.content import Contents, UnmakeableError, broken, comments, lacking_told
from deliveries.packs.typesetting import UnsettableError, typeset
from library.glyphs import set_text
from security import audit
from security.streams import new_key
from signatures.models import SignatureQuerySet

NAMES_A_FILE = 5_000
CHECKSUMS, SIGNATURE = "checksums.txt", "checksums.sig"
# The numbers, and the checksums.
FIRST_AND_LAST = 2


class TakenBackError(Exception):
    """Somebody who is to be named or quoted in it does not agree any more, or does not count."""


def begin(delivery: Delivery) -> bool:
    """Makes its files, or makes them anew; False where they were handed over."""
    fresh: dict[str, Any] = {
        "state": Pack.State.MAKING,
        "key": new_key().hex(),
        "steps_done": 0,
        "steps_total": None,
        "files": {},
    }
    with transaction.atomic():
        open_ones = Delivery.objects.filter(pk=delivery.pk, handed_at=None)
        if not open_ones.update(checksums={}, ready_at=None):
            return False
        Pack.objects.update_or_create(delivery=delivery, defaults=fresh)
        Pack.objects.filter(pk=delivery.pk).update(turn=F("turn") + 1)
        make.enqueue(delivery=str(delivery.pk))
    return True


@task(priority=-10)
def make(delivery: str) -> None:
    """Makes one step, then lets others go first: mails wait for nothing of this."""
    if step(uuid.UUID(delivery)):
        make.enqueue(delivery=delivery)


def step(key: uuid.UUID) -> bool:
    """Makes the next files; whether there is more to do.

    They are written before the row says so: done again after a crash, they are written again.
    """
    found = Pack.objects.select_related("delivery__petition__tie__city", "delivery__petition")
    pack = found.filter(pk=key, state=Pack.State.MAKING).first()
    if pack is None:
        return False
    try:
        changed = made(pack)
    except TakenBackError:
        begin(pack.delivery)
        return False
    except (UnmakeableError, UnsettableError):
        Pack.objects.filter(pk=pack.pk, state=Pack.State.MAKING).update(state=Pack.State.FAILED)
        files.delete(pack)
        return False
    return noted(pack, changed)


def made(pack: Pack) -> dict[str, Any]:
    """What its row says once the next files are written."""
    delivery, done = pack.delivery, pack.steps_done
    languages = delivery.languages
    if done == 0:
        return counted(pack)
    if done <= len(languages):
        language = languages[done - 1]
        document = Contents.of(delivery, language).document(quoted(pack))
        return filed(pack, {f"petition-{language}.pdf": typeset(document)})
    if done < (pack.steps_total or 0) - 1:
        return named(pack, volume=done - len(languages))
    return signed(pack)


def counted(pack: Pack) -> dict[str, Any]:
    """The numbers, by which it is known what else there is to do."""
    delivery = pack.delivery
    now, numbers = timezone.now(), totals.count(delivery.petition)
    if not numbers["signatures"]:
        raise UnmakeableError("Nobody whose signature counts has signed it.")
    names = [str(key) for key in names_of(delivery).order_by("pk").values_list("pk", flat=True)]
    files.write(pack, files.NAMED, json.dumps(names).encode())
    quotes = list(comments(delivery).values_list("comment_checksum", flat=True))
    files.write(pack, files.QUOTED, json.dumps(quotes).encode())
    numbers |= {"names": len(names), "comments": len(quotes)}
    delivery.totals, delivery.counted_at = numbers, now
    delivery.save(update_fields=["totals", "counted_at"])
    volumes = math.ceil(len(names) / NAMES_A_FILE)
    steps = FIRST_AND_LAST + len(delivery.languages) + volumes
    return {**filed(pack, {"numbers.csv": table(numbers_table(delivery))}), "steps_total": steps}


def names_of(delivery: Delivery) -> SignatureQuerySet:
    """The signatures whose names may be handed to these recipients."""
    return totals.counted(delivery.petition).named_to(delivery.recipients.values())


def numbers_table(delivery: Delivery) -> Iterable[list[str]]:
    """In the words of the public JSON, for programs."""
    found = delivery.totals
    yield ["what", "which", "number"]
    for name in ("signatures", "residents", "elsewhere_in_country", "abroad", "placed"):
        yield [name, "", cell(found[name])]
    for name in ("versions", "by_country", "by_language"):
        yield from ([name, which, cell(number)] for which, number in found[name].items())


def cell(number: int | None) -> str:
    return "" if number is None else str(number)


def table(rows: Iterable[list[str]]) -> bytes:
    return "".join(csv_text(rows)).encode()


def named(pack: Pack, volume: int) -> dict[str, Any]:
    """A volume of names, in the recipient's language, of those who agreed when it was counted.

    Raises: TakenBackError.
    """
    delivery, before = pack.delivery, (volume - 1) * NAMES_A_FILE
    keys = listed(pack, files.NAMED)[before : before + NAMES_A_FILE]
    # A row is more than a name, and all of it would be decrypted.
    rows = names_of(delivery).filter(pk__in=keys).order_by("pk")
    found = list(rows.values_list("name", flat=True))
    if len(found) < len(keys):
        raise TakenBackError
    with translation.override(delivery.languages[0]):
        document = names_document(delivery, found, volume, before + 1)
        header = [gettext("No."), gettext("Name")]
    cells = [[str(at), name] for at, name in enumerate(found, before + 1)]
    new = {
        f"names-{volume:02}.pdf": typeset(document),
        f"names-{volume:02}.csv": table([header, *cells]),
    }
    return filed(pack, new)


def quoted(pack: Pack) -> SignatureQuerySet:
    """Those whose comments stand in it, as they were when it was counted.

    Raises: TakenBackError.
    """
    told = set(listed(pack, files.QUOTED))
    found = comments(pack.delivery)
    public = dict(found.values_list("comment_checksum", "pk"))
    if told - public.keys():
        raise TakenBackError
    later = [key for checksum, key in public.items() if checksum not in told]
    return cast("SignatureQuerySet", found.exclude(pk__in=later))


def listed(pack: Pack, name: str) -> list[str]:
    """Of the signatures that are named, or quoted, in it."""
    found: list[str] = json.loads(files.read(pack, name))
    return found


def names_document(delivery: Delivery, names: list[str], volume: int, first: int) -> dict[str, Any]:
    frame = Contents.of(delivery, delivery.languages[0])
    title = gettext("Names of signers, part %(part)s") % {"part": volume}
    agreed = gettext("They agreed to be named to the recipient: %(recipient)s.")
    rows = [set_text(name) for name in names]
    return {
        **frame.frame(title),
        "sections": [
            {
                "heading": "",
                "parts": [
                    {"kind": "text", "text": frame.page.heading},
                    {"kind": "text", "text": agreed % {"recipient": frame.recipient}},
                    {
                        "kind": "names",
                        "first": first,
                        "rows": [[broken(name), lacking_told(lacking)] for name, lacking in rows],
                    },
                ],
            }
        ],
    }


def signed(pack: Pack) -> dict[str, Any]:
    """The checksums of all files, and the site's signature of them."""
    lines = [f"{pack.files[name]}  {name}\n" for name in pack.names]
    text = "".join([*head(pack.delivery), *lines]).encode()
    new = filed(pack, {CHECKSUMS: text, SIGNATURE: SigningKey.newest().sign(text)})
    return {**new, "state": Pack.State.READY}


def head(delivery: Delivery) -> list[str]:
    """What the checksums belong to, in lines that `sha256sum --check` leaves out."""
    assert delivery.counted_at, "its numbers are counted"  # noqa: S101
    return [
        f"# Delivery {delivery.code_told} of petition {delivery.petition_id}\n",
        f"# {totals.number(delivery)} signatures\n",
        f"# Counted {delivery.counted_at:%Y-%m-%d %H:%M} UTC\n",
        f"# {settings.BASE_URL}\n",
    ]


def filed(pack: Pack, new: dict[str, bytes]) -> dict[str, Any]:
    """Writes files, and returns what the row says of all."""
    checksums = {name: files.write(pack, name, content) for name, content in new.items()}
    return {"files": {**pack.files, **checksums}}


def noted(pack: Pack, changed: dict[str, Any]) -> bool:
    """Whether there is more to do. Of two workers who are at it, one goes on."""
    is_last = changed.get("state") == Pack.State.READY
    with transaction.atomic():
        ours = Pack.objects.filter(
            pk=pack.pk, state=Pack.State.MAKING, turn=pack.turn, steps_done=pack.steps_done
        )
        is_ours = bool(ours.update(**changed, steps_done=pack.steps_done + 1))
        if is_ours and is_last:
            Delivery.objects.filter(pk=pack.pk).update(
                checksums=changed["files"], ready_at=timezone.now()
            )
            audit.record("pack.ready", rows=[pack.pk])
    return is_ours and not is_last


def still_agreed(pack: Pack) -> bool:
    """Whether everybody who is named or quoted in it still agrees, and counts."""
    try:
        quoted(pack)
    except TakenBackError:
        return False
    agreed, keys = names_of(pack.delivery), listed(pack, files.NAMED)
    some = (keys[start : start + NAMES_A_FILE] for start in range(0, len(keys), NAMES_A_FILE))
    return all(agreed.filter(pk__in=part).count() == len(part) for part in some)
