"""What a petition's page says, by how the petition and its tie stand."""

from typing import TYPE_CHECKING, Any

from django.utils import translation

from campaigns import placeholders
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
        standing = signed(self.petition)
        return self._said(standing, standing.is_demanded, "heading") or self.neutral_heading

    @property
    def demand(self) -> str:
        """What is asked. Of a tie that may not stand no city is asked more than all are."""
        standing = signed(self.petition)
        return self._said(standing, standing.is_demanded, "ask") or self.campaign.ask

    @property
    def summary(self) -> str:
        """The lead or, where nobody can sign, what became of the petition."""
        return self._told("lead")

    @property
    def description(self) -> str:
        return self._told("description", "lead")

    @property
    def share_words(self) -> str:
        standing = told(self.petition)
        return self._said(standing, standing.is_plain, "share") or self.heading

    @property
    def window_title(self) -> str:
        return (told(self.petition).is_plain and self.seo_title) or self.heading

    def _told(self, *names: str) -> str:
        standing = told(self.petition)
        if found := self._said(standing, standing.is_plain, *names):
            return found
        with translation.override(self.language):
            return self.filled(placeholders.neutral_lead(standing))

    def _said(self, standing: Standing, is_general: bool, *names: str) -> str:
        """Empty where nothing that was written may be said."""
        name = names[0]
        if standing.is_plain and (own := self.own(name)):
            return own
        if found := standing.choose(self.wordings, *names):
            return self.filled(found)
        return (self.own(name) or self.general(name)) if is_general else ""
