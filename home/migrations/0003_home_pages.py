"""The home pages of a new site, so that its editors can begin in every language.

A migration's models are rows only: nothing here calls a page's methods.
"""

import json
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import migrations
from django.db.models import F
from django.utils import timezone
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import Page
from wagtail_localize.models import String, TranslationContext

# The language that everything is written in comes first.
TITLES = {"en": "Petitions", "uk": "Петиції"}


def build_home_pages(apps, _editor):
    """Makes the home pages, in place of the page that Wagtail comes with; on a new site only."""
    if apps.get_model("home", "HomePage").objects.exists():
        return
    codes = [code for code in TITLES if code in dict(settings.LANGUAGES)]
    pages = [_page(code, apps) for code in codes]
    _use_as_root(pages[0], apps)
    for page in pages[1:]:
        page.translation_key = pages[0].translation_key
        page.save(update_fields=["translation_key"])
        _put_before_translators(pages[0], page, apps)


def _page(code, apps):
    pages = apps.get_model("wagtailcore", "Page").objects
    root = pages.get(depth=1)
    last = pages.filter(depth=2).order_by("path").last()
    step = Page._str2int(last.path[-Page.steplen :]) + 1 if last else 1
    home_page = apps.get_model("home", "HomePage")
    slug = f"home-{code}"
    now = timezone.now()
    page = home_page.objects.create(
        title=TITLES[code],
        draft_title=TITLES[code],
        slug=slug,
        url_path=f"/{slug}/",
        path=Page._get_path(root.path, 2, step),
        depth=2,
        numchild=0,
        locale=apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code=code)[0],
        content_type_id=_content_type(home_page),
        live=True,
        first_published_at=now,
        last_published_at=now,
    )
    pages.filter(pk=root.pk).update(numchild=F("numchild") + 1)
    return page


def _content_type(model):
    names = {"app_label": model._meta.app_label, "model": model._meta.model_name}
    return ContentType.objects.get_or_create(**names)[0].pk


def _use_as_root(page, apps):
    sites = apps.get_model("wagtailcore", "Site").objects
    pages = apps.get_model("wagtailcore", "Page").objects
    address = urlsplit(settings.BASE_URL)
    welcome = pages.filter(depth=2, sites_rooted_here__is_default_site=True).first()
    sites.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page_id": page.pk,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    if welcome and not welcome.numchild:
        pages.filter(pk=welcome.pk).delete()
        pages.filter(depth=1).update(numchild=F("numchild") - 1)


def _put_before_translators(source_page, page, apps):
    """What wagtail-localize stores of a page whose one text, its title, is translated."""

    def create(model, **values):
        return apps.get_model("wagtail_localize", model).objects.create(**values)

    page_type = _content_type(apps.get_model("wagtailcore", "Page"))
    thing = create(
        "TranslatableObject",
        translation_key=source_page.translation_key,
        content_type_id=page_type,
    )
    content = {**get_serializable_data_for_fields(source_page), "pk": source_page.pk}
    source = create(
        "TranslationSource",
        object=thing,
        specific_content_type_id=source_page.content_type_id,
        locale_id=source_page.locale_id,
        object_repr=source_page.title,
        content_json=json.dumps(content, cls=DjangoJSONEncoder),
        last_updated_at=timezone.now(),
    )
    create("Translation", source=source, target_locale_id=page.locale_id)
    text, _created = apps.get_model("wagtail_localize", "String").objects.get_or_create(
        locale_id=source_page.locale_id,
        data_hash=String._get_data_hash(source_page.title),
        defaults={"data": source_page.title},
    )
    place = create(
        "TranslationContext",
        object=thing,
        path="title",
        field_path="title",
        path_id=TranslationContext._get_path_id("title"),
    )
    create("StringSegment", source=source, context=place, string=text, order=0)
    create(
        "StringTranslation",
        translation_of=text,
        context=place,
        locale_id=page.locale_id,
        data=page.title,
        translation_type="manual",
    )


class Migration(migrations.Migration):
    # What changes addresses is noted in the other.
    dependencies = [("home", "0002_roles"), ("pagecache", "__first__")]

    operations = [migrations.RunPython(build_home_pages, migrations.RunPython.noop)]
