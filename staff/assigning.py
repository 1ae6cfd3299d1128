"""Who works where: roles, and the campaigns or languages in which somebody has them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import get_language
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Page

from accounts.models import User
from accounts.roles import PUBLISH, ROLES, TRANSLATORS, Role
from campaigns.models import CampaignPage
from home.models import HomePage
from security import audit

NAMES = {role.name: role for role in ROLES}
EVERYWHERE = "all"
OF = " of "
PUBLISHERS = "Publishers"


class AssigningError(ValueError):
    """Why nobody was assigned, in one sentence."""


@transaction.atomic
def assign(
    user: User, role: Role, place: str = "", *, publish: bool = False, by: User | None = None
) -> list[Group]:
    """Adds a user to a role and, where the role works on some pages only, to those.

    `place` is a campaign's slug for an editor, a language's code for a translator, or `all` for
    either; other roles have none. Doing it again changes nothing.

    Raises: AssigningError.
    """
    groups = [Group.objects.get(name=role.group)]
    if role.page_rights:
        pages = _pages(role, place)
        groups.append(_group(f"{role.group}{OF}{place}", pages, role.page_rights))
        if publish:
            groups.append(_group(f"{PUBLISHERS}{OF}{place}", pages, PUBLISH))
    elif place or publish:
        raise AssigningError("This role works on the whole site: name no campaign or language.")
    new = [group for group in groups if group not in user.groups.all()]
    user.groups.add(*new)
    if new:
        _log(user, by)
    return groups


@dataclass
class Assignment:
    """A role that somebody has, where, and whether they may publish there."""

    role: Role
    place: str = ""
    publishes: bool = False
    # Of the groups that only this assignment needs.
    groups: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.role.name} {self.place}".strip()


def assignments_of(user: User) -> list[Assignment]:
    """In the order of the roles. A role on some pages that has none yet stands there without."""
    by_name = {group.name: group.pk for group in user.groups.all()}
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for name, pk in by_name.items():
        group, is_of, place = name.partition(OF)
        if is_of:
            places[group][place] = pk
    return [
        assignment
        for role in ROLES
        if role.group in by_name
        for assignment in _assignments(role, by_name[role.group], places)
    ]


def _assignments(role: Role, group: int, places: dict[str, dict[str, int]]) -> list[Assignment]:
    own = places[role.group]
    publishing = places[PUBLISHERS]
    found = [
        Assignment(role, place, place in publishing, [pk, *filter(None, [publishing.get(place)])])
        for place, pk in sorted(own.items())
    ]
    if len(found) < 2:
        # With the last place goes the role.
        found = found or [Assignment(role)]
        found[0].groups.append(group)
    return found


@transaction.atomic
def unassign(user: User, key: str, by: User | None = None) -> Assignment | None:
    """Takes one assignment away, by its key. None where the user has it no more."""
    found = next((each for each in assignments_of(user) if each.key == key), None)
    if found:
        user.groups.remove(*found.groups)
        _log(user, by)
    return found


def other_groups(user: User) -> list[str]:
    """Groups of a user that no role stands for, made by hand in the admin."""
    known = {pk for each in assignments_of(user) for pk in each.groups}
    roles = {role.group for role in ROLES}
    return [
        group.name
        for group in user.groups.order_by("name")
        if group.pk not in known and group.name not in roles
    ]


def campaign_names() -> dict[str, str]:
    """Of each campaign its name in the reader's language, else the one written first, by slug."""
    pages = CampaignPage.objects.annotate(
        is_own=Case(When(locale__language_code=get_language(), then=Value(1)), default=Value(0))
    ).order_by("is_own", "-pk")
    # The last of each counts.
    return dict(pages.values_list("slug", "title"))


def follow_places() -> int:
    """Gives each place's groups their rights on pages that the place has since come to have.

    A campaign's page in a new language, or a home page where somebody works in all of them. Returns
    how many groups gained something.
    """
    gained = 0
    for group in Group.objects.filter(name__contains=OF):
        name, _of, place = group.name.partition(OF)
        role = next((role for role in ROLES if role.page_rights and role.group == name), None)
        if role is None and name != PUBLISHERS:
            continue
        rights = role.page_rights if role else PUBLISH
        gained += bool(_give(group, _followed(group, place), rights))
    return gained


def _followed(group: Group, place: str) -> "QuerySet[Any]":
    if place == EVERYWHERE:
        return HomePage.objects.all()
    own = GroupPagePermission.objects.filter(group=group).values("page")
    campaigns = CampaignPage.objects.filter(pk__in=own).values("translation_key")
    return CampaignPage.objects.filter(translation_key__in=campaigns)


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
    _give(group, pages, rights)
    return group


def _give(group: Group, pages: "QuerySet[Page]", rights: tuple[str, ...]) -> int:
    """Returns how many rights it did not have yet."""
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=rights
    )
    return sum(
        GroupPagePermission.objects.get_or_create(
            group=group, page_id=page.pk, permission=permission
        )[1]
        for page in pages
        for permission in permissions
    )


def _log(user: User, by: User | None) -> None:
    groups = sorted(user.groups.values_list("name", flat=True))
    log(instance=user, action="wagtail.edit", user=by, data={"groups": groups})
    audit.record("user.roles_changed", by, [user.pk], ", ".join(groups))
