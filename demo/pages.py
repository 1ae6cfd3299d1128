"""The demo's site and pages, in every language."""

import datetime
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import TranslatableObject, TranslationSource

from accounts.models import User
from campaigns.models import CampaignPage, Petition, PetitionPage, Tie, UpdatePage
from demo.bodies import raw_body
from demo.content import Item
from home.models import Contact, ContentPage, HomePage
from launches.building import get_city, launch_cities
from launches.rows import LaunchRow
from translations.submission import (
    UnpairedTextError,
    fill,
    publish_what_is_translated,
    submit,
    texts_of,
    translate,
)

WRITTEN_IN = ("en", "uk")
HOME_SLUG = "home-page"
# Of the citizen who started the campaign.
TIME_ZONE = "America/Los_Angeles"
CHECK_DAYS = 90
CAMPAIGN_FIELDS = (
    "lead",
    "ask",
    "starter",
    "recipients",
    "first_countries",
    "consent_text",
    "share_text",
    "city_heading",
    "city_lead",
    "city_ask",
    "city_recipient",
    "city_share",
    "thank_you_text",
    "closing_text",
    "city_thank_you",
    "city_closing",
)
CAMPAIGN_STREAMS = ("body", "extra_questions", "state_words", "city_words")


def languages() -> tuple[str, ...]:
    """Those of the site that the demo is written in."""
    return tuple(code for code, _name in settings.LANGUAGES if code in WRITTEN_IN)


def build_site(content: Item, rows: list[LaunchRow]) -> CampaignPage:
    """Builds what is missing; a page that exists stays as its editors left it."""
    for code in languages():
        Locale.objects.get_or_create(language_code=code)
    home = _home(content["home"])
    _site(home, content["contact"])
    campaign = _campaign(content["campaign"], home, rows)
    for item in content["pages"]:
        _page(ContentPage, home, item, item["slug"].text(), (), show_in_menus=True)
    launch_cities(campaign, rows, publish=True)
    for item in content["cities"]:
        _city(item, campaign)
    for item in content["updates"]:
        _update(item, campaign)
    return campaign


def check_ties(campaign: CampaignPage, user: User) -> None:
    """Somebody says today, of ties that nobody has checked, that they are as the data tell."""
    ties = Tie.objects.filter(petitions__parent=campaign.petition, checked_at=None)
    ties.note_checked(user)


def city_page(slug: Item, campaign: CampaignPage) -> PetitionPage:
    page = PetitionPage.objects.child_of(campaign).filter(slug=slug.text()).first()
    if page is None:
        raise slug.error(f"there is no city page “{slug.text()}”")
    return page


def _city(item: Item, campaign: CampaignPage) -> None:
    """What stands on a city's page alone, as long as the page is as it was launched."""
    page = city_page(item["slug"], campaign)
    if page.body or page.revisions.count() > 1:
        return
    page.body = _body(PetitionPage, item, page.language)
    page.save_revision().publish()
    for code in languages():
        if code != page.language:
            _translate_city(page, item, Locale.objects.get(language_code=code))


def _translate_city(page: PetitionPage, item: Item, locale: Locale) -> None:
    # Launched pages have a translation, into which wagtail-localize would write at once.
    shadow = PetitionPage(body=_body(PetitionPage, item, locale.language_code))
    translation = submit(page, locale)
    try:
        fill(translation, texts_of(page), texts_of(shadow))
    except UnpairedTextError as error:
        raise item.error(str(error)) from error
    publish_what_is_translated(translation)


def _update(item: Item, campaign: CampaignPage) -> None:
    """News of the whole campaign or, where a city is named, of that city's petition."""
    fields = item.fields()
    parent: Any = city_page(fields["city"], campaign) if "city" in fields else campaign
    try:
        date = datetime.date.fromisoformat(item["date"].text())
    except ValueError:
        raise item["date"].error("a date is written like 2022-06-03") from None
    # The parent's count of children is in the database only.
    parent = type(parent).objects.get(pk=parent.pk)
    _page(UpdatePage, parent, item, item["slug"].text(), ("lead",), date=date)


def _home(item: Item) -> HomePage:
    _drop_untouched_homes()
    root = Page.objects.get(depth=1)
    existing = HomePage.objects.filter(locale=Locale.get_default()).first()
    slug = existing.slug if existing else HOME_SLUG
    return _page(HomePage, root, item, slug, ("lead", "footer"))


def _drop_untouched_homes() -> None:
    """The pages that a new site begins with, as long as nobody has edited or filled any of them."""
    homes = HomePage.objects.all()
    if homes.exclude(latest_revision=None, numchild=0).exists():
        return
    keys = list(homes.values_list("translation_key", flat=True))
    TranslationSource.objects.filter(object__in=keys).delete()
    TranslatableObject.objects.filter(pk__in=keys).delete()
    for pk in homes.values_list("pk", flat=True):
        HomePage.objects.get(pk=pk).delete()


def _site(home: HomePage, contact: Item) -> None:
    """Makes the home page the site's root, instead of the page that Wagtail comes with."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    wanted = {"hostname": "localhost", "port": settings.PORT, "root_page_id": home.pk}
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
        site.save()
    if welcome is not None and welcome.specific_class is Page and not welcome.numchild:
        Page.objects.get(pk=welcome.pk).delete()
    stored = Contact.for_site(site)
    if not stored.email:
        stored.name, stored.email = contact["name"].text(), contact["email"].text()
        stored.save()


def _campaign(item: Item, home: HomePage, rows: list[LaunchRow]) -> CampaignPage:
    slug = item["slug"].text()
    existing = CampaignPage.objects.filter(slug=slug, locale=home.locale).first()
    if existing is None:
        for row in rows:
            # The evidence is about these cities, so they come before the page.
            get_city(row, "city")
            get_city(row, "sister_city")
    petition = (
        existing.petition
        if existing
        else Petition.objects.create(time_zone=TIME_ZONE, check_days=CHECK_DAYS)
    )
    return _page(CampaignPage, home, item, slug, CAMPAIGN_FIELDS, petition=petition)


def _page(
    model: type[Page], parent: Page, item: Item, slug: str, fields: tuple[str, ...], **shared: Any
) -> Page:
    """The page in the source language, made with its translations where they are missing."""
    source_locale = Locale.get_default()
    page = model.objects.child_of(parent).filter(slug=slug, locale=source_locale).first()
    if page is None:
        values = _values(model, item, fields, source_locale.language_code)
        page = model(slug=slug, locale=source_locale, live=False, **values, **shared)
        parent.add_child(instance=page)
        page.save_revision().publish()
        page = model.objects.get(pk=page.pk)
    for code in languages():
        locale = Locale.objects.get(language_code=code)
        if locale != source_locale and not page.has_translation(locale):
            values = _values(model, item, fields, code)
            shadow = model(slug=slug, locale=locale, **values, **shared)
            try:
                translate(page, shadow, locale)
            except UnpairedTextError as error:
                raise item.error(str(error)) from error
    return page


def _values(
    model: type[Page], item: Item, fields: tuple[str, ...], language: str
) -> dict[str, Any]:
    values = {}
    for name in ("title", *fields):
        text = item[name].value(language)
        try:
            values[name] = model._meta.get_field(name).clean(text, None)
        except ValidationError as error:
            raise item[name].error(" ".join(error.messages)) from error
    streams = CAMPAIGN_STREAMS if model is CampaignPage else ("body",)
    for name in streams:
        values[name] = _body(model, item, language, name)
    return values


def _body(model: type[Page], item: Item, language: str, name: str = "body") -> str:
    stream = model._meta.get_field(name).stream_block
    return json.dumps(raw_body(stream, item[name], language))
