"""Wagtail's list of users, where people are invited, given roles, and let go."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.users.views import users

from accounts.confirming import ask_who_it_is, asks_once_valid
from accounts.models import User
from staff import views
from staff.forms import InvitationForm, PersonForm
from staff.invitations import is_invited
from staff.states import state_in_words

# After Wagtail's own "Edit".
ROLES_PRIORITY, INVITE_PRIORITY, LET_GO_PRIORITY = 15, 16, 17


def ways_to(user: User) -> list[Button]:
    """What can be done about somebody."""
    ways = [(_("Roles"), "roles", "group", ROLES_PRIORITY)]
    if not user.is_active:
        ways.append((_("Invite again"), "invite_again", "mail", INVITE_PRIORITY))
    elif is_invited(user):
        ways.append((_("Send the invitation again"), "invite_again", "mail", INVITE_PRIORITY))
    if user.is_active:
        ways.append((_("End access"), "let_go", "cross", LET_GO_PRIORITY))
    return [
        Button(
            words,
            url=reverse(f"wagtailusers_users:{name}", args=[user.pk]),
            icon_name=icon,
            priority=priority,
        )
        for words, name, icon, priority in ways
    ]


class PeopleView(users.IndexView):
    add_item_label = gettext_lazy("Invite somebody")

    @cached_property
    def columns(self) -> list[Column]:
        # Whoever is not active was let go.
        columns = [each for each in super().columns if each.name != "is_active"]
        return [*columns, Column("state", label=_("State"), accessor=state_in_words)]

    def get_list_more_buttons(self, instance: User) -> list[MenuItem | Button]:
        return [*super().get_list_more_buttons(instance), *ways_to(instance)]


@method_decorator(asks_once_valid, name="dispatch")
class PersonView(users.EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Whoever could change a superuser's mailbox could become that superuser.
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def form_valid(self, form: PersonForm) -> HttpResponse:
        return ask_who_it_is(self.request) or super().form_valid(form)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, *ways_to(self.object)]


class UserViewSet(users.UserViewSet):
    index_view_class = PeopleView
    add_view_class = views.InviteView
    edit_view_class = PersonView
    copy_view_enabled = False
    create_template_name = "staff/admin/invite.html"

    def get_form_class(self, for_update: bool = False) -> type[Any]:
        return PersonForm if for_update else InvitationForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("roles/<int:pk>/", views.roles, name="roles"),
            path("invite-again/<int:pk>/", views.invite_again, name="invite_again"),
            path("let-go/<int:pk>/", views.let_somebody_go, name="let_go"),
        ]
