"""What everybody may know of a petition, as JSON: numbers and words, never a person."""

from typing import Any

from django.conf import settings

from campaigns.models import Petition, Tie
from signatures import counts


def petition_data(petition: Petition) -> dict[str, Any]:
    pages = list(petition.live_pages())
    return {
        "id": str(petition.id),
        "url": {page.language: settings.BASE_URL + page.url for page in pages if page.url},
        "title": {page.language: page.heading for page in pages},
        "signatures": counts.signatures_of(petition),
        "goal": petition.goal_at(counts.shown_count(petition)),
        "opens_at": petition.opens_at,
        "closes_at": petition.closes_at,
        "is_open": petition.is_signable and bool(pages),
        "tie": tie_data(petition.tie, pages) if petition.tie else None,
        "by_country": counts.by_country(petition),
        **({} if petition.tie_id else {"people": counts.people_of(petition)}),
    }


def tie_data(tie: Tie, pages: list[Any]) -> dict[str, Any]:
    return {
        "city": {page.language: page.city_name.name for page in pages},
        "sister_city": {page.language: page.sister_city_name.name for page in pages},
        "status": tie.status,
    }
