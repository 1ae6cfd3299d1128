from django.db import migrations

from accounts.roles import build_roles


class Migration(migrations.Migration):
    """The groups of the staff, with their rights."""

    dependencies = [
        ("home", "0001_initial"),
        ("campaigns", "__first__"),
        ("launches", "__first__"),
        ("translation_desk", "__first__"),
        ("translations", "__first__"),
        ("signatures", "__first__"),
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

    operations = [
        migrations.RunPython(lambda apps, _editor: build_roles(apps), migrations.RunPython.noop)
    ]
