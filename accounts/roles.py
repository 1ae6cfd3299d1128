"""The roles of the staff: what each is called, and the group that a migration made for it.

A role's own group gives what is not tied to a place: records, comments, signatures. What is tied
to a place, the pages of a campaign or of a language, is given by a second group, made when
somebody is assigned to that place (`assign`).
"""

from dataclasses import dataclass

WRITE = ("add_page", "change_page")
PUBLISH = ("publish_page",)


@dataclass(frozen=True)
class Role:
    """`page_rights`: on the pages of the assigned places; a role without works everywhere."""

    name: str
    group: str
    page_rights: tuple[str, ...] = ()


EDITORS = Role("editor", "Editors", WRITE)
MODERATORS = Role("moderator", "Moderators")
TRANSLATORS = Role("translator", "Translators", ("change_page",))
OFFICERS = Role("officer", "Data officers")
ADMINISTRATORS = Role("administrator", "Administrators")
ROLES = (EDITORS, MODERATORS, TRANSLATORS, OFFICERS, ADMINISTRATORS)
# In settings, in place of the names of roles.
EVERYBODY = "all"
NOBODY = "none"
