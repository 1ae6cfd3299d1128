"""In which languages a member of the staff works, told by their rights on pages."""

from django.db.models import QuerySet
from wagtail.models import Locale, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import user_can_edit_instance

from accounts.models import User


def languages_for(user: User, right: str = "change") -> QuerySet[Locale]:
    """The languages of the pages on which a user has a right (Wagtail's words)."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, right)
    return Locale.objects.filter(pk__in=pages.values("locale"))


def may_translate(user: User, translation: Translation) -> bool:
    """Whether a user may change what a translation writes, and so its texts."""
    target = translation.source.get_translated_instance(translation.target_locale)
    if not user_can_edit_instance(user, target):
        return False
    if isinstance(target, Page):
        return bool(target.permissions_for_user(user).can_edit())
    return languages_for(user).filter(pk=target.locale_id).exists()
