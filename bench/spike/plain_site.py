"""Makes two pages that say what a city's page says: a plain one, and one with Wagtail's own form.

Reads that page's slug and HTML as JSON, and writes the paths of both.
"""

import json
import sys

import django

FIELDS = {
    "name": "singleline",
    "email": "email",
    "country": "singleline",
    "consent": "checkbox",
}


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from plain.models import FormField, FormPage

    from bench.rendering import body_of, plain_page
    from campaigns.models import PetitionPage
    from home.models import HomePage

    told = json.load(sys.stdin)
    call_command("migrate", verbosity=0)
    page = PetitionPage.objects.get(slug=told["slug"], locale__language_code="en")
    before, rest = told["html"].split("</section>", 1)
    with_form = FormPage(
        title=page.title,
        slug="plain-form",
        locale=page.locale,
        body=body_of(page),
        before=before + "</section>",
        after=rest[rest.index('<aside class="petition__side">') :],
    )
    with_form.form_fields = [
        FormField(label=label, field_type=kind, required=True, sort_order=number)
        for number, (label, kind) in enumerate(FIELDS.items())
    ]
    copied = plain_page(page, told["html"])
    HomePage.objects.get(locale=page.locale).add_child(instance=with_form)
    json.dump([copied.url, with_form.url], sys.stdout)


if __name__ == "__main__":
    main()
