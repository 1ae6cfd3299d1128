"""The evidence ledger, corrections, and what cities inherit."""

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.models import ModelLogEntry, Page

from campaigns.evidence import ledger, link_checks
from campaigns.evidence.ledger import claims_for, reviews_due
from campaigns.evidence.link_checks import UnreachableError, http_status
from campaigns.evidence.sources import addresses
from campaigns.models import (
    CampaignPage,
    Petition,
    PetitionEvent,
    PetitionPage,
    SourceCheck,
    TieEvent,
    UpdatePage,
)
from campaigns.tasks import check_sources
from tests.campaigns.evidence.posted import claim_posted
from tests.support.editor import edit
from tests.support.factories import evidence, make_user, publish
from tests.support.kinds import Response, SmallSite
from tests.support.snapshot import kept

LEDGER = "/admin/reports/evidence/"
CLAIMS = ["About all cities", "About Khabarovsk", "Without a source"]


@pytest.fixture
@kept
def campaign(site: dict[str, Any]) -> CampaignPage:
    """Three claims: about none, about the sister city, and one without a source."""
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    sister_city = site["portland"]["en"].tie.sister_city
    general, local, bare = (evidence(heading, "") for heading in CLAIMS)
    general["corrections"] = [
        {"date": "2024-02-01", "wrong": "It said 9.", "right": "They were 12."}
    ]
    local["city"] = sister_city
    local["review_on"] = timezone.localdate() - timedelta(days=1)
    bare["sources"] = []
    english.body = [("evidence", each) for each in (general, local, bare)]
    return stored(english)


def stored(page: CampaignPage) -> CampaignPage:
    """As an older site has it: evidence without a source is not published any more."""
    page.save()
    page.save_revision(clean=False)
    return CampaignPage.objects.get(pk=page.pk)


def headings(client: Client, query: str = "") -> list[str]:
    return [claim.heading for claim in client.get(LEDGER + query).context["claims"]]


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "due"), [(-400, 1), (-1, 1), (0, 1), (1, 0), (None, 0)])
def test_the_admins_home_counts_the_claims_to_be_looked_at_as_the_ledger_does(
    admin: Client, campaign: CampaignPage, days: int | None, due: int
) -> None:
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    campaign.body[1].value["review_on"] = day
    stored(campaign)
    user = make_user("head", is_superuser=True)
    assert reviews_due(user) == due
    assert sum(claim.is_overdue for claim in claims_for(user)) == due


@pytest.mark.both_databases
def test_pages_without_such_a_day_are_left_out_by_the_database(
    campaign: CampaignPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []

    def evidence_of(page: Page) -> list[Any]:
        read.append(page)
        return []

    monkeypatch.setattr(ledger, "evidence_of", evidence_of)
    user = make_user("head", is_superuser=True)
    reviews_due(user)
    assert [page.pk for page in read] == [campaign.pk]
    campaign.body[1].value["review_on"] = None
    stored(campaign)
    read.clear()
    reviews_due(user)
    assert read == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", CLAIMS),
        ("?state=unsourced", CLAIMS[2:]),
        ("?state=overdue", CLAIMS[1:2]),
        ("?state=corrected", CLAIMS[:1]),
        ("?state=dead", []),
        ("?q=khabar", CLAIMS[1:2]),
        ("?state=nonsense&campaign=x&city=9999", CLAIMS),
    ],
)
def test_the_ledger_lists_every_claim_and_is_filtered(
    admin: Client, campaign: CampaignPage, query: str, expected: list[str]
) -> None:
    assert headings(admin, query) == expected


def test_the_ledger_is_filtered_by_campaign_and_city(admin: Client, campaign: CampaignPage) -> None:
    city = claims_for(make_user("root", is_superuser=True))[1].city_id
    assert headings(admin, f"?city={city}") == CLAIMS[1:2]
    assert headings(admin, f"?campaign={campaign.pk}") == CLAIMS


def test_a_claim_of_a_city_alone_is_in_the_ledger_with_its_campaign(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    page = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    page.body = [("evidence", evidence("Of Portland alone", ""))]
    publish(page)
    assert headings(admin, f"?campaign={campaign.pk}") == [*CLAIMS, "Of Portland alone"]


def test_an_editor_marks_a_source_as_dead_and_as_alive_again(
    admin: Client, campaign: CampaignPage
) -> None:
    address = "https://reports.example/1"
    admin.post(LEDGER, {"address": address, "dead": "1"})
    assert headings(admin, "?state=dead") == CLAIMS[:2]
    assert ModelLogEntry.objects.filter(action="campaigns.check_source").exists()
    admin.post(LEDGER, {"address": address, "alive": "1"})
    assert headings(admin, "?state=dead") == []
    admin.post(LEDGER, {"address": "https://elsewhere.example/", "dead": "1"})
    assert SourceCheck.objects.count() == 1


def test_the_ledger_is_exported(admin: Client, campaign: CampaignPage) -> None:
    text = admin.get(f"{LEDGER}?export=csv&state=overdue").getvalue().decode("utf-8-sig")
    assert text.startswith("Claim,Page,City,When,Sources")
    assert "About Khabarovsk,End the ties," in text
    assert "About all" not in text


def test_the_ledger_takes_as_many_queries_for_many_claims_as_for_one(
    admin: Client, campaign: CampaignPage
) -> None:
    admin.get(LEDGER)
    with CaptureQueriesContext(connection) as three:
        admin.get(LEDGER)
    raw = list(campaign.body.raw_data)
    campaign.body = json.dumps([{**raw[1], "id": str(number)} for number in range(20)])
    stored(campaign)
    with CaptureQueriesContext(connection) as twenty:
        assert len(headings(admin)) == 20
    assert len(twenty) == len(three)


def test_staff_without_the_right_see_no_ledger(campaign: CampaignPage) -> None:
    client = Client()
    client.force_login(make_user("translator"))
    assert client.get(LEDGER).status_code == 302


def test_a_correction_is_shown_with_its_date_beside_the_claim(campaign: CampaignPage) -> None:
    html = Client().get(campaign.url).content.decode()
    assert "Corrections" in html
    told = " ".join(BeautifulSoup(html, "html.parser").get_text().split())
    assert "Feb. 1, 2024: Wrong: It said 9. Right: They were 12." in told
    assert "Corrected on Feb. 1, 2024" in told


def test_what_is_hidden_on_a_citys_page_is_hidden_in_every_language(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    ukrainian = CampaignPage.objects.filter(pk=site["campaign"]["uk"].pk)
    ukrainian.update(body=json.dumps(list(campaign.body.raw_data)))
    portland = site["portland"]
    address = f"/admin/inherited/{portland['en'].pk}/"
    assert all(heading in admin.get(address).content.decode() for heading in CLAIMS)
    blocks = {block.value["heading"]: block.id for block in campaign.body}
    admin.post(address, {"shown": [blocks[CLAIMS[0]], blocks[CLAIMS[2]]]})
    for page in portland.values():
        html = Client().get(page.url).content.decode()
        assert CLAIMS[0] in html
        assert CLAIMS[1] not in html
    order = admin.get(address).context["order"]
    assert order == [f"Evidence: {CLAIMS[0]}", f"Evidence: {CLAIMS[2]}"]
    assert CLAIMS[0] in Client().get(campaign.url).content.decode()
    assert ModelLogEntry.objects.filter(action="campaigns.hide_blocks").exists()
    campaign.body = json.dumps(list(campaign.body.raw_data)[:1])
    stored(campaign)
    admin.post(address, {"shown": [blocks[CLAIMS[0]]]})
    assert Petition.objects.get(pk=portland["en"].petition_id).hidden_blocks == []


def test_only_an_editor_of_the_campaign_hides(site: SmallSite) -> None:
    client = Client()
    client.force_login(make_user("translator"))
    assert client.get(f"/admin/inherited/{site['portland']['en'].pk}/").status_code == 302


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        statuses = {"/gone": 404, "/fine": 200, "/refused": 403}
        self.send_response(statuses.get(self.path, 302))
        if self.path == "/inside":
            self.send_header("Location", "http://10.0.0.1/secret")
        elif self.path == "/moved":
            self.send_header("Location", "/fine")
        elif self.path == "/round":
            self.send_header("Location", "/round")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on loopback, which is let through under a public name."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        real = link_checks.public_address
        monkeypatch.setattr(
            link_checks,
            "public_address",
            lambda host, port: "127.0.0.1" if host == "public.example" else real(host, port),
        )
        yield f"http://public.example:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(
    ("path", "status"), [("/fine", 200), ("/gone", 404), ("/moved", 200), ("/refused", 403)]
)
def test_a_source_is_asked_whether_it_answers(server: str, path: str, status: int) -> None:
    assert http_status(server + path) == status


@pytest.mark.parametrize("path", ["/inside", "/round"])
def test_a_redirect_inwards_or_without_end_is_not_followed(server: str, path: str) -> None:
    with pytest.raises(UnreachableError):
        http_status(server + path)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.1.2.3/",
        "ftp://public.example/",
        "file:///etc/passwd",
        "http:///nowhere",
    ],
)
def test_nothing_of_our_own_network_is_asked(address: str) -> None:
    with pytest.raises(UnreachableError):
        http_status(address)


def test_sources_are_looked_at_only_where_the_operator_wants_it(
    campaign: CampaignPage, server: str, settings: Settings
) -> None:
    claim = evidence("A claim", "")
    claim["sources"][0]["address"] = f"{server}/gone"
    campaign.body = [("evidence", claim)]
    stored(campaign)
    check_sources()
    assert not SourceCheck.objects.exists()
    settings.CHECK_LINKS = True
    check_sources()
    check = SourceCheck.objects.get()
    assert (check.status, check.is_dead) == (404, True)
    assert link_checks.check_some() == 0, "not again within a week"


def test_sources_of_events_answers_and_news_are_looked_at_too(
    admin: Client, campaign: CampaignPage, site: SmallSite
) -> None:
    def named(place: str) -> dict[str, Any]:
        return {**evidence("", "")["sources"][0], "address": f"https://reports.example/{place}"}

    answer = {"question": "Who?", "answer": "<p>Anyone.</p>", "sources": [named("answer")]}
    campaign.body = [("questions", {"heading": "Questions", "questions": [answer]})]
    stored(campaign)
    news = UpdatePage(title="News", slug="now", lead="New", locale=campaign.locale)
    news.body = [("text", "<p>64 came.</p>"), ("sources", {"sources": [named("news")]})]
    campaign.add_child(instance=news)
    tie = site["portland"]["en"].tie
    petition = site["portland"]["en"].petition
    source = {"source_title": "A", "source_publisher": "B"}
    for model, owner, kind in ((TieEvent, tie, "ended"), (PetitionEvent, petition, "replied")):
        name = type(owner).__name__.lower()
        url = f"https://reports.example/{kind}"
        day = timezone.localdate()
        model(**{name: owner}, kind=kind, date=day, source_url=url, **source).save()
    places = {"answer", "news", "ended", "replied"}
    wanted = {f"https://reports.example/{place}" for place in places}
    assert wanted <= addresses()
    assert "Dead sources of events" not in admin.get(LEDGER).text
    for address in wanted:
        SourceCheck.objects.create(address=address, is_dead=True)
    html = admin.get(LEDGER).text
    assert all(html.count(f'href="{address}"') == 1 for address in wanted)
    admin.post(LEDGER, {"address": min(wanted), "alive": "1"})
    assert f'href="{min(wanted)}"' not in admin.get(LEDGER).text


def test_silence_is_death_only_the_second_time(db: None) -> None:
    silent = "http://10.0.0.1/report"
    assert not link_checks.check(silent).is_dead
    assert link_checks.check(silent).is_dead


def test_what_an_editor_found_dead_is_left_alone(
    admin: Client, campaign: CampaignPage, settings: Settings
) -> None:
    settings.CHECK_LINKS = True
    admin.post(LEDGER, {"address": "https://reports.example/1", "dead": "1"})
    SourceCheck.objects.update(checked_at=timezone.now() - timedelta(days=30))
    check_sources()
    check = SourceCheck.objects.get()
    assert check.is_dead
    assert check.user


def source_errors(response: Response) -> ListBlockValidationError:
    """What stands beside the sources of the first block."""
    (error,) = response.context["form"].errors.as_data()["body"]
    return error.block_errors[0].block_errors["sources"]


@pytest.mark.parametrize(
    "address", ["ftp://reports.example/1", "javascript:alert(1)", "https://a.example/" + "x" * 500]
)
def test_a_source_has_an_address_on_the_web(
    admin: Client, campaign: CampaignPage, address: str
) -> None:
    source = {"title": "A", "publisher": "B", "language": "en", "address": address}
    body = [("evidence", claim_posted([source]))]
    errors = source_errors(edit(admin, campaign, "publish", body=body))
    assert list(errors.block_errors[0].block_errors) == ["address"]


def test_evidence_without_a_source_is_saved_as_a_draft_and_not_published(
    admin: Client, campaign: CampaignPage
) -> None:
    body = [("evidence", claim_posted([]))]
    assert edit(admin, campaign, body=body).status_code == 302
    campaign.refresh_from_db()
    assert campaign.get_latest_revision_as_object().body[0].value["heading"] == "A claim"
    errors = source_errors(edit(admin, campaign, "publish", body=body))
    assert errors.non_block_errors.as_data()[0].messages == [
        "Add a source: this is not published without one."
    ]
    assert CampaignPage.objects.get(pk=campaign.pk).body[0].value["heading"] == CLAIMS[0]
