"""The integrity desk in the admin."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from integrity.views import desk, pause, sweeps, waves


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("integrity/", desk.desk, name="integrity"),
        path("integrity/sweep/", desk.sweep, name="sweep"),
        path("integrity/pause/", pause.site_pause, name="site_pause"),
        path("integrity/waves/<int:wave_id>/", waves.clear_wave, name="clear_wave"),
        path("integrity/<uuid:sweep_id>/", sweeps.sweep_detail, name="sweep_detail"),
    ]


@hooks.register("register_admin_menu_item")
def integrity_menu_item() -> MenuItem:
    return desk.IntegrityMenuItem(_("Integrity"), reverse("integrity"), icon_name="view", order=162)
