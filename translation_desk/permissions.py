"""Who may do what to the glossary: its terms are shared, their translations are a language's."""

from wagtail.permissions import register_permission_policy

from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translations.permissions import OneLanguagePolicy, RecordPolicy

term_policy = RecordPolicy(GlossaryTerm)
term_translation_policy = OneLanguagePolicy(GlossaryTranslation)


def register() -> None:
    register_permission_policy(GlossaryTerm, term_policy)
    register_permission_policy(GlossaryTranslation, term_translation_policy)
