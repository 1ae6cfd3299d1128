"""Who may look at signatures in bulk, and hold, release or invalidate them."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from integrity.models import Sweep, Wave

sweep_policy = ModelPermissionPolicy(Sweep)
wave_policy = ModelPermissionPolicy(Wave)


def register() -> None:
    register_permission_policy(Sweep, sweep_policy)
    register_permission_policy(Wave, wave_policy)
