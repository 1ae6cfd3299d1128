"""The site's addresses, and those of the demo."""

from django.urls import path

from cms import urls as site
from demo import components, mail

urlpatterns = [
    path("dev/mail/", mail.mails, name="mails"),
    path("dev/mail/<str:name>/", mail.mail, name="mail"),
    path("dev/mail/<str:name>/html/", mail.mail_html, name="mail_html"),
    path("dev/components/", components.components),
    *site.urlpatterns,
]

handler403 = site.handler403
handler404 = site.handler404
handler500 = site.handler500
