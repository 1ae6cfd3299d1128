"""A campaign's key goes with the last that it could tell, and is not made again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from campaigns.checks import in_petition
from campaigns.models import Petition
from campaigns.publishing.bulk import Action, BulkChange
from signatures import counts, lifecycle, tasks
from signatures.keeping.erasing import erase_people
from signatures.models import DestroyedKeyError, HashKey, Signature, Submission
from signatures.signing.tokens import own_token
from tests.conftest import Clock
from tests.signatures.posting import post
from tests.support.factories import confirmed, make_submission, make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def over(site: SmallSite, clock: Clock) -> SmallSite:
    """A campaign that is closed, all of whose signers but one were made unknown."""
    for page in (site["campaign"]["en"], site["portland"]["en"]):
        confirmed(page)
    lifecycle.withdraw(confirmed(site["portland"]["en"], "b@example.org"))
    Petition.objects.update(closes_at=clock.now)
    erase_people(Signature.objects.filter(anonymised_at=None), clock.now)
    return site


def work(clock: Clock, time: timedelta) -> None:
    """A worker that looks every day, and every hour of the last."""
    until = clock.now + time
    while clock.now < until:
        tasks.destroy_idle_keys()
        clock.now += DAY if until - clock.now > DAY else HOUR


def key_of(site: SmallSite) -> HashKey:
    return HashKey.objects.get(campaign=site["campaign"]["en"].petition)


def test_a_week_after_the_last_was_made_unknown_the_key_is_gone(
    over: SmallSite, clock: Clock
) -> None:
    withdrawn = Signature.objects.get(status="withdrawn")
    own = f"/en/signatures/{own_token(withdrawn)}/"
    campaign = over["campaign"]["en"].petition
    assert campaign
    people = counts.people_of(campaign)
    work(clock, WEEK)
    assert key_of(over).secret
    work(clock, HOUR)
    assert not key_of(over).secret
    assert Client().get(own).status_code == 404, "and so are the links of who withdrew"
    assert counts.people_of(campaign) == people == 1
    assert HashKey.of(None).secret, "the site's own stays"


@pytest.mark.parametrize("kept", ["known", "sent", "open", "another city"])
def test_as_long_as_it_is_needed_the_key_stays(over: SmallSite, clock: Clock, kept: str) -> None:
    page = over["portland"]["en"]
    work(clock, WEEK - HOUR)
    if kept == "known":
        Signature.objects.filter(status="confirmed", petition=page.petition).update(
            anonymised_at=None
        )
    elif kept == "sent":
        make_submission(page, "c@example.org")
        Signature.objects.filter(status="pending").update(anonymised_at=clock.now)
    else:
        only = page.petition_id if kept == "another city" else over["campaign"]["en"].petition_id
        Petition.objects.filter(pk=only).update(closes_at=None)
    work(clock, 2 * WEEK)
    assert key_of(over).secret
    # What was corrected begins the week anew.
    Submission.objects.all().delete()
    Petition.objects.update(closes_at=clock.now)
    Signature.objects.update(anonymised_at=clock.now)
    work(clock, WEEK)
    assert key_of(over).secret
    work(clock, HOUR)
    assert not key_of(over).secret


def test_without_its_key_a_campaign_is_signed_by_nobody_and_says_so_everywhere(
    over: SmallSite, clock: Clock
) -> None:
    work(clock, WEEK + HOUR)
    Petition.objects.update(closes_at=None)
    admin = logged_in(make_user("boss", is_superuser=True))
    assert not admin.get("/admin/petitions/?state_now=open").context["object_list"]
    for page in (over["campaign"]["en"], over["portland"]["en"]):
        html = Client().get(page.url).content.decode()
        assert "can no longer be signed" in html
        assert 'class="sign-form"' not in html
        assert "petition__jump" not in html
        assert post(page).status_code == 409
        assert not Client().get(f"/api/petitions/{page.petition_id}/").json()["is_open"]
        petition = Petition.objects.get(pk=page.petition_id)
        assert petition in admin.get("/admin/petitions/?state_now=closed").context["object_list"]
        assert ["closed for good" in str(each.message) for each in in_petition(petition)] == [True]
        for action in (Action.EXTEND, Action.RESUME):
            with pytest.raises(ValidationError, match="closed for good"):
                BulkChange(action, clock.now + WEEK).values(petition, clock.now)
    assert not key_of(over).secret, "no other is made"
    with pytest.raises(DestroyedKeyError):
        HashKey.of(petition.campaign).hash("olena@example.org")
    work(clock, 2 * WEEK)
    assert not key_of(over).secret


def test_where_nobody_signed_the_key_goes_and_another_may_be_made(
    over: SmallSite, clock: Clock
) -> None:
    Signature.objects.all().delete()
    work(clock, WEEK + HOUR)
    assert not HashKey.objects.exclude(campaign=None).exists()
    Petition.objects.update(closes_at=None)
    assert post(over["portland"]["en"]).status_code == 303


def test_a_clock_that_goes_back_destroys_nothing_sooner(over: SmallSite, clock: Clock) -> None:
    work(clock, HOUR)
    clock.now -= 30 * WEEK
    work(clock, HOUR)
    assert key_of(over).secret
    assert timezone.now() == clock.now
