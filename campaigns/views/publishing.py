"""Publishing several pages at once: the good ones go live, the others are named with the reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.models import Page

from accounts.models import User
from campaigns.impact import Impact, affects_cities
from campaigns.publishing.ask_changes import ask_change
from campaigns.publishing.publish import publish_newest
from translations.refusals import shown


class SeenForm(DefaultPageForm):
    """`seen` holds the drafts whose impact was shown before, by the ids of their revisions."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class PublishEach(PublishBulkAction):
    """In place of Wagtail's own, which publishes all or, with an error, none."""

    template_name = "campaigns/admin/confirm_bulk_publish.html"
    form_class = SeenForm

    def __init__(self, request: HttpRequest, model: type[Page]) -> None:
        super().__init__(request, model)
        self.published: list[Page] = []
        self.refused: list[tuple[Page, ValidationError]] = []

    def impacts(self, pages: list[Page]) -> list[Impact]:
        return [Impact(page.specific) for page in pages if affects_cities(page)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        impacts = self.impacts([each["item"] for each in context["items"]])
        context["form"].initial["seen"] = " ".join(str(each.revision) for each in impacts)
        if not context["has_draft_descendants"]:
            context["form"].fields["include_descendants"].widget = forms.HiddenInput()
        pages = [each["item"] for each in context["items"]]
        asked = [(page, change) for page in pages if (change := ask_change(page))]
        return {**context, "impacts": impacts, "ask_changes": asked}

    def prepare_action(
        self, objects: list[Page], without_access: list[Page]
    ) -> HttpResponse | None:
        seen = self.cleaned_form.cleaned_data["seen"].split()
        if all(str(each.revision) in seen for each in self.impacts(objects)):
            return None
        messages.warning(self.request, _("See first which city pages the changes touch."))
        return redirect(self.request.get_full_path())

    def get_execution_context(self) -> dict[str, Any]:
        told = {"published": self.published, "refused": self.refused}
        return {**super().get_execution_context(), **told}

    @classmethod
    def execute_action(
        cls,
        objects: list[Page],
        include_descendants: bool = False,
        user: User | None = None,
        published: list[Page] | None = None,
        refused: list[tuple[Page, ValidationError]] | None = None,
        **kwargs: Any,
    ) -> tuple[int, int]:
        published = [] if published is None else published
        refused = [] if refused is None else refused
        below = drafts_below(objects, user) if include_descendants else []
        for page in objects:
            publish_each(page, user, published, refused)
        parents = len(published)
        for page in below:
            publish_each(page, user, published, refused)
        return parents, len(published) - parents

    def get_success_message(self, parents: int, children: int) -> str | None:
        for page in self.published:
            run_after_publishing(self.request, page)
        for page, error in self.refused:
            messages.error(self.request, shown(page, error))
        message: str = super().get_success_message(parents, children)
        return message if parents or children else None


def run_after_publishing(request: HttpRequest, page: Page) -> None:
    """What Wagtail's editor runs once a page is live, and nothing else of Wagtail's does."""
    for hook in hooks.get_hooks("after_publish_page"):
        hook(request, page)


def drafts_below(pages: list[Page], user: User | None) -> list[Page]:
    drafts = [each for page in pages for each in page.get_descendants().not_live().specific()]
    return [each for each in drafts if not user or each.permissions_for_user(user).can_publish()]


def publish_each(
    page: Page,
    user: User | None,
    published: list[Page],
    refused: list[tuple[Page, ValidationError]],
) -> None:
    """Notes it as published, or as refused with its reason."""
    page = page.specific
    try:
        publish_newest(page, user)
    except ValidationError as error:
        refused.append((page, error))
    else:
        published.append(page)
