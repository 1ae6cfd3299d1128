"""The database itself writes down whose signature begins to count or ceases to, whoever asks.

Where a later migration makes the table of signatures anew, as Django does on SQLite for most
changes of a column, the triggers go with the old one and are to be put back by the same migration.
"""

from django.db import migrations

TABLE = "signatures_signature"
NOTE = (
    "INSERT INTO signatures_tallychange"
    " (petition_id, mailbox_key, seat, country, is_resident, step)"
)


def counted(row):
    named = ", ".join(f"{row}.{name}" for name in ("petition_id", "mailbox_key", "seat", "country"))
    return f"{named}, COALESCE({row}.lives_here, false) OR {row}.home_city_id IS NOT NULL"


def counts(row):
    return f"({row}.status = 'confirmed' AND {row}.held_at IS NULL AND {row}.round_id IS NULL)"


def note(row, step):
    return f"{NOTE} SELECT {counted(row)}, {step} WHERE {counts(row)}"


def columns(row):
    return f"({counts(row)}, {counted(row)})"


BEGUN, CEASED = note("NEW", 1), note("OLD", -1)
# Which rows, and what is written of them.
TRIGGERS = {
    "count_added": ("INSERT", counts("NEW"), (BEGUN,)),
    "count_removed": ("DELETE", counts("OLD"), (CEASED,)),
    "count_changed": (
        "UPDATE",
        f"({counts('OLD')} OR {counts('NEW')}) AND {columns('OLD')} <> {columns('NEW')}",
        (CEASED, BEGUN),
    ),
}
EMPTIED = """
CREATE FUNCTION forget_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM signatures_tallychange;
    DELETE FROM signatures_tally;
    DELETE FROM signatures_placetally;
    RETURN NULL;
END $$
"""


def count(apps, editor):
    for name, (act, condition, written) in TRIGGERS.items():
        body = "; ".join(written) + ";"
        on = f"CREATE TRIGGER {name} AFTER {act} ON {TABLE} FOR EACH ROW WHEN ({condition})"
        if editor.connection.vendor == "sqlite":
            editor.execute(f"{on} BEGIN {body} END")
            continue
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {body} RETURN NULL; END $$"
        )
        editor.execute(f"{on} EXECUTE FUNCTION {name}()")
    if editor.connection.vendor == "postgresql":
        # Its rows come and go: what is left of them is cleared away after a thousand, not after a
        # fifth of the most that ever were there.
        editor.execute(
            "ALTER TABLE signatures_tallychange SET "
            "(autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)"
        )
        editor.execute(EMPTIED)
        editor.execute(
            f"CREATE TRIGGER count_emptied AFTER TRUNCATE ON {TABLE}"
            " EXECUTE FUNCTION forget_counts()"
        )
    # Who had signed before.
    rows = f"{TABLE} signed WHERE {counts('signed')}"
    editor.execute(f"{NOTE} SELECT {counted('signed')}, 1 FROM {rows}")


def leave_uncounted(apps, editor):
    for name in TRIGGERS:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {name}")
        else:
            editor.execute(f"DROP FUNCTION {name}() CASCADE")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION forget_counts() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initial")]

    operations = [migrations.RunPython(count, leave_uncounted)]
