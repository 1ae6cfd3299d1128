"""A form from which fields are missing is refused, and nothing fails over it."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.accounts.addresses import ExampleObjects
from tests.accounts.test_roles import table, tried
from tests.support.factories import make_user


@pytest.mark.any_database
@pytest.mark.parametrize("sent", [{}, {"title": "x", "action-publish": "1"}])
def test_no_form_of_the_admin_fails_over_missing_fields(
    site: dict[str, Any], sent: dict[str, str]
) -> None:
    things, client = ExampleObjects(site), Client(raise_request_exception=False)
    client.force_login(make_user("boss", is_staff=True, is_superuser=True))
    failed = []
    for pattern in filter(tried, table()):
        with transaction.atomic():
            response = client.post(things.fill(pattern), sent)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            failed.append(pattern)
    assert failed == []
