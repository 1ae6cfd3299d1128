"""Who may do what: the policies that all rooms above share, and what rights on pages tell.

Each model has one policy, Wagtail's or ours, in Wagtail's registry; views, menus and lists ask it.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from wagtail.models import Locale, Page
from wagtail.models.i18n import get_translatable_models
from wagtail.permission_policies import BasePermissionPolicy, ModelPermissionPolicy
from wagtail.permissions import page_permission_policy, policy_registry, register_permission_policy
from wagtail_localize.models import Translation

from accounts.models import User

# Whoever has none of these on any page sees no page's translations.
WORK_ON_PAGES = ("add", "change", "publish")


def languages_for(user: User, right: str = "change") -> QuerySet[Locale]:
    """The languages of the pages on which a user has a right (Wagtail's words)."""
    pages = page_permission_policy.instances_user_has_permission_for(user, right)
    return Locale.objects.filter(pk__in=pages.values("locale"))


def workers_in(locale: Locale) -> QuerySet[Any]:
    """Those who may change a page that they were assigned to in a language, and what is below."""
    return get_user_model().objects.filter(
        is_active=True,
        groups__page_permissions__permission__codename="change_page",
        groups__page_permissions__page__locale=locale,
    )


def may_change(user: User, instance: Model) -> bool:
    """Whether a user may edit a page or a record."""
    if isinstance(instance, Page):
        # A moderator may edit what waits for them, wherever it stands.
        return bool(instance.permissions_for_user(user).can_edit())
    policy = policy_registry.get(instance)
    return bool(policy.user_has_permission_for_instance(user, "change", instance))


class NarrowedMixin:
    """One thing is asked about by the same rule as all: Wagtail's policies know its kind alone."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: User, actions: Iterable[str], instance: Model
    ) -> bool:
        allowed = self.instances_user_has_any_permission_for(user, actions)  # type: ignore[attr-defined]
        return bool(allowed.filter(pk=instance.pk).exists())


class RecordPolicy(NarrowedMixin, ModelPermissionPolicy):
    """A right on all records of a kind, narrowed to those that a user works on."""

    def own(self, user: User) -> QuerySet[Any]:
        """What a user works on, whatever they may do there."""
        return self.model._default_manager.all()

    def named(self, action: str) -> str:
        """The right as it is kept with what waits for somebody who has it."""
        return str(self._get_permission_name(action))

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[Any]:
        if self.user_has_any_permission(user, actions):
            return self.own(user)
        return self.model._default_manager.none()


class OneLanguagePolicy(RecordPolicy):
    """Of what is written in one language: for those who work in it."""

    def own(self, user: User) -> QuerySet[Any]:
        return super().own(user).filter(locale__in=languages_for(user))


class TranslationPolicy(BasePermissionPolicy):
    """Whoever may change what a translation writes may change it, and so its texts."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Whatever the action: there may be some where somebody works on pages."""
        return bool(page_permission_policy.user_has_any_permission(user, WORK_ON_PAGES))

    def user_has_permission_for_instance(
        self, user: User, action: str, instance: Translation
    ) -> bool:
        """Raises: ObjectDoesNotExist, where nothing is written yet."""
        return may_change(user, instance.get_target_instance())

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[Any]:
        """The running ones."""
        pages = page_permission_policy.instances_user_has_any_permission_for(user, actions)
        target = pages.filter(
            translation_key=OuterRef("source__object_id"), locale=OuterRef("target_locale")
        )
        models = [
            model
            for model in get_translatable_models()
            if not issubclass(model, Page)
            and policy_registry.get_by_type(model).user_has_any_permission(user, actions)
        ]
        kinds = ContentType.objects.get_for_models(*models).values()
        records = Q(source__specific_content_type__in=kinds, target_locale__in=languages_for(user))
        return Translation.objects.filter(Exists(target) | records, enabled=True)


translation_policy = TranslationPolicy(Translation)


def register() -> None:
    register_permission_policy(Translation, translation_policy)
