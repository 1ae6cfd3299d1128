"""The demo's pages in every state that a visitor may see, for those who look at them all."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campaigns.blocks.citations import claim_key
from campaigns.models import CampaignPage, Petition, PetitionEvent, PetitionPage, TextVersion, Tie
from demo.after_signing import ARABIC, pages_after
from launches.building import launch_cities
from launches.rows import LaunchRow
from signatures import lifecycle
from signatures.mailboxes import parse
from signatures.models import Signature, Submission
from signatures.release import checksum
from signatures.signing.confirming import confirm_submission
from signatures.signing.sign import SignatureInput, sign
from signatures.signing.tokens import confirm_token, own_token

CAMPAIGN = "/{}/end-sister-city-ties/"
# By the demo's table, a city of each.
CITIES = {
    "city": "portland-oregon",
    "city with evidence": "san-jose-california",
    "suspended": "chicago-illinois",
    "ended": "charlotte-north-carolina",
    "unknown": "salt-lake-city-utah",
    "won": "juneau-alaska",
    "closed": "tacoma-washington",
    "paused": "jacksonville-florida",
    "not yet open": "albany-new-york",
    "first signer": "springfield-oregon",
}
PAGES = {
    "home": "/{}/",
    "found": "/{}/?q=oregon",
    "not found": "/{}/?q=zzzz",
    "campaign": CAMPAIGN,
    "tracker": CAMPAIGN + "cities/",
    "tracker of a state": CAMPAIGN + "cities/?state=florida",
    "news": CAMPAIGN + "news/",
    "about": "/{}/about/",
    "privacy": "/{}/privacy/",
    "accessibility": "/{}/accessibility/",
    "404": "/{}/nothing-here/",
    "my signatures": "/{}/my-signatures/",
    "no such signature": "/{}/signatures/nothing/",
}
SPRINGFIELD = {
    "city": ("Спрингфілд", "Спрингфілда", "у Спрингфілді", "зі Спрингфілдом", "Орегон"),
    "sister_city": ("Іркутськ", "Іркутська", "в Іркутську", "з Іркутськом", "Іркутська область"),
}
FORMS = ("name", "of_form", "in_form", "with_form", "region")


def in_every_state() -> dict[str, str]:
    """Puts cities into states. By its name, each page's address, with `{}` for the language."""
    campaign = CampaignPage.objects.get(locale__language_code="en")
    launch(campaign, "Springfield", "Oregon", "Irkutsk", SPRINGFIELD)
    _change_petitions()
    [claim] = [block for block in campaign.body if block.block_type == "evidence"][:1]
    return {
        **PAGES,
        "claim": f"{CAMPAIGN}evidence/{claim_key(claim.id)}/",
        "update": f"{CAMPAIGN}president-speaks-to-mayors/",
        **{state: f"{CAMPAIGN}{slug}/" for state, slug in CITIES.items()},
        **_signers_pages(_page(CITIES["city"])),
        **pages_after(
            _page(CITIES["closed"]),
            shown(_page(CITIES["city"]), "public@example.org", name=ARABIC, comment=ARABIC),
            confirmed(_page("des-moines-iowa"), "anew@example.org"),
        ),
    }


def launch(
    campaign: CampaignPage,
    city: str,
    state: str,
    sister: str,
    ukrainian: Mapping[str, tuple[str, ...]],
) -> None:
    names = {side: dict(zip(FORMS, forms, strict=True)) for side, forms in ukrainian.items()}
    details: dict[str, Any] = {"source_title": "A report", "source_publisher": "A paper"}
    row = LaunchRow(
        city=city,
        state=state,
        sister_city=sister,
        sister_region=f"{sister} Oblast",
        since=1990,
        status=Tie.Status.ACTIVE,
        status_date=timezone.localdate(),
        source_url="https://news.example/1",
        names={"uk": names},
        time_zone="America/Los_Angeles",
        **details,
    )
    launch_cities(campaign, [row], publish=True)


def _page(slug: str) -> PetitionPage:
    page: PetitionPage = PetitionPage.objects.get(slug=slug, locale__language_code="en")
    return page


def _change_petitions() -> None:
    now = timezone.now()
    changes: dict[str, dict[str, Any]] = {
        "closed": {"opens_at": now - timedelta(90), "closes_at": now - timedelta(1)},
        "paused": {"is_paused": True},
        "not yet open": {"opens_at": now + timedelta(30)},
    }
    for state, values in changes.items():
        Petition.objects.filter(pk=_page(CITIES[state]).petition_id).update(**values)
    won = _page(CITIES["won"]).petition
    PetitionEvent.objects.create(
        petition=won,
        kind=PetitionEvent.Kind.WON,
        date=timezone.localdate(),
        source_title="A report",
        source_publisher="A paper",
    )


def signed(page: PetitionPage, email: str) -> Submission:
    entry = SignatureInput(
        name="Olena Shevchenko", mailbox=parse(email), country="US", language=page.language
    )
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    return Submission.objects.get(pk=sign(page.petition, text, entry).submission)


def confirmed(page: PetitionPage, email: str) -> Signature:
    signature = confirm_submission(signed(page, email))
    if signature is None:
        raise RuntimeError("the signature could not be confirmed")
    return signature


def shown(page: PetitionPage, email: str, **texts: str) -> Signature:
    """A signature whose name and comment everybody sees."""
    signature = confirmed(page, email)
    states = {"show_name": True, "name_state": "released", "comment_state": "released"}
    seen = {f"{part}_checksum": checksum(signature.pk, part, texts[part]) for part in texts}
    Signature.objects.filter(pk=signature.pk).update(**states, **texts, **seen)
    return Signature.objects.get(pk=signature.pk)


def _signers_pages(page: PetitionPage) -> dict[str, str]:
    waiting = signed(page, "waiting@example.org")
    own, gone = (confirmed(page, f"{name}@example.org") for name in ("own", "withdrawn"))
    lifecycle.withdraw(gone)
    folder = "/{}/signatures/"
    return {
        "confirm": f"{folder}{confirm_token(waiting)}/confirm/",
        "stop": f"{folder}{confirm_token(waiting)}/stop/",
        "own": f"{folder}{own_token(own)}/",
        "withdrawn": f"{folder}{own_token(gone)}/",
    }


def city_addresses() -> dict[str, list[str]]:
    """Of every city's page: all of them, and those on which one can sign."""
    pages = PetitionPage.objects.filter(locale__language_code="en", live=True)
    found = {page.slug: page.petition.state() for page in pages.select_related("petition")}
    return {
        "all": [f"{CAMPAIGN}{slug}/" for slug in found],
        "open": [f"{CAMPAIGN}{slug}/" for slug, state in found.items() if state == "open"],
    }
