"""What was planned from PO files is stored once who saw the plan confirms it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail_localize.models import (
    StringTranslation,
    Translation,
    post_save_string_translation,
)

from accounts.models import User
from campaigns.publishing.publishers import refuse_shown_name
from security.sealed_plans import Seal
from translation_desk.po.parsing import PoEntry, PoFile, UnreadableError
from translation_desk.po.planning import FilePlan, plan_parsed
from translation_desk.po.texts import ID_HEADER, targets_of

LOG_PO = "campaigns.take_po"
SEAL = Seal("po")
# Below what a form may send.
MAX_PLAN_CHARACTERS = 2_000_000
ROWS_AT_A_TIME = 500


class ChangedMeanwhileError(Exception):
    """Somebody has changed what the plan was made from."""


def digest(plans: Iterable[FilePlan]) -> str:
    """Stands for all that a plan changes, and from what."""
    told = [
        (
            *change.text.key,
            change.text.translation,
            change.new,
            str(each.translation and each.translation.uuid),
        )
        for each in plans
        for change in each.changes
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def seal(plans: Iterable[FilePlan], user: User, place: str) -> str:
    """What changes, for the form that confirms it. Only this user can, here, for an hour.

    Raises: UnreadableError.
    """
    files = [
        (each.name, str(each.translation.uuid), [(*one.text.key, one.new) for one in each.changes])
        for each in plans
        if each.translation and each.changes
    ]
    sealed = SEAL.close({"files": files, "digest": digest(plans)}, user, place)
    if len(sealed) > MAX_PLAN_CHARACTERS:
        raise UnreadableError(_("This changes too much at once. Upload fewer files at a time."))
    return sealed


def unseal(sealed: str, user: User, place: str) -> tuple[list[tuple[str, PoFile]], str]:
    """The files, with the entries that change alone, and the digest of the plan as it was shown.

    Raises: OutdatedPlanError.
    """
    data = SEAL.open(sealed, user, place)
    files = []
    for name, uuid, entries in data["files"]:
        read_again = [PoEntry(source, text, context) for context, source, text in entries]
        files.append((name, PoFile({ID_HEADER: uuid}, read_again)))
    return files, data["digest"]


def store(
    files: Sequence[tuple[str, PoFile]],
    expected: str,
    user: User,
    translations: QuerySet[Translation],
) -> list[FilePlan]:
    """Stores all that was shown, or nothing. What is live stays as it is.

    Raises: ChangedMeanwhileError.
    """
    uuids = [file.headers[ID_HEADER] for _name, file in files]
    try:
        with transaction.atomic():
            # Whoever confirms for the same page waits here.
            rows = Translation.objects.filter(uuid__in=uuids).order_by("pk")
            list(rows.select_for_update())
            plans = plan_parsed(files, translations, lock=True)
            if digest(plans) != expected:
                raise ChangedMeanwhileError
            _store_texts(plans, user)
            _note(plans, user)
    except IntegrityError:
        # Somebody translated one of the texts for the first time.
        raise ChangedMeanwhileError from None
    return plans


def _store_texts(plans: Iterable[FilePlan], user: User) -> None:
    new: list[StringTranslation] = []
    changed: list[StringTranslation] = []
    for planned, change in ((each, change) for each in plans for change in each.changes):
        assert planned.translation is not None  # noqa: S101
        row = StringTranslation(
            translation_of_id=change.text.string_id,
            context_id=change.text.context_id,
            locale=planned.translation.target_locale,
            data=change.new,
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            tool_name=_("PO file"),
            last_translated_by=user,
        )
        (changed if change.text.stored else new).append(row)
        if change.text.path == "title":
            # What wagtail-localize does after each text that is saved by itself.
            post_save_string_translation(row)
    StringTranslation.objects.bulk_create(new, ROWS_AT_A_TIME)
    StringTranslation.objects.bulk_create(
        changed,
        ROWS_AT_A_TIME,
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=[
            "data",
            "translation_type",
            "tool_name",
            "last_translated_by",
            "updated_at",
            "has_error",
            "field_error",
        ],
    )


def _note(plans: Iterable[FilePlan], user: User) -> None:
    """Writes into the history of each page or record what was taken."""
    translations = [each.translation for each in plans if each.translation]
    targets = targets_of(translations)
    for each in plans:
        assert each.translation is not None  # noqa: S101
        log(
            instance=targets[each.translation.pk],
            action=LOG_PO,
            user=user,
            data={"file": each.name, "new": each.new, "changed": each.changed},
        )


def taken_in_words(file: str, new: int, changed: int) -> str:
    """For the log."""
    message = ngettext(
        "%(count)s translation taken from the PO file %(file)s",
        "%(count)s translations taken from the PO file %(file)s",
        new + changed,
    )
    return message % {"count": new + changed, "file": file}


def why_hidden(planned: FilePlan, user: User) -> str:
    """Why the name of a city would not show, though its texts are stored; empty when it would."""
    if planned.missing:
        return _("Not all texts of the name are translated yet.")
    try:
        refuse_shown_name(user, planned.translation)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _changed_names(plans: Iterable[FilePlan]) -> list[FilePlan]:
    return [each for each in plans if each.translation and each.is_name and each.changes]


def hidden_names(plans: Iterable[FilePlan], user: User) -> dict[str, list[str]]:
    """By the reason, the names of cities that change and cannot show."""
    found: dict[str, list[str]] = defaultdict(list)
    for each in _changed_names(plans):
        if reason := why_hidden(each, user):
            found[reason].append(each.title)
    return dict(found)


def show_names(plans: Iterable[FilePlan], user: User) -> tuple[int, dict[str, list[str]]]:
    """Shows the names of cities that can; returns how many do, and the others by the reason.

    They have no drafts, so one that was translated for the first time shows nowhere until then.
    """
    shown = 0
    hidden: dict[str, list[str]] = defaultdict(list)
    for each in _changed_names(plans):
        if reason := why_hidden(each, user) or _show(each.translation, user):
            hidden[reason].append(each.title)
        else:
            shown += 1
    return shown, dict(hidden)


def _show(translation: Translation, user: User) -> str:
    """Why it cannot; empty when it shows now."""
    try:
        translation.save_target(user=user, publish=True)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
