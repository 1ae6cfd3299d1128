"""Assigning somebody to a role, and to the campaigns or languages that they work on."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Page

from accounts.models import User
from accounts.roles import PUBLISH, ROLES, TRANSLATORS, Role
from campaigns.models import CampaignPage
from home.models import HomePage

NAMES = {role.name: role for role in ROLES}
EVERYWHERE = "all"


class AssigningError(ValueError):
    """Why nobody was assigned, in one sentence."""


@transaction.atomic
def assign(user: User, role: Role, place: str = "", *, publish: bool = False) -> list[Group]:
    """Adds a user to a role and, where the role works on some pages only, to those.

    `place` is a campaign's slug for an editor, a language's code for a translator, or `all` for
    either; other roles have none. Doing it again changes nothing.

    Raises: AssigningError.
    """
    groups = [Group.objects.get(name=role.group)]
    if role.page_rights:
        pages = _pages(role, place)
        groups.append(_group(f"{role.group} of {place}", pages, role.page_rights))
        if publish:
            groups.append(_group(f"Publishers of {place}", pages, PUBLISH))
    elif place or publish:
        raise AssigningError("This role works on the whole site: name no campaign or language.")
    new = [group for group in groups if group not in user.groups.all()]
    user.groups.add(*new)
    if new:
        log(instance=user, action="wagtail.edit", data={"groups": [str(group) for group in new]})
    return groups


def _pages(role: Role, place: str) -> "QuerySet[Any]":
    """The top pages of a place: in every language of a campaign, in a language every campaign."""
    if place == EVERYWHERE:
        pages = HomePage.objects.all()
    elif role is TRANSLATORS:
        pages = HomePage.objects.filter(locale__language_code=place)
    else:
        pages = CampaignPage.objects.filter(slug=place)
    if not pages.exists():
        raise AssigningError(
            f"There is no page for “{place}”: name a campaign's slug or a language's code."
        )
    return pages


def _group(name: str, pages: "QuerySet[Page]", rights: tuple[str, ...]) -> Group:
    group, _created = Group.objects.get_or_create(name=name)
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=rights
    )
    for page in pages:
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page.pk, permission=permission
            )
    return group
