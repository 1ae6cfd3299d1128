from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from jobs import permissions
        from jobs.references import catch_up_before_questions

        permissions.register()
        catch_up_before_questions()
