"""What signing takes that no signer decides: each process looks it up once for all of them.

It is forgotten when something that pages show has changed, in whatever process, so that it is half
a second old at most.
"""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Petition, PetitionPageBase, TextVersion
from campaigns.records.text_versions import SignedText
from signatures.form.sign_form import SignForm
from signatures.signing.sign import Keys


@dataclass
class Prepared:
    """A petition as it is signed in one language.

    It belongs to all requests of the process at once, so that nobody changes anything in it but
    what it was last asked.
    """

    petition: Petition
    page: PetitionPageBase
    words: SignedText
    text: TextVersion
    form: SignForm
    keys: Keys
    # Of the page that says to look into one's mailbox, up to the ticket.
    checking: str
    # In which second, since 1970, and what was said.
    asked: tuple[int, bool] = (0, False)

    @property
    def is_signable(self) -> bool:
        """As of this second: nothing but time changes it here."""
        second = int(timezone.now().timestamp())
        if self.asked[0] != second:
            self.asked = second, self.petition.is_signable
        return self.asked[1]

    def text_of(self, version: str) -> TextVersion | None:
        """The words that were read: those that stand on the page now, or stood there before."""
        if version == self.text.checksum:
            return self.text
        language = self.words.language
        texts = TextVersion.objects.filter(petition=self.petition, language=language)
        return texts.filter(checksum=version).first()

    def page_to_show(self) -> PetitionPageBase | None:
        """The page for one request, which fills in its own."""
        found: PetitionPageBase | None = self.petition.live_page(self.words.language)
        return found


class Held:
    """By petition and language."""

    def __init__(self) -> None:
        self.found: dict[tuple[uuid.UUID, str], Prepared] = {}

    def forget(self) -> None:
        # What somebody is looking up just now goes into the old one, and with it.
        self.found = {}

    def of(self, petition_id: uuid.UUID, language: str) -> Prepared | None:
        """None where the petition has no page in the language that everybody sees.

        Raises: Petition.DoesNotExist.
        """
        found, place = self.found, (petition_id, language)
        # Without the page cache nobody notices what changes.
        if place not in found or not settings.PAGECACHE["BYTES"]:
            ready = prepare(petition_id, language)
            if ready is None:
                return None
            found[place] = ready
        return found[place]


held = Held()


def prepare(petition_id: uuid.UUID, language: str) -> Prepared | None:
    petition = Petition.objects.with_names().select_related("parent").get(pk=petition_id)
    page = petition.live_page(language)
    if page is None:
        return None
    page.petition = petition
    words = page.words
    TextVersion.record([(petition, words)])
    return Prepared(
        petition=petition,
        page=page,
        words=words,
        text=TextVersion.objects.get(petition=petition, checksum=words.checksum),
        form=SignForm.of(page, words, page.campaign.form_shape),
        keys=Keys.of(petition),
        checking=reverse("signatures:check", args=[petition.pk, "-"]).removesuffix("-/"),
    )
