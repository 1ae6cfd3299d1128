"""The form of a petition, whose opening and closing are written in its own time zone."""

import zoneinfo
from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from translations.dates import zones

TIMES = ("opens_at", "closes_at")


class PetitionForm(WagtailAdminModelForm):
    """Otherwise Wagtail shows and reads moments in the zone of whoever edits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TIMES:
            if name in self.fields and (moment := getattr(self.instance, name)):
                self.initial[name] = self.instance.local_time(moment).replace(tzinfo=None)
        for form in self.formsets["events"].forms if "events" in self.formsets else ():
            # What an event may say depends on its petition's tie.
            form.instance.petition = self.instance

    def _clean_fields(self) -> None:
        with timezone.override(self.time_zone()):
            super()._clean_fields()

    def time_zone(self) -> zoneinfo.ZoneInfo:
        """The one that is chosen along with them; the petition's own where that is none."""
        chosen = self.data.get(self.add_prefix("time_zone"), "")
        return zoneinfo.ZoneInfo(chosen if chosen in zones.ZONE_NAMES else self.instance.time_zone)
