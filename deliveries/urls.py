from django.urls import path

from deliveries.views import answer, recipient

app_name = "deliveries"
urlpatterns = [
    path("deliveries/<str:code>/", recipient.delivery_page, name="delivery"),
    path("deliveries/<str:code>/check/", recipient.check_file, name="check"),
    path("deliveries/<str:code>/link/", recipient.mail_link_again, name="link"),
    path("deliveries/<str:code>/scan/<uuid:answer_id>/", recipient.scan, name="scan"),
    path("deliveries/answer/<str:token>/", answer.answer, name="answer"),
]
