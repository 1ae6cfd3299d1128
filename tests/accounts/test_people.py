"""Somebody is invited, given roles by campaign and language, and let go."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, ModelLogEntry, Page
from wagtail.users.models import UserProfile

from accounts.confirming import PASSWORD as FIELD
from accounts.models import Session, User
from accounts.roles import EDITORS, MODERATORS, TRANSLATORS
from campaigns.models import CampaignPage
from jobs.models import Job
from jobs.worker import drain
from security.audit import entries_of
from staff.assigning import EVERYWHERE, NAMES, assign, assignments_of, follow_places, unassign
from staff.invitations import VALID_FOR, free_username, invitation_tokens
from staff.leaving import let_go
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db
OWN = {FIELD: "secret-pass"}
CHOSEN = "a-long-enough-secret"


@pytest.fixture
def boss(site: SmallSite) -> Client:
    return logged_in("administrator")


def logged_in(role: str) -> Client:
    user = make_user(f"the-{role}")
    assign(user, NAMES[role])
    client = Client()
    client.force_login(user)
    return client


def invitation(**changes: Any) -> dict[str, Any]:
    return {
        "email": "Ola.Nowak@example.org",
        "first_name": "Ola",
        "last_name": "Nowak",
        "language": "uk",
        "role": "editor",
        "campaigns": [CampaignPage.objects.values_list("slug", flat=True)[0]],
        **OWN,
        **changes,
    }


def link_in(message: EmailMessage) -> str:
    [line] = [line for line in message.body.splitlines() if "/admin/invitation/" in line]
    return "/admin/" + line.partition("/admin/")[2]


def keys(user: User) -> list[str]:
    return [each.key for each in assignments_of(User.objects.get(pk=user.pk))]


def test_somebody_is_invited_and_gets_in_with_a_password_of_their_own(
    site: SmallSite, boss: Client
) -> None:
    assert boss.post("/admin/users/new/", invitation()).status_code == 302
    ola = User.objects.get(email="Ola.Nowak@example.org")
    assert (ola.username, ola.is_superuser, ola.has_usable_password()) == ("olanowak", False, False)
    assert keys(ola) == [f"editor {site['campaign']['en'].slug}"]
    assert ola.email not in str(list(Job.objects.values()))
    assert "invited" in boss.get("/admin/users/").text

    drain()
    [message] = mail.outbox
    assert message.to == [ola.email]
    assert "Вас запрошено" in message.subject
    door = Client()
    page = door.get(link_in(message), follow=True)
    assert "Ласкаво просимо" in page.text
    assert ola.email in page.text
    address = page.request["PATH_INFO"]
    assert link_in(message) != address, "the link’s secret stays in the address"
    door.post(address, {"new_password1": CHOSEN, "new_password2": CHOSEN})
    assert door.login(username=ola.email, password=CHOSEN)
    assert door.get("/admin/").status_code == 200
    assert 'lang="uk"' in door.get("/admin/").text

    used = Client().get(link_in(message), follow=True)
    assert used.status_code == 200
    assert "new_password1" not in used.text


def test_a_link_is_good_for_days_for_one_person_and_for_the_invited_alone(
    site: SmallSite, clock: Clock
) -> None:
    ola, taras = make_user("ola"), make_user("taras")
    assert not invitation_tokens.check_token(ola, invitation_tokens.make_token(ola))
    for user in (ola, taras):
        user.set_unusable_password()
        user.save()
    token = invitation_tokens.make_token(ola)
    assert invitation_tokens.check_token(ola, token)
    assert not invitation_tokens.check_token(taras, token)
    assert not invitation_tokens.check_token(ola, token[:-1])
    assert not invitation_tokens.check_token(ola, None)
    ola.email = "another@example.org"
    assert not invitation_tokens.check_token(ola, token)
    ola.refresh_from_db()
    clock.go_on(seconds=(VALID_FOR - timedelta(minutes=1)).total_seconds())
    assert invitation_tokens.check_token(ola, token)
    clock.go_on(minutes=2)
    assert not invitation_tokens.check_token(ola, token)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"campaigns": []}, "campaigns"),
        ({"campaigns": ["no-such-campaign"]}, "campaigns"),
        ({"role": "translator"}, "languages"),
        ({"role": "translator", "languages": ["xx"]}, "languages"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"email": "no mailbox"}, "email"),
        ({"email": "THE-ADMINISTRATOR@example.org"}, "email"),
        ({"first_name": ""}, "first_name"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_mistake_is_told_and_nobody_is_invited(
    boss: Client, changes: dict[str, Any], wrong: str
) -> None:
    response = boss.post("/admin/users/new/", invitation(**changes))
    assert list(response.context["form"].errors) == [wrong]
    assert User.objects.count() == 1
    assert not Job.objects.exists()


def test_a_slip_costs_no_password(boss: Client) -> None:
    ola = make_user("ola")
    role = {"role": "editor"}
    person = {"first_name": "Ola", "last_name": ""}
    slips = {
        "/admin/users/new/": {**invitation(), "first_name": "", FIELD: ""},
        f"/admin/users/roles/{ola.pk}/": role,
        f"/admin/users/edit/{ola.pk}/": person,
    }
    for address, data in slips.items():
        response = boss.post(address, data)
        assert response.context["form"].errors, address
        assert "Is it you?" not in response.text, address


def test_user_names_are_free_in_any_case() -> None:
    assert free_username("olena@example.org") == "olena"
    make_user("Olena")
    make_user("olena-3")
    assert free_username("olena@example.net") == "olena-2"
    assert free_username("олена@example.org") == "user"


def test_roles_are_given_and_taken_by_campaign_and_language(site: SmallSite, boss: Client) -> None:
    ola = make_user("ola")
    address = f"/admin/users/roles/{ola.pk}/"
    slug = site["campaign"]["en"].slug
    give: list[dict[str, Any]] = [
        {"role": "editor", "campaigns": [slug], "publish": "on"},
        {"role": "translator", "languages": ["uk"]},
        {"role": "moderator", "campaigns": [slug]},
    ]
    for each in give:
        assert boss.post(address, {**each, **OWN}).status_code == 302
    assert keys(ola) == [f"editor {slug}", "moderator", "translator uk"]
    text = boss.get(address).text
    assert "Translator: Ukrainian" in text
    assert "(may publish)" in text

    boss.post(address, {"remove": f"editor {slug}", **OWN})
    assert keys(ola) == ["moderator", "translator uk"]
    assert set(ola.groups.values_list("name", flat=True)) == {
        "Moderators",
        "Translators",
        "Translators of uk",
    }
    assert ModelLogEntry.objects.filter(object_id=ola.pk, user__username="the-administrator")


def test_with_the_last_place_goes_the_role_and_not_before(site: SmallSite) -> None:
    ola = make_user("ola")
    for place in ("uk", "en"):
        assign(ola, TRANSLATORS, place)
    unassign(ola, "translator uk")
    assert keys(ola) == ["translator en"]
    assert unassign(ola, "translator uk") is None
    unassign(ola, "translator en")
    assert not ola.groups.exists()


def test_whoever_is_let_go_is_out_at_once_and_holds_nothing_up(
    site: SmallSite, boss: Client
) -> None:
    ola = make_user("ola")
    slug = site["campaign"]["en"].slug
    assign(ola, EDITORS, slug, publish=True)
    assign(ola, MODERATORS)
    page = site["campaign"]["en"]
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=ola, locked_at=timezone.now())
    inside = Client()
    inside.force_login(ola)
    assert inside.get("/admin/").status_code == 200
    TOTP.activate(ola, "JBSWY3DPEHPK3PXP")
    address = f"/admin/users/let-go/{ola.pk}/"
    assert page.title in boss.get(address).text
    # The own password is asked for first.
    assert boss.post(address).status_code == 403
    assert boss.post(address, OWN).status_code == 302

    ola.refresh_from_db()
    assert (ola.is_active, ola.groups.count(), ola.has_usable_password()) == (False, 0, False)
    assert inside.get("/admin/").status_code == 302
    assert not Session.objects.filter(user=ola).exists()
    assert not Authenticator.objects.filter(user=ola).exists()
    entry = entries_of([ola.pk])[0]
    assert (entry.act, entry.by) == (
        "user.let_go",
        User.objects.get(username="the-administrator").pk,
    )
    assert not Page.objects.filter(locked=True).exists()
    assert "access ended" in boss.get("/admin/users/").text

    boss.post(f"/admin/users/invite-again/{ola.pk}/", OWN)
    ola.refresh_from_db()
    assert (ola.is_active, ola.groups.count()) == (True, 0)
    ola.set_password(CHOSEN)
    ola.save()
    again = boss.get(f"/admin/users/invite-again/{ola.pk}/", follow=True)
    assert "works here already" in again.text
    ola.set_unusable_password()
    ola.save()
    drain()
    assert [message.to for message in mail.outbox] == [[ola.email]]


def test_somebody_is_left_who_can_let_others_in(site: SmallSite, boss: Client) -> None:
    own = User.objects.get(username="the-administrator")
    response = boss.post(f"/admin/users/let-go/{own.pk}/", OWN)
    assert response.status_code == 200
    assert "ask another administrator" in response.text
    own.refresh_from_db()
    assert own.is_active


@pytest.mark.parametrize("page", ["edit", "roles", "let-go", "invite-again"])
def test_a_superuser_is_changed_by_superusers_alone(boss: Client, page: str) -> None:
    root = make_user("root", is_superuser=True)
    address = f"/admin/users/{page}/{root.pk}/"
    before = User.objects.filter(pk=root.pk).values().get()
    for response in (boss.get(address), boss.post(address, {"email": "x@example.org", **OWN})):
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert User.objects.filter(pk=root.pk).values().get() == before


def test_an_administrator_makes_no_superuser(boss: Client) -> None:
    ola = make_user("ola")
    names = {"username": "ola", "email": ola.email, "first_name": "Ola", "last_name": "Nowak"}
    form = {**names, "is_active": "on", "is_superuser": "on", **OWN}
    assert boss.post(f"/admin/users/edit/{ola.pk}/", form).status_code == 302
    assert boss.post("/admin/users/new/", invitation(is_superuser="on")).status_code == 302
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_campaign_in_a_new_language_is_its_editors_too(site: SmallSite) -> None:
    ola, taras = make_user("ola"), make_user("taras")
    english, ukrainian = site["campaign"]["en"], site["campaign"]["uk"]
    assign(ola, EDITORS, english.slug, publish=True)
    assign(taras, TRANSLATORS, "en")
    rights = GroupPagePermission.objects.filter(page=ukrainian)
    rights.delete()
    assert follow_places() == 2
    assert set(rights.values_list("permission__codename", flat=True)) == {
        "add_page",
        "change_page",
        "publish_page",
    }
    assert not ukrainian.permissions_for_user(User.objects.get(pk=taras.pk)).can_edit()
    assert follow_places() == 0


def test_in_every_language_means_in_later_ones_too(site: SmallSite) -> None:
    assign(make_user("ola"), TRANSLATORS, EVERYWHERE)
    group = Group.objects.get(name="Translators of all")
    GroupPagePermission.objects.filter(group=group, page=site["home"]["uk"]).delete()
    assert follow_places() == 1


def test_letting_go_needs_no_web(site: SmallSite) -> None:
    """Nobody is named who did it, where nobody was logged in."""
    ola, root = make_user("ola"), make_user("root", is_superuser=True)
    UserProfile.get_for_user(ola)
    held = let_go(ola, root)
    assert (held.assignments, held.groups, list(held.locked)) == ([], [], [])
