"""What was handed over in the demo. No office wrote the answer that came back, and it says so."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from campaigns.models import Answer, CampaignPage, Delivery, Petition, PetitionPage
from deliveries.answering import deciding
from deliveries.packs import handing
from deliveries.packs.totals import counted
from demo.content import Item
from demo.pages import city_page, languages
from signatures.shown.places import fold


def add_deliveries(campaign: CampaignPage, items: Item, by: User, now: datetime) -> None:
    for item in items:
        at = now - timedelta(days=item["days_ago"].number())
        delivery = delivered(city_page(item["city"], campaign), item, by, at)
        if found := item.fields().get("answer"):
            answer(delivery, found, by, at + timedelta(days=found["days"].number()))


def delivered(page: PetitionPage, item: Item, by: User, at: datetime) -> Delivery:
    petition = page.petition
    pages = {code: petition.live_page(code) for code in languages()}
    told = {code: each.recipient for code, each in pages.items() if each}
    delivery: Delivery = Delivery.objects.create(
        petition=petition,
        code=item["code"].text(),
        recipients=told,
        languages=list(told),
        made_by=by,
        totals=totals(petition, at),
        counted_at=at,
        ready_at=at,
    )
    day = petition.local_time(at).date()
    handing.hand_over(delivery, by, day, item["receipt"].text())
    Delivery.objects.filter(pk=delivery.pk).update(handed_at=at, made_at=at)
    delivery.refresh_from_db()
    return delivery


def totals(petition: Petition, at: datetime) -> dict[str, Any]:
    """As of then, without the files that would hold them."""
    rows = counted(petition).filter(confirmed_at__lte=at)
    versions = Counter(rows.values_list("text__checksum", flat=True))
    countries = Counter(map(str, rows.values_list("country", flat=True)))
    return {
        "signatures": versions.total(),
        "versions": dict(versions),
        "by_country": fold(countries),
        "names": 0,
        "comments": 0,
    }


def answer(delivery: Delivery, item: Item, by: User, came: datetime) -> None:
    first, *others = languages()
    found = Answer.objects.create(
        delivery=delivery,
        signed_as=item["signed_as"].text(),
        language=first,
        text=str(item["text"].value(first)),
    )
    deciding.publish(found, by, {"date": delivery.petition.local_time(came).date()})
    for language in others:
        deciding.translate(found, by, language, str(item["text"].value(language)))
    Answer.objects.filter(pk=found.pk).update(received_at=came)
