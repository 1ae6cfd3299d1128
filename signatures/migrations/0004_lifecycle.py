"""The database refuses a step of a signature's life that nobody may take.

Where a later migration makes the table of signatures anew, as Django does on SQLite for most
changes of a column, the trigger goes with the old one and is to be put back by the same migration.
"""

from django.db import migrations

STEPS = (
    "pending confirmed",
    "confirmed withdrawn",
    "withdrawn confirmed",
    "pending invalidated",
    "confirmed invalidated",
    "invalidated pending",
    "invalidated confirmed",
    "pending withdrawn",
    "invalidated withdrawn",
)
WRONG = (
    "OLD.status <> NEW.status AND (OLD.status || ' ' || NEW.status) NOT IN "
    f"({', '.join(repr(step) for step in STEPS)})"
)
REFUSED = "No signature takes this step."
ON = (
    "CREATE TRIGGER refuse_step BEFORE UPDATE OF status ON signatures_signature"
    f" FOR EACH ROW WHEN ({WRONG})"
)


def refuse(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(f"{ON} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
        return
    editor.execute(
        "CREATE FUNCTION refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'check_violation'; END $$"
    )
    editor.execute(f"{ON} EXECUTE FUNCTION refuse_step()")


def allow(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER refuse_step")
    else:
        editor.execute("DROP FUNCTION refuse_step() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("signatures", "0003_signing")]

    operations = [migrations.RunPython(refuse, allow)]
