"""What migrations leave to each role, against what its work takes."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from accounts.roles import ADMINISTRATORS, ROLES, Role
from tests.support.source import ROOMS, calls, imported, modules

# One line a kind of work: the initials of the roles that do it, what they do, and to what.
RECORDS = """
emtoa access wagtailadmin.admin
em--a add campaigns.city campaigns.tie campaigns.petition
em--a change campaigns.city campaigns.tie campaigns.petition
em--a view campaigns.city campaigns.tie campaigns.petition
em--a add campaigns.cityname
emt-a change campaigns.cityname
emt-a view campaigns.cityname
em--a add campaigns.tieevent campaigns.petitionevent campaigns.recipient
em--a change campaigns.tieevent campaigns.petitionevent campaigns.recipient
em--a delete campaigns.tieevent campaigns.petitionevent campaigns.recipient
em--a view campaigns.tieevent campaigns.petitionevent campaigns.recipient
em--a add translation_desk.glossaryterm
em--a change translation_desk.glossaryterm
em--a delete translation_desk.glossaryterm
emt-a view translation_desk.glossaryterm
emt-a add translation_desk.glossarytranslation
emt-a change translation_desk.glossarytranslation
em--a delete translation_desk.glossarytranslation
emt-a view translation_desk.glossarytranslation
em--a submit wagtail_localize.translation
-m--a moderate signatures.comments
-m--a decide signatures.erasure
---oa change signatures.signature
---oa delete signatures.signature
---oa view signatures.signature
---oa add officers_desk.export
-m-oa add integrity.sweep
-m--a add campaigns.delivery
-m--a change campaigns.delivery
-m--a view campaigns.delivery
---oa view security.auditentry
-m-oa view integrity.wave
---oa change integrity.wave
"""
PAGES = """
-m--a add wagtailcore.page
-m--a change wagtailcore.page
-m--a publish wagtailcore.page
-m--a lock wagtailcore.page
-m--a unlock wagtailcore.page
----a bulk_delete wagtailcore.page
"""
COLLECTIONS = """
em--a add wagtailimages.image
em--a change wagtailimages.image
em--a choose wagtailimages.image
----a add wagtaildocs.document
----a change wagtaildocs.document
----a choose wagtaildocs.document
----a add wagtailcore.collection
----a change wagtailcore.collection
----a delete wagtailcore.collection
"""
# Nobody works on them in the admin; images and documents are asked for by Wagtail's own names.
NOT_IN_THE_ADMIN = {"cms", "library", "security"}
every_role = pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)


def wanted(table: str, role: Role) -> set[str]:
    initial = "emtoa"[ROLES.index(role)]
    return {
        f"{app}.{action}_{model}"
        for line in table.split("\n")
        if initial in line.partition(" ")[0]
        for letters, action, *names in [line.split()]
        for app, model in (name.split(".") for name in names)
    }


def name_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def given(role: Role) -> set[str]:
    permissions = Group.objects.get(name=role.group).permissions
    return {name_of(permission) for permission in permissions.select_related("content_type")}


@every_role
def test_a_role_has_what_its_work_takes_and_nothing_else(db: None, role: Role) -> None:
    work = wanted(RECORDS, role)
    assert work <= given(role)
    if role != ADMINISTRATORS:
        assert given(role) == work


def in_the_admin() -> Iterator[str]:
    """Of the site's own models, without those that only join two others."""
    for room in set(ROOMS) - NOT_IN_THE_ADMIN:
        for model in apps.get_app_config(room).get_models():
            for action in model._meta.default_permissions:
                yield f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def test_an_administrator_may_do_everything_to_every_model_of_the_rooms(db: None) -> None:
    missing = set(in_the_admin()) - given(ADMINISTRATORS)
    assert not missing, "give the new model's rights to administrators, by a migration"


@every_role
def test_a_role_has_its_rights_on_all_pages_and_all_collections(db: None, role: Role) -> None:
    pages = GroupPagePermission.objects.filter(group__name=role.group, page__depth=1)
    assert {name_of(each.permission) for each in pages} == wanted(PAGES, role)
    found = GroupCollectionPermission.objects.filter(group__name=role.group, collection__depth=1)
    assert {name_of(each.permission) for each in found} == wanted(COLLECTIONS, role)
    # What belongs to a campaign or a language is given when somebody is assigned.
    assert GroupPagePermission.objects.filter(group__name=role.group).count() == len(pages)


def test_a_migration_that_fills_tables_reads_no_code_of_today() -> None:
    """Which may be another on the day it runs."""
    filling = {
        path: sorted(name for name in imported(tree) if name.split(".")[0] in ROOMS)
        for path, tree in modules("migrations/*.py")
        if calls(tree, "RunPython")
    }
    assert not any(filling.values()), filling
    assert filling, "the roles are made by one"
