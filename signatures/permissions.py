"""Who may see what people signed, moderate it, and decide when it is erased."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from signatures.models import Signature

# The rights beside Django's own, by what is done.
OWN_RIGHTS = {"moderate": "moderate_comments", "decide_erasure": "decide_erasure"}


class SignaturePolicy(ModelPermissionPolicy):
    def _get_permission_codename(self, action: str) -> str:
        return OWN_RIGHTS.get(action) or str(super()._get_permission_codename(action))

    def named(self, action: str) -> str:
        """The right as it is kept with what waits for somebody who has it."""
        return str(self._get_permission_name(action))

    def own_rights(self) -> QuerySet[Permission]:
        """For the form of a group."""
        return Permission.objects.filter(
            content_type=self._content_type, codename__in=OWN_RIGHTS.values()
        )


signature_policy = SignaturePolicy(Signature)


def register() -> None:
    register_permission_policy(Signature, signature_policy)
