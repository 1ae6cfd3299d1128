"""What is asked for is told in a sentence, found in the menu, and may be taken back."""

import uuid
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import override

from campaigns.models import ChangeRequest, PetitionEvent, PetitionPage
from campaigns.views.asked_for import sentence
from tests.campaigns.asking import (
    CHANGES,
    Form,
    Prepare,
    ask,
    client_of,
    close_later,
    delete_event,
    hide_blocks,
    note_event,
    open_form,
    pause,
    rename_city,
    say_still_so,
    set_goal,
    shown_form,
)
from tests.support.factories import confirmed

PAIR = {"en": "Portland, Oregon – Khabarovsk", "uk": "Портленд, Орегон – Хабаровськ"}
TOLD: dict[Any, tuple[str, str]] = {
    pause: ("Pause: “{}”", "Призупинити: «{}»"),
    close_later: ("Close: “{}”", "Закрити: «{}»"),
    set_goal: ("Change the petition “{}”: goal", "Змінити петицію «{}»: мета"),
    note_event: (
        "Add an event to the petition “{}”: delivered (Jan. 1, 2026)",
        "Додати подію до петиції «{}»: передано (1\u00a0січня 2026\xa0р.)",
    ),
    delete_event: (
        "Delete an event of the petition “{}”: launched (Jan. 1, 2026)",
        "Видалити подію петиції «{}»: запущено (1\u00a0січня 2026\xa0р.)",
    ),
    hide_blocks: (
        "Choose what the page “{}” shows of its campaign",
        "Вибрати, що сторінка «{}» показує зі своєї кампанії",
    ),
    rename_city: (
        "Change the name of the city “Portland, Oregon (English)”: "
        "name, state or region, of the city, in the city, with the city",
        "Змінити назву міста «Портленд, Орегон (Англійська)»: "
        "назва, штат або область, чого? – Портленда, у чому? – у Портленді, "
        "з чим? – з Портлендом",
    ),
    say_still_so: (
        "Note that nothing has changed about the tie “{}, Khabarovsk Krai”",
        "Записати, що в побратимстві «{}, Хабаровський край» нічого не змінилося",
    ),
}


@pytest.mark.parametrize("prepare", CHANGES)
def test_a_change_is_told_in_a_sentence_with_names_in_the_readers_language(
    editor: Client, moderator: Client, full_city: PetitionPage, prepare: Prepare
) -> None:
    ask(editor, prepare(full_city))
    change = ChangeRequest.objects.get()
    for language, told in zip(("en", "uk"), TOLD[prepare], strict=True):
        with override(language):
            assert sentence(change) == told.format(PAIR[language])
    for client in (editor, moderator):
        words = " ".join(client.get("/admin/changes/").text.split())
        assert TOLD[prepare][0].format(PAIR["en"]) in words


def test_a_change_of_what_is_gone_still_names_its_petition(
    editor: Client, full_city: PetitionPage
) -> None:
    ask(editor, delete_event(full_city))
    PetitionEvent.objects.all().delete()
    told = sentence(ChangeRequest.objects.get())
    assert told == f"Delete an event of the petition “{PAIR['en']}”: –"


def menu(client: Client) -> str:
    """The labels of the menu, as the page hands them to its script."""
    return str(
        BeautifulSoup(client.get("/admin/").text, "html.parser").select_one(
            "#wagtail-sidebar-props"
        )
    )


def test_the_menu_says_how_many_wait_to_those_who_decide_or_have_asked(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    assert "Requests" not in menu(editor)
    assert '"Requests"' in menu(moderator)
    ask(editor, set_goal(full_city))
    ask(editor, pause(full_city))
    assert '"Requests"' in menu(editor)
    assert '"Requests (2)"' in menu(moderator)


def test_who_asked_takes_it_back_and_nobody_is_asked_anymore(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    ask(editor, set_goal(full_city))
    change = ChangeRequest.objects.get()
    address = f"/admin/changes/{change.pk}/take-back/"
    assert address in editor.get("/admin/changes/").text
    for other in (moderator, client_of("other")):
        other.post(address)
        change.refresh_from_db()
        assert change.state == "waiting"
    assert editor.get(address).status_code == 405
    assert "Taken back: nobody is asked anymore." in editor.post(address, follow=True).text
    change.refresh_from_db()
    assert change.state == "withdrawn"
    shown = editor.get("/admin/changes/").text
    assert "Taken back, " in shown
    assert address not in shown
    assert "Nothing waits for you." in moderator.get("/admin/changes/").text
    late = moderator.get(f"{change.address}?change={change.pk}")
    assert "4321" not in late.text
    assert "has decided this change already" in editor.post(address, follow=True).text


def test_what_waits_can_be_taken_back_however_much_was_asked_for(
    editor: Client, moderator: Client, full_city: PetitionPage
) -> None:
    ask(editor, pause(full_city))
    first = ChangeRequest.objects.get()
    for _each in range(24):
        # Asked for as the first was, and later.
        later = ChangeRequest.objects.get(pk=first.pk)
        later.pk, later._state.adding = uuid.uuid4(), True
        later.save()
        later.petitions.set(first.petitions.all())
    assert f"/admin/changes/{first.pk}/take-back/" in editor.get("/admin/changes/").text


def close_by_event(city: PetitionPage) -> Form:
    address, data = note_event(city)
    return address, {**data, "kind": "closed"}


def close_now(city: PetitionPage) -> Form:
    return "/admin/petitions/bulk/", {
        "petition": str(city.petition_id),
        "action": "close",
        "stage": "apply",
    }


@pytest.mark.parametrize("prepare", [close_by_event, close_now])
def test_who_may_not_decide_when_signers_are_erased_asks_who_may(
    moderator: Client, full_city: PetitionPage, prepare: Prepare
) -> None:
    confirmed(full_city)
    publisher = client_of("pub", publish=True)
    other = client_of("pub2", publish=True)
    address, data = prepare(full_city)
    refused = publisher.post(address, data)
    assert refused.status_code == 409
    sent = {
        key: value
        for key, value in shown_form(refused.text).items()
        if key != "csrfmiddlewaretoken"
    }
    answer = publisher.post(address, {**sent, "ask": "1", "note_to_moderator": "x"}, follow=True)
    assert "Nothing has changed yet" in answer.text
    assert PAIR["en"] in answer.text
    assert not PetitionEvent.objects.filter(kind="closed").exists()
    change = ChangeRequest.objects.get()
    assert "Nothing waits for you." in other.get("/admin/changes/").text

    address, page = open_form(moderator, change)
    filled: dict[str, Any] = {**shown_form(page.text), "stage": "apply"}
    asked = moderator.post(address, filled)
    assert asked.status_code == 409
    sent = {**shown_form(asked.text), "signers_erased": ["1"]}
    assert moderator.post(address, sent).status_code == 302
    change.refresh_from_db()
    assert change.state == "done"
