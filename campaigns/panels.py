"""What the page editor shows of the content checks, and when it refuses to publish."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from campaigns.content_checks import problems


class CheckedPageForm(WagtailAdminPageForm):
    """Takes a draft as it is; what goes live or to a moderator must be without severe problems."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not slug.isascii():
            raise ValidationError(
                _("Write it in Latin letters, digits and hyphens, the same in every language.")
            )
        return slug

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or self.is_deferred_validation:
            return
        for problem in problems(self.instance):
            if problem.is_severe:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, problem.message)


class ProblemsPanel(Panel):
    """Lists what to put right before the page is published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "campaigns/admin/problems_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return {**context, "problems": problems(self.instance)}
