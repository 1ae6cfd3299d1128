"""What a petition's page says, by how the petition and its tie stand."""

from typing import TYPE_CHECKING, Any

from django.utils import translation

from campaigns import placeholders
from campaigns.blocks.wordings import SIGNED
from campaigns.records.standings import Standing, Wordings, signed, told


class WordingMixin:
    """The page's words in each standing: an editor's own, the campaign's, or no more than is known.

    An editor's own words of one city, and the campaign's general ones, are about an active tie and
    a petition that can be signed.
    """

    if TYPE_CHECKING:
        petition: Any
        campaign: Any
        language: Any
        seo_title: Any

    @property
    def wordings(self) -> Wordings:
        """What editors wrote for one standing or another."""
        raise NotImplementedError

    def own(self, name: str) -> str:
        """What an editor wrote for this page alone, in place of a pattern."""
        raise NotImplementedError

    def general(self, name: str) -> str:
        """What is said as long as nothing stands in its way."""
        raise NotImplementedError

    def filled(self, pattern: str) -> str:
        """A pattern with the names in it."""
        raise NotImplementedError

    @property
    def neutral_heading(self) -> str:
        raise NotImplementedError

    @property
    def heading(self) -> str:
        return self.text("heading", signed(self.petition))

    @property
    def demand(self) -> str:
        """What is asked. Of a tie that may not stand no city is asked more than all are."""
        return self.text("ask", signed(self.petition))

    @property
    def summary(self) -> str:
        """The lead or, where nobody can sign, what became of the petition."""
        return self.text("lead", told(self.petition))

    @property
    def description(self) -> str:
        return self.text("description", told(self.petition))

    @property
    def share_words(self) -> str:
        found = self.pattern("share", told(self.petition))
        return self.filled(found) if found else self.heading

    @property
    def window_title(self) -> str:
        return (told(self.petition).is_plain and self.seo_title) or self.heading

    def text(self, name: str, standing: Standing) -> str:
        """One of the texts, as it reads in a standing."""
        found = self.pattern(name, standing)
        return self.filled(found) if found else self._neutral(name, standing)

    def pattern(self, name: str, standing: Standing) -> str:
        """What a text is made of. Empty where nothing that was written may be said."""
        if standing.is_plain and (own := self.own(name)):
            return own
        names = ("description", "lead") if name == "description" else (name,)
        if found := standing.choose(self.wordings, *names):
            return found
        is_general = standing.is_demanded if name in SIGNED else standing.is_plain
        return (self.own(name) or self.general(name)) if is_general else ""

    def _neutral(self, name: str, standing: Standing) -> str:
        """No more than is known."""
        if name == "ask":
            return str(self.campaign.ask)
        if name == "share":
            return self.text("heading", standing)
        if name == "heading":
            return self.neutral_heading
        with translation.override(self.language):
            return self.filled(placeholders.neutral_lead(standing))
