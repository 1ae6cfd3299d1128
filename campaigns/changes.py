"""Changes that wait for somebody who may make them: asked for, found, and decided."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import log

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import ChangeRequest, Petition
from campaigns.permissions import change_policy
from security.printable import printable

ASKED = "campaigns.ask_for_change"
DECLINED = "campaigns.decline_change"
WITHDRAWN = "campaigns.withdraw_change"
# The fields with which a form asks, beside its own; and, in an address, what its form is filled of.
ASK, NOTE, QUERY = "ask", "note_to_moderator", "change"


@dataclass(frozen=True)
class Refused:
    """A valid form that its sender may not save: what it touches, and what its button takes.

    Of what was sent, these fields are kept; one that ends with a dash stands for a set of forms.
    """

    petitions: QuerySet[Petition]
    records: Iterable[Model]
    permission: str
    fields: Iterable[str]
    # In place of what was sent.
    settled: Mapping[str, list[str]] = field(default_factory=dict)
    # Those of the fields that change something.
    changed: Iterable[str] = ()

    def kept(self, request: HttpRequest) -> dict[str, list[str]]:
        sets = tuple(name for name in self.fields if name.endswith("-"))
        names = set(self.fields)
        sent = {
            name: [printable(value) for value in values]
            for name, values in request.POST.lists()
            if name in names or name.startswith(sets)
        }
        return {**sent, **self.settled}


def changed_in(form: "BaseModelForm[Any]") -> list[str]:
    """The form's fields, and the sets of forms within it, that change something."""
    sets = getattr(form, "formsets", {}).items()
    return [*form.changed_data, *(name for name, each in sets if each.has_changed())]


def fields_of(form: "BaseModelForm[Any]") -> list[str]:
    sets = getattr(form, "formsets", {}).values()
    return [*form.fields, *(f"{each.prefix}-" for each in sets)]


def keep_askable(request: HttpRequest, refused: Refused) -> None:
    """Notes what may be asked for, should something else than publishing forbid it."""
    request.askable = refused  # type: ignore[attr-defined]


def askable(request: HttpRequest, permission: str) -> Refused | None:
    """What the request's form would ask of those who have that permission too."""
    refused: Refused | None = getattr(request, "askable", None)
    return refused and replace(refused, permission=f"{refused.permission} {permission}")


def ask_for(request: HttpRequest, refused: Refused) -> ChangeRequest:
    """Asked for twice, it waits once."""
    data = refused.kept(request)
    asked = {"asked_by": request.user, "address": request.path}
    for change in ChangeRequest.objects.waiting().filter(**asked):
        if change.data == data:
            found: ChangeRequest = change
            return found
    keys = keys_of(refused.records)
    change = ChangeRequest.objects.create(
        **asked,
        data=data,
        note=request.POST.get(NOTE, "").strip()[:500],
        changed=list(refused.changed),
        permission=refused.permission,
        records=keys,
        before=state_of(keys),
    )
    change.petitions.set(refused.petitions)
    log(instance=change, action=ASKED, user=request.user)
    return change


def keys_of(records: Iterable[Model]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for record in records:
        found.setdefault(record._meta.label_lower, []).append(str(record.pk))
    return found


def state_of(keys: dict[str, list[Any]]) -> str:
    """A checksum of records and what hangs on them; nothing, where one is gone."""
    told = []
    for label, pks in keys.items():
        model = apps.get_model(label)
        rows = list(model._default_manager.filter(pk__in=pks).order_by("pk").values())
        if len(rows) < len(set(pks)):
            return ""
        told.append(rows)
        for relation in get_all_child_relations(model):
            children = relation.related_model._default_manager
            found = children.filter(**{f"{relation.field.name}__in": pks})
            told.append(list(found.order_by("pk").values()))
    return sha256(json.dumps(told, cls=DjangoJSONEncoder).encode()).hexdigest()


def is_gone(change: ChangeRequest) -> bool:
    return bool(change.records) and not state_of(change.records)


def is_outdated(change: ChangeRequest) -> bool:
    """Whether somebody has changed the records since."""
    return state_of(change.records) != change.before


def waiting_for(user: User) -> list[ChangeRequest]:
    """The changes that a user may make: on all petitions that they touch, and in their form."""
    found = change_policy.instances_user_has_permission_for(user, "change")
    return list(found.select_related("asked_by").order_by("asked_at"))


def asked_by(user: User) -> QuerySet[ChangeRequest]:
    """What a user asked for: first what waits, then what was decided last."""
    asked = ChangeRequest.objects.filter(asked_by=user).select_related("decided_by")
    return asked.order_by(F("decided_at").desc(nulls_first=True), "-asked_at", "pk")


def opened_change(request: AuthenticatedHttpRequest) -> ChangeRequest | None:
    """The change that a form's address names: one of this form that its reader may make."""
    key = request.GET.get(QUERY)
    if not key:
        return None
    return next(
        (
            change
            for change in waiting_for(request.user)
            if str(change.pk) == key and change.address == request.path
        ),
        None,
    )


def form_data(change: ChangeRequest) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in change.data.items():
        data.setlist(name, values)
    return data


def settle(request: AuthenticatedHttpRequest) -> None:
    """Once the form was saved, by whoever may: its change waits no more."""
    if change := opened_change(request):
        _decide(change, request.user, ChangeRequest.State.DONE)


def decline(change: ChangeRequest, user: User, reason: str) -> bool:
    """False where somebody has decided it meanwhile."""
    if not _decide(change, user, ChangeRequest.State.DECLINED, reason):
        return False
    log(instance=change, action=DECLINED, user=user, data={"reason": reason})
    return True


def withdraw(change: ChangeRequest, user: User) -> bool:
    """Taken back by whoever asked. False where somebody has decided it meanwhile."""
    if not _decide(change, user, ChangeRequest.State.WITHDRAWN):
        return False
    log(instance=change, action=WITHDRAWN, user=user)
    return True


def _decide(change: ChangeRequest, user: User, state: str, reason: str = "") -> bool:
    rows = ChangeRequest.objects.waiting().filter(pk=change.pk)
    decided = {"state": state, "decided_by": user, "decided_at": timezone.now(), "reason": reason}
    return bool(rows.update(**decided))
