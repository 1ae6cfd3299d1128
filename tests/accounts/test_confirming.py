"""What harms most asks once more who it is; what was shown holds for five minutes."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask
from wagtail.users.models import UserProfile

from accounts import log_in
from accounts.models import User
from campaigns.models import CampaignPage
from launches.models import Launch
from staff.assigning import NAMES, assign
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import add_app, code_of, recovery_codes
from tests.accounts.passwords import HOME
from tests.conftest import Clock
from tests.launches.tables import EUGENE, table, upload
from tests.support.editor import form_of
from tests.support.factories import make_user
from tests.support.kinds import Response, SmallSite

AGAIN = "/admin/login/again/"


@pytest.fixture
def session(olena: User) -> Client:
    """A browser in which Olena is logged in, used by somebody else."""
    olena.is_superuser = True
    olena.save()
    client = Client(REMOTE_ADDR=HOME)
    client.force_login(olena)
    return client


def is_asked(response: Response) -> bool:
    if response.status_code == 302:
        return response["Location"].startswith(AGAIN)
    return response.status_code == 403 and (
        "Is it you?" in response.content.decode()
        or "show once more that it is you" in response.content.decode()
    )


def tables(site: SmallSite) -> list[str]:
    petition = site["portland"]["en"].petition_id
    return [
        f"/admin/petitions/{petition}/answers.csv",
        "/admin/petitions/?export=csv",
        "/admin/petitions/?export=xlsx",
        "/admin/reports/site-history/?export=csv",
        "/admin/users/?export=xlsx",
    ]


def test_no_table_is_taken_away_unasked(session: Client, site: SmallSite) -> None:
    for address in tables(site):
        asked = session.get(address)
        assert is_asked(asked), address
        page = session.get(asked["Location"])
        assert "Your current password" in page.content.decode()
        assert is_asked(session.get(address))


def test_the_answer_leads_back_to_the_table(session: Client, site: SmallSite) -> None:
    address = tables(site)[0]
    asked = session.get(address)["Location"]
    wrong = session.post(asked, {"current_password": "wrong"})
    assert "This is not your password" in wrong.content.decode()
    right = session.post(asked, {"current_password": PASSWORD})
    assert right["Location"] == address
    assert session.get(address).status_code == 200


def test_it_leads_to_no_other_site(session: Client) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        asked = f"{AGAIN}?next={elsewhere}"
        right = session.post(asked, {"current_password": PASSWORD})
        assert right["Location"] == "/admin/"


def test_what_was_shown_holds_for_five_minutes(
    session: Client, site: SmallSite, clock: Clock
) -> None:
    address = tables(site)[1]
    session.post(session.get(address)["Location"], {"current_password": PASSWORD})
    clock.go_on(minutes=4, seconds=59)
    assert session.get(address).status_code == 200
    clock.go_on(seconds=2)
    assert is_asked(session.get(address))


def publish_campaign(site: SmallSite) -> tuple[str, dict[str, Any]]:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    return f"/admin/pages/{page.pk}/edit/", {**form_of(page, lead="New"), "action-publish": "1"}


def publish_new(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return f"/admin/pages/add/campaigns/campaignpage/{site['home']['en'].pk}/", {
        "action-publish": "1"
    }


def publish_translation(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return f"/admin/pages/{site['campaign']['uk'].pk}/edit/", {"action": "publish"}


def publish_many(site: SmallSite) -> tuple[str, dict[str, Any]]:
    page = site["portland"]["en"]
    return f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}", {"next": "/admin/"}


def publish_by_api(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return f"/admin/api/main/pages/{site['campaign']['en'].pk}/action/publish/", {}


def publish_impact(site: SmallSite) -> tuple[str, dict[str, Any]]:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.lead = "New"
    revision = page.save_revision()
    return f"/admin/impact/{page.pk}/", {"seen": revision.pk}


def publish_all(site: SmallSite) -> tuple[str, dict[str, Any]]:
    return "/admin/translations/all/uk/publish/", {}


def approve(site: SmallSite) -> tuple[str, dict[str, Any]]:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.save_revision()
    workflow = Workflow.objects.create(name="Checked")
    task = GroupApprovalTask.objects.create(name="Checked")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    state = page.current_workflow_state or workflow.start(page, None)
    number = state.current_task_state.pk
    return f"/admin/pages/workflow/action/{page.pk}/approve/{number}/", {}


def approve_in_editor(site: SmallSite) -> tuple[str, dict[str, Any]]:
    address, data = publish_campaign(site)
    approve(site)
    del data["action-publish"]
    return address, {**data, "action-workflow-action": "1", "workflow-action-name": "approve"}


WAYS = (
    publish_campaign,
    publish_new,
    publish_translation,
    publish_many,
    publish_by_api,
    publish_impact,
    publish_all,
    approve,
    approve_in_editor,
)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_published_at_scale_unasked(
    session: Client, site: SmallSite, way: Callable[[SmallSite], tuple[str, dict[str, Any]]]
) -> None:
    address, data = way(site)
    assert is_asked(session.post(address, data))
    assert not CampaignPage.objects.filter(lead="New").exists()
    wrong = session.post(address, {**data, "current_password": "wrong"})
    assert is_asked(wrong)
    assert not is_asked(session.post(address, {**data, "current_password": PASSWORD}))


def test_a_launch_asks_only_where_it_publishes(session: Client, site: SmallSite) -> None:
    campaign = site["campaign"]["en"]
    address = f"/admin/launch/{campaign.pk}/"
    for more, asks in (({}, False), ({"publish": "on"}, True)):
        page = session.post(address, upload(table(EUGENE), **more))
        form = BeautifulSoup(page.content, "html.parser")
        field = form.find("input", {"name": "plan"})
        assert field is not None, page.content.decode()
        before = Launch.objects.count()
        answer = session.post(address, {"plan": str(field["value"])})
        assert is_asked(answer) == asks
        assert (Launch.objects.count() == before) == asks


def test_one_page_of_a_city_is_published_unasked(session: Client, site: SmallSite) -> None:
    address = f"/admin/pages/{site['portland']['en'].pk}/edit/"
    assert not is_asked(session.post(address, {"action-publish": "1"}))


def test_looking_asks_nothing(session: Client, site: SmallSite) -> None:
    for way in WAYS:
        with transaction.atomic():
            address, _data = way(site)
            assert not is_asked(session.get(address)), address
            # A page is in one workflow at a time.
            transaction.set_rollback(True)
    assert not is_asked(session.get("/admin/petitions/"))


@pytest.fixture
def with_app(session: Client, olena: User) -> str:
    """Returns the secret. Olena has entered by it."""
    secret = add_app(olena)
    mark = session.session
    mark["factor"] = "totp"
    mark.save()
    return secret


def test_who_has_a_factor_shows_it_and_the_password_does_not_do(
    session: Client, site: SmallSite, with_app: str, olena: User
) -> None:
    address, data = publish_campaign(site)
    asked = session.post(address, {**data, "current_password": PASSWORD})
    assert is_asked(asked)
    assert "One-time code" in asked.content.decode()
    assert "Your current password" not in asked.content.decode()
    assert is_asked(session.post(address, {**data, "one_time_code": "000000"}))
    assert not is_asked(session.post(address, {**data, "one_time_code": code_of(with_app)}))


def test_a_recovery_code_answers_too(
    session: Client, site: SmallSite, with_app: str, olena: User
) -> None:
    address, data = publish_campaign(site)
    code = recovery_codes(olena)[0]
    assert not is_asked(session.post(address, {**data, "one_time_code": code}))


def test_a_stolen_session_cannot_guess_codes(
    session: Client, site: SmallSite, with_app: str
) -> None:
    address, data = publish_campaign(site)
    tries = [
        session.post(address, {**data, "one_time_code": f"{number:06}"}).status_code
        for number in range(8)
    ]
    assert tries == [403] * log_in.LIMIT_OF_ACCOUNT.at_once + [429] * 3


def test_a_new_password_takes_the_old_one_and_a_factor(
    session: Client, with_app: str, olena: User
) -> None:
    data = {
        "password-old_password": PASSWORD,
        "password-new_password1": "a-quite-new-password",
        "password-new_password2": "a-quite-new-password",
    }
    assert is_asked(session.post("/admin/account/", data))
    assert get_user_model().objects.get(pk=olena.pk).check_password(PASSWORD)


def test_what_was_shown_lets_nobody_guess_the_old_password(
    session: Client, site: SmallSite
) -> None:
    session.post(f"{AGAIN}?next=/admin/", {"current_password": PASSWORD})
    data = {"password-old_password": "wrong", "password-new_password1": "a-quite-new-password"}
    tries = [session.post("/admin/account/", data).status_code for _ in range(8)]
    assert tries == [403] * log_in.LIMIT_OF_ACCOUNT.at_once + [429] * 3


def test_the_question_is_put_in_the_language_that_was_chosen(
    session: Client, site: SmallSite, olena: User
) -> None:
    profile = UserProfile.get_for_user(olena)
    profile.preferred_language = "uk"
    profile.save()
    asked = session.get(tables(site)[0], follow=True)
    assert "Це справді ви?" in asked.content.decode()


@pytest.mark.parametrize("role", sorted(NAMES))
def test_whoever_may_not_is_refused_before_or_after_but_gets_nothing(
    site: SmallSite, role: str
) -> None:
    places = {"editor": "end-ties", "translator": "uk"}
    user = make_user("somebody")
    assign(user, NAMES[role], places.get(role, ""))
    client = Client()
    client.force_login(user)
    for address in tables(site):
        answer = client.get(address)
        assert answer.status_code != 200, address
