"""Asking once more, with what would be lost, before something is done that cannot be undone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def has_seen(request: HttpRequest, seen: object) -> bool:
    """Whether the answer is to the question as it would be put now."""
    return request.POST.get("seen") == str(seen)


def ask_again(request: HttpRequest, seen: object, **context: Any) -> HttpResponse:
    """`context`: page_title, page_subtitle, lines, button, and `back`, an address.

    The button is red, unless what it does `is_harmless`.
    """
    return render(request, "campaigns/admin/ask.html", {"seen": seen, **context})
