"""What the page editor shows of the content checks, and when it refuses to publish."""

from typing import Any

from django.core.exceptions import ValidationError
from django.template import Context
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from campaigns.checks import problems
from translations.publishing import UntranslatedError, refuse_foreign


class CheckedPageForm(WagtailAdminPageForm):
    """Takes a draft as it is; what goes live or to a moderator must be without severe problems."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "expire_at" in self.fields and hasattr(self.instance, "petition_id"):
            self.fields["expire_at"].help_text = _("It is then taken down in every language.")

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
                self.add_error(self._known(problem.field), problem.message)
        try:
            refuse_foreign(self.instance)
        except UntranslatedError as error:
            for name, reasons in error.error_dict.items():
                self.add_error(self._known(name), reasons)

    def _known(self, field: str) -> str | None:
        """A field of the form; what is about none stands above it."""
        return field if field in self.fields else None


class ProblemsPanel(Panel):
    """Lists what to put right before the page is published."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "campaigns/admin/problems_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and super().is_shown()

        def get_context_data(self, parent_context: Context | None = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return {**context, "problems": problems(self.instance)}
