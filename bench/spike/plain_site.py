"""Makes two pages that say what a city's page says: a plain one, and one with Wagtail's own form.

Reads that page's slug and HTML as JSON, and writes the paths of both.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from bench.plain.models import FormField, FormPage, PlainPage
    from campaigns.models import PetitionPage
    from home.models import HomePage

    told = json.load(sys.stdin)
    call_command("migrate", run_syncdb=True, verbosity=0)
    page = PetitionPage.objects.get(slug=told["slug"], locale__language_code="en")
    home = HomePage.objects.get(locale=page.locale)
    before, rest = told["html"].split("</section>", 1)
    words = {
        "title": page.title,
        "locale": page.locale,
        "before": before + "</section>",
        "after": rest[rest.index('<aside class="petition__side">') :],
    }
    paths = []
    for model in (PlainPage, FormPage):
        copied = model(slug=f"plain-{model._meta.model_name}", **words)
        copied.body = [(block.block_type, block.value) for block in page.blocks]
        if model is FormPage:
            copied.form_fields = [
                FormField(label=label, field_type=kind, required=True, sort_order=number)
                for number, (label, kind) in enumerate(
                    {
                        "name": "singleline",
                        "email": "email",
                        "country": "singleline",
                        "consent": "checkbox",
                    }.items()
                )
            ]
        home.add_child(instance=copied)
        paths.append(copied.url)
    json.dump(paths, sys.stdout)


if __name__ == "__main__":
    main()
