"""The glossary in the admin, and the texts that a person must look at."""

from typing import Any

from django.urls import path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from translation_desk.glossary.viewsets import GlossaryGroup
from translation_desk.views import machine_drafts

register_snippet(GlossaryGroup)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path(
            "localize/translate/<int:translation_id>/accept/",
            machine_drafts.accept_texts,
            name="accept_texts",
        ),
    ]
