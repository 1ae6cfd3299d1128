from django.db import migrations

from home.first_pages import build_home_pages


class Migration(migrations.Migration):
    """Home pages in every language, so that a new site's editors can begin."""

    dependencies = [("home", "0002_roles")]

    operations = [
        migrations.RunPython(
            lambda apps, _editor: build_home_pages(apps), migrations.RunPython.noop
        )
    ]
