"""Cities and their names."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Locale, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField

from security import printable
from translations.fields import CollatedField, FoldedField
from translations.languages.countries import Countries


def place(name: str, region: str) -> str:
    """Moscow is a region of its own."""
    return name if name == region else f"{name}, {region}"


class City(models.Model):
    """A city on either side of a tie, the same in every language."""

    key = models.SlugField(
        _("key"), max_length=120, unique=True, help_text=_("For example portland-oregon.")
    )
    region = printable.CharField(_("state or region"), max_length=80)
    country = CountryField(_("country"), countries=Countries)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )

    panels = [
        FieldPanel("key"),
        FieldPanel("region"),
        FieldPanel("country"),
        MultiFieldPanel(
            [FieldPanel("latitude"), FieldPanel("longitude")],
            heading=_("Where it lies"),
            help_text=_("In degrees. Leads visitors of a city whose tie has ended to the nearest."),
        ),
    ]

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["key"]

    def __str__(self) -> str:
        """Its name in the reader's language. Lists prefetch `names__locale`."""
        named: CityName = self.name_in(get_language() or "")
        return f"{named}, {self.country}"

    @property
    def name_in_key(self) -> str:
        """The English name as well as the key tells it, which has lost dots and the like."""
        name = self.key.removesuffix(f"-{slugify(self.region)}")
        return " ".join(word.capitalize() for word in name.split("-"))

    def name_in(self, language: str) -> "CityName":
        """The city's name in a language, else in the source language, else made of its key.

        Reads `names` once, so that a list prefetches `names__locale`.
        """
        found = self.names.all() if self.pk else CityName.objects.none()
        if "names" not in getattr(self, "_prefetched_objects_cache", {}):
            found = found.select_related("locale")
        names = {name.locale.language_code: name for name in found}
        return (
            names.get(language)
            or names.get(settings.LANGUAGE_CODE)
            or CityName.english(self, self.name_in_key)
        )


class CityName(TranslatableMixin, models.Model):
    """A city's name in one language, with the forms that sentences need."""

    city = models.ForeignKey(
        City, on_delete=models.PROTECT, related_name="names", verbose_name=_("city")
    )
    name = printable.CharField(
        pgettext_lazy("of a city", "name"), max_length=80, help_text=_("Portland · Портленд")
    )
    of_form = printable.CharField(
        _("of the city"), max_length=90, help_text=_("of Portland · Портленда")
    )
    in_form = printable.CharField(
        _("in the city"), max_length=90, help_text=_("in Portland · у Портленді")
    )
    with_form = printable.CharField(
        _("with the city"), max_length=90, help_text=_("with Portland · з Портлендом")
    )
    region = printable.CharField(
        _("state or region"), max_length=80, help_text=_("Oregon · Орегон")
    )
    folded = FoldedField(sources=("name", "region"))
    collated = CollatedField(source="name")

    translatable_fields = [
        TranslatableField("name"),
        TranslatableField("of_form"),
        TranslatableField("in_form"),
        TranslatableField("with_form"),
        TranslatableField("region"),
        SynchronizedField("city", overridable=False),
    ]
    panels = [
        FieldPanel("city"),
        FieldPanel("name"),
        FieldPanel("region"),
        MultiFieldPanel(
            [FieldPanel("of_form"), FieldPanel("in_form"), FieldPanel("with_form")],
            heading=_("Forms in sentences"),
        ),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("city name")
        verbose_name_plural = _("city names")
        ordering = ["collated"]
        constraints = [
            models.UniqueConstraint(fields=["city", "locale"], name="one_name_per_language")
        ]

    def __str__(self) -> str:
        return place(self.name, self.region)

    @property
    def language(self) -> str:
        return self.locale.language_code

    @classmethod
    def english(cls, city: City, name: str) -> "CityName":
        """An unsaved English name: English makes the forms from the name."""
        return cls(
            city=city,
            locale=Locale.get_default(),
            name=name,
            of_form=f"of {name}",
            in_form=f"in {name}",
            with_form=f"with {name}",
            region=city.region,
        )
