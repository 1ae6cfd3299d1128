"""What is missing on a page is said before it is published, and the worst of it refuses that."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import rich_text

from campaigns.checks import Problem, problems
from campaigns.models import CampaignPage, CityName, Petition, PetitionPage
from home.models import ContentPage
from tests.support.editor import edit, publish
from tests.support.factories import add_content, evidence, questions_in
from tests.support.kinds import SmallSite
from translations.submission import submit

EMPTY_LINK = '<p>Read <a href="https://reports.example/"> </a> first.</p>'


def found(page: Page, words: str) -> list[Problem]:
    return [problem for problem in problems(page) if words in problem.message]


def test_a_sound_page_has_no_problem(
    site: SmallSite, campaign: CampaignPage, city: PetitionPage
) -> None:
    add_content(site)
    campaign.refresh_from_db()
    about = ContentPage.objects.filter(locale__language_code="en").get()
    assert [problems(page) for page in (campaign, city)] == [[], []]
    assert [each.message for each in problems(about)] == [
        "Not submitted for translation: Ukrainian."
    ]


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (("text", EMPTY_LINK), "Block 1 (Text): a link has no text"),
        (("reason", {"heading": "A", "text": EMPTY_LINK}), "Block 1 (Reason): a link has no text"),
        (
            (
                "questions",
                {"heading": "A", "questions": [{"question": "B", "answer": EMPTY_LINK}]},
            ),
            "Block 1 (Questions and answers): a link has no text",
        ),
        (
            ("evidence", {**evidence("A", ""), "what_happened": EMPTY_LINK}),
            "Block 1 (Evidence): a link has no text",
        ),
        (("evidence", {**evidence("A", ""), "sources": []}), "Block 1 (Evidence): add a source"),
    ],
)
def test_a_fault_in_a_block_is_named_with_its_place(
    campaign: CampaignPage, block: tuple[str, object], words: str
) -> None:
    campaign.body = [block]
    (problem,) = found(campaign, words)
    assert problem.is_severe


@pytest.mark.parametrize(
    ("alt_text", "decorative", "count"),
    [("", False, 1), (" ", False, 1), ("", True, 0), ("A", False, 0)],
)
def test_an_image_needs_a_description_or_to_be_decorative(
    campaign: CampaignPage, alt_text: str, decorative: bool, count: int
) -> None:
    image = get_image_model().objects.create(title="Image", file=get_test_image_file())
    value = {"image": image, "alt_text": alt_text, "decorative": decorative}
    campaign.body = [("picture", {"image": value, "caption": ""})]
    assert len(found(campaign, "describe the image")) == count


def test_a_form_without_consent_or_demand_cannot_be_signed(
    campaign: CampaignPage, city: PetitionPage
) -> None:
    campaign.consent_text = campaign.ask = " "
    assert {each.field for each in problems(campaign) if each.is_severe} == {"ask", "consent_text"}
    CampaignPage.objects.filter(pk=campaign.pk).update(consent_text="")
    assert found(city, "no consent text")[0].is_severe


def test_what_makes_people_leave_the_form_is_told_and_may_be_published(
    campaign: CampaignPage, city: PetitionPage
) -> None:
    campaign.consent_text = "I agree. " * 30
    campaign.extra_questions = json.dumps(questions_in("en", "choice"))
    told = [*found(campaign, "line after the first sentence"), *found(campaign, "Nobody can sign")]
    assert [each.is_severe for each in told] == [False, False]
    assert "question 3 (“Heard from?”)" in told[1].message
    campaign.consent_text = "I agree.\n\n" + "To all of it. " * 30
    assert not found(campaign, "line after the first sentence")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_at": timezone.now() - timedelta(days=1)}, "closed on"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "opens on"),
        ({"is_paused": True}, "is paused"),
    ],
)
def test_a_form_that_cannot_be_signed_now_is_told_but_may_be_published(
    city: PetitionPage, moderator: Client, changes: dict[str, Any], words: str
) -> None:
    Petition.objects.filter(pk=city.petition_id).update(**changes)
    city = PetitionPage.objects.get(pk=city.pk)
    (problem,) = found(city, words)
    assert not problem.is_severe
    assert moderator.get(problem.address).status_code == 200
    edit(moderator, city, "publish", own_ask="Published all the same.")
    city.refresh_from_db()
    assert city.own_ask == "Published all the same."


def test_a_missing_translation_is_told_with_the_place_to_mend_it(
    campaign: CampaignPage, moderator: Client
) -> None:
    ukrainian = campaign.get_translation(Locale.objects.get(language_code="uk"))
    ukrainian.unpublish()
    (problem,) = found(campaign, "not published: Ukrainian")
    assert moderator.get(problem.address).status_code == 200
    CampaignPage.objects.filter(pk=ukrainian.pk).get().delete()
    (problem,) = found(campaign, "Not submitted for translation: Ukrainian")
    assert moderator.get(problem.address).status_code == 200


def test_texts_that_wait_for_translators_are_counted(
    campaign: CampaignPage, moderator: Client
) -> None:
    total, _done = submit(campaign, Locale.objects.get(language_code="uk")).get_progress()
    (problem,) = found(campaign, "wait for their translation: Ukrainian")
    assert problem.message.startswith(f"{total} texts")
    assert not found(campaign, "have not been told")
    campaign.lead = "Another lead."
    (problem,) = found(campaign, "1 text was changed and the translators have not been told.")
    assert moderator.get(problem.address).status_code == 200


def test_a_city_without_a_name_in_a_language_is_told(city: PetitionPage) -> None:
    CityName.objects.filter(city=city.tie.city, locale__language_code="uk").delete()
    assert found(city, "Portland has no name in this language: Ukrainian")


def test_a_city_below_an_unpublished_campaign_is_told(
    campaign: CampaignPage, city: PetitionPage
) -> None:
    campaign.unpublish()
    assert found(PetitionPage.objects.get(pk=city.pk), "own page is not published")


def test_the_editor_shows_the_problems_and_publishes_only_without_severe_ones(
    campaign: CampaignPage, moderator: Client
) -> None:
    raw = [("text", EMPTY_LINK)]
    edit(moderator, campaign, body=draft_body(raw))
    campaign = CampaignPage.objects.get(pk=campaign.pk)
    draft = campaign.get_latest_revision_as_object()
    assert "reports.example" in str(draft.body), "a draft may be faulty"
    shown = moderator.get(f"/admin/pages/{campaign.pk}/edit/").content.decode()
    assert "Before you publish" in shown
    assert "a link has no text" in shown
    for action in ("publish", "submit"):
        response = edit(moderator, campaign, action, body=draft_body(raw))
        assert response.status_code == 200
        assert "a link has no text" in response.content.decode()
    campaign.refresh_from_db()
    assert not campaign.body
    assert campaign.current_workflow_state is None
    publish(moderator, campaign, body=draft_body([("text", "<p>Words.</p>")]))
    campaign.refresh_from_db()
    assert "Words." in str(campaign.body)


def draft_body(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rich text as the editor's own field posts it."""
    return [(kind, rich_text(html)) for kind, html in blocks]


def test_publishing_many_at_once_is_refused_for_the_same_reasons(
    campaign: CampaignPage, moderator: Client
) -> None:
    campaign.body = [("text", EMPTY_LINK)]
    campaign.save_revision()
    home = campaign.get_parent()
    address = f"/admin/bulk/wagtailcore/page/publish/?id={campaign.pk}&next=/admin/pages/{home.pk}/"

    def press() -> str:
        # What the change touches has been looked at.
        seen = moderator.get(address).context["form"].initial["seen"]
        return moderator.post(address, {"seen": seen}, follow=True).content.decode()

    assert "cannot be published." in press()
    campaign.refresh_from_db()
    assert not campaign.body
    campaign.body = [("text", "<p>Words.</p>")]
    campaign.save_revision()
    press()
    campaign.refresh_from_db()
    assert "Words." in str(campaign.body)


def test_problems_are_told_in_the_editors_language(campaign: CampaignPage) -> None:
    campaign.body = [("text", EMPTY_LINK)]
    with translation.override("uk"):
        assert found(campaign, "посилання не має тексту")
