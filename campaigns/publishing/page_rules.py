"""What may not be done to one page alone: its petition has others, and perhaps signatures.

Asked by the admin's views, its bulk actions, its API and by code, before and when it is done.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from campaigns.models import CampaignPage, Petition, PetitionPage
from campaigns.pages.base import refuse_other_language
from campaigns.records.petitions import PetitionQuerySet

PAGES_NAMED = 10


def petitions_below(page: Page) -> PetitionQuerySet:
    """The petitions of a page and of those below it, a campaign's cities in every language."""
    tree = Page.objects.descendant_of(page, inclusive=True)
    cities = Q(petitionpage__in=tree) | Q(parent__campaignpage__in=tree)
    return Petition.objects.filter(Q(campaignpage__in=tree) | cities).distinct()


def refuse_to_delete_page(page: Page) -> None:
    """Raises: ValidationError, where somebody signed a petition of these pages."""
    found = petitions_below(page).signed().with_names()[: PAGES_NAMED + 1]
    if not found:
        return
    names = [str(petition) for petition in found[:PAGES_NAMED]]
    named = "; ".join([*names, *(["…"] if len(found) > PAGES_NAMED else [])])
    raise ValidationError(
        _(
            "“%(title)s” stays: people have signed (%(petitions)s). Close the petition, or "
            "unpublish its page in every language."
        )
        % {"title": page.specific.get_admin_display_title(), "petitions": named}
    )


def refuse_to_leave_others(page: Page) -> None:
    """Raises: ValidationError, where other languages of a petition would stay live unnoticed."""
    if not issubclass(page.specific_class, CampaignPage | PetitionPage):
        return
    live = page.get_translations().live().select_related("locale")
    if languages := ", ".join(str(other.locale) for other in live):
        raise ValidationError(
            _(
                "“%(title)s” is live in other languages, too: %(languages)s. Unpublish it in the "
                "admin, where you may choose all of them."
            )
            % {"title": page.specific.get_admin_display_title(), "languages": languages}
        )


def refuse_to_move(page: Page, parent: Page) -> None:
    """Raises: ValidationError."""
    refuse_other_language(page, parent)
    is_elsewhere = page.get_parent().pk != parent.pk
    if is_elsewhere and issubclass(page.specific_class, PetitionPage):
        raise ValidationError(
            _(
                "A city’s page stays with its campaign, in every language. Launch the city in the "
                "other campaign instead."
            )
        )


def refuse_to_copy(page: Page, parent: Page, recursive: bool = True) -> None:
    """Raises: ValidationError."""
    copied = Page.objects.descendant_of(page, inclusive=True) if recursive else [page]
    for each in copied:
        if issubclass(each.specific_class, CampaignPage | PetitionPage):
            raise ValidationError(
                _(
                    "A petition has one page in each language. Launch a new city instead of "
                    "copying a page."
                )
            )
    refuse_other_language(page, parent)


def refuse_any(rule: Callable[..., None], pages: Iterable[Page], *args: Any) -> None:
    """Raises: ValidationError, with what a rule has against each of several pages."""
    reasons = []
    for page in pages:
        try:
            rule(page, *args)
        except ValidationError as error:
            reasons += error.messages
    if reasons:
        raise ValidationError(list(dict.fromkeys(reasons)))
