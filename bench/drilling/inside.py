"""What a drill does within the site's own code, on the site's own database."""

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

from bench.drilling.site import Site

if TYPE_CHECKING:
    from campaigns.models import Petition


def enter(site: Site) -> None:
    """From now on this process is one of the site's."""
    os.environ.update(site.environment())
    sys.path.insert(0, os.environ["PYTHONPATH"])
    import django

    django.setup()
    # The mail server runs within this process, and tells of every mail.
    logging.getLogger("mail.log").setLevel(logging.WARNING)


def form() -> tuple[str, str, dict[str, str]]:
    """The address of a city's page, of its form, and what is posted to it."""
    from campaigns.models import PetitionPage

    page = PetitionPage.objects.live().filter(locale__language_code="en").order_by("pk").first()
    assert page is not None
    fields = {"name": "A Signer", "country": "US", "consent": "on", "version": page.words.checksum}
    return page.url, f"/en/petitions/{page.petition_id}/sign/", fields


def sign(number: int, prefix: str) -> None:
    """So many strangers sign, each with a mail to come."""
    from campaigns.models import PetitionPage, TextVersion
    from signatures.mailboxes import parse
    from signatures.signing.sign import SignatureInput
    from signatures.signing.sign import sign as sign_one

    page = PetitionPage.objects.live().filter(locale__language_code="en").order_by("pk").first()
    assert page is not None
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    for each in range(number):
        mailbox = parse(f"{prefix}-{each}@example.org")
        sign_one(page.petition, text, SignatureInput("A Signer", mailbox, "US", "en"))


def crowd(number: int) -> "Petition":
    """A petition of its own, with the ciphertexts of one signer so many times.

    Every other column is each row's own.
    """
    from django.db import transaction

    from campaigns.models import Petition
    from signatures.models import Signature
    from signatures.tallies import recount

    petition = Petition.objects.create(time_zone="UTC")
    columns = [str(field.column) for field in Signature._meta.concrete_fields]
    own = {
        "id": "gen_random_uuid()",
        "petition_id": f"'{petition.pk}'",
        "mailbox_key": "md5(n::text) || md5((-n)::text)",
        "name_key": "md5((n + 1)::text) || md5((n + 2)::text)",
        "confirmed_at": "now() - n * interval '1 second'",
        "status": "'confirmed'",
    }
    values = ", ".join(own.get(column, f'"{column}"') for column in columns)
    with transaction.atomic():
        # Without triggers, as a database is restored: a count a row would take hours.
        sql("SET LOCAL session_replication_role = replica")
        sql(
            f"INSERT INTO signatures_signature ({', '.join(columns)}) SELECT {values} "
            f"FROM (SELECT * FROM signatures_signature WHERE anonymised_at IS NULL LIMIT 1) one, "
            f"generate_series(1, {number}) n"
        )
    for _drift in recount():
        pass
    return petition


def sql(statement: str, *parameters: Any) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return list(cursor.fetchall()) if cursor.description else []
