"""Letting somebody go: one press after which they cannot get in, and hold nothing up."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from accounts.factors.changing import remove_all
from accounts.models import User
from accounts.roles import ADMINISTRATORS
from security import audit
from staff.assigning import Assignment, assignments_of, other_groups

LOG_LET_GO = "staff.let_go"


@dataclass(frozen=True)
class Holdings:
    """What somebody has here: roles, other groups, and pages that they locked."""

    assignments: list[Assignment]
    groups: list[str]
    locked: "QuerySet[Page]"

    @classmethod
    def of(cls, user: User) -> "Holdings":
        locked = Page.objects.filter(locked_by=user).order_by("title")
        return cls(assignments_of(user), other_groups(user), locked)


def reason_to_stay(user: User, by: User) -> str:
    """Why somebody’s access cannot be ended by somebody, in a sentence; empty where they can."""
    if user == by:
        return _("You cannot end your own access: ask another administrator.")
    if user.is_superuser and not by.is_superuser:
        return _("Only a superuser can end a superuser’s access.")
    if not other_administrators(user).exists():
        return _("Nobody else could administer the site: make somebody an administrator first.")
    return ""


def other_administrators(user: User) -> "QuerySet[User]":
    """Who could let others in again."""
    administering = Q(is_superuser=True) | Q(groups__name=ADMINISTRATORS.group)
    active = get_user_model().objects.filter(administering, is_active=True).distinct()
    return active.exclude(pk=user.pk)


@transaction.atomic
def let_go(user: User, by: User) -> Holdings:
    """Ends log-in, sessions, roles and locks. What they wrote stays, with their name on it."""
    held = Holdings.of(user)
    names = [*(each.key for each in held.assignments), *held.groups]
    for page in list(held.locked):
        log(instance=page, action="wagtail.unlock", user=by)
    held.locked.update(locked=False, locked_by=None, locked_at=None)
    user.groups.clear()
    user.user_permissions.clear()
    user.is_active = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    remove_all(user)
    log(instance=user, action=LOG_LET_GO, user=by, data={"had": names})
    audit.record("user.let_go", by, [user.pk], ", ".join(names))
    return held


def take_on_again(user: User, by: User) -> None:
    """As at first: without a password or a role, until both are given anew."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    log(instance=user, action="wagtail.edit", user=by)
    audit.record("user.taken_on_again", by, [user.pk])
