"""The database itself keeps the log of acts from being changed, whoever asks and by whatever way."""

from django.db import migrations

TABLE = "security_auditentry"
REFUSAL = "the log of acts is added to, and nothing else"

# A replaced row is a deleted one, of which SQLite's triggers hear nothing by default.
SQLITE = {
    "audit_no_update": "UPDATE",
    "audit_no_delete": "DELETE",
    "audit_no_replace": f"INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)",
}
FUNCTION = f"""
CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
POSTGRESQL = {
    "audit_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW",
    "audit_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT",
}


def protect(apps, editor):
    if editor.connection.vendor == "sqlite":
        for name, on in SQLITE.items():
            on = on if " ON " in on else f"{on} ON {TABLE}"
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {on} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    editor.execute(FUNCTION)
    for name, on in POSTGRESQL.items():
        editor.execute(f"CREATE TRIGGER {name} {on} EXECUTE FUNCTION refuse_change_of_log()")


def release(apps, editor):
    sqlite = editor.connection.vendor == "sqlite"
    for name in SQLITE if sqlite else POSTGRESQL:
        editor.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {TABLE}"))
    if not sqlite:
        editor.execute("DROP FUNCTION refuse_change_of_log()")


class Migration(migrations.Migration):
    dependencies = [("security", "0001_initial")]

    operations = [migrations.RunPython(protect, release)]
