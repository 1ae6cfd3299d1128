"""While the whole site is paused, nobody can sign, every page says so, and no words change."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from campaigns.models import Petition, SitePause
from signatures.models import Signature
from signatures.signing.confirming import confirm_submission
from tests.signatures.posting import post
from tests.support.factories import make_submission, make_user
from tests.support.kinds import SmallSite

NOTICE = {
    "en": "Signing is paused on the whole site",
    "uk": "Збір підписів на всьому сайті призупинено",
}


@pytest.fixture
def somebody(site: SmallSite) -> User:
    return make_user("somebody")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_nobody_signs_or_confirms_until_it_ends(
    site: SmallSite, somebody: User, language: str
) -> None:
    page = site["portland"][language]
    sent = make_submission(page, "before@example.org")
    words = page.words.checksum
    assert SitePause.objects.begin(somebody, "An attack")
    assert not SitePause.objects.begin(somebody, "The same attack"), "one lasts at a time"
    refused = post(page)
    assert refused.status_code == 409
    assert 'class="notice"' in refused.content.decode()
    assert "sign-email" not in Client().get(page.url).content.decode()
    assert confirm_submission(sent) is None
    assert Signature.objects.count() == 1
    assert type(page).objects.get(pk=page.pk).words.checksum == words
    assert SitePause.objects.end(somebody)
    assert not SitePause.objects.end(somebody)
    assert post(page).status_code == 303
    assert confirm_submission(sent)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_page_says_so(site: SmallSite, somebody: User, language: str) -> None:
    parts = (
        "",
        "end-ties/",
        "end-ties/cities/",
        "end-ties/portland-oregon/",
        "my-signatures/",
        "x/",
    )
    addresses = [f"/{language}/{part}" for part in parts]
    assert not [each for each in addresses if NOTICE[language] in told(each)]
    SitePause.objects.begin(somebody, "An attack")
    assert [each for each in addresses if NOTICE[language] in told(each)] == addresses


def told(address: str) -> str:
    return Client().get(address).content.decode()


def test_lists_and_records_say_the_same_of_each_petition(site: SmallSite, somebody: User) -> None:
    petition = site["portland"]["en"].petition
    SitePause.objects.begin(somebody, "An attack")
    now = timezone.now()
    for closes_at, state in ((None, "paused"), (now, "closed")):
        Petition.objects.filter(pk=petition.pk).update(closes_at=closes_at)
        [row] = Petition.objects.with_state(now).filter(pk=petition.pk)
        assert row.state_now == row.state(now) == state
