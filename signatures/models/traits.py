"""By what a wave of signatures from one source is known: kept with what somebody sent, for days."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

# A little less than the seven days that are promised, since the worker comes now and then.
TRAITS_KEPT = timedelta(days=6, hours=23)


class Traits(models.Model):
    """Of whoever sent a form, nothing that names a person or a place on the network.

    Columns of a submission, gone with it or before. `signatures.signing.traits` makes them.
    """

    # Hashes with a key of the day: the same on that day alone, and nobody's once it is deleted.
    network = models.CharField(max_length=64, blank=True)
    domain_key = models.CharField(max_length=64, blank=True)
    # The domain itself, of a large provider or of throwaway mailboxes.
    domain = models.CharField(max_length=253, blank=True)
    # A hash with the campaign's key of the mailbox that another spelling of it reaches.
    reader_key = models.CharField(max_length=64, blank=True)
    is_tagged = models.BooleanField(default=False)
    is_dotted = models.BooleanField(default=False)
    is_disposable = models.BooleanField(default=False)

    class Meta:
        abstract = True


NO_TRAITS = {each.attname: each.get_default() for each in Traits._meta.local_fields}
# Of those that have some.
HAS_TRAITS = ~Q(domain_key="")
