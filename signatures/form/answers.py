"""Answers to the editors' own questions: read from the form, put into words, exported.

They are kept as `{key: value}`: a text, the key of an option, a list of such keys, true or false.
What was not answered is left out. Questions change while signatures stay, so what a key or an
option no longer tells is shown as it was kept.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import Petition, PetitionPageBase
from campaigns.records.form_shape import FormShape, Question
from signatures.form.form_fields import yes_or_no
from signatures.models import Signature, SignatureQuerySet

PREFIX = "question_"
ANSWERS_AT_A_TIME = 2000


def given(questions: Iterable[Question], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in a checked form."""
    answers = {each.key: cleaned.get(PREFIX + each.key) for each in questions}
    return {key: value for key, value in answers.items() if value not in (None, "", [])}


def shape_of(petition: Petition, page: PetitionPageBase | None = None) -> FormShape:
    """The form as it stands now, in the language that is active if there is a page in it."""
    pages = sorted(
        [page] if page else petition.pages(),
        key=lambda page: (page.language != get_language(), not page.live),
    )
    return pages[0].campaign.form_shape if pages else FormShape()


def questions_of(petition: Petition) -> tuple[Question, ...]:
    return shape_of(petition).questions


def as_chosen(value: str | bool | list[str]) -> str | list[str]:
    """An answer as its field sends it."""
    return ("yes" if value else "no") if isinstance(value, bool) else value


def in_words(value: str | bool | list[str], question: Question | None) -> str:
    options = question.options if question else {}
    if isinstance(value, bool):
        return dict(yes_or_no())["yes" if value else "no"]
    if isinstance(value, list):
        return "; ".join(options.get(key, key) for key in value)
    return options.get(value, str(value))


class AnswerLine(NamedTuple):
    question: str
    answer: str
    # Written by the signer, not chosen from the form.
    is_typed: bool


def answer_lines(answers: Mapping[str, Any], questions: Iterable[Question]) -> list[AnswerLine]:
    """Each question that was answered, and its answer, in words and in the form's order."""
    known = {question.key: question for question in questions}
    keys = [
        *(key for key in known if key in answers),
        *(key for key in answers if key not in known),
    ]
    return [
        AnswerLine(
            known[key].label if key in known else key,
            in_words(answers[key], known.get(key)),
            key in known and known[key].kind in ("text", "long_text"),
        )
        for key in keys
    ]


def signers_answer_lines(
    signature: Signature, page: PetitionPageBase | None, but: Container[str] = ()
) -> list[AnswerLine]:
    """But for those by some keys."""
    told = {key: each for key, each in signature.answers.items() if key not in but}
    return answer_lines(told, shape_of(signature.petition, page).questions) if told else []


def rows(petition: Petition) -> Iterator[list[str]]:
    """A table of the answers to one petition: a header, then a row per confirmed signature.

    It holds neither names nor addresses. Rows come in no telling order, so that they cannot be
    put beside a list of signers.
    """
    questions = questions_of(petition)
    known = {question.key: question for question in questions}
    signatures = Signature.objects.counted().filter(petition=petition).order_by("id")
    former = _former_keys(signatures, known)
    labels = [question.label for question in questions]
    yield [_("Confirmed on"), _("Language"), *labels, *former]
    columns = [*known, *former]
    details = signatures.values_list("confirmed_at__date", "language", "answers")
    for confirmed_on, language, answers in details.iterator(chunk_size=ANSWERS_AT_A_TIME):
        cells = [
            in_words(answers[key], known.get(key)) if key in answers else "" for key in columns
        ]
        yield [f"{confirmed_on:%Y-%m-%d}", language, *cells]


def _former_keys(signatures: SignatureQuerySet, known: Mapping[str, Question]) -> list[str]:
    """Keys under which answers are kept though the form no longer asks for them."""
    found: set[str] = set()
    for answers in signatures.values_list("answers", flat=True).iterator(
        chunk_size=ANSWERS_AT_A_TIME
    ):
        found.update(answers)
    return sorted(found - set(known))
