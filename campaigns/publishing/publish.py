"""Publishing is one piece: the live words, the translators' texts and what visitors sign.

Wagtail's editor, its bulk action, schedules, workflows, API, and our own code all end in Wagtail's
one action, which saves the row and then tells of it. What belongs to publishing hangs on that, the
one signal here, and the whole is one transaction: killed half-way it never was, and a refusal takes
nothing with it, neither the draft nor another version's schedule.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import Model
from django.utils import timezone
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from accounts.models import User
from campaigns.checks import is_translation, refuse_severe
from campaigns.pages.base import PublicPageMixin
from translations.gaps import gaps, translation_of
from translations.publishing import refuse_foreign
from translations.refusals import refusal_as_sentence
from translations.submission import make_new_draft

logger = logging.getLogger(__name__)


def make_whole() -> None:
    """Once, as the site starts. The action is made where no hook reaches, so it is wrapped here."""
    execute = checked(PublishRevisionAction.execute)
    PublishRevisionAction.execute = transaction.atomic(execute)
    page_published.connect(finish)


def checked(execute: Callable[..., Any]) -> Callable[..., Any]:
    """What the editor's form refuses is refused by every way: an API and a schedule have no form.

    What would be refused when its time comes is refused when the time is set, too: the row, which
    is looked at when it is saved, is not saved then. The draft that waits is not written anew, so
    that its texts are the ones that would go live.
    """

    @wraps(execute)
    def execute_checked(action: PublishRevisionAction, *args: Any, **kwargs: Any) -> object:
        draft = action.object
        if isinstance(draft, PublicPageMixin):
            go_live_at = getattr(draft, "go_live_at", None)
            if go_live_at and go_live_at > timezone.now():
                refuse_foreign(draft)
            if not is_translation(draft):
                refuse_severe(draft)
        return execute(action, *args, **kwargs)

    return execute_checked


def finish(instance: Model, **kwargs: Any) -> None:
    if isinstance(instance, PublicPageMixin):
        instance.after_publishing()


def refuse_unfit(draft: Model) -> None:
    """A translation's faults too, which only its own editor shows beside each text.

    Raises: ValidationError, where a draft may not go live as it stands.
    """
    if isinstance(draft, PublicPageMixin):
        refuse_foreign(draft)
        refuse_severe(draft)


def publish_draft(revision: Revision, user: User | None = None) -> None:
    """Raises: ValidationError, with nothing changed."""
    refuse_unfit(revision.as_object())
    revision.publish(user=user)


def publish_newest(page: Page, user: User | None = None) -> None:
    """Publishes a page's newest draft; a translation's with all that is translated by now.

    Raises: ValidationError, with nothing changed.
    """
    page = page.specific
    with transaction.atomic():
        translation = translation_of(page)
        if translation and not gaps(translation, type(page)):
            revision = make_new_draft(translation, user)
        else:
            revision = page.get_latest_revision() or page.save_revision(user=user)
        publish_draft(revision, user)


def publish_due() -> list[str]:
    """Publishes the drafts whose time has come, each by itself; names those that are refused.

    A refused one stays a draft and waits for no time any more.
    """
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
    return [
        reason for revision in due.order_by("approved_go_live_at") if (reason := refusal(revision))
    ]


def refusal(revision: Revision) -> str:
    """Publishes a scheduled draft. Returns what keeps it from going live."""
    try:
        revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError as error:
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        return refusal_as_sentence(revision.content_object, error)
    except OperationalError:
        # A busy database is busy for the others, too.
        raise
    except Exception:
        # Whatever is wrong with one page, it holds up no other.
        logger.exception("The page %s was not published.", revision.object_id)
    return ""
