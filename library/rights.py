"""The rights in a picture or document: who made it, and under which terms it is shown."""

from collections.abc import Iterator, Mapping

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext, to_locale
from django.utils.translation import gettext_lazy as _

FIELDS = ("credit", "credit_language", "license", "permission")
CREATIVE_COMMONS = "https://creativecommons.org/"


class License(models.TextChoices):
    OWN_WORK = "own-work", _("Own work")
    PERMISSION = "permission", _("By permission")
    PUBLIC_DOMAIN = "public-domain", _("Public domain")
    CC0 = "cc0-1.0", "CC0 1.0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_3 = "cc-by-3.0", "CC BY 3.0"
    CC_BY_SA_3 = "cc-by-sa-3.0", "CC BY-SA 3.0"
    CC_BY_2 = "cc-by-2.0", "CC BY 2.0"
    CC_BY_SA_2 = "cc-by-sa-2.0", "CC BY-SA 2.0"

    __empty__ = _("Not known yet")

    @property
    def is_attribution(self) -> bool:
        return self.value.startswith("cc-by-")

    @property
    def address(self) -> str:
        """Where its terms stand; empty where there are none to read."""
        if self == self.CC0:
            return f"{CREATIVE_COMMONS}publicdomain/zero/1.0/"
        if not self.is_attribution:
            return ""
        terms, _dash, version = self.value.removeprefix("cc-").rpartition("-")
        return f"{CREATIVE_COMMONS}licenses/{terms}/{version}/"

    @property
    def demands_credit(self) -> bool:
        return self.is_attribution or self == self.PERMISSION


def credit_languages() -> list[tuple[str, str]]:
    """The site's languages first, then all others by name."""
    own = [code for code, _name in settings.LANGUAGES]
    others = LANG_INFO.keys() - set(own)
    return [
        *((code, _language_name(code)) for code in own),
        *sorted(((code, _language_name(code)) for code in others), key=lambda each: each[1]),
    ]


def _language_name(code: str) -> str:
    """In the language that is active, of which Django knows fewer names than Babel."""
    try:
        name = Locale.parse(to_locale(code)).get_display_name(to_locale(get_language() or code))
    except (UnknownLocaleError, ValueError):
        name = None
    return capfirst(name or str(get_language_info(code)["name_translated"]))


class Rights(models.Model):
    credit = models.CharField(
        _("credit"),
        max_length=200,
        blank=True,
        help_text=_("Who made it, as they want to be named. Shown below a picture."),
    )
    credit_language = models.CharField(
        _("language of the credit"),
        max_length=12,
        blank=True,
        choices=credit_languages,
        help_text=_("So that it is read aloud properly on pages in other languages."),
    )
    license = models.CharField(
        _("license"),
        max_length=20,
        blank=True,
        choices=License,
        help_text=_("Under which terms it may be shown here."),
    )
    permission = models.TextField(
        _("record of the permission"),
        blank=True,
        help_text=_("Who allowed it, when, and by what, such as an email. Never public."),
    )

    class Meta:
        abstract = True

    @property
    def license_address(self) -> str:
        return License(self.license).address if self.license else ""

    @property
    def shown_license(self) -> str:
        """Its name as visitors read it; one's own work needs no license."""
        return "" if self.license in ("", License.OWN_WORK) else str(License(self.license).label)


def lacking(rights: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a license demands and nobody has written: each field, with a sentence."""
    chosen = License(rights["license"]) if rights["license"] else None
    if chosen and chosen.demands_credit and not rights["credit"]:
        yield "credit", gettext("Say who made it: this license demands that they are named.")
    if chosen == License.PERMISSION and not rights["permission"]:
        yield "permission", gettext("Write down who gave the permission, when, and by what.")
