from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's, whose list of users invites people instead of choosing passwords for them."""

    user_viewset = "staff.viewsets.UserViewSet"
