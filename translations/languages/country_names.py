"""Countries as newspapers write them, where the list of the United Nations is official or odd."""

from django.utils.translation import gettext_lazy as _

COUNTRY_NAMES = {
    "BS": _("Bahamas"),
    "CC": _("Cocos Islands"),
    "CG": _("Republic of the Congo"),
    "CI": _("Ivory Coast"),
    "CV": _("Cape Verde"),
    "FK": _("Falkland Islands"),
    "MF": _("Saint Martin"),
    "NR": _("Nauru"),
    "PN": _("Pitcairn Islands"),
    "SX": _("Sint Maarten"),
    "TL": _("East Timor"),
    "TR": _("Turkey"),
    "UM": _("US Minor Outlying Islands"),
    "US": _("United States"),
    "VG": _("British Virgin Islands"),
    "VI": _("US Virgin Islands"),
}
