"""What each role may open, address by address."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import GroupPagePermission, ModelLogEntry

from accounts.models import User
from accounts.roles import EDITORS
from campaigns.models import PetitionEvent
from staff.assigning import EVERYWHERE, assign
from tests.accounts.addresses import ExampleObjects, patterns
from tests.accounts.roles import (
    TABLE,
    is_refused,
    login,
    make_other_campaign,
    open_address,
    table,
    tried,
)
from tests.support.factories import make_user
from tests.support.kinds import SmallSite

pytestmark = [
    # wagtail-localize's report of translations is not ordered.
    pytest.mark.filterwarnings("ignore:Pagination may yield"),
]
# What Wagtail shows before somebody is logged in.
PUBLIC = (
    "login/",
    "invitation/",
    "logout/",
    "password_reset/",
    "jsi18n/",
    "sprite/",
    "localize/jsi18n/",
)


def test_every_address_is_in_the_table() -> None:
    wanted = {pattern for pattern in patterns() if tried(pattern)}
    missing, superfluous = wanted - table().keys(), table().keys() - wanted
    assert not missing, f"say in {TABLE.name} which roles may open {sorted(missing)}"
    assert not superfluous, f"take out of {TABLE.name}: {sorted(superfluous)}"


def test_nobody_gets_in_without_logging_in(site: SmallSite) -> None:
    things = ExampleObjects(site)
    client = Client(raise_request_exception=False)
    open_to_all = [
        pattern
        for pattern in table()
        if not is_refused(open_address(client, things.fill(pattern)))
        and not pattern.startswith(PUBLIC)
    ]
    assert open_to_all == []


def test_an_editor_works_on_the_assigned_campaign_alone(site: SmallSite) -> None:
    campaign, city = site["campaign"]["en"], site["portland"]["en"]
    other = make_other_campaign(site)
    client = login("editor", other["en"].slug)
    for page in (campaign, city):
        for action in ("edit", "view_draft", "history", "copy", "unpublish"):
            assert is_refused(client.get(f"/admin/pages/{page.pk}/{action}/"))
    assert is_refused(client.get(f"/admin/snippets/campaigns/petition/edit/{city.petition_id}/"))
    assert is_refused(client.get(f"/admin/snippets/campaigns/tie/edit/{city.petition.tie_id}/"))
    assert str(city.petition_id) not in client.get("/admin/snippets/campaigns/petition/").text
    own = f"/admin/snippets/campaigns/petition/edit/{other['en'].petition_id}/"
    assert client.get(own).status_code == 200
    assert client.get(f"/admin/pages/{other['uk'].pk}/edit/").status_code == 200


@pytest.mark.parametrize("page", ["edit", "history", "history-results", "usage", "delete"])
def test_every_page_of_a_record_is_for_those_who_work_on_it(site: SmallSite, page: str) -> None:
    city = site["portland"]["en"]
    other = make_other_campaign(site)
    outsider, own = login("editor", other["en"].slug), Client()
    own.force_login(make_user("boss", is_staff=True, is_superuser=True))
    petition, tie = city.petition, city.tie
    event = PetitionEvent.objects.create(petition=petition, kind="launched", date="2026-01-01")
    for name, pk in (
        ("petition", petition.pk),
        ("tie", tie.pk),
        ("tieevent", tie.events.get().pk),
        ("petitionevent", event.pk),
    ):
        address = f"/admin/snippets/campaigns/{name}/{page}/{pk}/"
        assert is_refused(outsider.get(address)), address
        assert own.get(address).status_code == 200, address
    theirs = f"/admin/snippets/campaigns/petition/{page}/{other['en'].petition_id}/"
    assert is_refused(outsider.get(theirs)) is (page == "delete"), "no petition is deleted"


@pytest.mark.parametrize("page", ["history", "history-results", "usage"])
def test_a_translator_sees_the_history_of_names_in_the_own_language_alone(
    site: SmallSite, page: str
) -> None:
    names = site["portland"]["en"].tie.city.names
    translator = login("translator")
    for language, refused in (("en", True), ("uk", False)):
        name = names.get(locale__language_code=language)
        address = f"/admin/snippets/campaigns/cityname/{page}/{name.pk}/"
        assert is_refused(translator.get(address)) is refused
    city = f"/admin/snippets/campaigns/city/{page}/{names.first().city_id}/"
    assert login("editor").get(city).status_code == 200, "a city belongs to everybody's work"


def test_an_editor_publishes_only_when_granted(site: SmallSite) -> None:
    user = make_user("editor")
    page = site["portland"]["en"]
    assign(user, EDITORS, "end-ties")
    assert not page.permissions_for_user(user).can_publish()
    assign(user, EDITORS, "end-ties", publish=True)
    user = User.objects.get(pk=user.pk)
    assert page.permissions_for_user(user).can_publish()
    assert not site["home"]["en"].permissions_for_user(user).can_edit()


def test_a_translator_works_in_the_assigned_language_alone(site: SmallSite) -> None:
    client = login("translator")
    english, ukrainian = site["portland"]["en"], site["portland"]["uk"]
    assert is_refused(client.get(f"/admin/pages/{english.pk}/edit/"))
    assert client.get(f"/admin/pages/{ukrainian.pk}/edit/").status_code == 200
    assert is_refused(client.get(f"/admin/pages/{ukrainian.pk}/unpublish/"))
    names = english.tie.city.names
    for language, refused in (("en", True), ("uk", False)):
        name = names.get(locale__language_code=language)
        answer = client.get(f"/admin/snippets/campaigns/cityname/edit/{name.pk}/")
        assert is_refused(answer) is refused


def test_a_data_officer_sees_no_page(site: SmallSite) -> None:
    client = login("officer")
    for address in ("", "search/", f"{site['home']['en'].pk}/"):
        assert is_refused(client.get(f"/admin/pages/{address}"))


def test_an_administrator_needs_no_superuser(site: SmallSite) -> None:
    client = login("administrator")
    assert not User.objects.get(username="administrator").is_superuser
    for address in ("users/new/", "groups/new/", "sites/", "locales/", "workflows/list/"):
        assert client.get(f"/admin/{address}").status_code == 200


def test_the_command_assigns_and_the_audit_log_says_so(site: SmallSite) -> None:
    user = make_user("olena")
    call_command("assign", "olena", "editor", "end-ties", "--publish")
    names = {"Editors", "Editors of end-ties", "Publishers of end-ties"}
    assert {group.name for group in user.groups.all()} == names
    places = GroupPagePermission.objects.filter(group__name="Publishers of end-ties")
    languages = {right.page.locale.language_code for right in places}
    assert languages == {"en", "uk"}
    assert ModelLogEntry.objects.filter(object_id=str(user.pk)).count() == 1
    call_command("assign", "olena", "editor", "end-ties")
    assert ModelLogEntry.objects.filter(object_id=str(user.pk)).count() == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("nobody", "editor", EVERYWHERE), "There is no user"),
        (("olena", "editor", "nowhere"), "There is no page"),
        (("olena", "editor"), "There is no page"),
        (("olena", "translator", "end-ties"), "There is no page"),
        (("olena", "officer", "end-ties"), "works on the whole site"),
    ],
)
def test_a_wrong_assignment_is_refused_with_its_reason(
    site: SmallSite, words: tuple[str, ...], reason: str
) -> None:
    user = make_user("olena")
    with pytest.raises(CommandError, match=reason):
        call_command("assign", *words)
    assert not user.groups.exists()
