"""Who signed: every model, for Django and for other rooms."""

from signatures.models.erasing import Erased, Erasure
from signatures.models.hash_keys import DestroyedKeyError, HashKey, site_key
from signatures.models.holding import Hold
from signatures.models.invalidations import ExpiredNumber, Invalidation
from signatures.models.mailboxes import Allowance, Suppression
from signatures.models.places import HourlyPlaces
from signatures.models.reports import Report
from signatures.models.signed import Signature, SignatureQuerySet
from signatures.models.submissions import CONFIRM_WITHIN, Submission, SubmissionQuerySet
from signatures.models.tallies import PlaceTally, Tally, TallyChange, fold_changes

__all__ = [
    "CONFIRM_WITHIN",
    "Allowance",
    "DestroyedKeyError",
    "Erased",
    "Erasure",
    "ExpiredNumber",
    "HashKey",
    "Hold",
    "HourlyPlaces",
    "Invalidation",
    "PlaceTally",
    "Report",
    "Signature",
    "SignatureQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Suppression",
    "Tally",
    "TallyChange",
    "fold_changes",
    "site_key",
]
