from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class PageCacheConfig(AppConfig):
    name = "pagecache"
    verbose_name = _("Page cache")

    def ready(self) -> None:
        from pagecache import changes

        if not settings.PAGECACHE["BYTES"]:
            return
        connection_created.connect(changes.notice_on, dispatch_uid="pagecache")
        # Its own table may not be there yet.
        pre_migrate.connect(changes.pause, dispatch_uid="pagecache")
        post_migrate.connect(changes.go_on, sender=self, dispatch_uid="pagecache")
