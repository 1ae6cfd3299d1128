"""A page as Wagtail's tutorial makes one, with what a city's page says."""

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page

from campaigns.blocks.content import CampaignBlocks


class PlainPage(Page):
    body = StreamField(CampaignBlocks())
    # All that stands around the blocks.
    before = models.TextField()
    after = models.TextField()
