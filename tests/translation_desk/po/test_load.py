"""Many files at once, and two translators at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, PageLogEntry
from wagtail_localize.models import Translation

from accounts.roles import TRANSLATORS
from campaigns.models import CampaignPage
from staff.assigning import assign
from tests.support.factories import make_city_petition, make_user
from tests.support.kinds import Response, SmallSite
from tests.support.logins import logged_in
from tests.support.po import (
    Translate,
    address,
    as_poedit_saves,
    download,
    many,
    stored,
    submit_all,
    unzip,
    upload,
)
from translations.submission import submit


def test_many_files_take_as_many_queries_as_few(
    translator: Client, site: SmallSite, work: dict[str, Translation], campaign: CampaignPage
) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as down:
            data = translator.get(f"{many(campaign)}download/").content
        with CaptureQueriesContext(connection) as up:
            upload(translator, many(campaign), data, "a.zip")
        return len(down), len(up)

    queries()
    few = queries()
    site["campaign"] = {
        code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()
    }
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    submit(
        tacoma["en"].tie.city.names.get(locale__language_code="en"),
        Locale.objects.get(language_code="uk"),
    )
    assert len(unzip(translator.get(f"{many(campaign)}download/").content)) == 4
    assert queries() == few


def always(text: str) -> Translate:
    return lambda entry: text


def test_of_two_who_confirm_at_once_one_is_shown_the_other_s_work(
    transactional_site: SmallSite,
) -> None:
    work = submit_all(transactional_site)
    door = address(work["campaign"])
    clients, plans = [], []
    for name in ("lesia", "taras"):
        user = make_user(name)
        assign(user, TRANSLATORS, "uk")
        client = logged_in(user)
        po = download(client, work["campaign"])
        clients.append(client)
        plans.append(upload(client, door, as_poedit_saves(po, always(name))))
    barrier = Barrier(2)

    def press(client: Client, seen: Response) -> int:
        try:
            barrier.wait()
            return int(client.post(door, {"plan": seen.context["plan"]}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, clients, plans))
    assert sorted(answers) == [200, 302]
    winner = ("lesia", "taras")[answers.index(302)]
    assert set(stored(work["campaign"]).values()) == {winner}
    assert PageLogEntry.objects.filter(action="campaigns.take_po").count() == 1
