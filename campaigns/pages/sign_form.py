"""The form of a campaign, as its editors shape it. City pages inherit it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail_localize.fields import SynchronizedField

from campaigns import placeholders
from campaigns.blocks.form_questions import FormQuestions
from campaigns.records.form_shape import OPTIONAL_FIELDS, FormShape, questions
from translations.languages.countries import countries

HELP_LENGTH = 300


def country_codes(written: str) -> list[str]:
    """As an editor lists them, with commas or spaces between, each once."""
    return list(dict.fromkeys(written.replace(",", " ").upper().split()))


def validate_countries(written: str) -> None:
    for code in country_codes(written):
        if code not in dict(countries):
            raise ValidationError(
                _("“%(code)s” is not a country code. Write codes like US, UA or PL."),
                params={"code": code},
            )


class FormMixin(models.Model):
    first_countries = models.CharField(
        _("countries listed first"),
        max_length=60,
        blank=True,
        validators=[validate_countries],
        help_text=_(
            "Where most signers live, as two-letter codes in the order you want: US, UA, CA, PL. "
            "All other countries follow in alphabetical order."
        ),
    )
    asks_postcode = models.BooleanField(
        _("ask for the postal code"),
        default=False,
        help_text=_(
            "It is used for no statistics. Only data officers see its first three characters."
        ),
    )
    postcode_help = models.CharField(
        _("help text for the postal code"), max_length=HELP_LENGTH, blank=True
    )
    asks_lives_here = models.BooleanField(
        _("ask who lives in the city"),
        default=True,
        help_text=_("A checkbox on city pages, a list of its cities on the campaign’s page."),
    )
    lives_here_help = models.CharField(
        _("help text for “I live in this city”"), max_length=HELP_LENGTH, blank=True
    )
    asks_comment = models.BooleanField(_("ask for a comment"), default=True)
    comment_help = models.CharField(
        _("help text for the comment"), max_length=HELP_LENGTH, blank=True
    )
    asks_show_name = models.BooleanField(_("ask whether the name may be shown"), default=True)
    show_name_help = models.CharField(
        _("help text for showing the name"), max_length=HELP_LENGTH, blank=True
    )
    extra_questions = StreamField(
        FormQuestions(),
        verbose_name=_("questions of your own"),
        blank=True,
        help_text=_(
            "Ask only what the campaign needs. Required questions are part of the form; optional "
            "ones come after signing, on the signer’s own page. Answers are kept encrypted with "
            "the signature, shown to data officers alone and erased with it."
        ),
    )
    thank_you_text = models.TextField(
        _("thank-you text"),
        blank=True,
        validators=[placeholders.refuse_placeholders],
        help_text=_("Shown on a signer’s own page once the signature is confirmed."),
    )
    closing_text = models.TextField(
        _("closing text"),
        blank=True,
        validators=[placeholders.refuse_placeholders],
        help_text=_("Shown in place of the form once the petition is closed."),
    )
    city_thank_you = models.TextField(
        _("thank-you text"),
        blank=True,
        validators=[placeholders.validate_pattern],
        help_text=_("Left empty, cities show the campaign’s own."),
    )
    city_closing = models.TextField(
        _("closing text"),
        blank=True,
        validators=[placeholders.validate_pattern],
        help_text=_("Left empty, cities show the campaign’s own."),
    )

    form_panels = [
        MultiFieldPanel(
            [
                FieldPanel("first_countries"),
                *(
                    panel
                    for name in OPTIONAL_FIELDS
                    for panel in (FieldPanel(f"asks_{name}"), FieldPanel(f"{name}_help"))
                ),
            ],
            heading=_("Form: fields that may be left empty"),
            help_text=_(
                "The form always asks for a name, an email address, a country and consent and, if "
                "you wish, who lives in the city. The other fields come after signing, on the "
                "signer’s own page. Your choice holds for every language. If you write no help "
                "text, the usual one is shown."
            ),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("extra_questions")],
            heading=_("Form: questions of your own"),
            classname="collapsed",
        ),
        MultiFieldPanel(
            [FieldPanel("thank_you_text"), FieldPanel("closing_text")],
            heading=_("Form: after signing and after closing"),
            classname="collapsed",
        ),
    ]
    city_form_panels = [FieldPanel("city_thank_you"), FieldPanel("city_closing")]
    shared_form_fields = [
        SynchronizedField("first_countries", overridable=False),
        *(SynchronizedField(f"asks_{name}", overridable=False) for name in OPTIONAL_FIELDS),
    ]

    class Meta:
        abstract = True

    @property
    def form_shape(self) -> FormShape:
        return FormShape(
            left_out=frozenset(
                name for name in OPTIONAL_FIELDS if not getattr(self, f"asks_{name}")
            ),
            help_texts={name: getattr(self, f"{name}_help") for name in OPTIONAL_FIELDS},
            questions=tuple(
                question for question in questions(self.extra_questions) if question.is_answerable
            ),
            first_countries=tuple(country_codes(self.first_countries)),
        )
