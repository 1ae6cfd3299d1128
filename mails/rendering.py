"""One way to make an email: a subject, a text and the same as HTML, from `templates/emails/`."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language


def render(
    name: str,
    context: dict[str, Any],
    *,
    to: str,
    key: object,
    subject: str = "",
    sender: str | None = None,
) -> EmailMultiAlternatives:
    """The email in the language that is active.

    `key` makes its Message-ID, so that it is the same at every try; `subject` names the template
    of the subject, where one email has several; `sender` is the site's own unless it is given.
    """
    site = urlsplit(settings.BASE_URL)
    context = {**context, "site": site.netloc, "language": get_language()}
    title = render_to_string(f"emails/{subject or name}_subject.txt", context)
    text = render_to_string(f"emails/{name}.txt", context)
    headers = {"Message-ID": f"<{key}@{site.hostname}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        " ".join(title.split()), text, from_email=sender, to=[to], headers=headers
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
    return message
