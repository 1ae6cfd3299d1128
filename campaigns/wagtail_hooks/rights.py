"""Records that belong to somebody else's campaign or language are not edited."""

from wagtail import hooks

from campaigns.viewsets.rights import refuse_to_delete, refuse_to_edit

# Before wagtail-localize's, which shows its own editor in place of the usual one.
hooks.register("before_edit_snippet", refuse_to_edit, order=-20)
hooks.register("before_delete_snippet", refuse_to_delete, order=-20)
