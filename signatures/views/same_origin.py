"""Whether a form was sent from our own pages, told without any cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def is_own(request: HttpRequest) -> bool:
    """`Sec-Fetch-Site` decides; where a browser sends none, `Origin`; with neither, no."""
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    return request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{request.get_host()}"


def own_posts_only(view: View) -> View:
    """Refuses a post from a foreign page. Stands in for the CSRF cookie, which pages don't set."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_own(request):
            return render(request, "signatures/foreign.html", status=403)
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
