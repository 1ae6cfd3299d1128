from django.urls import path

from signatures.views import confirm, own, sign

app_name = "signatures"
urlpatterns = [
    path("petitions/<uuid:petition_id>/sign/", sign.sign, name="sign"),
    path("petitions/<uuid:petition_id>/check/<str:ticket>/", sign.check, name="check"),
    path("signatures/<str:token>/", own.own, name="own"),
    path("signatures/<str:token>/confirm/", confirm.confirm, name="confirm"),
    path("signatures/<str:token>/stop/", confirm.stop, name="stop"),
    path("signatures/<str:token>/download/", own.download, name="download"),
]
