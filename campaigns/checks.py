"""What an editor should put right before a page is published.

Wagtail's own checks look at the preview in the browser; these look at what was written, and know
petitions, sources and translations. Some of them refuse publishing, the others only warn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from bs4 import BeautifulSoup
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import Block, RichTextBlock, StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page
from wagtail.rich_text import RichText
from wagtail_localize.models import StringSegment, Translation, TranslationSource

from campaigns.blocks.checks import unfit_blocks
from campaigns.blocks.citations import QuoteValue, SourceValue
from campaigns.blocks.content import EvidenceBlock, QuestionBlock
from campaigns.blocks.figures import first_figure
from campaigns.blocks.images import OptionalImageBlock
from campaigns.records.city_names import unnamed
from campaigns.records.form_shape import questions
from campaigns.records.petitions import Petition
from translations.queries import translations
from translations.submission import texts_of

# In characters: four lines of a phone.
LONGEST_CONSENT = 200


@dataclass(frozen=True)
class Problem:
    message: str
    # Publishing is refused as long as it stands.
    is_severe: bool = False
    # Where it is put right.
    address: str = ""
    # The field of the page's form that it belongs to.
    field: str = ""


def problems(page: Page) -> list[Problem]:
    """What is wrong with a page as it stands in the draft, the severe first."""
    found = [*in_body(page), *in_form(page)]
    # A translation is put right by its translators, at their own place.
    if not page.pk:
        found += in_figures(page)
    elif not is_translation(page):
        found += [*in_figures(page), *in_translations(page), *in_city_names(page)]
    return sorted(found, key=lambda problem: not problem.is_severe)


def refuse_severe(page: Page) -> None:
    """Raises: ValidationError, a dict for Wagtail's API, where a draft may not go live."""
    # A translation does without what its source has lost.
    if not is_translation(page) and (unfit := unfit_blocks(page)):
        raise ValidationError({NON_FIELD_ERRORS: unfit})
    if severe := [problem.message for problem in problems(page) if problem.is_severe]:
        raise ValidationError({NON_FIELD_ERRORS: severe})


# What is written


def parts(block: Block, value: object) -> Iterator[tuple[Block, Any]]:
    """A block with all the blocks inside it."""
    yield block, value
    if value is None or isinstance(block, ImageBlock):
        return
    if isinstance(value, StreamValue):
        for child in value:
            yield from parts(child.block, child.value)
    elif isinstance(value, ListValue):
        for child in value.bound_blocks:
            yield from parts(child.block, child.value)
    elif isinstance(value, StructValue):
        for name, child in block.child_blocks.items():
            yield from parts(child, value.get(name))


def in_body(page: Page) -> Iterator[Problem]:
    for number, top in enumerate(page.body, start=1):
        place = _("Block %(number)s (%(kind)s)") % {"number": number, "kind": top.block.label}
        address = f"#block-{top.id}-section"
        for block, value in parts(top.block, top.value):
            for message in in_block(block, value):
                yield Problem(f"{place}: {message}", True, address, "body")
            for message in in_citation(block, value, page.language):
                yield Problem(f"{place}: {message}", False, address, "body")


def in_block(block: Block, value: object) -> Iterator[str]:
    if isinstance(block, ImageBlock) and isinstance(value, AbstractImage):
        if not value.decorative and not (value.contextual_alt_text or "").strip():
            yield _("describe the image for those who do not see it, or mark it as decorative.")
    elif isinstance(block, RichTextBlock) and isinstance(value, RichText):
        if has_empty_link(value.source):
            yield _("a link has no text: write what it leads to, or take it out.")
    elif isinstance(block, EvidenceBlock) and not cast(StructValue, value)["sources"]:
        yield _("add a source, since evidence is not published without one.")


def in_citation(block: Block, value: object, language: str) -> Iterator[str]:
    """What readers would miss: a lost picture, and words in another language."""
    if value is None and isinstance(block, ImageBlock):
        if isinstance(block, OptionalImageBlock):
            return
        yield _("the image was deleted: choose another, or take the block out.")
    elif isinstance(value, QuoteValue):
        if not value.get("original_language"):
            yield _("say in which language you have the words, so that readers elsewhere know.")
        elif not value.get("original_words"):
            yield _("add the words of the original: readers can’t see what was said.")
    elif isinstance(value, SourceValue) and is_unexplained(value, language):
        yield _("say what the source’s title means: it is in another language.")


def in_figures(page: Page) -> Iterator[Problem]:
    """Answers and news with a figure, and nobody who says so."""
    for number, top in enumerate(page.body, start=1):
        for block, value in parts(top.block, top.value):
            if isinstance(block, QuestionBlock) and (figure := figure_in_answer(value, page)):
                message = _(
                    "Block %(number)s, “%(question)s”: the answer gives a figure, %(figure)s, but "
                    "no source. Add where it comes from."
                )
                details = {"number": number, "question": value["question"], "figure": figure}
                yield Problem(message % details, False, f"#block-{top.id}-section", "body")
    if getattr(page, "is_news", False) and (figure := figure_in_news(page)):
        message = _(
            "The news gives a figure, %(figure)s, but no source. Add a “Sources” block that says "
            "where it comes from."
        )
        yield Problem(message % {"figure": figure}, field="body")


def figure_in_answer(question: StructValue, page: Page) -> str:
    """Empty where there is none, or the answer names its sources."""
    if question.get("sources"):
        return ""
    return first_figure(str(question["answer"].source), page.language)


def figure_in_news(page: Page) -> str:
    """Empty where there is none, or the news names its sources."""
    kinds = {block.block_type for block in page.body}
    if "sources" in kinds:
        return ""
    texts = [str(block.value.source) for block in page.body if block.block_type == "text"]
    figures = (first_figure(text, page.language) for text in (escape(page.lead), *texts))
    return next(filter(None, figures), "")


def is_unexplained(source: SourceValue, language: str) -> bool:
    return source.get("language") != language and not source.get("meaning")


def has_empty_link(html: str) -> bool:
    links = BeautifulSoup(html, "html.parser").find_all("a")
    return any(not link.get_text(strip=True) and not link.find("img") for link in links)


# What signers sign


def in_form(page: Page) -> Iterator[Problem]:
    """Why a page's form could not be signed."""
    if not hasattr(page, "words"):
        return
    if not page.words.ask.strip():
        yield Problem(_("Nobody can sign: say what a signer demands."), True, field="ask")
    if not page.words.consent.strip():
        message = _("Nobody can sign: the campaign has no consent text.")
        yield Problem(message, True, field="consent_text")
    if page.campaign is page and len(page.words.consent_parts[0]) > LONGEST_CONSENT:
        message = _(
            "The sentence beside the checkbox is long, and people on a phone will leave. Put a "
            "blank line after the first sentence of the consent text to fold the rest."
        )
        yield Problem(message, field="consent_text")
    yield from in_questions(page)
    if page.petition is not None:
        yield from in_petition(page.petition)
    if page.campaign is not page and not page.campaign.live:
        message = _("The campaign’s own page is not published: publish it first.")
        address = reverse("wagtailadmin_pages:edit", args=[page.campaign.pk])
        yield Problem(message, address=address)


def in_questions(page: Page) -> Iterator[Problem]:
    for number, question in enumerate(questions(getattr(page, "extra_questions", ())), start=1):
        message = ""
        if not question.label.strip():
            message = _("Question %(number)s of the form has no words: write what you ask.")
        elif question.lacks_options:
            message = _("Question %(number)s of the form needs two answers to choose from.")
        if message:
            yield Problem(message % {"number": number}, True, field="extra_questions")
        elif question.is_required:
            yield Problem(
                _(
                    "Nobody can sign without answering question %(number)s (“%(question)s”), and "
                    "some people will leave instead. Make it optional, and it is asked after "
                    "signing, when nobody is lost."
                )
                % {"number": number, "question": question.label},
                field="extra_questions",
            )


def in_petition(petition: Petition) -> Iterator[Problem]:
    state = petition.state()
    message = ""
    if petition.campaign.is_closed_for_good:
        message = _(
            "The campaign is closed for good, since its signers are no longer known: nobody can "
            "sign. To ask for signatures again, begin another campaign."
        )
    elif state == Petition.State.CLOSED and petition.closes_at:
        day = petition.format_local_time(petition.closes_at)
        message = _("The petition closed on %(day)s: nobody can sign.") % {"day": day}
    elif state == Petition.State.WON:
        message = _("The petition has won: nobody can sign.")
    elif state == Petition.State.PAUSED:
        message = _("The petition is paused: nobody can sign until it goes on.")
        if not petition.is_paused:
            message = _("Signing is paused on the whole site: nobody can sign until it goes on.")
    elif state == Petition.State.NOT_YET_OPEN and petition.opens_at:
        day = petition.format_local_time(petition.opens_at)
        message = _("The petition opens on %(day)s: nobody can sign before.") % {"day": day}
    if message:
        model = petition._meta
        name = f"wagtailsnippets_{model.app_label}_{model.model_name}:edit"
        yield Problem(message, address=reverse(name, args=[petition.pk]))


# What others read


def is_translation(page: Page) -> bool:
    """Whether wagtail-localize made the page from one in another language."""
    return Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
    ).exists()


def in_translations(page: Page) -> Iterator[Problem]:
    source = TranslationSource.objects.filter(
        object_id=page.translation_key, locale=page.locale_id
    ).first()
    waiting = untold_texts(page, source) if source else 0
    if source and waiting:
        message = ngettext(
            "%(number)s text was changed and the translators have not been told.",
            "%(number)s texts were changed and the translators have not been told.",
            waiting,
        )
        address = reverse("wagtail_localize:update_translations", args=[source.pk])
        yield Problem(message % {"number": waiting}, address=address)
    translated = {other.locale_id: other for other in page.get_translations()}
    for locale in Locale.objects.exclude(pk=page.locale_id):
        yield from in_translation(page, source, locale, translated.get(locale.pk))


def untold_texts(page: Page, source: TranslationSource) -> int:
    """How many texts of the page the translators do not have as they stand."""
    written = {
        (place, segment.string.data)
        for place, segments in texts_of(page).items()
        for segment in segments
    }
    told = StringSegment.objects.filter(source=source)
    return len(written - set(told.values_list("context__path", "string__data")))


def in_translation(
    page: Page, source: TranslationSource | None, locale: Locale, translated: Page | None
) -> Iterator[Problem]:
    language = {"language": locale.get_display_name()}
    if translated is None:
        address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
        yield Problem(_("Not submitted for translation: %(language)s.") % language, address=address)
        return
    address = reverse("wagtailadmin_pages:edit", args=[translated.pk])
    if not translated.live:
        yield Problem(
            _("The translation is not published: %(language)s.") % language, False, address
        )
    translation = translations(locale).filter(source=source).first() if source else None
    total, done = translation.get_progress() if translation else (0, 0)
    if translation and done < total:
        message = ngettext(
            "%(number)s text waits for its translation: %(language)s, since %(day)s.",
            "%(number)s texts wait for their translation: %(language)s, since %(day)s.",
            total - done,
        )
        day = date_format(timezone.localtime(translation.since), "DATE_FORMAT")
        details = {"number": total - done, "day": day, **language}
        yield Problem(message % details, address=address)


def in_city_names(page: Page) -> Iterator[Problem]:
    """Cities of the page without a name in some language: its sentences there lack it."""
    tie = page.petition.tie if getattr(page, "petition", None) else None
    if tie is None:
        return
    for locale in Locale.objects.exclude(pk=page.locale_id):
        for city, address in unnamed(tie, locale):
            name = city.name_in(page.language)
            details = {"city": name.name, "language": locale.get_display_name()}
            message = _("%(city)s has no name in this language: %(language)s.") % details
            yield Problem(message, address=address)
