"""What is used is known as used at once, however far behind the worker is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.models import ReferenceIndex

from campaigns.models import CampaignPage, City, Tie
from jobs.models import Job
from jobs.worker import drain
from library.models import Document, Image
from tests.library.images import made_image
from tests.library.ways import made_document
from tests.support.factories import evidence, publish
from tests.support.kinds import SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
# A record of each kind of which Wagtail tells where it is used.
InUse: TypeAlias = Image | Document | City
KIND = "wagtail.tasks.update_reference_index_task"


def shown_image(site: SmallSite) -> Image:
    image: Any = made_image()
    image.contextual_alt_text, image.decorative = "A bridge", False
    show(site, [("evidence", {**evidence("A heading", warning=""), "image": image})])
    return image


def linked_document(site: SmallSite) -> Document:
    document = made_document()
    show(site, [("text", f'<p><a linktype="document" id="{document.pk}">A report</a></p>')])
    return document


def twinned_city(site: SmallSite) -> City:
    city = City.objects.create(key="salem-oregon", region="Oregon", country="US")
    Tie.objects.create(city=city, sister_city=site["portland"]["en"].tie.sister_city)
    return city


def show(site: SmallSite, body: list[Any]) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.body = body
    publish(page)


IN_USE: dict[str, Callable[[SmallSite], InUse]] = {
    "image": shown_image,
    "document": linked_document,
    "city": twinned_city,
}
ADDRESSES = {
    "image": ("wagtailimages:delete", "wagtailimages:image_usage", "wagtailimages:edit"),
    "document": (
        "wagtaildocs:delete",
        "wagtaildocs:document_usage",
        "wagtaildocs:edit",
    ),
    "city": tuple(f"wagtailsnippets_campaigns_city:{name}" for name in ("delete", "usage", "edit")),
}


def bulk_address(record: InUse) -> str:
    meta = record._meta
    names = (meta.app_label, meta.model_name, "delete")
    return f"{reverse('wagtail_bulk_action', args=names)}?id={record.pk}"


@pytest.fixture
def in_use(request: pytest.FixtureRequest, site: SmallSite, settings: Settings) -> InUse:
    """A record that has just come into use, while no worker runs."""
    settings.TASKS = {"default": {"BACKEND": "jobs.backend.JobBackend"}}
    record = IN_USE[request.param](site)
    assert Job.objects.filter(kind=KIND).exists()
    return record


def kinds(*places: int) -> list[Any]:
    return [
        pytest.param(kind, addresses[place], id=f"{kind} {addresses[place]}")
        for kind, addresses in ADDRESSES.items()
        for place in places
    ]


@pytest.mark.parametrize(("in_use", "address"), kinds(0, 2), indirect=["in_use"])
def test_what_is_in_use_says_so_before_it_is_deleted(
    admin: Client, in_use: InUse, address: str
) -> None:
    html = admin.get(reverse(address, args=[in_use.pk])).text
    assert "1 time" in html
    assert "0 times" not in html


@pytest.mark.parametrize("in_use", IN_USE, indirect=True)
def test_what_is_in_use_says_so_before_many_are_deleted(admin: Client, in_use: InUse) -> None:
    html = admin.get(bulk_address(in_use)).text
    assert "1 time" in html
    assert "0 times" not in html


@pytest.mark.parametrize(("in_use", "address"), kinds(1), indirect=["in_use"])
def test_its_uses_are_listed(admin: Client, in_use: InUse, address: str) -> None:
    html = admin.get(reverse(address, args=[in_use.pk])).text
    assert "/edit/" in html.partition("<tbody>")[2]


@pytest.mark.parametrize("in_use", ["city"], indirect=True)
def test_a_record_that_must_stay_is_refused_in_bulk(admin: Client, in_use: InUse) -> None:
    assert admin.post(bulk_address(in_use)).status_code == 302
    assert City.objects.filter(pk=in_use.pk).exists()


@pytest.mark.parametrize("in_use", ["image"], indirect=True)
def test_who_asks_leaves_nothing_to_the_worker_and_nothing_undone(in_use: Image) -> None:
    others = Job.objects.exclude(kind=KIND).count()
    assert in_use.get_usage().count() == 1
    assert Job.objects.count() == others
    drain()
    assert in_use.get_usage().count() == 1


@pytest.mark.parametrize("in_use", ["image"], indirect=True)
def test_what_a_worker_has_in_hand_is_known_too_and_left_to_it(in_use: Image) -> None:
    held = Job.objects.filter(kind=KIND)
    held.update(leased_until=timezone.now() + timedelta(minutes=1))
    count = held.count()
    assert in_use.get_usage().count() == 1
    assert held.count() == count


@pytest.mark.parametrize("in_use", ["image"], indirect=True)
def test_what_is_gone_meanwhile_stops_nobody(in_use: Image) -> None:
    Job.objects.create(kind=KIND, payload={"args": ["campaigns", "tie", "0"], "kwargs": {}})
    assert in_use.get_usage().count() == 1
    assert not Job.objects.filter(kind=KIND).exists()
    ReferenceIndex.objects.all().delete()
    assert in_use.get_usage().count() == 0, "what no job says is not looked for"
