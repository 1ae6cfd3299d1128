"""A change that its editor may not make is asked for, prepared, of somebody who may."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.snippets.models import get_snippet_models

from accounts.roles import MODERATORS, TRANSLATORS
from campaigns.changes import state_of
from campaigns.models import (
    ChangeRequest,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    Tie,
)
from campaigns.publishing.publishers import shows_at_once
from campaigns.viewsets.base import AskingMixin
from tests.accounts.roles import make_other_campaign
from tests.campaigns.asking import (
    BULK,
    CHANGES,
    SENTENCE,
    SNIPPETS,
    Prepare,
    ask,
    client_of,
    close_later,
    delete_event,
    hide_blocks,
    note_event,
    open_form,
    pause,
    set_goal,
    shown_form,
)
from tests.support.factories import confirmed, make_city_petition
from tests.support.kinds import SmallSite
from translations.submission import submit


def state(city: PetitionPage) -> object:
    keys: dict[str, list[Any]] = {
        "campaigns.petition": [str(city.petition_id)],
        "campaigns.tie": [str(city.tie.pk)],
        "campaigns.cityname": list(CityName.objects.values_list("pk", flat=True)),
    }
    return state_of(keys)


@pytest.mark.parametrize("prepare", CHANGES)
def test_what_is_asked_for_is_made_by_who_may_in_the_same_form(
    editor: Client, moderator: Client, full_city: PetitionPage, prepare: Prepare
) -> None:
    form = prepare(full_city)
    before = state(full_city)
    refused = editor.post(*form)
    assert SENTENCE in refused.text
    assert "Ask a moderator" in refused.text
    assert not ChangeRequest.objects.exists()
    assert "What you asked for" in ask(editor, form).text
    assert state(full_city) == before
    change = ChangeRequest.objects.get()
    assert "Waits for somebody who may make it" in editor.get("/admin/").text

    assert "Waiting for you: 1 change" in moderator.get("/admin/").text
    waiting = moderator.get("/admin/changes/").text
    assert f"/admin/changes/{change.pk}/" in waiting
    assert "Portland, Oregon – Khabarovsk" in waiting
    address, page = open_form(moderator, change)
    assert page.status_code == 200
    assert "editor asks for this change" in page.text
    assert "Please, before Monday" in page.text
    assert state(full_city) == before
    data: dict[str, Any] = shown_form(page.text)
    if address.startswith(BULK):
        data["stage"] = "apply"
    assert moderator.post(address, data).status_code == 302
    assert state(full_city) != before

    change.refresh_from_db()
    assert change.state == "done"
    assert str(change.decided_by) == "moderator"
    home = editor.get("/admin/").text
    assert "Done, " in home
    assert ": moderator" in home
    assert "Waiting for you" not in moderator.get("/admin/").text


def test_what_was_prepared_is_what_is_saved(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    for prepare in (set_goal, close_later, hide_blocks):
        ask(editor, prepare(full_city))
        change = ChangeRequest.objects.waiting().get()
        address, page = open_form(moderator, change)
        data: dict[str, Any] = shown_form(page.text)
        moderator.post(address, {**data, "stage": "apply"})
    petition = Petition.objects.get(pk=full_city.petition_id)
    assert petition.goal == 4321
    assert petition.format_local_time(petition.closes_at).endswith("PST")
    assert petition.local_time(petition.closes_at).isoformat()[:16] == "2999-01-01T10:00"
    assert petition.hidden_blocks == [next(iter(full_city.inheritable_blocks)).id]


def test_a_translators_change_of_a_shown_name_is_asked_for_in_its_form(
    moderator: Client, full_city: PetitionPage
) -> None:
    translator = client_of("tr", TRANSLATORS, "uk")
    english = full_city.tie.city.names.get(locale__language_code="en")
    ukrainian = full_city.tie.city.names.get(locale__language_code="uk")
    translation = submit(english, ukrainian.locale)
    address = f"/admin/translations/{translation.pk}/name/"
    data = dict.fromkeys(("name", "of_form", "in_form", "with_form", "region"), "Деінде")
    assert SENTENCE in translator.post(address, data).text
    ask(translator, (address, data))
    change = ChangeRequest.objects.get()
    address, page = open_form(moderator, change)
    moderator.post(address, shown_form(page.text))
    ukrainian.refresh_from_db()
    assert ukrainian.name == "Деінде"
    change.refresh_from_db()
    assert change.state == "done"


def test_what_a_form_does_not_show_is_told(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    tie = full_city.tie
    event = tie.events.get()
    address = f"{SNIPPETS}/tie/edit/{tie.pk}/"
    admin = client_of("boss", MODERATORS, "")
    data: dict[str, Any] = shown_form(admin.get(address).text)
    data = {name: values for name, values in data.items() if "__prefix__" not in name}
    ask(editor, (address, {**data, "events-0-DELETE": "1", "since": "1989"}), "A slip")
    _address, page = open_form(moderator, ChangeRequest.objects.get())
    assert f"It deletes: {event}." in page.text
    assert "It changes: Since the year." in page.text


def test_a_list_is_asked_for_as_it_was_looked_at(
    editor: Client, moderator: Client, site: SmallSite, full_city: PetitionPage
) -> None:
    """The list's filter may find others once it is opened, and what else was sent means nothing."""
    other = make_city_petition(site["campaign"], "Tacoma", "Washington")["en"]
    data = {"all": "on", "query": "q=Portland", "petition": str(other.petition_id)}
    refused = editor.post(BULK, {**data, "action": "pause", "stage": "apply"})
    sent: dict[str, Any] = shown_form(refused.text)
    editor.post(BULK, {**sent, **data, "action": "pause", "ask": "1"})
    change = ChangeRequest.objects.get()
    assert change.data["petition"] == [str(full_city.petition_id)]
    assert [each.pk for each in change.petitions.all()] == [full_city.petition_id]
    _address, page = open_form(moderator, change)
    assert "Tacoma" not in page.text


def test_what_cannot_be_saved_cannot_be_asked_for(editor: Client, full_city: PetitionPage) -> None:
    address, data = set_goal(full_city)
    ask(editor, (address, {**data, "goal": "many"}))
    address, data = note_event(full_city)
    ask(editor, (address, {**data, "kind": "hearing"}))
    address, data = close_later(full_city)
    ask(editor, (address, {**data, "moment": "2020-01-01T10:00"}))
    assert not ChangeRequest.objects.exists()


def test_who_may_publish_asks_nobody(full_city: PetitionPage) -> None:
    publisher = client_of("pub", publish=True)
    before = state(full_city)
    address, data = set_goal(full_city)
    publisher.post(address, {**data, "ask": "1"})
    assert state(full_city) != before
    assert not ChangeRequest.objects.exists()


def test_nobody_decides_but_those_who_may_publish_the_campaign(
    site: SmallSite, editor: Client, full_city: PetitionPage
) -> None:
    other = make_other_campaign(site)
    outsider = client_of("other", place=other["en"].slug, publish=True)
    own = client_of("own", publish=True)
    full_city = PetitionPage.objects.get(pk=full_city.pk)
    ask(editor, set_goal(full_city))
    change = ChangeRequest.objects.get()
    before = state(full_city)
    for client in (outsider, editor, client_of("tr", TRANSLATORS, "uk", publish=True)):
        assert "Waiting for you" not in client.get("/admin/").text
        assert client.get(f"/admin/changes/{change.pk}/").status_code == 302
        assert client.post(f"/admin/changes/{change.pk}/", {"reason": "No"}).status_code == 302
        page = client.get(f"{change.address}?change={change.pk}", follow=True)
        assert "4321" not in page.text
        client.post(f"{change.address}?change={change.pk}", set_goal(full_city)[1])
        change.refresh_from_db()
        assert change.state == "waiting"
        assert state(full_city) == before
    assert "Waiting for you: 1 change" in own.get("/admin/").text


def test_a_change_is_checked_anew_as_who_opens_it(
    site: SmallSite, editor: Client, full_city: PetitionPage
) -> None:
    """Whatever stands in the row, it does nothing that its reader may not do."""
    other = make_other_campaign(site)
    theirs = Petition.objects.get(pk=other["en"].petition_id)
    own = client_of("own", publish=True)
    full_city = PetitionPage.objects.get(pk=full_city.pk)
    ask(editor, pause(full_city))
    change = ChangeRequest.objects.get()
    change.data = {**change.data, "petition": [str(theirs.pk)], "stage": ["apply"]}
    change.save()
    address = f"{BULK}?change={change.pk}"
    page = own.get(address, follow=True)
    assert "Tick at least one petition" in page.text
    own.post(address, {"petition": str(theirs.pk), "action": "pause", "stage": "apply"})
    theirs.refresh_from_db()
    assert not theirs.is_paused
    change.refresh_from_db()
    assert change.state == "waiting"


def test_a_change_that_is_outdated_says_so(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    ask(editor, set_goal(full_city))
    ask(editor, delete_event(full_city))
    Petition.objects.filter(pk=full_city.petition_id).update(goal=7)
    PetitionEvent.objects.all().delete()
    goal, gone = ChangeRequest.objects.order_by("asked_at")
    page = moderator.get(f"/admin/changes/{goal.pk}/").text
    assert "It was changed by somebody after this was prepared" in page
    _address, form = open_form(moderator, goal)
    assert "It was changed by somebody after this was prepared" in form.text
    page = moderator.get(f"/admin/changes/{gone.pk}/").text
    assert "is not there anymore" in page
    assert "Open the change" not in page


def test_who_declines_says_why_and_who_asked_reads_it(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    ask(editor, set_goal(full_city))
    change = ChangeRequest.objects.get()
    address = f"/admin/changes/{change.pk}/"
    assert moderator.post(address, {"reason": " "}).status_code == 422
    moderator.post(address, {"reason": "Too high <b>for</b> Portland"})
    home = editor.get("/admin/").text
    assert "moderator. Why: Too high &lt;b&gt;for&lt;/b&gt; Portland" in home
    again = moderator.post(address, {"reason": "Once more"}, follow=True)
    assert "Somebody has decided this change already." in again.text
    change.refresh_from_db()
    assert change.reason == "Too high <b>for</b> Portland"
    late = moderator.get(f"{change.address}?change={change.pk}")
    assert "was decided meanwhile" in late.text
    assert "4321" not in late.text


def test_asked_twice_it_waits_once(editor: Client, full_city: PetitionPage) -> None:
    ask(editor, set_goal(full_city))
    ask(editor, set_goal(full_city))
    assert ChangeRequest.objects.count() == 1


def test_what_erases_signers_is_asked_about_as_ever(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    confirmed(full_city)
    address, data = note_event(full_city)
    ask(editor, (address, {**data, "kind": "closed"}))
    change = ChangeRequest.objects.get()
    address, page = open_form(moderator, change)
    asked = moderator.post(address, shown_form(page.text))
    assert asked.status_code == 409
    assert "would erase 1 signer sooner" in asked.text
    change.refresh_from_db()
    assert change.state == "waiting"
    assert not PetitionEvent.objects.exists()
    data = shown_form(asked.text)
    assert BeautifulSoup(asked.content, "html.parser").select_one(f"form[action='{address}']")
    assert moderator.post(address, {**data, "signers_erased": "1"}).status_code == 302
    change.refresh_from_db()
    assert change.state == "done"


def test_nothing_of_signers_is_kept_and_nothing_of_the_form_but_its_fields(
    editor: Client, full_city: PetitionPage
) -> None:
    address, data = set_goal(full_city)
    alien = {"csrfmiddlewaretoken": "secret", "email": "a@b.c", "signers_erased": "1"}
    editor.post(address, {**data, "goal": "4321", **alien, "ask": "1"})
    kept = ChangeRequest.objects.get().data
    assert kept["goal"] == ["4321"]
    assert not alien.keys() & kept.keys()


def test_every_record_that_shows_at_once_is_asked_for_on_its_own_pages() -> None:
    models = [model for model in get_snippet_models() if shows_at_once(model())]
    assert Tie in models
    for model in models:
        viewset = model.snippet_viewset
        assert issubclass(viewset.edit_view_class, AskingMixin)
        assert issubclass(viewset.delete_view_class, AskingMixin)
