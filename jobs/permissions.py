"""Who may see the jobs that have trouble, and decide about them."""

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from jobs.models import Job

job_policy = ModelPermissionPolicy(Job)


def register() -> None:
    register_permission_policy(Job, job_policy)
