"""What a signature says, in words: to its signer before it counts, and to an officer."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.models import PetitionPageBase
from signatures.form.answers import signers_answer_lines
from signatures.form.form_fields import yes_or_no
from signatures.models import Signature
from translations.languages.countries import countries


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    # Of words that somebody typed; empty for the site's own, in the page's language.
    language: str = ""
    # What counts now, where that is another; empty where nothing does.
    before: str = ""
    is_new: bool = False


def facts(signature: Signature, page: PetitionPageBase | None) -> list[Fact]:
    """All that counts or is seen, in the form's order, as its signer is told."""
    found = sent(signature, page, here=_("You live in this city"), home=_("You live in"))
    found.append(Fact(_("Everybody will see"), seen(signature)))
    if signature.discreet:
        found.append(Fact(_("Safety mode"), _("on: our emails name no petition")))
    return found


def facts_for_officers(signature: Signature, page: PetitionPageBase | None) -> list[Fact]:
    return [
        *sent(signature, page, here=_("Lives in this city"), home=_("Lives in")),
        Fact(_("Lets everybody see the name"), yes_no(signature.show_name)),
        Fact(_("Safety mode"), yes_no(signature.discreet)),
    ]


def sent(signature: Signature, page: PetitionPageBase | None, here: str, home: str) -> list[Fact]:
    """All that somebody sent, by the words for where they live."""
    language = signature.language
    typed = [Fact(_("Name"), signature.name, language)]
    found = [*typed, Fact(_("Country"), str(countries.name(signature.country)))]
    if signature.postcode:
        found.append(Fact(_("Start of the postal code"), signature.postcode))
    if signature.lives_here is not None:
        found.append(Fact(here, yes_no(signature.lives_here)))
    if signature.home_city:
        name = signature.home_city.name_in(get_language() or "")
        found.append(Fact(home, str(name), name.language))
    if signature.comment:
        found.append(Fact(_("Comment"), signature.comment, language))
    for question, answer, is_typed in signers_answer_lines(signature, page):
        found.append(Fact(question, answer, language if is_typed else ""))
    return found


def yes_no(answer: bool) -> str:
    return dict(yes_or_no())["yes" if answer else "no"]


def seen(signature: Signature) -> str:
    if not signature.show_name:
        return _("nothing about you; you are only counted")
    if signature.comment:
        return _(
            "your name, your country, the day and your comment, once a moderator has read them"
        )
    return _("your name, your country and the day, once a moderator has read your name")


def compared(
    proposed: Signature, before: Signature | None, page: PetitionPageBase | None
) -> list[Fact]:
    """The facts of what was sent and, beside each that differs, what counts now."""
    now = facts(proposed, page)
    if before is None:
        return now
    old = {fact.label: fact for fact in facts(before, page)}
    nothing = _("nothing")
    changed = [
        fact
        if (known := old.pop(fact.label, None)) and known.value == fact.value
        else Fact(
            fact.label, fact.value, fact.language, known.value if known else nothing, is_new=True
        )
        for fact in now
    ]
    left_out = [Fact(fact.label, nothing, "", fact.value, is_new=True) for fact in old.values()]
    return changed + left_out
