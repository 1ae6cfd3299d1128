"""The load that is generated to measure with is like what editors and signers make."""

import io

import pytest
from django.conf import settings as all_settings
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from wagtail.models import Page

from campaigns.models import CampaignPage, Petition, PetitionPage, TextVersion
from signatures.models import Signature, TallyChange
from tests.support.counted import assert_exact
from tests.support.kinds import SmallSite


def generate(cities: int, signatures: int) -> str:
    out = io.StringIO()
    call_command("generate_load", cities=cities, signatures=signatures, stdout=out)
    return out.getvalue()


def test_it_fills_up_to_the_numbers_asked_for(site: SmallSite) -> None:
    for cities, signatures in ((6, 60), (6, 60), (14, 90)):
        assert "100%" in generate(cities, signatures)
        assert Petition.objects.exclude(parent=None).count() == cities
        assert PetitionPage.objects.live().count() == cities * len(all_settings.LANGUAGES)
        assert Signature.objects.confirmed().count() == signatures
    assert TextVersion.objects.count() == 30
    assert_exact()
    assert not TallyChange.objects.exists(), "reading a total would go through all of them"


def test_its_pages_are_read_signed_and_edited_like_any(site: SmallSite) -> None:
    generate(12, 100)
    assert Page.find_problems() == ([], [], [], [], [])
    for language, name in (("en", "Town 11"), ("uk", "Місто 11")):
        html = Client().get(f"/{language}/end-ties/town-11/").content.decode()
        assert name in html
        assert 'id="sign-email"' in html or "sign-form" in html
        assert (
            f'href="/{language}/end-ties/town-11/"'
            in Client().get(f"/{language}/").content.decode()
        )
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page = PetitionPage.objects.child_of(campaign).get(slug="town-3")
    page.save_revision().publish()
    assert page.get_translations().get().slug == "town-3"
    assert page.words.checksum in page.petition.texts.values_list("checksum", flat=True)


def test_a_real_site_gets_none(site: SmallSite, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo settings"):
        generate(5, 5)
    assert Signature.objects.count() == 0
