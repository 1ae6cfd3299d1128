"""The addresses that belong to the site as a whole, and the blocks that editors choose from."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings
from wagtail.blocks import Block

from campaigns.blocks.content import CampaignBlocks
from campaigns.blocks.form_questions import FormQuestions
from cms.views import server_error
from tests.support.kinds import SmallSite
from tests.support.production import PRODUCTION

ROOT = Path(__file__).resolve().parent.parent.parent


def test_alive_and_ready(db: None) -> None:
    for address in ("/healthz", "/readyz"):
        assert Client().get(address).status_code == 200


def test_robots_and_security_contacts(site: SmallSite) -> None:
    robots = Client().get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    security = Client().get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in security
    assert "Expires: 20" in security


@pytest.mark.parametrize(("language", "words"), [("en", "went wrong"), ("uk", "пішло не так")])
def test_an_error_is_told_in_the_visitors_language(
    rf: RequestFactory, language: str, words: str
) -> None:
    """Without the database: the test may not touch it."""
    with translation.override(language):
        response = server_error(rf.get(f"/{language}/"))
    assert response.status_code == 500
    assert words in response.content.decode()


def test_the_strictest_policy_holds_in_public(site: SmallSite) -> None:
    response = Client().get("/en/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "block",
    [*CampaignBlocks().child_blocks.values(), *FormQuestions().child_blocks.values()],
    ids=lambda block: block.name,
)
def test_every_block_has_what_an_editor_needs(block: Block) -> None:
    assert block.meta.icon != "placeholder"
    assert block.get_description()
    assert block.is_previewable
    assert get_template(block.meta.template)
    assert block.normalize(block.get_preview_value())


def test_every_component_is_shown(site: SmallSite) -> None:
    page = Client().get("/dev/components/").content.decode()
    assert page.count('class="sign-form"') == 2
    assert "error-summary" in page


def test_the_demo_keeps_its_mails_and_shows_them(
    site: SmallSite, tmp_path: Path, settings: Settings
) -> None:
    settings.EMAIL_FOLDER = tmp_path
    settings.EMAIL_BACKEND = "demo.mail.FolderBackend"
    for subject in ("Перший", "Другий"):
        message = EmailMultiAlternatives(subject, "Текст", to=["a@example.org"])
        message.attach_alternative("<p>Текст</p>", "text/html")
        message.send()
    assert not hasattr(mail, "outbox") or not mail.outbox
    listed = Client().get("/dev/mail/").content.decode()
    assert listed.index("Другий") < listed.index("Перший")
    newest = sorted(tmp_path.glob("*.eml"))[-1].stem
    assert "Текст" in Client().get(f"/dev/mail/{newest}/").content.decode()
    assert Client().get("/dev/mail/../").status_code == 404
    as_html = Client().get(f"/dev/mail/{newest}/html/")
    assert as_html.content.decode().strip() == "<p>Текст</p>"
    assert "script-src" not in as_html["Content-Security-Policy"]
    assert "default-src 'none'" in as_html["Content-Security-Policy"]


def test_languages_are_those_of_the_content() -> None:
    assert settings.LANGUAGES == settings.WAGTAIL_CONTENT_LANGUAGES


def test_a_page_without_its_translation_says_so_in_the_visitors_language(site: SmallSite) -> None:
    english, ukrainian = site["portland"]["en"], site["portland"]["uk"]
    ukrainian.unpublish()
    response = Client().get(f"/uk/end-ties/{english.slug}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert "Ще не вашою мовою" in html
    assert f'<a href="{english.url}" lang="en" hreflang="en">{english.heading}</a>' in html
    assert "/uk/" + english.slug not in Client().get("/sitemap.xml").content.decode()
    assert f'href="/uk/end-ties/{english.slug}/"' in Client().get(english.url).content.decode()


def test_what_no_language_has_is_not_found(site: SmallSite) -> None:
    assert Client().get("/uk/nothing/").status_code == 404


def test_without_a_home_page_no_other_language_stands_in(site: SmallSite) -> None:
    site["home"]["uk"].unpublish()
    for path in ("/uk/", "/uk/end-ties/"):
        response = Client().get(path)
        assert response.status_code == 200
        assert "Ще не вашою мовою" in response.content.decode()


def test_the_plain_site_that_benchmarks_compare_with_starts() -> None:
    """It reads modules of ours before there are models, so that none may ask for one on its way."""
    environment = {
        **PRODUCTION,
        "DATABASE_URL": "postgres://127.0.0.1:1/nobody",
        "DJANGO_SETTINGS_MODULE": "bench.spike.plain_settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "bench")]),
    }
    started = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert not started.returncode, started.stderr[-2000:]
