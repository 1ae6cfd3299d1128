"""Who may see a page. That is said once, for the page in all its languages."""

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.models import Page, PageViewRestriction

from accounts.models import User


class PrivacyInEveryLanguage(SetPrivacyView):
    def get_form(
        self, form_class: type[PageViewRestrictionForm] | None = None
    ) -> PageViewRestrictionForm:
        form = super().get_form(form_class)
        form.fields["restriction_type"].help_text = help_text(self.page)
        return form

    def form_valid(self, form: PageViewRestrictionForm) -> HttpResponse:
        others = self.page.get_translations().select_related("locale")
        user = self.request.user
        if foreign := [each for each in others if not may_set_privacy(user, each)]:
            form.add_error("restriction_type", pages_of_others(foreign))
            return self.form_invalid(form)
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            restriction = PageViewRestriction.objects.filter(page=self.page.pk).first()
            for other in others:
                repeat(restriction, other, user)
        return response


def may_set_privacy(user: User, page: Page) -> bool:
    return bool(page.permissions_for_user(user).can_set_view_restrictions())


def pages_of_others(pages: list[Page]) -> str:
    return _(
        "Nothing was changed: it would hold for the page in every language, and you may not "
        "publish it in these: %(languages)s. Ask somebody who may publish it in all of them."
    ) % {"languages": page_names(pages)}


def page_names(pages: list[Page]) -> str:
    return ", ".join(str(page.locale) for page in pages)


def help_text(page: Page) -> str:
    pages = list(page.get_translations(inclusive=True).select_related("locale"))
    if len(pages) == 1:
        return ""
    told = _("This holds for the page in every language: %(languages)s.") % {
        "languages": page_names(pages)
    }
    if len(set(map(terms, pages))) > 1:
        told += " " + _("It is not the same in all of them now. Saving makes it so.")
    return told


def terms(page: Page) -> tuple[str, str, frozenset[int]] | None:
    """Who may see a page, by its own restriction."""
    found = page.view_restrictions.first()
    if found is None:
        return None
    return found.restriction_type, found.password, frozenset(found.groups.values_list("pk"))


def repeat(restriction: PageViewRestriction | None, page: Page, user: User) -> None:
    """Makes another language's page as private as this one, or as public."""
    own = page.view_restrictions.first()
    if restriction is None:
        if own:
            own.delete(user=user)
        return
    own = own or PageViewRestriction(page=page)
    own.restriction_type, own.password = restriction.restriction_type, restriction.password
    own.save(user=user)
    own.groups.set(restriction.groups.all())
