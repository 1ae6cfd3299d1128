"""The portrait of somebody who works here tells no more than any picture."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.users.models import UserProfile

from tests.library.conftest import contents
from tests.library.dirty_pictures import SECRET, dirty, drawing, encoded, name, reveals
from tests.support.forms import form_fields
from tests.support.kinds import Response

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_storages")]


def send(client: Client, filename: str, content: bytes) -> Response:
    fields = form_fields(client.get("/admin/account/").text)
    names = {"name_email-first_name": "Olena", "name_email-last_name": "Teacher"}
    portrait = SimpleUploadedFile(filename, content, "image/jpeg")
    return client.post("/admin/account/", {**fields, **names, "avatar-avatar": portrait})


def test_a_portrait_is_cleaned_and_its_name_tells_nothing(client: Client) -> None:
    send(client, name("JPEG"), dirty("JPEG", "position"))
    [(stored, content)] = contents(default_storage).items()
    assert stored == UserProfile.objects.get().avatar.name
    assert re.fullmatch(r"avatar_images/avatar_[0-9a-f_-]{32,}\.jpg", stored)
    assert not reveals(content)
    assert Client().get(UserProfile.objects.get().avatar.url).status_code == 200
    assert SECRET not in stored


# Refused by Django's own field; by the cleaning alone.
@pytest.mark.parametrize(
    "content", [encoded(drawing(), "JPEG")[:-300], encoded(drawing(), "BMP")], ids=["cut", "bmp"]
)
def test_a_portrait_that_cannot_be_read_is_refused_in_words(client: Client, content: bytes) -> None:
    # A form says it in the words of its own field.
    assert "either not an image or a corrupted image." in send(client, "x.jpg", content).text
    assert contents(default_storage) == {}
