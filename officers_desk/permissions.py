"""Who may export signers. What else is done at the desk is asked of signatures' own policy."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from officers_desk.models import Export
from security.models import AuditEntry

export_policy = ModelPermissionPolicy(Export)
log_policy = ModelPermissionPolicy(AuditEntry)


def register() -> None:
    register_permission_policy(Export, export_policy)
    register_permission_policy(AuditEntry, log_policy)
