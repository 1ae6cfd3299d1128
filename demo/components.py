"""Every component in every state, for those who design and check them. Demo settings only."""

from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from wagtail.blocks import BoundBlock

from campaigns.blocks.content import CampaignBlocks
from campaigns.blocks.form_questions import FormQuestions
from campaigns.models import CityName, Petition, Tie
from signatures.form.sign_form import SignForm
from signatures.shown.moving import Progress


def previews() -> list[tuple[str, BoundBlock]]:
    """Each block with the value that its preview shows."""
    return [
        (str(block.label), block.bind(block.normalize(block.get_preview_value())))
        for stream in (CampaignBlocks(), FormQuestions())
        for block in stream.child_blocks.values()
    ]


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
    context = {
        "blocks": previews(),
        "forms": forms(),
        "statuses": list(Tie.Status),
        "progress": [
            Progress(0, 200, of_people=False),
            Progress(1, 200, of_people=True),
            Progress(4698, 5000, of_people=True),
            Progress(900, 800, of_people=False),
        ],
    }
    return render(request, "dev/components.html", context)
