"""Whether a petition can be signed."""

from campaigns.models import Petition
from signatures.models import HashKey


def state_for_signing(petition: Petition) -> Petition.State:
    """Its state; closed for good, too, once its campaign's key is destroyed.

    With another key whoever signed before would be counted twice.
    """
    state = petition.state()
    is_open = state == Petition.State.OPEN
    if is_open and HashKey.objects.destroyed().filter(campaign=petition.campaign).exists():
        return Petition.State.CLOSED
    return state
