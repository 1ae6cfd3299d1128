from django.urls import path

from integrity.published.views import integrity_page

app_name = "integrity"
urlpatterns = [path("petitions/<uuid:petition_id>/integrity/", integrity_page, name="page")]
