"""The service that translates by machine, asked through wagtail-localize's own interface."""

import logging
from collections.abc import Sequence
from typing import Any

import requests
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.machine_translators import get_machine_translator
from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.machine_translators.deepl import DeepLTranslator
from wagtail_localize.models import Translation
from wagtail_localize.strings import StringValue

logger = logging.getLogger(__name__)

KEY_REFUSED = (401, 403)
# The second is DeepL's own, for a quota that is used up.
TOO_MUCH = (429, 456)


class ServiceError(Exception):
    """Why the service made no drafts, in a sentence for the translator."""


class DeepL(DeepLTranslator):
    """Notices when the service refuses; and its address may be another one, as of a proxy."""

    def get_api_endpoint(self) -> str:
        return self.options.get("URL") or super().get_api_endpoint()

    def translate(
        self, source_locale: Locale, target_locale: Locale, strings: Sequence[StringValue]
    ) -> dict[StringValue, StringValue]:
        response = requests.post(
            self.get_api_endpoint(),
            self.get_parameters(source_locale, target_locale, strings),
            timeout=self.options["TIMEOUT"],
            headers=self.get_headers(),
        )
        response.raise_for_status()
        translations = [each["text"] for each in response.json()["translations"]]
        return dict(zip(strings, map(StringValue, translations), strict=True))


def service_for(translation: Translation) -> BaseMachineTranslator | None:
    """The service, where there is one that knows both languages."""
    service = get_machine_translator()
    languages = (translation.source.locale, translation.target_locale)
    return service if service and service.can_translate(*languages) else None


def ask(
    service: BaseMachineTranslator, translation: Translation, texts: Sequence[StringValue]
) -> dict[Any, Any]:
    """Raises: ServiceError."""
    try:
        answer = service.translate(translation.source.locale, translation.target_locale, texts)
    except Exception as error:  # a service's class raises whatever its library does
        logger.warning("%s made no drafts: %s", service.display_name, type(error).__name__)
        raise ServiceError(_reason(error) % {"service": service.display_name}) from error
    return dict(answer)


def _reason(error: Exception) -> str:
    if isinstance(error, requests.Timeout):
        return _("%(service)s did not answer in time. Try again later.")
    if isinstance(error, requests.HTTPError) and error.response is not None:
        if error.response.status_code in KEY_REFUSED:
            return _("%(service)s refused the site’s key. Ask the site’s operator to look at it.")
        if error.response.status_code in TOO_MUCH:
            return _("%(service)s was asked too much lately. Try again later.")
        return _("%(service)s is out of order. Try again later.")
    if isinstance(error, requests.ConnectionError):
        return _("%(service)s cannot be reached. Try again later.")
    return _("%(service)s gave no answer that can be used. Ask the site’s operator to look at it.")
