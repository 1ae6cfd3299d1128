"""A page that is for some alone is told to nobody else, by no address."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission, Page, PageViewRestriction

from campaigns.models import Petition, TieEvent
from tests.accounts.addresses import ExampleObjects
from tests.accounts.roles import is_refused, login, make_other_campaign, open_address, table
from tests.support.factories import make_user
from tests.support.kinds import CityPages, Part, Response, SmallSite

SECRET = "Our own words about Portland"


@pytest.fixture(params=["city", "campaign"])
def private(request: pytest.FixtureRequest, site: SmallSite) -> SmallSite:
    """The English city page, private itself or below a private campaign."""
    page = site["portland"]["en"]
    page.own_heading = SECRET
    page.save()
    shut = {"city": page, "campaign": site["campaign"]["en"]}[request.param]
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=shut.pk), restriction_type="password", password="secret"
    )
    return site


def test_no_address_tells_what_is_private(private: SmallSite) -> None:
    petition = private["portland"]["en"].petition
    addresses = [
        "/en/",
        "/en/?q=portland",
        "/en/end-ties/",
        "/en/end-ties/cities/",
        "/en/end-ties/portland-oregon/",
        "/uk/",
        "/uk/end-ties/portland-oregon/",
        "/api/petitions/",
        f"/api/petitions/{petition.pk}/",
        "/sitemap.xml",
    ]
    for address in addresses:
        html = Client().get(address, follow=True).content.decode()
        assert SECRET not in html, address
        # The choice of languages leads from any address to the same one with another prefix, and
        # the page that asks for the password leads back.
        html = re.sub(r'<a href="[^"]*" lang="en"|name="return_url" value="[^"]*"', "", html)
        assert "/en/end-ties/portland-oregon/" not in html, address
    answer = Client(headers={"Sec-Fetch-Site": "same-origin"}).post(
        f"/en/petitions/{petition.pk}/sign/", {"name": ""}
    )
    assert answer.status_code == 409
    assert SECRET not in answer.content.decode()


def test_what_is_private_in_one_language_is_still_listed_in_the_other(
    private: SmallSite,
) -> None:
    petition = private["portland"]["en"].petition
    found = Client().get(f"/api/petitions/{petition.pk}/").json()
    assert list(found["url"]) == ["uk"]
    assert Petition.objects.listed().filter(pk=petition.pk).count() == 1


def test_no_record_of_another_campaign_is_shown_by_a_copy(site: SmallSite) -> None:
    city, other = site["portland"]["en"], make_other_campaign(site)
    outsider = login("editor", other["en"].slug)
    boss = Client()
    boss.force_login(make_user("boss", is_staff=True, is_superuser=True))
    for kind, record in (("tie", city.tie), ("petition", city.petition)):
        address = f"/admin/snippets/campaigns/{kind}/copy/{record.pk}/"
        for client in (outsider, boss):
            answer = client.get(address)
            assert answer.status_code == 404 or is_refused(answer)


@pytest.mark.any_database
def test_no_address_of_the_admin_shows_another_campaigns_things(site: SmallSite) -> None:
    """By what stands on the page, whatever role gets in: the words of the campaign's own draft."""
    things, other = ExampleObjects(site), make_other_campaign(site)
    for page in (site["campaign"]["en"], site["portland"]["en"]):
        draft = type(page).objects.get(pk=page.pk)
        name = "ask" if hasattr(draft, "city_ask") else "own_ask"
        setattr(draft, name, SECRET)
        draft.save_revision(clean=False)
    TieEvent.objects.filter(tie=things.page.petition.tie).update(source_title=SECRET)
    client = login("editor", other["en"].slug)
    told = [
        pattern
        for pattern in table()
        if "<" in pattern
        and SECRET.encode() in open_address(client, things.fill(pattern)).getvalue()
    ]
    assert told == []


TERMS: dict[str, dict[str, Any]] = {
    "password": {"password": "secret"},
    "login": {},
    "groups": {"groups": ["Moderators"]},
}


def set_privacy(client: Client, page: Page, kind: str) -> Response:
    """What the dialog posts."""
    terms = dict(TERMS.get(kind, {}))
    if names := terms.pop("groups", None):
        terms["groups"] = list(Group.objects.filter(name__in=names).values_list("pk", flat=True))
    address = f"/admin/pages/{page.pk}/privacy/"
    return client.post(address, {"restriction_type": kind, **terms})


def privacy(page: Page) -> list[tuple[str, str, list[str]]]:
    return [
        (each.restriction_type, each.password, [group.name for group in each.groups.all()])
        for each in PageViewRestriction.objects.filter(page=page.pk)
    ]


@pytest.mark.parametrize("kind", TERMS)
@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("which", ["home", "campaign", "portland"])
def test_privacy_is_the_same_in_every_language(
    admin: Client, site: SmallSite, which: Part, language: str, kind: str
) -> None:
    pages = site[which]
    html = admin.get(f"/admin/pages/{pages[language].pk}/privacy/").json()["html"]
    assert "This holds for the page in every language: English, Ukrainian." in html
    assert set_privacy(admin, pages[language], kind).json()["step"] == "set_privacy_done"
    assert privacy(pages["en"]) == privacy(pages["uk"])
    assert privacy(pages["en"])[0][0] == kind
    for page in pages.values():
        html = Client().get(page.url, follow=True).content.decode()
        assert 'class="sign-form"' not in html
        assert 'type="password"' in html
    changed = "login" if kind != "login" else "password"
    set_privacy(admin, pages[language], changed)
    assert privacy(pages["en"]) == privacy(pages["uk"])
    assert privacy(pages["uk"])[0][0] == changed
    set_privacy(admin, pages[language], "none")
    assert privacy(pages["en"]) == privacy(pages["uk"]) == []


def test_privacy_that_differs_is_told_before_saving_makes_it_the_same(
    admin: Client, portland: CityPages
) -> None:
    restriction = {"restriction_type": "password", "password": "secret"}
    PageViewRestriction.objects.create(page=Page.objects.get(pk=portland["uk"].pk), **restriction)
    html = admin.get(f"/admin/pages/{portland['en'].pk}/privacy/").json()["html"]
    assert "It is not the same in all of them now." in html
    set_privacy(admin, portland["en"], "login")
    assert privacy(portland["uk"])[0][0] == "login"


@pytest.mark.parametrize("kind", ["password", "none"])
def test_who_may_publish_in_one_language_alone_makes_nothing_private_or_public(
    site: SmallSite, kind: str
) -> None:
    pages = site["portland"]
    for page in pages.values() if kind == "none" else []:
        PageViewRestriction.objects.create(
            page=Page.objects.get(pk=page.pk), restriction_type="login"
        )
    before = [privacy(page) for page in pages.values()]
    group = Group.objects.create(name="Publishers in English")
    right = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=site["home"]["en"], permission=right)
    user = make_user("half")
    user.groups.add(group, Group.objects.get(name="Translators"))
    client = Client()
    client.force_login(user)
    answer = set_privacy(client, pages["en"], kind).json()
    assert answer["step"] == "set_privacy"
    assert "you may not publish it in these: Ukrainian" in answer["html"]
    assert [privacy(page) for page in pages.values()] == before


WORDS = {
    "password": {
        "en": "This page is only for those who were",
        "uk": "Ця сторінка лише для тих, кому",
    },
    "login": {"en": "nobody needs an account", "uk": "обліковий запис не потрібен"},
    "groups": {"en": "nobody needs an account", "uk": "обліковий запис не потрібен"},
}


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("kind", WORDS)
def test_who_is_asked_at_a_private_page_reads_it_in_the_sites_own_dress(
    admin: Client, site: SmallSite, kind: str, language: str
) -> None:
    page = site["portland"][language]
    set_privacy(admin, page, kind)
    visitor = Client(headers={"Sec-Fetch-Site": "same-origin"})
    asked = visitor.get(page.url, follow=True)
    html = asked.content.decode()
    address = asked.request["PATH_INFO"] if kind != "password" else form_action(html)
    wrong = {"username": "boss", "password": "wrong", "return_url": page.url, "next": page.url}
    for shown in (html, visitor.post(address, wrong).content.decode()):
        assert WORDS[kind][language] in shown
        assert f'<html lang="{language}"' in shown
        assert 'name="viewport"' in shown
        assert "css/site" in shown
        assert 'class="site-header"' in shown
        assert re.search(r'<label for="id_password">(Password|Пароль)</label>', shown)
        assert page.heading not in shown
    right = wrong | {"password": "secret" if kind == "password" else "secret-pass"}
    assert visitor.post(address, right).headers["Location"] == page.url
    assert page.heading in visitor.get(page.url).content.decode()


def form_action(html: str) -> str:
    found = re.search(r'<form method="post" action="([^"]*)"', html)
    assert found
    return found[1]


def test_a_pages_password_is_not_guessed_without_end(private: SmallSite) -> None:
    restriction = PageViewRestriction.objects.get()
    address = f"/en/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/"
    stranger, neighbor = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="198.51.100.7")
    guesses = [
        stranger.post(address, {"password": f"{number}", "return_url": "/en/"}).status_code
        for number in range(31)
    ]
    assert guesses == [200] * 30 + [429]
    right = {"password": "secret", "return_url": "/en/"}
    assert stranger.post(address, right).status_code == 429
    assert neighbor.post(address, right).status_code == 302
