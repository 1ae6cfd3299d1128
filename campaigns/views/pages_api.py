"""Wagtail's own API of the admin, by the rules of the admin's pages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as RefusedError
from wagtail.admin.api.actions.copy import CopyPageAPIAction
from wagtail.admin.api.actions.copy_for_translation import CopyForTranslationAPIAction
from wagtail.admin.api.actions.create_alias import CreatePageAliasAPIAction
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.actions.move import MovePageAPIAction
from wagtail.admin.api.actions.unpublish import UnpublishPageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page

from campaigns.publishing.campaign_deletion import refuse_to_delete_alone
from campaigns.publishing.page_rules import (
    refuse_to_copy,
    refuse_to_delete_page,
    refuse_to_leave_others,
    refuse_to_move,
)


class RuledAction:
    """Asks a rule before it acts."""

    def rule(self, page: Page, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def execute(self, instance: Page, data: dict[str, Any]) -> object:
        try:
            self.rule(instance, data)
        except ValidationError as error:
            raise RefusedError(error.messages) from error
        return super().execute(instance, data)  # type: ignore[misc]


def destination(page: Page, data: dict[str, Any]) -> Page:
    pk = data.get("destination_page_id")
    return get_object_or_404(Page, pk=pk) if pk else page.get_parent()


class Delete(RuledAction, DeletePageAPIAction):
    def rule(self, page: Page, data: dict[str, Any]) -> None:
        refuse_to_delete_page(page)
        refuse_to_delete_alone(page)


class Move(RuledAction, MovePageAPIAction):
    def rule(self, page: Page, data: dict[str, Any]) -> None:
        target = destination(page, data)
        is_parent = data.get("position") in ("first-child", "last-child")
        refuse_to_move(page, target if is_parent else target.get_parent())


class Copy(RuledAction, CopyPageAPIAction):
    def rule(self, page: Page, data: dict[str, Any]) -> None:
        refuse_to_copy(page, destination(page, data), data["recursive"])


class Alias(RuledAction, CreatePageAliasAPIAction):
    def rule(self, page: Page, data: dict[str, Any]) -> None:
        refuse_to_copy(page, destination(page, data), data["recursive"])


class Translate(RuledAction, CopyForTranslationAPIAction):
    """A translation begins where the translators get its texts."""

    def rule(self, page: Page, data: dict[str, Any]) -> None:
        raise ValidationError(_("Submit the page for translation in the admin instead."))


class Unpublish(RuledAction, UnpublishPageAPIAction):
    """The admin's form asks about the other languages, and names those that stay."""

    def rule(self, page: Page, data: dict[str, Any]) -> None:
        refuse_to_leave_others(page)


class RuledPagesViewSet(PagesAdminAPIViewSet):
    actions: ClassVar[dict[str, Any]] = {
        **PagesAdminAPIViewSet.actions,
        "copy": Copy,
        "copy_for_translation": Translate,
        "create_alias": Alias,
        "delete": Delete,
        "move": Move,
        "unpublish": Unpublish,
    }
