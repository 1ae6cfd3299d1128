"""A launch done by the worker, a city at a time, and taken back.

Every city is a transaction of its own, so that signers never wait for a launch, and a worker
that is killed leaves whole cities only: the next one goes on where it stopped.
"""

import logging
import time
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import ProtectedError
from django_tasks import task
from wagtail.models import Page

from accounts.models import User
from campaigns.models import CampaignPage, City, CityName, Petition, Recipient, Tie, TieEvent
from launches.building import Launched, launch_row, launch_tie, store_statuses, wait_for_turn
from launches.models import Launch, LaunchItem
from launches.rows import LaunchRow
from launches.state_zones import zone_of_city

logger = logging.getLogger(__name__)

# Then other jobs, such as mails to signers, get their turn.
STEP_SECONDS = 5.0


class SignedError(Exception):
    """Somebody has signed a petition of the launch: it can no longer be taken back."""


def start(
    campaign: Petition, user: User | None, items: list[dict[str, Any]], publish: bool
) -> Launch:
    """Stores a launch and its job, both or neither. `items` are rows as JSON, or `{"tie": id}`.

    What they say of ties that are known already holds from now on, not from when their turn comes:
    it may close petitions, and whoever launches is to see what follows.
    """
    with transaction.atomic():
        rows = [LaunchRow.from_json(item) for item in items if "tie" not in item]
        told = store_statuses(rows, user)
        launch = Launch.objects.create(
            campaign=campaign, user=user, publish=publish, events=told.records["events"]
        )
        # One that was deleted since it was chosen fails in its turn, and the launch with it.
        ties = Tie.objects.in_bulk([item["tie"] for item in items if "tie" in item])
        LaunchItem.objects.bulk_create(
            LaunchItem(launch=launch, position=position, tie=ties.get(item["tie"]))
            if "tie" in item
            else LaunchItem(launch=launch, position=position, row=item)
            for position, item in enumerate(items)
        )
        work.enqueue(launch_id=str(launch.pk))
    return launch


@task
def work(launch_id: str) -> None:
    """Launches cities for some seconds; what is left becomes a new job."""
    deadline = time.monotonic() + STEP_SECONDS
    while step(launch_id):
        if time.monotonic() > deadline:
            work.enqueue(launch_id=launch_id)
            return


def step(launch_id: str) -> bool:
    """Launches the next city. False once there is none left.

    A database that is busy is left to the job's own retrying. Any other error ends the launch,
    and what it made is taken back, so that it is done whole or not at all.
    """
    try:
        with transaction.atomic():
            launch = Launch.objects.select_for_update().get(pk=launch_id)
            if launch.state != Launch.State.RUNNING:
                return False
            item = launch.items.filter(is_done=False).first()
            if item:
                launch_item(launch, item)
                return True
            launch.state = Launch.State.DONE
            launch.save(update_fields=["state"])
            return False
    except OperationalError:
        raise
    except Exception:
        logger.exception("Launch %s failed and is taken back.", launch_id)
        take_back(Launch.objects.get(pk=launch_id), Launch.State.FAILED)
        return False


def launch_item(launch: Launch, item: LaunchItem) -> None:
    campaign = CampaignPage.objects.filter(petition=launch.campaign).order_by("locale_id").first()
    if campaign is None:
        raise CampaignPage.DoesNotExist
    launched = Launched(launch.user)
    if item.row:
        launch_row(campaign, LaunchRow.from_json(item.row), launch.publish, launched)
    elif item.tie:
        launch_tie(campaign, item.tie, launch.publish, launched, zone_of_city(item.tie.city))
    else:
        raise Tie.DoesNotExist
    item.made, item.is_done = dict(launched.records), True
    item.save(update_fields=["made", "is_done"])


def can_be_taken_back(launch: Launch) -> bool:
    """Whether it is done and nobody has signed yet; `take_back` asks again."""
    made = Petition.objects.filter(pk__in=launch.made("petitions"))
    return launch.state == Launch.State.DONE and not made.signed().exists()


def take_back(launch: Launch, state: Launch.State = Launch.State.TAKEN_BACK) -> None:
    """Deletes what a launch made and nobody else uses.

    Raises: SignedError, with nothing changed.
    """
    try:
        with transaction.atomic():
            _take_back(Launch.objects.select_for_update().get(pk=launch.pk), state)
    # By a signature that was there, or by one that came meanwhile.
    except (ProtectedError, IntegrityError) as error:
        raise SignedError from error


def _take_back(launch: Launch, state: Launch.State) -> None:
    wait_for_turn()
    for petition in Petition.objects.filter(pk__in=launch.made("petitions")):
        delete_petition(petition)
    events = TieEvent.objects.filter(pk__in=launch.made("events"))
    # Who checked the tie has seen what is now said no more.
    Tie.objects.filter(events__in=events).update(checked_at=None, checked_by=None)
    events.delete()
    Recipient.objects.filter(pk__in=launch.made("recipients")).delete()
    made_ties = Tie.objects.filter(pk__in=launch.made("ties"))
    made_ties.filter(petitions=None, events=None).delete()
    for city in City.objects.filter(pk__in=launch.made("cities"), ties=None, sister_ties=None):
        CityName.objects.filter(city=city).delete()
        Recipient.objects.filter(city=city).delete()
        city.delete()
    launch.state, launch.events = state, []
    launch.save(update_fields=["state", "events"])
    launch.items.update(made={})


def delete_petition(petition: Petition) -> None:
    """Raises: ProtectedError, where somebody signed."""
    petition.texts.all().delete()
    # By the newest rows: deleting a page changes its siblings' and parent's.
    for pk in petition.pages().order_by("-pk").values_list("pk", flat=True):
        Page.objects.get(pk=pk).specific.delete()
    petition.delete()
