"""What surrounds every page."""

from typing import Any

from django import template
from django.utils.translation import get_language

from campaigns.models import CampaignPage
from home.models import Contact, ContentPage, HomePage

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Any) -> dict[str, Any]:
    """The home page, menu pages and first campaign of the language, and who answers for the site."""
    home = HomePage.objects.live().filter(locale__language_code=get_language()).first()
    request = context.get("request")
    contact = Contact.for_request(request) if request else None
    if home is None:
        return {"home": None, "pages": [], "campaign": None, "contact": contact}
    return {
        "home": home,
        "pages": ContentPage.objects.child_of(home).live().in_menu(),
        "campaign": CampaignPage.objects.child_of(home).live().first(),
        "contact": contact,
    }
