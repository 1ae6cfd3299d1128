"""Posts that publish much at once: a campaign, whose words show on all its cities, or many pages.

Whoever sends one is asked once more who it is.
"""

from typing import Any

from django.http import HttpRequest

from campaigns.models import CampaignPage

# Wagtail's buttons and steps by which a page goes live, and wagtail-localize's.
PUBLISHING = ("publish", "approve")
PAGES = ("wagtailadmin_pages", "wagtailadmin_api:pages")


def publishes_at_scale(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    return touches_much(request, kwargs) and publishes(request, kwargs)


def touches_much(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """By the address alone: of a post to any other, nothing is read here."""
    match = request.resolver_match
    if match is None:
        return False
    if match.url_name == "wagtail_bulk_action":
        return True
    if match.namespace not in PAGES:
        return False
    if match.url_name == "add":
        return str(kwargs["content_type_model_name"]).lower() == CampaignPage._meta.model_name
    named = [kwargs[name] for name in ("page_id", "pk") if name in kwargs]
    return CampaignPage.objects.filter(pk__in=named).exists()


def publishes(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    asked = {kwargs.get("action"), kwargs.get("action_name"), request.POST.get("action")}
    if "action-publish" in request.POST:
        asked.add("publish")
    if "action-workflow-action" in request.POST:
        asked.add(request.POST.get("workflow-action-name"))
    return not asked.isdisjoint(PUBLISHING)
