"""The demo's logins, one for each role."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from accounts.passwords import DEMO_PASSWORD
from accounts.roles import ADMINISTRATORS, EDITORS, MODERATORS, OFFICERS, TRANSLATORS, Role
from security.models import DemoLogin
from staff.assigning import EVERYWHERE, assign


@dataclass(frozen=True)
class Login:
    name: str
    role: Role
    place: str = ""
    publishes: bool = False


LOGINS = (
    # A campaign is launched by its editor here, as in a small organisation.
    Login("editor", EDITORS, EVERYWHERE, publishes=True),
    Login("moderator", MODERATORS),
    Login("translator", TRANSLATORS, "uk"),
    Login("officer", OFFICERS),
    Login("admin", ADMINISTRATORS),
)


def build_logins() -> None:
    """Makes the logins that are missing."""
    users = get_user_model().objects
    for login in LOGINS:
        user = users.filter(username=login.name).first()
        if user is None:
            # Whoever changes their account's settings must have both names.
            user = users.create_user(
                login.name,
                f"{login.name}@example.org",
                DEMO_PASSWORD,
                first_name=login.name.capitalize(),
                last_name="Demo",
            )
            DemoLogin.objects.create(user=user)
            assign(user, login.role, login.place, publish=login.publishes)
