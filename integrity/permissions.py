"""Who may look at signatures in bulk, and hold, release or invalidate them."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from integrity.models import Sweep

sweep_policy = ModelPermissionPolicy(Sweep)


def register() -> None:
    register_permission_policy(Sweep, sweep_policy)
