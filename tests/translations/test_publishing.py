"""At no time does a sentence of the source language show in another."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page, Revision, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringTranslation, Translation

from campaigns.models import CampaignPage, CityName, PetitionPage
from campaigns.tasks import publish_scheduled
from home.models import ContentPage, HomePage
from tests.support.editor import edit, publish_in_bulk
from tests.support.factories import make_city_petition, publish
from tests.support.kinds import SmallSite
from tests.support.publishing_ways import places
from tests.support.translating import ESSENTIAL, PATTERNS, SHORT, fill, write
from translations.gaps import translation_of
from translations.publishing import UntranslatedError, foreign_texts
from translations.submission import submit

API = "/admin/api/main/pages/"


def english_in_ukrainian() -> list[str]:
    """What stands in English at the Ukrainian addresses, and at a page that is not there."""
    addresses = ["", "?q=portland", "end-ties/", "end-ties/cities/", "end-ties/feed/"]
    addresses += ["end-ties/portland-oregon/", "end-ties/news/", "about/", "end-ties/other/"]
    found = []
    for address in addresses:
        html = Client().get(f"/uk/{address}").content.decode()
        # The page in another language is named by its title, which says its language.
        html = re.sub(r'<a [^>]*lang="en"[^>]*>.*?</a>', "", html, flags=re.S)
        found += re.findall(r"[^<>]*(?:ENGLISH|OTHER)[^<>]*", html)
    return found


def shown(page: Page) -> str:
    return Client().get(page.url).content.decode()


def by_editor(admin: Client, page: Page) -> None:
    admin.post(f"/admin/pages/{page.pk}/edit/", {"action": "publish"})


def in_bulk(admin: Client, page: Page) -> None:
    publish_in_bulk(admin, page)


def from_above(admin: Client, page: Page) -> None:
    publish_in_bulk(admin, page.get_parent())


def in_time(admin: Client, page: Page) -> None:
    draft(page)
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=type(page).objects.get(pk=page.pk).latest_revision_id).update(
        approved_go_live_at=past
    )
    publish_scheduled()


def by_workflow(admin: Client, page: Page) -> None:
    draft(page)
    page = type(page).objects.get(pk=page.pk)
    Workflow.objects.get().start(page, None)
    task = page.current_workflow_task_state
    admin.post(f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/")


def by_restoring(admin: Client, page: Page) -> None:
    """Wagtail's own editor, once the translation was stopped."""
    translation = translation_of(page)
    assert translation
    admin.post(f"/admin/localize/translate/{translation.pk}/disable/", {"seen": translation.pk})
    assert translation_of(page) is None
    english = english_of(page)
    texts = {name: getattr(english, name) for name in (*SHORT, *ESSENTIAL, *PATTERNS)}
    edit(admin, page, "publish", **texts)


def by_code(admin: Client, page: Page) -> None:
    revision = draft(page)
    with pytest.raises(UntranslatedError):
        revision.publish()


def by_api(admin: Client, page: Page) -> None:
    draft(page)
    assert admin.post(f"{API}{page.pk}/action/publish/").status_code == 400


def by_repeating(admin: Client, page: Page) -> None:
    admin.post(f"/admin/localize/page/{page.pk}/convert_to_alias/")


def by_syncing(admin: Client, page: Page) -> None:
    translation = translation_of(page)
    assert translation
    address = f"/admin/localize/update/{translation.source_id}/"
    admin.post(address, {"publish_translations": "on"})


def draft(page: Page) -> Revision:
    """A draft as wagtail-localize makes one: with the source's texts where others are missing."""
    translation = translation_of(page)
    assert translation
    mixed = translation.source.get_ephemeral_translated_instance(page.locale, fallback=True)
    return mixed.save_revision()


def english_of(page: Page) -> CampaignPage:
    return CampaignPage.objects.get(petition=page.petition, locale__language_code="en")


WAYS = [
    by_editor,
    by_api,
    in_bulk,
    from_above,
    in_time,
    by_workflow,
    by_restoring,
    by_code,
    by_repeating,
    by_syncing,
]


LAUNCHED = "a launched page has no words but its own languages’"
THROUGH = "one of the other ways ends here"
NO_PAGE = "not a page: a city’s name"
PLACES: dict[str, Any] = {
    "campaigns.publishing.approving.publish_if_seen": by_workflow,
    "launches.building.launch_tie": LAUNCHED,
    "translation_desk.po.importing._show": NO_PAGE,
    "campaigns.publishing.publish.publish_draft": in_bulk,
    "campaigns.publishing.publish.refusal": in_time,
    "translations.submission.make_draft": "makes drafts alone",
    "translations.submission.publish": LAUNCHED,
    "translations.submission.publish_what_is_translated": by_editor,
    "translations.submission.translate": LAUNCHED,
    "translation_desk.views.names_report.show_if_complete": NO_PAGE,
    "deliveries.views.answers.decided": NO_PAGE,
    "demo.after_signing._answer": NO_PAGE,
    "demo.handed.answer": NO_PAGE,
    "demo.pages._city": LAUNCHED,
    "demo.pages._page": LAUNCHED,
    "wagtail.actions.convert_alias.ConvertAliasPageAction._convert_alias": by_api,
    "wagtail.actions.create.CreateAction._create": "of Wagtail’s third API, which is not installed",
    "wagtail.actions.edit.EditAction._edit": "of Wagtail’s third API, which is not installed",
    "wagtail.actions.publish_revision.PublishRevisionAction._publish_revision": by_code,
    "wagtail.admin.api.actions.publish.PublishPageAPIAction._action_from_data": by_api,
    "wagtail.admin.views.generic.mixins.CreateEditViewOptionalFeaturesMixin.publish_action": NO_PAGE,
    "wagtail.admin.views.pages.bulk_actions.publish.PublishBulkAction.execute_action": in_bulk,
    "wagtail.admin.views.pages.create.CreateView.publish_action": by_restoring,
    "wagtail.admin.views.pages.edit.EditView.publish_action": by_restoring,
    "wagtail.management.commands.publish_scheduled.Command.handle": in_time,
    "wagtail.models.draft_state.DraftStateMixin.publish": by_code,
    "wagtail.models.draft_state.DraftStateMixin.with_content_json": "a draft in memory",
    "wagtail.models.pages.AbstractPage.publish": by_code,
    "wagtail.models.pages.AbstractPage.update_aliases": "an alias is not served",
    "wagtail.models.pages.AbstractPage.with_content_json": "a draft in memory",
    "wagtail.models.revisions.Revision.publish": by_code,
    "wagtail.workflows.publish_workflow_state": by_workflow,
    "wagtail_localize.models.TranslationSource.create_or_update_translation": by_editor,
    "wagtail_localize.operations.TranslationCreator.create_translations": by_syncing,
    "wagtail_localize.views.convert.convert_to_alias": by_repeating,
    "wagtail_localize.views.convert.sync_alias": by_repeating,
    "wagtail_localize.views.edit_translation.edit_translation": by_editor,
    "wagtail_localize.views.update_translations.UpdateTranslationsView.form_valid": by_syncing,
}


def test_every_place_that_publishes_is_known() -> None:
    """A further one is first tried here: by it, too, nothing half-translated may go live."""
    assert places() == set(PLACES)
    assert {way for way in PLACES.values() if callable(way)} <= set(WAYS)


@pytest.mark.parametrize("publish_it", WAYS)
def test_a_half_translated_change_goes_live_by_no_way(
    admin: Client, pages: dict[str, CampaignPage], publish_it: Callable[[Client, Any], None]
) -> None:
    page = pages["uk"]
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    assert english_in_ukrainian() == []
    fill(page, "ask", "body")
    publish_it(admin, page)
    assert english_in_ukrainian() == []
    assert "УКРАЇНСЬКЕ ask." in shown(page), "what was live stays"


@pytest.mark.parametrize("publish_it", WAYS[:7])
def test_a_page_that_was_never_complete_stays_a_draft(
    admin: Client, pages: dict[str, CampaignPage], publish_it: Callable[[Client, Any], None]
) -> None:
    page = pages["uk"]
    page.unpublish()
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    draft(page)
    publish_it(admin, CampaignPage.objects.get(pk=page.pk))
    assert not CampaignPage.objects.get(pk=page.pk).live
    assert english_in_ukrainian() == []


def leave_gaps(pages: dict[str, CampaignPage]) -> CampaignPage:
    """Translates anew what visitors need, and not the rest; one block is new."""
    page = pages["uk"]
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    write(english, "OTHER")
    english.body.append(("text", "<p>OTHER new.</p>"))
    publish(english)
    fill(page, "lead", "body")
    StringTranslation.objects.filter(context__path="ask", locale=page.locale).update(data="УКР ще.")
    return CampaignPage.objects.get(pk=page.pk)


def test_our_own_publishing_leaves_other_gaps_as_they_are_live_and_out_where_they_are_new(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    page = leave_gaps(pages)
    by_editor(admin, page)
    assert english_in_ukrainian() == []
    words = shown(page)
    assert "УКР ще." in words
    assert "УКРАЇНСЬКЕ lead." in words


def in_own_editor(admin: Client, page: Page) -> None:
    """Wagtail's own, once the translation was stopped, with one short text in English."""
    Translation.objects.update(enabled=False)
    answer = edit(admin, page, "publish", lead="OTHER lead.")
    assert "Not translated: “OTHER lead.”" in answer.content.decode()


def test_a_new_page_in_another_languages_words_is_refused_with_all_that_was_typed(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    home = pages["uk"].get_parent()
    fields = {"title": "ENGLISH title.", "slug": "new", "body": streamfield([])}
    data = nested_form_data({**fields, "comments": inline_formset([])})
    address = f"/admin/pages/add/home/contentpage/{home.pk}/"
    html = admin.post(address, {**data, "action-publish": "1"}).content.decode()
    assert "Not translated: “ENGLISH title.”" in html
    assert 'value="ENGLISH title."' in html
    assert not ContentPage.objects.filter(slug="new").exists()


@pytest.mark.parametrize(
    "publish_it", [in_own_editor, in_bulk, from_above, in_time, by_workflow, by_api, by_syncing]
)
def test_wagtails_ways_leave_nothing_out_and_are_refused(
    admin: Client, pages: dict[str, CampaignPage], publish_it: Callable[[Client, Any], None]
) -> None:
    page = leave_gaps(pages)
    draft(page)
    publish_it(admin, CampaignPage.objects.get(pk=page.pk))
    assert english_in_ukrainian() == []
    assert "УКР ще." not in shown(page), "nothing of it is live"


def test_once_it_is_complete_the_newest_texts_go_live(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    page = pages["uk"]
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    draft(page)
    fill(page)
    StringTranslation.objects.filter(context__path="ask", locale=page.locale).update(data="УКР ще.")
    in_bulk(admin, page)
    assert "УКР ще." in shown(page), "the draft was older than its translation"
    assert english_in_ukrainian() == []


def test_a_text_left_as_it_is_on_purpose_is_no_gap(pages: dict[str, CampaignPage]) -> None:
    page = pages["uk"]
    translation = translation_of(page)
    assert translation
    StringTranslation.objects.filter(locale=page.locale, context__path="starter").update(
        data="ENGLISH starter."
    )
    revision = draft(page)
    assert foreign_texts(revision.as_object()) == []
    revision.publish()
    assert "ENGLISH starter." in shown(page)


def test_what_does_not_change_the_words_is_not_refused(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    """A row with a foreign text in it, as an older version of the site could have left one."""
    CampaignPage.objects.filter(pk=pages["uk"].pk).update(ask="ENGLISH ask.")
    page = CampaignPage.objects.get(pk=pages["uk"].pk)
    page.locked = True
    page.save()
    page.slug = "other-ties"
    page.save()
    page.lead = "Українське."
    page.save()
    page.unpublish()
    assert not CampaignPage.objects.get(pk=page.pk).live
    with pytest.raises(UntranslatedError):
        page.save_revision().publish()


def test_a_refusal_keeps_the_draft_and_the_other_schedule(
    admin: Client, pages: dict[str, CampaignPage]
) -> None:
    page = pages["uk"]
    page.lead = "Українське завтра."
    tomorrow = page.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1))
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    latest = draft(page)
    assert admin.post(f"{API}{page.pk}/action/publish/").status_code == 400
    tomorrow.refresh_from_db()
    assert tomorrow.approved_go_live_at
    assert CampaignPage.objects.get(pk=page.pk).latest_revision == latest


def test_a_copy_in_another_language_is_not_published_by_the_api_before_it_is_translated(
    admin: Client, site: SmallSite
) -> None:
    english = ContentPage(title="ENGLISH", slug="about", locale=site["home"]["en"].locale)
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=english)
    publish(english)
    copy = english.copy_for_translation(site["home"]["uk"].locale)
    answer = admin.post(f"{API}{copy.pk}/action/publish/")
    assert answer.json() == {"title": ["Not translated: “ENGLISH”"]}
    assert english_in_ukrainian() == []


def test_a_page_that_repeats_another_language_does_not_become_a_page_of_its_own(
    admin: Client, site: SmallSite
) -> None:
    english = ContentPage(title="ENGLISH", slug="about", locale=site["home"]["en"].locale)
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=english)
    publish(english)
    alias = english.copy_for_translation(site["home"]["uk"].locale, alias=True)
    assert admin.post(f"{API}{alias.pk}/action/convert_alias/").status_code == 400
    assert ContentPage.objects.get(pk=alias.pk).alias_of_id
    english.title = "OTHER"
    publish(english)
    assert english_in_ukrainian() == []


def test_a_launched_city_without_its_own_words_goes_live(site: SmallSite) -> None:
    campaign = {
        code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()
    }
    tacoma = make_city_petition(campaign, "Tacoma", "Washington")
    submit(tacoma["en"], tacoma["uk"].locale)
    publish(PetitionPage.objects.get(pk=tacoma["uk"].pk))
    assert PetitionPage.objects.get(pk=tacoma["uk"].pk).live


def test_a_page_below_an_untranslated_one_is_not_submitted_before_it(
    admin: Client, site: SmallSite
) -> None:
    home = HomePage.objects.get(locale__language_code="en")
    polish = Locale.objects.create(language_code="pl")
    response = admin.post(
        f"/admin/localize/submit/page/{site['portland']['en'].pk}/",
        {"locales": [polish.pk]},
        follow=True,
    )
    assert "First submit the page above it for translation: Home" in response.content.decode()
    assert not HomePage.objects.filter(locale=polish).exists()
    admin.post(f"/admin/localize/submit/page/{home.pk}/", {"locales": [polish.pk]})
    assert not HomePage.objects.get(locale=polish).live


def test_an_alias_in_another_language_is_never_served(site: SmallSite) -> None:
    english = ContentPage(title="ENGLISH", slug="about", locale=site["home"]["en"].locale)
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=english)
    publish(english)
    ukrainian = english.copy_for_translation(site["home"]["uk"].locale, alias=True)
    assert ukrainian.live
    assert english_in_ukrainian() == []


def test_a_name_submitted_for_translation_shows_only_once_it_is_complete(
    admin: Client, site: SmallSite
) -> None:
    name = site["portland"]["en"].tie.city.names.get(locale__language_code="en")
    CityName.objects.filter(city=name.city, locale__language_code="uk").delete()
    uk = Locale.objects.get(language_code="uk")
    address = f"/admin/localize/submit/snippet/campaigns/cityname/{name.pk}/"
    response = admin.post(address, {"locales": [uk.pk]})
    translation = Translation.objects.get(source__object_id=name.translation_key)
    assert response["Location"] == f"/admin/translations/{translation.pk}/name/"
    assert not CityName.objects.filter(city=name.city, locale=uk).exists()


def test_a_command_publishes_no_half_translation(
    pages: dict[str, CampaignPage], site: SmallSite
) -> None:
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    draft(pages["uk"])
    call_command("publish_scheduled")
    call_command("add_language", "uk")
    assert english_in_ukrainian() == []


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_reviewer_reads_why_an_approved_page_does_not_go_live(
    admin: Client, pages: dict[str, CampaignPage], language: str
) -> None:
    UserProfile.objects.create(user=get_user_model().objects.get(), preferred_language=language)
    page = pages["uk"]
    write(CampaignPage.objects.get(pk=pages["en"].pk), "OTHER")
    draft(page)
    page = CampaignPage.objects.get(pk=page.pk)
    Workflow.objects.get().start(page, None)
    task = page.current_workflow_task_state
    door = f"/admin/pages/workflow/action/{page.pk}/approve/{task.pk}/"
    answer = admin.post(door, follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain == [(f"/admin/pages/{page.pk}/edit/", 302)]
    said = {"en": "cannot be published", "uk": "не можна опублікувати"}[language]
    assert said in html
    assert "OTHER ask." in html
    assert "do not have permission" not in html
    dialog = admin.post(door, headers={"x-requested-with": "XMLHttpRequest"})
    assert dialog.json() == {"step": "success", "redirect": f"/admin/pages/{page.pk}/edit/"}
    page = CampaignPage.objects.get(pk=page.pk)
    assert page.workflow_in_progress, "it waits to be translated"


def later() -> datetime:
    return timezone.now() + timedelta(hours=1)


def scheduled_by_api(admin: Client, page: Page) -> str:
    return admin.post(f"{API}{page.pk}/action/publish/").text


def scheduled_by_code(admin: Client, page: Page) -> str:
    try:
        page.get_latest_revision().publish()
    except UntranslatedError as error:
        return str(error.messages)
    return ""


@pytest.mark.parametrize("schedule", [scheduled_by_api, scheduled_by_code])
def test_a_half_translated_draft_is_refused_when_it_is_scheduled_not_when_it_is_due(
    admin: Client, pages: dict[str, CampaignPage], schedule: Callable[[Client, Any], str]
) -> None:
    page = leave_gaps(pages)
    draft(page)
    page = CampaignPage.objects.get(pk=page.pk)
    waiting = page.get_latest_revision_as_object()
    waiting.go_live_at = later()
    waiting.save_revision()
    assert "Not translated: “OTHER" in schedule(admin, CampaignPage.objects.get(pk=page.pk))
    assert not page.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_a_complete_draft_is_scheduled(admin: Client, pages: dict[str, CampaignPage]) -> None:
    page = CampaignPage.objects.get(pk=pages["uk"].pk)
    page.go_live_at = later()
    page.save_revision()
    scheduled_by_api(admin, page)
    assert page.revisions.filter(approved_go_live_at__isnull=False).exists()
