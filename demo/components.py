"""Every component in every state, for those who design and check them. Demo settings only.

In `?language=ar` the page runs from right to left; its words are English there.
"""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language

from campaigns.models import CityName, Petition, Tie
from demo import specimens
from signatures.form.sign_form import SignForm


def forms() -> list[tuple[str, dict[str, Any]]]:
    asked: dict[str, Any] = {"lives_here": "I live in Portland", "consent": ("I agree.", "To all.")}
    empty, wrong = SignForm(**asked), SignForm({"name": "<b>", "email": "x"}, **asked)
    petition = Petition(time_zone="UTC")
    names = {"city_name": CityName(name="Portland"), "sister_city_name": CityName(name="Tula")}
    page = SimpleNamespace(petition=petition, **names)
    shared = {"petition": petition, "page": page, "opens_at": timezone.localtime()}
    return [
        (str(state.label), {**shared, "state": state, "form": form})
        for state in Petition.State
        for form in ([empty, wrong] if state == Petition.State.OPEN else [empty])
    ]


def components(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("language", "")
    language = asked if asked in specimens.LANGUAGES else get_language()
    with translation.override(language):
        context = {
            "languages": specimens.LANGUAGES,
            "components": specimens.components(request),
            "lacking": specimens.lacking(),
            "blocks": specimens.block_specimens(),
            "people": specimens.people(),
            "forms": forms(),
            "opens": specimens.OPENS,
            "statuses": list(Tie.Status),
        }
        return render(request, "dev/components.html", context)
