"""Wagtail-localize's addresses, each for those alone who work on that campaign and language."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from accounts.roles import TRANSLATORS
from campaigns.models import CityName
from staff.assigning import NAMES, assign
from tests.accounts.roles import is_refused, make_other_campaign
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in
from translations.submission import submit

WORDS = "Портленд"


@pytest.fixture(params=["page", "city name"])
def translation(request: pytest.FixtureRequest, site: SmallSite) -> Translation:
    uk = Locale.objects.get(language_code="uk")
    page = site["campaign"]["en"]
    name = CityName.objects.get(city=site["portland"]["en"].tie.city, locale=page.locale)
    return submit({"page": page, "city name": name}[request.param], uk)


def login(name: str, place: str = "") -> Client:
    """A translator of a language, or of none that the site has."""
    user = make_user(name)
    if place:
        assign(user, TRANSLATORS, place)
    else:
        user.groups.add(Group.objects.get(name=TRANSLATORS.group))
    return logged_in(user)


def answers(client: Client, translation: Translation) -> dict[str, int]:
    """What each address of a translation answers, by its name."""
    segment = StringSegment.objects.filter(source=translation.source).first()
    assert segment

    def address(name: str, *more: Any) -> str:
        return reverse(f"wagtail_localize:{name}", args=[translation.pk, *more])

    put: Any = {"data": f"value={WORDS}", "content_type": "application/x-www-form-urlencoded"}
    return {
        "save a text": client.put(
            address("edit_string_translation", segment.pk), **put
        ).status_code,
        "erase a text": client.delete(address("edit_string_translation", segment.pk)).status_code,
        "replace a file": client.put(address("edit_override", 1), **put).status_code,
        "download": client.get(address("download_pofile")).status_code,
        "upload": client.post(address("upload_pofile")).status_code,
        "translate by machine": client.post(address("machine_translate")).status_code,
        "preview": client.get(address("preview_translation")).status_code,
        "stop": client.post(address("stop_translation")).status_code,
    }


def test_a_translator_of_another_language_gets_nowhere(translation: Translation) -> None:
    codes = answers(login("other"), translation)
    # Wagtail leads who may not to the admin's home; its saving addresses answer 403.
    assert set(codes.values()) <= {302, 403}
    assert not StringTranslation.objects.filter(data=WORDS).exists()
    assert Translation.objects.get(pk=translation.pk).enabled


def test_a_translator_of_the_language_saves_a_text(translation: Translation) -> None:
    client = login("own", "uk")
    segment = StringSegment.objects.filter(source=translation.source).first()
    assert segment
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    answer = client.put(address, f"value={WORDS}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 201)
    assert StringTranslation.objects.filter(data=WORDS).exists()
    download = reverse("wagtail_localize:download_pofile", args=[translation.pk])
    assert client.get(download).status_code == 200


def test_an_editor_submits_and_renews_the_assigned_campaign_alone(site: SmallSite) -> None:
    other = make_other_campaign(site)
    user = make_user("olena")
    assign(user, NAMES["editor"], other["en"].slug)
    client = logged_in(user)
    for campaign, refused in ((site["campaign"], True), (other, False)):
        translation = submit(campaign["en"], campaign["uk"].locale)
        for address in (
            reverse("wagtail_localize:submit_page_translation", args=[campaign["en"].pk]),
            reverse("wagtail_localize:update_translations", args=[translation.source_id]),
        ):
            assert is_refused(client.get(address)) is refused, address


def test_no_page_becomes_a_copy_in_the_source_language(site: SmallSite) -> None:
    user = make_user("olena")
    assign(user, NAMES["editor"], "end-ties", publish=True)
    client = logged_in(user)
    page = site["campaign"]["uk"]
    submit(site["campaign"]["en"], page.locale)
    response = client.post(
        reverse("wagtail_localize:convert_to_alias", args=[page.pk]), follow=True
    )
    assert "shows no other language’s words" in response.content.decode()
    assert Page.objects.get(pk=page.pk).alias_of is None
