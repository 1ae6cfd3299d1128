"""The groups of the staff, with their rights by name, as they were when a site was begun.

Nothing here reads the code of today: a site that migrates in a year gets these. A right that a role
gains later is given by a migration of its own, beside a new model's.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ADMIN = ["wagtailadmin.access_admin"]
RECORDS = [
    "campaigns.add_city",
    "campaigns.change_city",
    "campaigns.view_city",
    "campaigns.add_cityname",
    "campaigns.change_cityname",
    "campaigns.view_cityname",
    "campaigns.add_tie",
    "campaigns.change_tie",
    "campaigns.view_tie",
    "campaigns.add_petition",
    "campaigns.change_petition",
    "campaigns.view_petition",
    # As a tie's own form lets them.
    "campaigns.add_tieevent",
    "campaigns.change_tieevent",
    "campaigns.delete_tieevent",
    "campaigns.view_tieevent",
    "campaigns.add_petitionevent",
    "campaigns.change_petitionevent",
    "campaigns.delete_petitionevent",
    "campaigns.view_petitionevent",
    "campaigns.add_recipient",
    "campaigns.change_recipient",
    "campaigns.delete_recipient",
    "campaigns.view_recipient",
]
# A glossary is shared by all campaigns; whoever writes also weeds.
TERMS = [
    "translation_desk.add_glossaryterm",
    "translation_desk.change_glossaryterm",
    "translation_desk.delete_glossaryterm",
    "translation_desk.view_glossaryterm",
    "translation_desk.add_glossarytranslation",
    "translation_desk.change_glossarytranslation",
    "translation_desk.delete_glossarytranslation",
    "translation_desk.view_glossarytranslation",
]
EDITING = [*ADMIN, *RECORDS, *TERMS, "wagtail_localize.submit_translation"]
# What signers show to everybody, and when they are erased: a delivery, too, begins that.
MODERATING = [
    "signatures.moderate_comments",
    "signatures.decide_erasure",
    "campaigns.add_delivery",
    "campaigns.change_delivery",
    "campaigns.view_delivery",
    "integrity.view_wave",
]
# Whether signatures are real.
REVIEWING = ["integrity.add_sweep"]
# Whether they are people, of whom many come at once.
WAVES = ["integrity.view_wave", "integrity.change_wave"]
TRANSLATING = [
    "campaigns.change_cityname",
    "campaigns.view_cityname",
    "translation_desk.view_glossaryterm",
    "translation_desk.add_glossarytranslation",
    "translation_desk.change_glossarytranslation",
    "translation_desk.view_glossarytranslation",
]
SIGNATURES = [
    "signatures.change_signature",
    "signatures.delete_signature",
    "signatures.view_signature",
    "officers_desk.add_export",
    "security.view_auditentry",
    *WAVES,
]
# Of these models an administrator adds, changes, deletes, and views what there is; of Wagtail's
# core those that are settings.
ADMINISTERED = {
    "accounts": "user",
    "auth": "group permission",
    "campaigns": (
        "campaignpage changerequest city cityname delivery petition petitionevent "
        "petitionpage recipient recipientwords sourcecheck textversion tie tieevent "
        "updatepage"
    ),
    "home": "contact contentpage homepage",
    "jobs": "heartbeat job",
    "launches": "launch launchitem",
    "signatures": "allowance erasure hashkey hold invalidation signature submission suppression",
    "translation_desk": "digest glossaryterm glossarytranslation",
    "translations": "translationstate",
    "wagtail_localize": (
        "localesynchronization overridablesegment relatedobjectsegment segmentoverride string "
        "stringsegment stringtranslation template templatesegment translatableobject translation "
        "translationcontext translationlog translationsource"
    ),
    "wagtailcore": "collection groupapprovaltask locale site task workflow",
    # Wagtail asks for the rights on its own models, whichever models hold images and documents.
    "wagtaildocs": "document",
    "wagtailimages": "image rendition",
    "wagtailredirects": "redirect",
}
ADMINISTERING = [
    *ADMIN,
    *MODERATING,
    *REVIEWING,
    "officers_desk.add_export",
    "security.view_auditentry",
    *WAVES,
    "wagtail_localize.submit_translation",
    "wagtaildocs.choose_document",
    "wagtailimages.choose_image",
    *(
        f"{app}.{action}_{model}"
        for app, models in ADMINISTERED.items()
        for model in models.split()
        for action in ("add", "change", "delete", "view")
    ),
]

WRITE = ["wagtailcore.add_page", "wagtailcore.change_page"]
PUBLISH = ["wagtailcore.publish_page", "wagtailcore.lock_page", "wagtailcore.unlock_page"]
PICTURES = ["wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"]
DOCUMENTS = [
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
]
COLLECTIONS = [
    "wagtailcore.add_collection",
    "wagtailcore.change_collection",
    "wagtailcore.delete_collection",
]

# By group: what is not tied to a place; the rights on all pages; those on all collections.
ROLES = {
    "Editors": (EDITING, [], PICTURES),
    "Moderators": ([*EDITING, *MODERATING, *REVIEWING], [*WRITE, *PUBLISH], PICTURES),
    "Translators": ([*ADMIN, *TRANSLATING], [], []),
    "Data officers": ([*ADMIN, *SIGNATURES, *REVIEWING], [], []),
    "Administrators": (
        ADMINISTERING,
        [*WRITE, *PUBLISH, "wagtailcore.bulk_delete_page"],
        [*PICTURES, *DOCUMENTS, *COLLECTIONS],
    ),
}


def build_roles(apps, _editor):
    make_permissions(apps)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    top = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for name, (rights, on_pages, on_collections) in ROLES.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set(named(apps, rights))
        give(apps, "GroupPagePermission", on_pages, group=group, page=root)
        give(apps, "GroupCollectionPermission", on_collections, group=group, collection=top)


def make_permissions(apps):
    """The rows of permissions are otherwise made after all migrations."""
    for label in ("wagtailadmin", "officers_desk", "integrity", "security", *ADMINISTERED):
        config = apps.get_app_config(label)
        # Migrations describe an app without its modules; Django takes it for one of no models.
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)


def named(apps, names):
    permissions = apps.get_model("auth", "Permission").objects
    parts = [name.split(".") for name in names]
    return [permissions.get(content_type__app_label=app, codename=code) for app, code in parts]


def give(apps, model, rights, **place):
    """Exactly these rights in a place: Wagtail's own migrations give its groups some."""
    given = apps.get_model("wagtailcore", model).objects
    given.filter(**place).delete()
    for permission in named(apps, rights):
        given.create(permission=permission, **place)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("campaigns", "__first__"),
        ("launches", "__first__"),
        ("translation_desk", "__first__"),
        ("translations", "__first__"),
        ("signatures", "__first__"),
        ("officers_desk", "__first__"),
        ("integrity", "__first__"),
        ("security", "__first__"),
        ("jobs", "__first__"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("accounts", "__first__"),
        # These give rights to all groups that are there, so they come first.
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(build_roles, migrations.RunPython.noop)]
