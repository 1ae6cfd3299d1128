"""What editors write of claims, events and standings runs nowhere, whatever signs are in it."""

import json
import re
from itertools import cycle
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core import mail
from django.test import Client

from campaigns.models import CampaignPage, Petition, PetitionEvent, TieEvent
from campaigns.pages.claims import addresses_below
from jobs.worker import drain
from tests.campaigns.evidence.posted import claim_posted, listed
from tests.support.editor import publish
from tests.support.factories import make_signature
from tests.support.kinds import SmallSite
from tests.translations.hostile import CORPUS, LINKS

# A zero byte is in no form of ours.
HOSTILE = [text.replace("\0", "") for text in CORPUS]
ALL = " ".join(HOSTILE)
SCHEMES = ("http:", "https:", "mailto:", "tel:")
LOADED = ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href")


def drafted(text: str, link: str) -> str:
    """What the editor of rich text posts: a text, all of it a link."""
    whole = [{"offset": 0, "length": len(text), "key": 0}]
    block = {"key": "a", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    links = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": link}}}
    return json.dumps(
        {"entityMap": links, "blocks": [{**block, "text": text, "entityRanges": whole}]}
    )


def claim(text: str, link: str, city: str) -> dict[str, Any]:
    source = {"title": text, "publisher": text, "meaning": text, "language": "en"}
    return {
        **claim_posted([source]),
        "heading": text,
        "what_happened": drafted(text, link),
        "when": text,
        "city": city,
        "content_warning": text if text == HOSTILE[0] else "",
        "corrections": listed([{"date": "2024-02-01", "wrong": text, "right": text}]),
    }


def runs(tag: Tag) -> bool:
    """Whether a browser would run or load what is hostile."""
    if any(name.startswith("on") for name in tag.attrs):
        return True
    if tag.get("type") == "application/ld+json":
        # Data, which ends with the first "<" of its text.
        return "<" in tag.get_text()
    if tag.name in ("script", "style", "template", "iframe", "embed", "svg", "math"):
        return "canary" in str(tag)
    loaded = [re.sub(r"[\x00-\x20]", "", str(tag.get(name, ""))) for name in LOADED]
    schemes = [found[0] for each in loaded if (found := re.match(r"[\w+.-]+:", each))]
    return not set(schemes) <= set(SCHEMES)


@pytest.fixture
def hostile(admin: Client, site: SmallSite, campaign: CampaignPage) -> SmallSite:
    """Each of it in every text of a claim, of an event, and of the words for a status."""
    words = {"status": "active", "state": "any", "heading": " ".join(HOSTILE[:4])}
    words |= dict.fromkeys(("lead", "ask", "description", "share"), ALL)
    petition = site["portland"]["en"].petition
    assert petition.tie
    # About every other claim's city the campaign tells in lists.
    cities = cycle(["", str(petition.tie.sister_city_id)])
    written = zip(HOSTILE, cycle(LINKS), cities, strict=False)
    claims = [("evidence", claim(*each)) for each in written]
    publish(admin, campaign, body=claims, city_words=[("words", words)])
    for text in HOSTILE:
        source = {"date": "2022-06-05", "source_title": text, "source_publisher": text}
        TieEvent.objects.create(tie=petition.tie, kind="reported", **source)
        PetitionEvent.objects.create(petition=petition, kind="replied", **source)
    return site


def test_pages_feeds_and_mails_show_it_as_the_signs_that_it_is(
    admin: Client, hostile: SmallSite
) -> None:
    campaign = CampaignPage.objects.get(pk=hostile["campaign"]["en"].pk)
    claims = addresses_below(campaign)
    assert len(claims) == len(HOSTILE)
    city = hostile["portland"]["en"].url
    own = ["", "cities/", *claims]
    desk = ["/admin/reports/evidence/", f"/admin/wording/{campaign.pk}/?text=each&q=Portland"]
    make_signature(hostile["portland"]["en"])
    drain()
    sent: Any = mail.outbox
    bodies = [str(part) for message in sent for part, _kind in message.alternatives]
    shown = {
        url: admin.get(url).text
        for url in [*(campaign.url + each for each in own), city, f"{city}feed/", *desk]
    }
    for where, html in {**shown, "the mail": "".join(bodies)}.items():
        assert "canary" in html, where
        # A feed is looked at as a careless reader does.
        page = html.removeprefix('<?xml version="1.0" encoding="utf-8"?>')
        assert not BeautifulSoup(page, "html.parser").find_all(runs), where
    api = Client().get("/api/petitions/")
    assert "canary" in api.text
    assert api["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("link", [link for link in LINKS if link])
def test_a_link_of_an_event_that_runs_something_is_refused(
    admin: Client, site: SmallSite, link: str
) -> None:
    petition = Petition.objects.get(pk=site["portland"]["en"].petition_id)
    event = {"petition": str(petition.pk), "kind": "replied", "date": "2026-01-01"}
    source = {"source_title": "A", "source_publisher": "B", "source_language": "en"}
    data = {**event, **source, "source_url": link, "archived_url": ""}
    admin.post("/admin/snippets/campaigns/petitionevent/add/", data)
    assert not PetitionEvent.objects.filter(kind="replied").exists()
