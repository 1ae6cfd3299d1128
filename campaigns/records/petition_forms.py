"""The form of a petition, whose opening and closing are written in its own time zone."""

import zoneinfo
from typing import Any

from django.forms import Select
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from translations.dates import zones

TIMES = ("opens_at", "closes_at")


class PetitionForm(WagtailAdminModelForm):
    """Otherwise Wagtail shows and reads moments in the zone of whoever edits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            kept = self.instance.time_zone or timezone.get_current_timezone_name()
            self.initial["time_zone"] = kept
            self.fields["time_zone"].widget = Select(choices=zones.choices(kept))
        if self.instance.parent_id:
            # Its campaign's holds.
            self.fields.pop("check_days", None)
        for name in TIMES:
            if name in self.fields and (moment := getattr(self.instance, name)):
                self.initial[name] = self.instance.local_time(moment).replace(tzinfo=None)
        for form in self.formsets["events"].forms if "events" in self.formsets else ():
            # What an event may say depends on its petition's tie.
            form.instance.petition = self.instance

    def _clean_fields(self) -> None:
        with timezone.override(self.time_zone()):
            super()._clean_fields()
        for name in TIMES:
            if self.has_error(name, "ambiguous_timezone"):
                self._keep_if_unchanged(name)

    def _keep_if_unchanged(self, name: str) -> None:
        """A moment in the hour that clocks show twice may stand there already, from elsewhere."""
        [error] = self.errors.as_data()[name]
        stored = self.initial.get(name)
        if stored and error.params["datetime"] == stored.replace(second=0, microsecond=0):
            del self.errors[name]
            self.cleaned_data[name] = getattr(self.instance, name)

    def time_zone(self) -> zoneinfo.ZoneInfo:
        """The one that is chosen along with them; the petition's own where that is none."""
        chosen = self.data.get(self.add_prefix("time_zone"), "")
        own = self.instance.time_zone or timezone.get_current_timezone_name()
        return zoneinfo.ZoneInfo(chosen if chosen in zones.ZONE_NAMES else own)
