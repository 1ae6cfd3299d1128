"""The roles of the staff: groups that say what each kind of work needs.

A role's own group gives what is not tied to a place: records, comments, signatures. What is tied
to a place, the pages of a campaign or of a language, is given by a second group, made when
somebody is assigned to that place (`assign`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps as all_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

MODELS = ("city", "cityname", "tie", "tieevent", "petition", "petitionevent")
RECORDS = (
    *(f"campaigns.{action}_{model}" for model in MODELS for action in ("add", "change", "view")),
    # As a tie's own form lets them.
    "campaigns.delete_tieevent",
    "campaigns.delete_petitionevent",
)
# A glossary is shared by all campaigns; whoever writes also weeds.
TERMS = tuple(
    f"translation_desk.{action}_{model}"
    for model in ("glossaryterm", "glossarytranslation")
    for action in ("add", "change", "delete", "view")
)
OWN_TERMS = (
    "translation_desk.view_glossaryterm",
    "translation_desk.add_glossarytranslation",
    "translation_desk.change_glossarytranslation",
    "translation_desk.view_glossarytranslation",
)
# Wagtail asks for the rights on its own models, whichever models hold images and documents.
PICTURES = ("wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image")
DOCUMENTS = (
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)
COLLECTIONS = (
    "wagtailcore.add_collection",
    "wagtailcore.change_collection",
    "wagtailcore.delete_collection",
)
COMMENTS = ("signatures.moderate_comments",)
# What brings an erasure forward, or puts it off. Administrators have it with the rest of the app.
ERASURE = ("signatures.decide_erasure",)
SIGNATURES = (
    "signatures.view_signature",
    "signatures.change_signature",
    "signatures.delete_signature",
)
# An administrator may do everything in these apps; of Wagtail's core, what is a setting.
ADMINISTERED_APPS = (
    "auth",
    "accounts",
    "campaigns",
    "launches",
    "translation_desk",
    "translations",
    "signatures",
    "home",
    "jobs",
    "wagtailimages",
    "wagtaildocs",
    "wagtailredirects",
    "wagtail_localize",
)
ADMINISTERED_MODELS = ("collection", "locale", "site", "workflow", "task", "groupapprovaltask")

WRITE = ("add_page", "change_page")
PUBLISH = ("publish_page",)
KEEP_ORDER = ("lock_page", "unlock_page")


@dataclass(frozen=True)
class Role:
    """What a group may do, everywhere: page rights are those on the whole tree."""

    group: str
    permissions: tuple[str, ...] = ()
    page_rights: tuple[str, ...] = ()
    collection_rights: tuple[str, ...] = ()


EDITORS = Role(
    "Editors",
    (*RECORDS, *TERMS, "wagtail_localize.submit_translation"),
    collection_rights=PICTURES,
)
MODERATORS = Role(
    "Moderators",
    (*EDITORS.permissions, *COMMENTS, *ERASURE),
    (*WRITE, *PUBLISH, *KEEP_ORDER),
    PICTURES,
)
TRANSLATORS = Role(
    "Translators", ("campaigns.view_cityname", "campaigns.change_cityname", *OWN_TERMS)
)
OFFICERS = Role("Data officers", SIGNATURES)
ADMINISTRATORS = Role(
    "Administrators",
    page_rights=(*WRITE, *PUBLISH, *KEEP_ORDER, "bulk_delete_page"),
    collection_rights=(*PICTURES, *DOCUMENTS, *COLLECTIONS),
)
ROLES = (EDITORS, MODERATORS, TRANSLATORS, OFFICERS, ADMINISTRATORS)


def build_roles(apps: Apps = all_apps) -> None:
    """Makes the groups, with exactly these rights. Migrations pass their own `apps`.

    The rows of permissions are otherwise made after all migrations, so they are made here first.
    """
    for label in ("wagtailcore", "wagtailadmin", *ADMINISTERED_APPS):
        config = apps.get_app_config(label)
        if not getattr(config, "models_module", None):
            # Migrations describe an app without its modules; Django takes it for one of no models.
            config.models_module = True  # type: ignore[assignment]
        create_permissions(config, apps=apps, verbosity=0)
    for role in ROLES:
        _build(role, apps)


def _build(role: Role, apps: Apps) -> None:
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=role.group)
    permissions = _permissions(("wagtailadmin.access_admin", *role.permissions), apps)
    if role is ADMINISTRATORS:
        permissions += _administered(apps)
    group.permissions.set(permissions)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    page_rights = apps.get_model("wagtailcore", "GroupPagePermission")
    collection_rights = apps.get_model("wagtailcore", "GroupCollectionPermission")
    top = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    # Wagtail's own migrations give Editors the whole tree.
    for model, place, rights in (
        (page_rights, {"page_id": root.pk}, [f"wagtailcore.{right}" for right in role.page_rights]),
        (collection_rights, {"collection_id": top.pk}, role.collection_rights),
    ):
        given = _permissions(rights, apps)
        model.objects.filter(group=group, **place).exclude(permission__in=given).delete()
        for permission in given:
            model.objects.get_or_create(group=group, permission=permission, **place)


def _permissions(names: Iterable[str], apps: Apps) -> list[Any]:
    permissions = apps.get_model("auth", "Permission").objects
    found = []
    for name in names:
        label, codename = name.split(".")
        found.append(permissions.get(content_type__app_label=label, codename=codename))
    return found


def _administered(apps: Apps) -> list[Any]:
    permissions = apps.get_model("auth", "Permission").objects
    settings = permissions.filter(
        content_type__app_label="wagtailcore", content_type__model__in=ADMINISTERED_MODELS
    )
    return [*permissions.filter(content_type__app_label__in=ADMINISTERED_APPS), *settings]
