"""The demo's groups and logins, one for each kind of work."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

PASSWORD = "pidpys-demo"
MODELS = ("city", "cityname", "tie", "tieevent", "petition", "petitionevent")
RECORDS = tuple(
    f"campaigns.{action}_{model}" for model in MODELS for action in ("add", "change", "view")
)


@dataclass(frozen=True)
class Role:
    """What a login may do; page rights are given for the home page of a language."""

    login: str
    group: str
    permissions: tuple[str, ...] = ()
    page_rights: tuple[str, ...] = ()
    page_languages: tuple[str, ...] = ()
    collection_rights: tuple[str, ...] = ()


ROLES = (
    Role(
        "editor",
        "Campaign editors",
        (*RECORDS, "wagtail_localize.submit_translation"),
        ("add_page", "change_page", "publish_page"),
        ("en", "uk"),
        ("wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"),
    ),
    Role("moderator", "Comment moderators", ("signatures.moderate_comments",)),
    Role(
        "translator",
        "Translators",
        ("campaigns.change_cityname", "campaigns.view_cityname"),
        ("change_page",),
        ("uk",),
    ),
    Role(
        "officer",
        "Data officers",
        ("signatures.view_signature", "signatures.change_signature", "signatures.delete_signature"),
    ),
)


def build_logins(home: Page) -> None:
    """Makes the logins that are missing, with their groups."""
    users = get_user_model()
    for role in ROLES:
        if not users.objects.filter(username=role.login).exists():
            user = users.objects.create_user(
                role.login, f"{role.login}@example.org", PASSWORD, first_name=role.group
            )
            user.groups.add(_group(role, home))
    if not users.objects.filter(username="admin").exists():
        users.objects.create_superuser("admin", "admin@example.org", PASSWORD)


def _group(role: Role, home: Page) -> Group:
    group, _created = Group.objects.get_or_create(name=role.group)
    for name in ("wagtailadmin.access_admin", *role.permissions):
        group.permissions.add(_permission(name))
    pages = home.get_translations(inclusive=True).filter(
        locale__language_code__in=role.page_languages
    )
    for page in pages:
        for right in role.page_rights:
            GroupPagePermission.objects.get_or_create(
                group=group, page_id=page.pk, permission=_permission(f"wagtailcore.{right}")
            )
    for right in role.collection_rights:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=_permission(right)
        )
    return group


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
