"""What happened to a tie or a petition changes what is signed: at once, and in every language."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from campaigns.models import (
    CampaignPage,
    Petition,
    PetitionEvent,
    PetitionPage,
    TextVersion,
    TieEvent,
)
from signatures.models import Signature, Submission
from signatures.signing.tokens import confirm_token, own_token
from tests.signatures.posting import post
from tests.support.factories import confirm_all, publish
from tests.support.kinds import SmallSite

SOURCE = {"source_title": "A decree", "source_publisher": "The mayor"}


@pytest.fixture
def worded(site: SmallSite) -> SmallSite:
    """A campaign with a heading and an ask for ties that are suspended, and petitions paused."""
    words = {
        "en": ("End it for good, {city}", "We ask {city} for good."),
        "uk": ("Розірвіть назавжди, {city}", "Просимо {city} назавжди."),
    }
    for language, (heading, ask) in words.items():
        page = CampaignPage.objects.get(pk=site["campaign"][language].pk)
        said: dict[str, Any] = {"status": "suspended", "state": "any"}
        paused = {"status": "any", "state": "paused", "heading": f"{heading}: paused"}
        page.city_words = [("words", {**said, "heading": heading, "ask": ask}), ("words", paused)]
        publish(page)
    return site


def suspend(page: PetitionPage) -> TieEvent:
    return TieEvent.objects.create(tie=page.tie, kind="suspended", date=date(2024, 1, 1), **SOURCE)


def fresh(page: PetitionPage) -> PetitionPage:
    return PetitionPage.objects.get(pk=page.pk)


def kept(page: PetitionPage) -> set[str]:
    texts = TextVersion.objects.filter(petition=page.petition_id)
    return {text.title for text in texts if text.checksum}


def is_kept(page: PetitionPage) -> bool:
    return bool(
        TextVersion.objects.filter(
            petition=page.petition_id, checksum=fresh(page).words.checksum
        ).exists()
    )


NEW = {"End it for good, Portland", "Розірвіть назавжди, Портленд"}


def test_an_event_keeps_the_words_of_every_language(worded: SmallSite) -> None:
    page = worded["portland"]["en"]
    assert not kept(page) & NEW
    event = suspend(page)
    assert kept(page) >= NEW
    # Corrected, or deleted, it takes them back.
    TextVersion.objects.filter(petition=page.petition_id).delete()
    event.kind = TieEvent.Kind.ENDED
    event.save()
    assert all(map(is_kept, worded["portland"].values()))
    TextVersion.objects.filter(petition=page.petition_id).delete()
    event.delete()
    assert all(map(is_kept, worded["portland"].values()))


def test_it_is_one_piece_with_the_event(worded: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError

    page = worded["portland"]["en"]
    monkeypatch.setattr(TextVersion, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        suspend(page)
    assert not TieEvent.objects.filter(tie=page.tie, kind="suspended").exists()


def test_a_pause_and_a_closing_that_was_entered_change_it(worded: SmallSite) -> None:
    page = worded["portland"]["en"]
    page.petition.is_paused = True
    page.petition.save()
    assert "End it for good, Portland: paused" in kept(page)
    PetitionEvent.objects.create(
        petition=page.petition, kind="won", date=timezone.localdate(), **SOURCE
    )
    assert "The sister-city tie between Portland and Khabarovsk" in kept(page)


@pytest.mark.parametrize("days", [-700, -1, 1])
@pytest.mark.parametrize("name", ["opens_at", "closes_at", "created_at"])
def test_no_clock_changes_it(worded: SmallSite, name: str, days: int) -> None:
    page = worded["portland"]["en"]
    before = fresh(page).words
    moment = timezone.now() + timedelta(days=days)
    Petition.objects.filter(pk=page.petition_id).update(**{name: moment})
    assert fresh(page).words == before


def test_the_admin_keeps_them_in_the_same_transaction(worded: SmallSite, moderator: Client) -> None:
    page = worded["portland"]["en"]
    form = {
        "tie": page.tie.pk,
        "kind": "suspended",
        "date": "2024-01-01",
        "source_language": "en",
        **SOURCE,
    }
    response = moderator.post("/admin/snippets/campaigns/tieevent/add/", form)
    assert response.status_code == 302, response.context["form"].errors
    assert kept(page) >= NEW


def test_whoever_signs_meanwhile_signs_what_they_read_and_is_told(worded: SmallSite) -> None:
    page = worded["portland"]["en"]
    read = fresh(page).words
    suspend(page)
    assert post(page, version=read.checksum).status_code == 303
    submission = Submission.objects.get()
    assert submission.text.title == read.title
    told = Client().get(f"/en/signatures/{confirm_token(submission)}/confirm/").content.decode()
    assert "has changed since you read it" in told
    assert "End it for good, Portland" in told
    confirm_all()
    signature = Signature.objects.get()
    own = Client().get(f"/en/signatures/{own_token(signature)}/").content.decode()
    for each in (
        read.title,
        "What counts is the text that you read and signed",
        "End it for good, Portland",
    ):
        assert each in own


def test_whoever_confirms_too_late_is_told_what_happened(worded: SmallSite) -> None:
    page = worded["portland"]["uk"]
    post(page)
    TieEvent.objects.create(tie=page.tie, kind="ended", date=date(2024, 1, 1), **SOURCE)
    submission = Submission.objects.get()
    told = Client().get(f"/uk/signatures/{confirm_token(submission)}/confirm/").content.decode()
    assert "Побратимство Портленда з Хабаровськом розірвано" in told
    assert "<button" not in told.split("<main")[1].split("data-leave")[1]
