"""Small campaigns for the tests, made by the same code as real ones where there is any."""

import json
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from accounts.models import User
from campaigns.models import (
    CampaignPage,
    City,
    CityName,
    Petition,
    PetitionPage,
    PetitionPageBase,
    TextVersion,
    Tie,
    TieEvent,
)
from home.models import ContentPage, HomePage
from signatures.mailboxes import parse
from signatures.models import Invalidation, Signature, Submission
from signatures.signing.confirming import confirm_submission
from signatures.signing.sign import SignatureInput, sign
from tests.support.kinds import SmallSite
from tests.support.snapshot import kept

UKRAINIAN = {
    "Portland": ("Портленд", "Портленда", "у Портленді", "з Портлендом", "Орегон"),
    "Khabarovsk": (
        "Хабаровськ",
        "Хабаровська",
        "у Хабаровську",
        "з Хабаровськом",
        "Хабаровський край",
    ),
    "Tacoma": ("Такома", "Такоми", "у Такомі", "з Такомою", "Вашингтон"),
}

P = TypeVar("P", bound=Page)


def make_city(name: str, region: str, country: str) -> City:
    key = f"{name}-{region}".lower().replace(" ", "-")
    city, created = City.objects.get_or_create(
        key=key, defaults={"region": region, "country": country}
    )
    if created:
        english = CityName.english(city, name)
        english.save()
        ukrainian = CityName(city=city, locale=Locale.objects.get(language_code="uk"))
        ukrainian.translation_key = english.translation_key
        fields = ("name", "of_form", "in_form", "with_form", "region")
        for field, value in zip(fields, UKRAINIAN[name], strict=True):
            setattr(ukrainian, field, value)
        ukrainian.save()
    return city


def publish(page: P) -> P:
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_home() -> dict[str, HomePage]:
    """Both languages' home pages, the English one as the site's root."""
    Locale.objects.get_or_create(language_code="en")
    Locale.objects.get_or_create(language_code="uk")
    root = Page.objects.get(depth=1)
    for page in Page.objects.filter(depth=2):
        page.delete()
    root = Page.objects.get(pk=root.pk)
    english = HomePage(title="Home", slug="home", locale=Locale.objects.get(language_code="en"))
    root.add_child(instance=english)
    publish(english)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=english, is_default_site=True)
    ukrainian = english.copy_for_translation(Locale.objects.get(language_code="uk"))
    ukrainian.title = "Головна"
    return {"en": english, "uk": publish(ukrainian)}


def make_campaign(home: dict[str, HomePage]) -> dict[str, CampaignPage]:
    english = CampaignPage(
        title="End the ties",
        slug="end-ties",
        locale=home["en"].locale,
        petition=Petition.objects.create(time_zone="America/New_York"),
        lead="A lead.",
        ask="End all ties.",
        starter="a citizen",
        recipients="US Mayors",
        consent_text="I agree.",
        city_heading="Mayor {of_city}: end the tie {with_sister_city}",
        city_ask="End the tie {with_sister_city} for good.",
        city_recipient="Mayor {of_city}",
        asks_postcode=True,
    )
    home["en"].add_child(instance=english)
    publish(english)
    ukrainian = english.copy_for_translation(home["uk"].locale)
    ukrainian.title = "Розірвіть звʼязки"
    ukrainian.lead = "Вступ."
    ukrainian.starter = "громадянин"
    ukrainian.recipients = "мери США"
    ukrainian.ask = "Розірвіть усі звʼязки."
    ukrainian.consent_text = "Я погоджуюся."
    ukrainian.city_heading = "Мере {of_city}, розірвіть звʼязки {with_sister_city}"
    ukrainian.city_ask = "Розірвіть звʼязки {with_sister_city} назавжди."
    ukrainian.city_recipient = "мер {of_city}"
    return {"en": english, "uk": publish(ukrainian)}


@kept
def make_city_petition(
    campaign: dict[str, CampaignPage], name: str = "Portland", region: str = "Oregon"
) -> dict[str, PetitionPage]:
    tie = Tie.objects.create(
        city=make_city(name, region, "US"),
        sister_city=make_city("Khabarovsk", "Khabarovsk Krai", "RU"),
        since=1988,
    )
    TieEvent.objects.create(
        tie=tie,
        kind="reported",
        date="2022-06-04",
        source_title="An article",
        source_publisher="The Oregonian",
    )
    english = PetitionPage(
        title=f"{name}, {region}",
        slug=f"{name}-{region}".lower(),
        locale=campaign["en"].locale,
        petition=Petition.objects.create(
            parent=campaign["en"].petition, tie=tie, time_zone="America/Los_Angeles"
        ),
    )
    campaign["en"].add_child(instance=english)
    publish(english)
    ukrainian = english.copy_for_translation(campaign["uk"].locale)
    return {"en": english, "uk": publish(ukrainian)}


@kept
def make_site() -> SmallSite:
    home = make_home()
    campaign = make_campaign(home)
    return {"home": home, "campaign": campaign, "portland": make_city_petition(campaign)}


# What a form may propose, and counts once it is saved on the own page.
PROPOSED = {"comment", "postcode", "show_name", "answers"}


def make_submission(
    page: PetitionPageBase, email: str = "olena@example.org", **changes: Any
) -> Submission:
    """What the form sends, taken as it takes it."""
    details = {"name": "Olena O’Neil-Шевченко", "country": "UA", "language": page.language}
    proposal = {name: changes.pop(name) for name in PROPOSED & changes.keys()}
    entry = SignatureInput(mailbox=parse(email), proposal=proposal, **{**details, **changes})
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    return Submission.objects.get(pk=sign(page.petition, text, entry).submission)


def make_signature(
    page: PetitionPageBase, email: str = "olena@example.org", **changes: Any
) -> Signature:
    """A pending signature."""
    return make_submission(page, email, **changes).signature


def confirm_all() -> None:
    """Presses every button that may be pressed, in the order in which they came."""
    for submission in Submission.objects.order_by("created_at", "id"):
        confirm_submission(submission)


def confirmed(
    page: PetitionPageBase, email: str = "olena@example.org", **changes: Any
) -> Signature:
    """A signature that counts; what the form proposes its signer has saved."""
    signature = confirm_submission(make_submission(page, email, **changes))
    assert signature is not None
    if chosen := {name: changes[name] for name in PROPOSED & changes.keys()}:
        signature.choose(**chosen)
    return signature


def new_act() -> Invalidation:
    return Invalidation.objects.create(reason=Invalidation.Reason.AUTOMATED)


def in_status(status: str, act: Invalidation | None = None) -> dict[str, Any]:
    """The status with all that has to stand beside it, and nothing that may not."""
    now, statuses = timezone.now(), Signature.Status
    is_invalid = status == statuses.INVALIDATED
    return {
        "status": status,
        **({"confirmed_at": now} if status == statuses.CONFIRMED else {}),
        "withdrawn_at": now if status == statuses.WITHDRAWN else None,
        "invalidated_at": now if is_invalid else None,
        "invalidation": (act or new_act()) if is_invalid else None,
        "held_at": None,
    }


def confirm_change(signature: Signature, **changes: Any) -> None:
    """What the confirmation of a later post does to a signature: it has other content then."""
    Signature.objects.filter(pk=signature.pk).update(**changes)
    signature.submit_to_moderators()


def shown(page: PetitionPageBase, email: str = "olena@example.org", **changes: Any) -> Signature:
    """A confirmed signature whose name and comment a moderator has released."""
    signature = confirmed(page, email, show_name=True, **changes)
    for part in ("name", "comment"):
        Signature.objects.awaiting_moderation(part).filter(pk=signature.pk).update(
            **{f"{part}_state": "released"}
        )
    signature.refresh_from_db()
    return signature


def make_user(name: str, **flags: Any) -> User:
    return get_user_model().objects.create_user(name, f"{name}@example.org", "secret-pass", **flags)


__all__ = [
    "confirm_all",
    "confirmed",
    "make_campaign",
    "make_city_petition",
    "make_home",
    "make_signature",
    "make_site",
    "make_submission",
    "make_user",
    "publish",
    "shown",
]


def add_content(site: SmallSite) -> None:
    """One block of every kind on the campaign's page, in both languages, and a page of text."""
    site["campaign"] = with_content(site["campaign"], site["home"])


@kept
def with_content(
    campaign: dict[str, CampaignPage], homes: dict[str, HomePage]
) -> dict[str, CampaignPage]:
    pages = {}
    for language, stale in campaign.items():
        # Published from a row that knows of the city pages made since.
        page = CampaignPage.objects.get(pk=stale.pk)
        page.body = [
            ("text", "<h2>A heading</h2><p>A paragraph with a <b>bold</b> word.</p>"),
            ("reason", {"heading": "A reason", "text": "<p>Its text.</p>"}),
            ("evidence", evidence("What happened", warning="Describes killings")),
            ("evidence", evidence("Something else", warning="")),
            ("quote", quote("Words.")),
            ("call_to_action", {"heading": "Your name counts", "text": "", "button": "Sign now"}),
            (
                "questions",
                {
                    "heading": "Questions",
                    "questions": [{"question": "Who?", "answer": "<p>Anyone.</p>"}],
                },
            ),
        ]
        publish(page)
        pages[language] = page
        home = HomePage.objects.get(pk=homes[language].pk)
        about = ContentPage(title="About", slug="about", locale=home.locale, show_in_menus=True)
        about.body = [("text", "<h2>A heading</h2><p>A paragraph.</p>")]
        home.add_child(instance=about)
        publish(about)
    return pages


def evidence(heading: str, warning: str) -> dict[str, Any]:
    source = {
        "title": "A report",
        "publisher": "A publisher",
        "date": None,
        "address": "https://reports.example/1",
        "archived_copy": "",
    }
    return {
        "heading": heading,
        "what_happened": "<p>It happened.</p>",
        "when": "Spring 2022",
        "city": None,
        "content_warning": warning,
        "image": None,
        "sources": [source],
    }


def quote(words: str) -> dict[str, Any]:
    return {
        "words": words,
        "speaker": "Somebody",
        "role": "",
        "occasion": "",
        "date": None,
        "original_language": "en",
        "original_words": words,
        "translator": "",
    }


QUESTION_IDS = {
    kind: f"{number}0000000-0000-4000-8000-000000000000"
    for number, kind in enumerate(("text", "long_text", "choice", "choices", "yes_no"), start=1)
}
QUESTION_WORDS = {
    "en": {
        "text": "Your school?",
        "long_text": "Your words?",
        "choice": "Heard from?",
        "choices": "Will you help?",
        "yes_no": "Ever written?",
        "friend": "A friend",
        "news": "The news",
    },
    "uk": {
        "text": "Ваша школа?",
        "long_text": "Ваші слова?",
        "choice": "Звідки дізналися?",
        "choices": "Чи допоможете?",
        "yes_no": "Чи писали раніше?",
        "friend": "Від друзів",
        "news": "Із новин",
    },
}


def questions_in(language: str, *required: str) -> list[dict[str, Any]]:
    """A question of every kind as stored; its key is its kind, with an underscore before it."""
    words = QUESTION_WORDS[language]
    questions = []
    for kind, block_id in QUESTION_IDS.items():
        value: dict[str, Any] = {"label": words[kind], "help_text": "", "key": f"_{kind}"}
        value["is_required"] = kind in required
        if kind in ("choice", "choices"):
            value["options"] = [
                {
                    "type": "item",
                    "id": f"{number}0000000-1111-4000-8000-000000000000",
                    "value": {"label": words[key], "key": key},
                }
                for number, key in enumerate(("friend", "news"))
            ]
        questions.append({"type": kind, "id": block_id, "value": value})
    return questions


@kept
def shape_form(site: SmallSite, *required: str, **changes: Any) -> None:
    """Asks a question of every kind on the campaign's form; a text may be given by language."""
    for language, stale in site["campaign"].items():
        page = CampaignPage.objects.get(pk=stale.pk)
        page.extra_questions = json.dumps(questions_in(language, *required))
        for name, value in changes.items():
            setattr(page, name, value[language] if isinstance(value, dict) else value)
        publish(page)
