"""Counts a version up wherever the addresses of pages may change, by whatever code.

Wagtail clears its own memory of them at the same moments, but in one process alone.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, Site, get_page_models
from wagtail.signals import post_page_move

from campaigns.blocks import pointed
from campaigns.models import City
from home import surroundings
from home.models import Contact
from library.models import Image, Rendition
from pagecache.versions import ADDRESSES, FORGET, PAGES, touch

# What blocks point at and processes keep.
POINTED = "pointed"
# Home pages hang just below the root.
HOME_DEPTH = 2


def record_changed(sender: type[Model], **kwargs: Any) -> None:
    touch(ADDRESSES)


def page_changed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if instance.depth == HOME_DEPTH:
        touch(ADDRESSES)


def pointed_changed(sender: type[Model], **kwargs: Any) -> None:
    touch(POINTED)


def connect() -> None:
    FORGET[ADDRESSES].append(surroundings.forget)
    FORGET[POINTED] = [pointed.forget]
    # Where the page cache is on, it notices what signals miss.
    FORGET[PAGES] += [surroundings.forget, pointed.forget]
    for signal in (post_save, post_delete):
        # One that listened to all models would have Django read whatever it deletes in bulk.
        for page in get_page_models():
            signal.connect(page_changed, sender=page, dispatch_uid=f"{page} {id(signal)}")
        for model in (Image, Rendition, City):
            signal.connect(pointed_changed, sender=model, dispatch_uid=f"{model} {id(signal)}")
        for model in (Site, Locale, Contact):
            signal.connect(record_changed, sender=model, dispatch_uid=f"{model} {id(signal)}")
    post_page_move.connect(record_changed, dispatch_uid="moved")
