"""What a typed code leads to."""

from django.utils.translation import gettext as _

from signatures.models import Allowance, Submission
from signatures.signing import allowances
from signatures.signing.confirming import standing
from signatures.signing.tokens import Ticket


class WrongCodeError(Exception):
    """The code leads nowhere, for a reason that is told to whoever typed it."""


def submission_by_code(ticket: Ticket, code: str) -> Submission:
    """The submission that waits for its confirmation by this code. Every wrong try counts.

    A right one does not: from tries that are gone, a stranger would learn that somebody signed.

    Raises: WrongCodeError.
    """
    if not allowances.take_allowance(ticket.mailbox, Allowance.Kind.TRY):
        reason = _(
            "Codes for this email address were tried %(tries)s times within a day, and no more "
            "are taken until tomorrow. The link in the email still works."
        )
        raise WrongCodeError(reason % {"tries": allowances.A_DAY})
    submission = ticket.submission_with(code)
    # A signature that counts is opened by the mailed link alone.
    if not submission or standing(submission).is_counted:
        raise WrongCodeError(_("This is not the code that we emailed. Please look again."))
    allowances.give_back(ticket.mailbox, Allowance.Kind.TRY)
    return submission
