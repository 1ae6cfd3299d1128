"""Rights are decided by one policy for each model, and everything that shows it asks that one."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.permissions import policy_registry
from wagtail.snippets.models import get_snippet_models

from accounts.roles import EDITORS
from campaigns.models import ChangeRequest, PetitionEvent
from jobs.models import Job
from launches.models import Launch
from officers_desk.models import Export
from security.models import AuditEntry
from signatures.models import Signature
from staff.assigning import assign
from tests.accounts.roles import make_other_campaign
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.source import ROOMS, ROOT, calls, modules

# What tells a right by itself; a policy asks these.
DECIDING = ("has_perm", "has_perms", "permission_required", "PagePermissionPolicy")
DECIDING_TOO = ("ModelPermissionPolicy", "user_passes_test", "has_module_perms")
SNIPPETS = [model for model in get_snippet_models() if model._meta.app_label in ROOMS]
MODELS = [*SNIPPETS, AuditEntry, ChangeRequest, Export, Job, Launch, Signature]


def name(model: type[Model]) -> str:
    return str(model._meta.label)


def policies() -> set[int]:
    """Each that was registered, none of those that Wagtail makes where there is none."""
    known = [
        *policy_registry.values_by_class.values(),
        *policy_registry.values_by_exact_class.values(),
    ]
    return {id(policy) for policy in known}


@pytest.mark.parametrize("model", MODELS, ids=name)
def test_a_model_has_one_policy_of_its_own(model: type[Model]) -> None:
    policy = policy_registry.get_by_type(model, fallback=False)
    assert id(policy) in policies()
    assert policy.model is model


@pytest.mark.parametrize("model", SNIPPETS, ids=name)
def test_the_pages_of_a_record_ask_its_policy(model: type[Model]) -> None:
    viewset = model.snippet_viewset  # type: ignore[attr-defined]
    assert viewset.permission_policy is policy_registry.get_by_type(model, fallback=False)


def records(site: SmallSite) -> Iterator[Any]:
    """One of each kind that belongs to Portland's petition."""
    city = site["portland"]["en"]
    petition, tie = city.petition, city.petition.tie
    assert tie
    assert petition.parent
    yield from (petition, tie, tie.events.get())
    yield PetitionEvent.objects.create(petition=petition, kind="launched", date="2026-01-01")
    yield Launch.objects.create(campaign=petition.parent)


def test_of_a_record_and_of_all_the_same_is_said(site: SmallSite) -> None:
    other = make_other_campaign(site)
    outsider, own = make_user("outsider"), make_user("own")
    assign(outsider, EDITORS, other["en"].slug)
    assign(own, EDITORS, site["campaign"]["en"].slug)
    for record in records(site):
        policy = policy_registry.get(record)
        for user, expected in ((outsider, False), (own, True)):
            assert policy.user_has_permission(user, "change")
            all_of_them = policy.instances_user_has_permission_for(user, "change")
            assert all_of_them.filter(pk=record.pk).exists() is expected, record
            asked = policy.user_has_permission_for_instance(user, "change", record)
            assert asked is expected, record


def views(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Any]:
    """The class-based views of the rooms."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if view and view.__module__.split(".")[0] in ROOMS:
                yield view
        else:
            yield from views(pattern.url_patterns)


def test_every_view_asks_a_registered_policy() -> None:
    asked = {
        view: view.__dict__["permission_policy"]
        for each in views(get_resolver().url_patterns)
        for view in each.__mro__
        if view.__module__.split(".")[0] in ROOMS and "permission_policy" in view.__dict__
    }
    assert [view for view, policy in asked.items() if id(policy) not in policies()] == []
    assert asked


def test_nothing_but_a_policy_decides_about_rights() -> None:
    found = {
        path: lines
        for path, tree in modules()
        if not re.fullmatch(r"\w+/(permissions|migrations/.*)\.py", path)
        for lines in [[n for each in (*DECIDING, *DECIDING_TOO) for n in calls(tree, each)]]
        if lines
    }
    assert not found, "ask the model's policy"


def test_no_template_names_a_right() -> None:
    found = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\bperms\.|has_perm", path.read_text())
    ]
    assert found == []
