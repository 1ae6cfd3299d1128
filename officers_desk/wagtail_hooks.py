"""The officers' desk in the admin."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from officers_desk.views import desk, exports, signer


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("signers/", desk.desk, name="signers"),
        path("signers/holds/", desk.hold_list, name="hold_list"),
        path("signers/log/", desk.log_of_acts, name="log_of_acts"),
        path("signers/exports/", exports.export_list, name="signers_exports"),
        path("signers/exports/<uuid:export_id>/", exports.export_detail, name="signers_export"),
        path("signers/exports/<uuid:export_id>/take/", exports.take_export, name="take_export"),
        path("signers/<uuid:signature_id>/", signer.see, name="signer"),
        path("signers/<uuid:signature_id>/correct/", signer.correct, name="correct_signer"),
        path("signers/<uuid:signature_id>/renew-links/", signer.renew_links, name="renew_links"),
        path("signers/<uuid:signature_id>/erase/", signer.erase, name="erase_signer"),
        path("signers/<uuid:signature_id>/hold/", signer.hold, name="hold_signer"),
        path("signers/<uuid:signature_id>/lift/", signer.lift, name="lift_hold"),
        path("signers/<uuid:signature_id>/resend/", signer.resend, name="resend_to_signer"),
        path("signers/<uuid:signature_id>/download/", signer.download, name="download_signer"),
    ]


@hooks.register("register_admin_menu_item")
def signers_menu_item() -> MenuItem:
    return desk.SignersMenuItem(_("Signers"), reverse("signers"), icon_name="group", order=165)
