"""One user for each mailbox, however it is written, said beside the field in every form."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from tests.support.factories import make_user
from tests.support.forms import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TAKEN = "Somebody else already works here with this email."
WRITTEN = ["olena@example.org", "Olena@example.org", "OLENA@EXAMPLE.ORG", "olena@Example.Org"]

# Which every change of an account asks for.
PASSWORD = {"current_password": "secret-pass"}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user("boss", is_superuser=True))
    return client


def fields(**changes: Any) -> dict[str, Any]:
    return {
        "username": "second",
        "email": "second@example.org",
        "first_name": "Second",
        "last_name": "User",
        "password1": "a-long-secret",
        "password2": "a-long-secret",
        "is_active": "on",
        "groups": [Group.objects.get(name="Editors").pk],
        # Of an invitation.
        "role": "moderator",
        "language": "en",
        **PASSWORD,
        **changes,
    }


@pytest.mark.parametrize("email", WRITTEN)
def test_the_database_refuses_a_second_user_of_a_mailbox(email: str) -> None:
    make_user("olena")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username="second", email=email)])
    other = make_user("other")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(email=email)


def test_the_database_refuses_a_user_without_a_mailbox() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username="nobody")])


@pytest.mark.parametrize("email", WRITTEN)
def test_every_form_says_beside_the_email_that_it_is_taken(client: Client, email: str) -> None:
    make_user("olena")
    other = make_user("other")
    addresses = ["/admin/users/new/", f"/admin/users/edit/{other.pk}/"]
    for address in addresses:
        response = client.post(address, fields(email=email))
        assert response.context["form"].errors == {"email": [TAKEN]}
        assert TAKEN in response.text
    names = form_fields(client.get("/admin/account/").text)
    [email_field] = [name for name in names if name.endswith("-email")]
    assert TAKEN in client.post("/admin/account/", {**names, email_field: email, **PASSWORD}).text
    emails = User.objects.exclude(username="olena").values_list("email", flat=True)
    assert set(emails) == {"boss@example.org", "other@example.org"}


def test_a_user_may_keep_the_own_email_and_write_it_otherwise(client: Client) -> None:
    olena = make_user("olena")
    response = client.post(
        f"/admin/users/edit/{olena.pk}/", fields(username="olena", email="Olena@example.org")
    )
    assert response.status_code == 302
    olena.refresh_from_db()
    assert olena.email == "Olena@example.org"


def test_code_is_told_in_the_same_sentence() -> None:
    make_user("olena")
    with pytest.raises(ValidationError) as error:
        User.objects.create_user("second", "OLENA@example.org", "secret-pass")
    assert error.value.message_dict == {"email": [TAKEN]}


def superuser(**options: Any) -> None:
    options = {"username": "boss", "interactive": False, "stdout": StringIO(), **options}
    call_command("createsuperuser", **options)


def test_createsuperuser_asks_for_an_email_that_nobody_has() -> None:
    superuser(email="boss@example.org")
    assert User.objects.get().is_superuser
    with pytest.raises(CommandError, match=TAKEN):
        superuser(username="second", email="Boss@example.org")
    with pytest.raises(CommandError, match="--email"):
        superuser(username="second")
    with pytest.raises(CommandError, match="email"):
        superuser(username="second", email="")


def test_an_account_of_the_admin_is_named_in_its_log(client: Client) -> None:
    response = client.post("/admin/users/new/", fields())
    assert response.status_code == 302
    second = User.objects.get(username="second")
    assert "Second" in client.get(f"/admin/users/history/{second.pk}/").text
