"""A password alone opens nothing where a second factor is needed."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from accounts.log_in import LIMIT_OF_ACCOUNT
from accounts.middleware import DOORS
from accounts.models import Session, User
from accounts.roles import ROLES
from cms.settings.environment import SettingError, second_factor
from jobs.worker import drain
from library.models import Document
from tests.accounts.addresses import ExampleObjects, patterns
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import add_app, code_of, enter, recovery_codes
from tests.accounts.passwords import got_in, try_password
from tests.accounts.roles import tried
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite

CODE_PAGE = "/admin/login/code/"
SET_UP = "/admin/login/set-up/"
OWN = "/admin/account/log-in/"
# What anybody may open, since it is how somebody gets in or what the log-in page is drawn with.
OPEN = re.compile(r"^(login/|logout/|password_reset/|invitation/|sprite/|jsi18n/)")


@pytest.fixture(params=["required", "set up"])
def half_in(request: pytest.FixtureRequest, olena: User, settings: Settings) -> Client:
    """Somebody who has given her password, and needs more by her role or by her own choice."""
    if request.param == "required":
        settings.SECOND_FACTOR = frozenset({"administrator"})
    else:
        add_app(olena)
    olena.is_superuser = True
    olena.save()
    client = Client(raise_request_exception=False)
    response = try_password("olena", PASSWORD, client=client)
    assert response["Location"].startswith((CODE_PAGE, SET_UP))
    return client


def is_shut(response: Response) -> bool:
    if response.status_code == 403:
        return True
    return response.status_code == 302 and response["Location"].startswith(CODE_PAGE)


# The other way to need more is told apart in one function, before any address is.
@pytest.mark.parametrize("half_in", ["required"], indirect=True)
def test_no_address_of_the_admin_opens_by_a_password_alone(
    half_in: Client, site: SmallSite
) -> None:
    things = ExampleObjects(site)
    addresses = {each: things.fill(each) for each in patterns() if tried(each)}
    assert len(addresses) > 200
    by_script = {"x-requested-with": "XMLHttpRequest"}
    opened = [
        (ask.__name__, address)
        for pattern, address in addresses.items()
        if not OPEN.match(pattern)
        for ask, headers in (
            (half_in.get, {}),
            (half_in.post, {}),
            (half_in.put, by_script),
        )
        if not is_shut(ask(address, headers=headers))
    ]
    assert opened == []


def test_the_doors_that_are_open_are_those_that_were_looked_at() -> None:
    named = {each for each in patterns() if OPEN.match(each)}
    assert len(named) == len(DOORS)


def test_scripts_are_told_in_a_sentence(half_in: Client) -> None:
    for address in ("/admin/api/main/pages/", "/admin/"):
        answer = half_in.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert answer.status_code == 403
        assert "finish logging in" in answer.json()["message"]


def test_private_pages_and_documents_stay_private(half_in: Client, site: SmallSite) -> None:
    page = Page.objects.get(pk=site["portland"]["en"].pk)
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    shut = half_in.get(page.url)
    assert shut.status_code == 302
    step = half_in.get(shut["Location"])
    assert step["Location"].startswith((CODE_PAGE, SET_UP))
    root = Collection.get_first_root_node()
    CollectionViewRestriction.objects.create(collection=root, restriction_type="login")
    document = Document.objects.create(title="Document", file="document.pdf", collection=root)
    assert half_in.get(document.url).status_code == 302


def test_a_code_of_the_app_opens_all_that_the_role_may(olena: User) -> None:
    secret = add_app(olena)
    client = Client()
    door = try_password("olena", PASSWORD, client=client)
    assert client.get(door["Location"]).status_code == 200
    answer = client.post(door["Location"], {"one_time_code": code_of(secret)})
    assert answer.status_code == 302
    assert client.get("/admin/users/").status_code == 200


def test_whoever_gives_the_second_factor_gets_a_session_under_a_new_name(olena: User) -> None:
    secret = add_app(olena)
    client = Client()
    try_password("olena", PASSWORD, client=client)
    before = client.cookies["session"].value
    client.post(CODE_PAGE, {"one_time_code": code_of(secret)})
    assert client.cookies["session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_code_is_taken_once_wherever_it_is_shown(olena: User, clock: Clock) -> None:
    secret = add_app(olena)
    code = code_of(secret)
    assert enter("olena", code).status_code == 302
    assert enter("olena", code).status_code == 403
    # Nor is one from before taken after it.
    earlier = code_of(secret, -30)
    assert enter("olena", earlier).status_code == 403
    clock.go_on(seconds=30)
    later = code_of(secret)
    assert enter("olena", later).status_code == 302


def test_a_recovery_code_lets_in_once(olena: User) -> None:
    add_app(olena)
    code = recovery_codes(olena)[3]
    assert enter("olena", f" {code[:4]} {code[4:]} ").status_code == 302
    assert enter("olena", code).status_code == 403
    assert len(recovery_codes(olena)) == 9


@pytest.mark.parametrize("code", ["", "1", "x" * 10_000, "000000", "\0", "１２３４５６", "-1", "é"])
def test_wrong_codes_let_nobody_in(olena: User, code: str) -> None:
    add_app(olena)
    answer = enter("olena", code)
    assert answer.status_code == 403
    assert "This was not right" in answer.content.decode()


def test_wrong_codes_are_limited_and_the_right_one_is_then_refused_too(
    olena: User, clock: Clock
) -> None:
    secret = add_app(olena)
    looked_at = 0
    for number in range(12):
        for other in range(2):
            answer = enter("olena", "000000", f"10.{number}.{other}.7")
            looked_at += answer.status_code == 403
        clock.go_on(minutes=5)
    assert 8 <= looked_at <= 2 * LIMIT_OF_ACCOUNT.at_once
    enter("olena", "000000", "10.9.9.9")
    refused = enter("olena", code_of(secret), "10.8.8.8")
    assert refused.status_code == 429
    assert "Too many codes were tried" in refused.content.decode()


def test_a_session_from_before_ends_once_a_factor_is_needed(
    olena: User, settings: Settings
) -> None:
    client = Client()
    client.force_login(olena)
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR = frozenset({"all"})
    assert is_shut(client.get("/admin/"))


@pytest.mark.parametrize("role", [role.name for role in ROLES])
def test_the_setting_asks_those_whom_it_names(
    site: SmallSite, settings: Settings, role: str
) -> None:
    from staff.assigning import NAMES, assign

    places = {"editor": "end-ties", "translator": "uk"}
    user = make_user("somebody")
    assign(user, NAMES[role], places.get(role, ""))
    client = Client()
    client.force_login(user)
    for names, is_asked in (((), False), ({role}, True), ({"all"}, True)):
        settings.SECOND_FACTOR = frozenset(names)
        assert is_shut(client.get("/admin/")) == is_asked
    settings.SECOND_FACTOR = frozenset({each.name for each in ROLES} - {role})
    assert not is_shut(client.get("/admin/"))


def test_a_superuser_counts_as_an_administrator(db: None, settings: Settings) -> None:
    client = Client()
    client.force_login(make_user("root", is_superuser=True))
    settings.SECOND_FACTOR = frozenset({"administrator"})
    assert is_shut(client.get("/admin/"))


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", {"all"}),
        ("none", set()),
        ("all", {"all"}),
        (" Editor, officer ", {"editor", "officer"}),
    ],
)
def test_the_setting_is_read(monkeypatch: pytest.MonkeyPatch, value: str, names: set[str]) -> None:
    monkeypatch.setenv("SECOND_FACTOR", value)
    assert second_factor("all") == names


@pytest.mark.any_database
@pytest.mark.parametrize("value", ["nobody", "editor;officer", "editor,none", ","])
def test_a_setting_that_asks_nobody_by_mistake_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SECOND_FACTOR", value)
    with pytest.raises(SettingError, match="SECOND_FACTOR is wrong: write all, none, or some of"):
        second_factor("all")


@pytest.fixture
def newcomer(olena: User, settings: Settings) -> Client:
    """A browser in which somebody who has no factor yet has given her password."""
    settings.SECOND_FACTOR = frozenset({"all"})
    client = Client()
    assert try_password("olena", PASSWORD, client=client)["Location"].startswith(SET_UP)
    return client


def shown_secret(page: Response) -> str:
    found = re.search(r'<code class="door__secret">([A-Z2-7 =]+)</code>', page.content.decode())
    assert found
    return found[1].replace(" ", "")


def test_the_first_log_in_leads_to_setting_one_up(newcomer: Client, olena: User) -> None:
    assert newcomer.get(SET_UP).status_code == 200
    page = newcomer.get(f"{SET_UP}app/")
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = shown_secret(page)
    wrong = newcomer.post(f"{SET_UP}app/", {"one_time_code": "000000"})
    assert wrong.status_code == 422
    # The same one is shown again, since the app has it by now.
    assert shown_secret(wrong) == secret
    done = newcomer.post(f"{SET_UP}app/", {"one_time_code": code_of(secret)})
    listed = re.findall(r"<li><code>(\d{8})</code></li>", done.content.decode())
    assert listed == recovery_codes(olena)
    assert len(listed) == 10
    assert newcomer.get("/admin/").status_code == 200
    # The code that proved it enters nowhere.
    assert enter("olena", code_of(secret)).status_code == 403


def test_secrets_are_encrypted_at_rest(newcomer: Client, olena: User) -> None:
    secret = shown_secret(newcomer.get(f"{SET_UP}app/"))
    session = Session.objects.get(user=olena)
    assert secret not in str(session.get_decoded())
    newcomer.post(f"{SET_UP}app/", {"one_time_code": code_of(secret)})
    codes = recovery_codes(olena)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert "demo." in stored
    assert not [each for each in (secret, *codes) if each in stored]


def test_nobody_sets_one_up_with_a_password_given_long_ago(newcomer: Client, clock: Clock) -> None:
    clock.go_on(minutes=6)
    asked = newcomer.get(f"{SET_UP}app/", follow=True)
    assert "Your current password" in asked.content.decode()
    again = newcomer.post(asked.redirect_chain[-1][0], {"current_password": PASSWORD})
    assert again["Location"] == f"{SET_UP}app/"
    assert newcomer.get(again["Location"]).status_code == 200


def test_a_password_alone_adds_nothing_to_what_is_there(olena: User) -> None:
    secret = add_app(olena)
    client = Client()
    try_password("olena", PASSWORD, client=client)
    for address in (SET_UP, f"{SET_UP}app/", f"{SET_UP}passkey/", f"{SET_UP}passkey/make/"):
        for ask in (client.get, client.post):
            answer = ask(address, {"one_time_code": code_of(secret), "current_password": PASSWORD})
            assert answer.status_code == 405 or answer["Location"].startswith(CODE_PAGE)
    assert Authenticator.objects.filter(user=olena).count() == 2


def test_an_administrator_takes_away_what_was_lost(olena: User, admin: Client) -> None:
    add_app(olena)
    client = Client()
    client.force_login(olena)
    address = f"/admin/second-step/{olena.pk}/take-away/"
    assert address in admin.get("/admin/users/").content.decode()
    assert admin.get(address).status_code == 200
    assert admin.post(address).status_code == 302
    assert not Authenticator.objects.filter(user=olena).exists()
    assert not Session.objects.filter(user=olena).exists()
    drain()
    assert [each.to for each in mail.outbox] == [["olena@example.org"]]
    assert "took away the passkeys" in str(mail.outbox[0].body)
    history = admin.get("/admin/reports/site-history/").content.decode()
    assert "Passkeys and codes were taken away" in history


def test_whoever_takes_something_away_is_asked_who_it_is(olena: User) -> None:
    other = make_user("taras")
    add_app(other)
    client = Client()
    client.force_login(olena)
    answer = client.post(f"/admin/second-step/{other.pk}/take-away/")
    assert answer.status_code == 403
    assert Authenticator.objects.filter(user=other).exists()


@pytest.mark.parametrize("by", ["editor", "administrator"])
def test_not_everybody_takes_away_everybodys(site: SmallSite, by: str) -> None:
    from tests.support.logins import login

    root = make_user("root", is_superuser=True)
    add_app(root)
    client = login(by, "end-ties" if by == "editor" else "")
    client.post(f"/admin/second-step/{root.pk}/take-away/")
    assert Authenticator.objects.filter(user=root).exists()


def test_a_command_helps_the_last_administrator(olena: User) -> None:
    add_app(olena)
    call_command("take_away_factors", "Olena@example.org")
    assert not Authenticator.objects.filter(user=olena).exists()
    assert got_in(try_password("olena", PASSWORD))
    for name in ("olena", "nobody"):
        with pytest.raises(CommandError):
            call_command("take_away_factors", name)


def test_a_public_page_asks_nothing_of_factors(half_in: Client, site: SmallSite) -> None:
    assert half_in.get(site["portland"]["en"].url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        half_in.get(site["portland"]["en"].url)
    assert not [each for each in queries if "mfa_" in each["sql"] or "session" in each["sql"]]


def test_none_of_django_allauths_own_pages_has_an_address() -> None:
    from django.urls import NoReverseMatch, reverse

    for name in ("account_login", "account_signup", "account_email", "mfa_index"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
