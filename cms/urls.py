"""Every address of the site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.entering import PageLogInView, enter_page_password
from cards.views import card
from deliveries.views import keys
from home import views
from home.serving import serve
from home.sitemap import sitemap
from integrity.published.views import integrity_data
from library import pictures
from security import csp_reports
from signatures.views import bounces

urlpatterns = [
    path("", views.front),
    path("admin/", include("accounts.urls")),
    path("admin/", include("staff.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/", include("signatures.views.api")),
    path("api/petitions/<uuid:petition_id>/integrity/", integrity_data, name="petition_integrity"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("csp-report/", csp_reports.take_report),
    path("robots.txt", views.robots),
    path("site.webmanifest", views.manifest, name="manifest"),
    path(".well-known/security.txt", views.security),
    path(".well-known/deliveries.pem", keys.public_keys),
    path(".well-known/deliveries-<int:number>.pem", keys.public_key, name="deliveries_key"),
    path("cards/<str:language>/<uuid:petition>/<str:digest>.png", card),
    path("media/images/<str:name>", pictures.picture),
    path("media/avatar_images/<str:name>", pictures.picture, {"folder": pictures.PORTRAITS}),
]
urlpatterns += i18n_patterns(
    path("", include("signatures.urls")),
    path("", include("deliveries.urls")),
    path("", include("integrity.urls")),
    # In place of Wagtail's, which names the fields in English and knows no limits or second step.
    path("_util/login/", never_cache(PageLogInView.as_view()), name="wagtailcore_login"),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        enter_page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    re_path(wagtail_urls.serve_pattern, serve, name="wagtail_serve"),
    prefix_default_language=True,
)

if settings.BOUNCES:
    urlpatterns.insert(0, path("bounces/", bounces.hook))

handler403 = "cms.views.refused"
handler404 = "cms.views.not_found"
handler500 = "cms.views.server_error"
