"""A signature is taken at the door; whoever's is not meets the whole site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from signatures.models import Signature
from signatures.views import door
from tests.signatures.posting import OWN, address, fields, post
from tests.support.kinds import CityPages

SAID_OF_ALL = (
    *("Content-Security-Policy", "Reporting-Endpoints", "Permissions-Policy", "X-Frame-Options"),
    *("Referrer-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy"),
    *("Content-Language", "Cache-Control", "X-Robots-Tag"),
)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_its_address_is_that_of_the_view(portland: CityPages, language: str) -> None:
    page = portland[language]
    assert door.ADDRESS.fullmatch(address(page))
    assert reverse("signatures:sign", args=[page.petition_id]) in address(portland["en"])


@pytest.mark.parametrize("prefix", ["de", "EN", "en-us"])
def test_in_a_language_that_is_not_the_sites_there_is_no_such_address(
    portland: CityPages, prefix: str
) -> None:
    page = portland["en"]
    elsewhere = f"/{prefix}/petitions/{page.petition_id}/sign/"
    assert Client().post(elsewhere, fields(page), **OWN).status_code == 404
    assert not Signature.objects.exists()


def test_nobody_who_signs_is_asked_who_is_logged_in(
    portland: CityPages, admin_client: Client
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert post(portland["en"], admin_client).status_code == 303
    assert asked.captured_queries
    assert not [each for each in asked if "accounts_" in each["sql"]]


def test_the_answer_has_all_that_any_answer_has(portland: CityPages) -> None:
    client = Client()
    taken, refused = post(portland["uk"], client), post(portland["uk"], client, name="")
    assert (taken.status_code, refused.status_code) == (303, 422)
    for name in SAID_OF_ALL:
        assert taken[name] == refused[name], name
    assert not taken.cookies
    assert not refused.cookies


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_where_the_database_is_away_it_is_asked_once_and_told_as_ever(
    portland: CityPages, error: type[Exception]
) -> None:
    asked, page = [], portland["en"]
    typed = fields(page)

    def refuse(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if 'FROM "campaigns_petition"' in sql:
            asked.append(sql)
            raise error
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        response = Client().post(address(page), typed, **OWN)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert len(asked) == 1
