"""A page goes live, and down, when its editor said it should."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from campaigns.models import CampaignPage, Petition, PetitionPage, TextVersion
from campaigns.tasks import publish_scheduled
from home.models import ContentPage, HomePage
from jobs import registry
from jobs.worker import Worker
from tests.support.editor import publish
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite


def hour_has_passed() -> None:
    past = timezone.now() - timedelta(minutes=1)
    for revision in Revision.objects.exclude(approved_go_live_at=None):
        revision.approved_go_live_at = past
        revision.content["go_live_at"] = past.isoformat()
        revision.save()


def schedule(page: Page, **changes: Any) -> Page:
    page.go_live_at = timezone.now() + timedelta(hours=1)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def test_a_scheduled_page_goes_live_by_the_worker_with_what_its_signers_sign(
    site: SmallSite,
) -> None:
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    home = campaign.get_parent()
    page = CampaignPage(
        **{
            name: getattr(campaign, name)
            for name in ("starter", "recipients", "city_heading", "city_ask", "city_recipient")
        },
        title="Later",
        slug="later",
        ask="An ask of later.",
        consent_text="I agree.",
        live=False,
    )
    home.add_child(instance=page)
    schedule(page)
    assert not page.live
    assert Client().get("/en/later/").status_code == 404
    assert not TextVersion.objects.filter(petition=page.petition).exists()
    call_command("worker", "--once")
    page.refresh_from_db()
    assert not page.live, "its time has not come"
    hour_has_passed()
    call_command("worker", "--once")
    page.refresh_from_db()
    assert page.live
    assert "An ask of later." in Client().get("/en/later/").content.decode()
    text = TextVersion.objects.get(petition=page.petition)
    assert (text.ask, text.checksum) == ("An ask of later.", page.words.checksum)


def test_a_scheduled_change_reaches_the_signers_of_every_city_in_time(site: SmallSite) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    city = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    schedule(page, city_ask="End it {with_sister_city} now.")
    new_words = "End it with Khabarovsk now."
    assert not TextVersion.objects.filter(ask=new_words).exists()
    hour_has_passed()
    publish_scheduled()
    assert TextVersion.objects.filter(petition=city.petition, ask=new_words).exists()
    assert confirmed(PetitionPage.objects.get(pk=city.pk)).text.ask == new_words


@pytest.mark.both_databases
@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_petition_whose_page_expires_is_over_in_every_language(
    site: SmallSite, language: str
) -> None:
    page, campaign = site["portland"][language], site["campaign"]["en"]
    PetitionPage.objects.filter(pk=page.pk).update(expire_at=timezone.now())
    call_command("publish_scheduled")
    assert not page.get_translations(inclusive=True).live().exists()
    assert campaign.get_translations(inclusive=True).live().count() == 2


def test_any_other_page_expires_by_itself(site: SmallSite) -> None:
    about = ContentPage(title="About", slug="about", expire_at=timezone.now())
    HomePage.objects.get(pk=site["home"]["en"].pk).add_child(instance=about)
    call_command("publish_scheduled")
    assert not Page.objects.get(pk=about.pk).live
    assert site["home"]["en"].get_translations(inclusive=True).live().count() == 2


def test_a_page_is_taken_down_when_it_expires(site: SmallSite) -> None:
    page = site["portland"]["en"]
    PetitionPage.objects.filter(pk=page.pk).update(expire_at=timezone.now())
    publish_scheduled()
    assert Client().get(page.url).status_code == 404
    assert Petition.objects.filter(pk=page.petition_id).exists()


def test_the_worker_looks_every_minute() -> None:
    chore = next(each for each in registry.chores() if each.run is publish_scheduled)
    assert chore.every == timedelta(minutes=1)


def test_a_chore_that_fails_stops_nothing(db: None, caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def failing() -> None:
        raise ValueError("olena@example.org")

    def working() -> None:
        done.append("worked")

    worker = Worker()
    chores = [registry.Chore(timedelta(hours=1), each) for each in (failing, working)]
    worker.next_runs = dict.fromkeys(chores, 0.0)
    worker.do_chores()
    assert done == ["worked"]
    assert "The chore failing failed (ValueError)." in caplog.text
    assert "olena" not in caplog.text


def test_a_moderator_schedules_in_the_editor(moderator: Client, site: SmallSite) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    later = timezone.now() + timedelta(hours=1)
    publish(moderator, page, ask="An ask of later.", go_live_at=f"{later:%Y-%m-%d %H:%M}")
    page.refresh_from_db()
    assert page.ask == "End all ties."
    assert page.scheduled_revision.as_object().ask == "An ask of later."
    hour_has_passed()
    publish_scheduled()
    assert "An ask of later." in Client().get(page.url).content.decode()
