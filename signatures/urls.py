from django.urls import path

from signatures.views import anew, confirm, my_signatures, own, reports, sign

app_name = "signatures"
urlpatterns = [
    path("petitions/<uuid:petition_id>/sign/", sign.sign_page, name="sign"),
    path("petitions/<uuid:petition_id>/check/<str:ticket>/", sign.check_mailbox, name="check"),
    path(
        "petitions/<uuid:petition_id>/report/<str:part>/<str:checksum>/",
        reports.report_page,
        name="report",
    ),
    path("my-signatures/", my_signatures.my_signatures, name="my_signatures"),
    path("signatures/<str:token>/", own.own, name="own"),
    path("signatures/<str:token>/confirm/", confirm.confirm_view, name="confirm"),
    path("signatures/<str:token>/anew/", anew.anew, name="anew"),
    path("signatures/<str:token>/stop/", confirm.stop_mails, name="stop"),
    path("signatures/<str:token>/download/", own.download, name="download"),
]
