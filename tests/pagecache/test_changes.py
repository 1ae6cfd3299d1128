"""What changes pages is noticed, by whatever code, and what does not is not."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from campaigns.models import CampaignPage, City, Petition, Tie
from cms.settings import shown
from home.models import HomePage
from jobs.registry import chores
from pagecache import changes, versions
from pagecache.models import Change, Version
from signatures.models import Signature
from tests.pagecache.browser import commit
from tests.support.factories import confirmed, make_signature
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.both_databases


def number(topic: str = versions.PAGES) -> int:
    return versions.numbers().get(topic, 0)


def labels() -> set[str]:
    found = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    # Wagtail's index on SQLite has a table more.
    return found | {"wagtailsearch.sqliteftsindexentry"}


def test_every_table_is_said_to_be_shown_or_not() -> None:
    """A new model decides: is anything of it on a public page?"""
    seen, unseen = shown.labels(shown.SHOWN), shown.labels(shown.UNSEEN)
    assert not seen & unseen
    assert seen | unseen == labels()


@pytest.mark.parametrize(
    ("sql", "topics"),
    [
        ('UPDATE "campaigns_tie" SET "since" = 1', {"pages"}),
        ("update campaigns_tie set since = 1", {"pages"}),
        ('INSERT INTO "campaigns_tie" ("since") VALUES (%s)', {"pages"}),
        ('DELETE FROM "campaigns_tie" WHERE true', {"pages"}),
        ('TRUNCATE "campaigns_tie"', {"pages"}),
        ('WITH x AS (DELETE FROM "campaigns_tie" RETURNING id) SELECT 1', {"pages"}),
        ('UPDATE ONLY "campaigns_tie" SET "since" = 1', {"pages"}),
        ('DELETE FROM "signatures_signature" WHERE true', {"people"}),
        ('UPDATE "signatures_signature" SET "name" = %s', {"people"}),
        ('INSERT INTO "signatures_signature" ("id") VALUES (%s)', set()),
        (
            'INSERT INTO "signatures_signature" ("id") VALUES (%s) '
            'ON CONFLICT ("id") DO UPDATE SET "name" = %s',
            {"people"},
        ),
        ('INSERT INTO "library_rendition" ("file") VALUES (%s)', set()),
        ('DELETE FROM "library_rendition" WHERE id = 1', {"pages"}),
        ('SELECT 1 FROM "campaigns_tie" FOR UPDATE', set()),
        ('INSERT INTO "security_bucket" ("key") VALUES (%s)', set()),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s WHERE "live" = %s', set()),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s, "live" = %s', {"pages"}),
        ('UPDATE "wagtailcore_page" SET "live" = %s WHERE "draft_title" = %s', {"pages"}),
        ("UPDATE wagtailcore_page SET path = %s", {"pages"}),
        ('CREATE TABLE "campaigns_tie" ("id" integer)', set()),
    ],
)
def test_statements_are_known_by_what_they_write(sql: str, topics: set[str]) -> None:
    assert changes.topics_of(sql) == topics


WAYS: dict[str, Callable[[SmallSite], object]] = {
    "save": lambda site: Tie.objects.get().save(),
    "create": lambda site: City.objects.create(key="x", region="Y", country="US"),
    "update": lambda site: Tie.objects.update(since=1990),
    "in bulk": lambda site: Tie.objects.bulk_update(Tie.objects.all(), ["since"]),
    "delete": lambda site: CampaignPage.objects.get(pk=site["campaign"]["uk"].pk).delete(),
    "move": lambda site: Page.objects.get(pk=site["portland"]["uk"].pk).move(
        site["home"]["uk"], "first-child"
    ),
    "sql": lambda site: connection.cursor().execute("UPDATE campaigns_petition SET goal = 3"),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_writing_is_noticed(kept_site: SmallSite, way: str) -> None:
    before = number()
    WAYS[way](kept_site)
    assert number() == before + 1, "once in a transaction"


def test_a_draft_changes_nothing_and_its_publication_does(kept_site: SmallSite) -> None:
    page = HomePage.objects.get(pk=kept_site["home"]["en"].pk)
    before = number()
    page.lead = "Another lead."
    revision = page.save_revision()
    assert number() == before
    revision.publish()
    assert number() == before + 1


def test_only_what_is_stored_counts(kept_site: SmallSite) -> None:
    before = number()
    with transaction.atomic():
        Tie.objects.update(since=1990)
        transaction.set_rollback(True)
    assert number() == before
    Tie.objects.update(since=1991)
    assert number() == before + 1, "what was taken back is not what was noticed"


def test_one_row_is_written_in_a_transaction_with_many_changes(kept_site: SmallSite) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        for year in range(1990, 2000):
            Tie.objects.update(since=year)
    assert Change.objects.count() == before + 1
    commit()
    Tie.objects.update(since=2000)
    assert Change.objects.count() == before + 2


def test_whoever_was_never_shown_takes_nothing_away(kept_site: SmallSite) -> None:
    before = number(versions.PEOPLE)
    signature = make_signature(kept_site["portland"]["en"])
    assert number(versions.PEOPLE) == before, "it waits for its confirmation"
    with changes.adding():
        Signature.objects.filter(pk=signature.pk).update(country="UA")
        assert number(versions.PEOPLE) == before
        Petition.objects.update(goal=2)
    Signature.objects.filter(pk=signature.pk).update(country="US")
    assert number(versions.PEOPLE) == before + 1


def test_folding_moves_no_number(kept_site: SmallSite) -> None:
    for year in range(3):
        Tie.objects.update(since=1990 + year)
        commit()
    versions.touch(versions.ADDRESSES)
    before = versions.numbers()
    fold = versions.Folder().fold
    fold()
    assert Change.objects.exists(), "not every process has seen which records they name"
    fold()
    assert not Change.objects.exists()
    assert versions.numbers() == before
    Tie.objects.update(since=1980)
    assert number() == before[versions.PAGES] + 1


def test_a_worker_with_nothing_to_do_leaves_all_pages_as_they_are(kept_site: SmallSite) -> None:
    """It looks at everything every hour, and whenever it starts: during the evening news, too."""
    confirmed(kept_site["portland"]["en"], "signed@example.org")
    for chore in chores():
        chore.run()
        commit()
    for chore in chores():
        before = versions.numbers()
        chore.run()
        commit()
        changed = [topic for topic, told in versions.numbers().items() if before.get(topic) != told]
        assert changed == [], chore


def test_the_numbers_are_one_statement(kept_site: SmallSite) -> None:
    """Two would see a change in both, or in none, while the worker folds."""
    with CaptureQueriesContext(connection) as asked:
        versions.numbers()
    assert len(asked) == 1


def test_after_a_restore_no_number_is_one_that_was_known(kept_site: SmallSite) -> None:
    before = versions.numbers()
    versions.fold()
    versions.start_anew()
    after = versions.numbers()
    topics = {*versions.TOPICS, *versions.FORGET}
    assert all(after[topic] > before.get(topic, 0) for topic in topics)
    assert Version.objects.count() == len(topics)


def test_a_new_language_is_a_change(kept_site: SmallSite) -> None:
    before = number()
    Locale.objects.create(language_code="pl")
    assert number() == before + 1
