"""Triggers that refuse to change the past, on both databases (journal.md section 5).

They bind everybody who reaches the tables by SQL. Who may change tables can drop them; that is seen here, by verify
and by `./ykb check`, and the change itself by whoever holds an older checkpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

EVENT = "journal_event"
SECRET = "journal_secret"  # noqa: S105 - the name of a table
_FUNCTION = "journal_refuse"
_FUNCTION_BODY = """
BEGIN
    RAISE EXCEPTION '%: append-only, % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
"""


def _sqlite() -> dict[str, str]:
    """Name -> statement. The insert triggers are for INSERT OR REPLACE, which deletes rows behind the delete trigger.

    (`recursive_triggers`, set on our own connections, would call it; a foreign connection may leave that off.)
    """
    event_known = " UNION ALL ".join(
        f"SELECT 1 FROM {EVENT} WHERE {same}"  # noqa: S608 - constants of this module
        for same in ("id = NEW.id", "uid = NEW.uid")
    )
    seq_known = f"SELECT 1 FROM {EVENT} WHERE stream = NEW.stream AND seq = NEW.seq"  # noqa: S608
    key_known = f"SELECT 1 FROM {EVENT} WHERE source = NEW.source AND idem_key = NEW.idem_key"  # noqa: S608
    secret_known = f"SELECT 1 FROM {SECRET} WHERE event_uid = NEW.event_uid"  # noqa: S608
    return {
        "journal_event_no_update": _sqlite_row("journal_event_no_update", "UPDATE", EVENT),
        "journal_event_no_delete": _sqlite_row("journal_event_no_delete", "DELETE", EVENT),
        "journal_secret_no_update": _sqlite_row("journal_secret_no_update", "UPDATE", SECRET),
        "journal_event_no_replace": _sqlite_insert("journal_event_no_replace", EVENT, event_known),
        "journal_event_no_second_seq": _sqlite_insert(
            "journal_event_no_second_seq", EVENT, seq_known, "journal_event_stream_seq"
        ),
        "journal_event_no_second_key": _sqlite_insert(
            "journal_event_no_second_key", EVENT, key_known, "journal_event_source_idem"
        ),
        "journal_secret_no_replace": _sqlite_insert("journal_secret_no_replace", SECRET, secret_known),
    }


def _sqlite_row(name: str, operation: str, table: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: append-only, {operation} is refused'); END"
    )


def _sqlite_insert(name: str, table: str, known: str, constraint: str = "identity") -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN EXISTS ({known}) "
        f"BEGIN SELECT RAISE(ABORT, '{table}: {constraint}: the row exists and is not replaced'); END"
    )


def _postgresql() -> dict[str, tuple[str, str]]:
    """Name -> (table, what fires it). The first follows each row, TRUNCATE the statement."""
    return {
        "journal_event_no_change": (EVENT, "BEFORE DELETE OR UPDATE ON {} FOR EACH ROW"),
        "journal_event_no_truncate": (EVENT, "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"),
        "journal_secret_no_change": (SECRET, "BEFORE UPDATE ON {} FOR EACH ROW"),
        "journal_secret_no_truncate": (SECRET, "BEFORE TRUNCATE ON {} FOR EACH STATEMENT"),
    }


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers anew. On PostgreSQL they fire for replication roles too (ENABLE ALWAYS)."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in _sqlite().values():
                cursor.execute(statement)
            return
        cursor.execute(
            f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
        )
        for name, (table, rule) in _postgresql().items():
            cursor.execute(f"CREATE TRIGGER {name} {rule.format(table)} EXECUTE FUNCTION {_FUNCTION}()")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: the way back of the migration, and the way of a test that plays the adversary."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, _) in _postgresql().items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the triggers, one line each: missing, changed or switched off. Empty if all is well."""
    return _missing_sqlite(connection) if connection.vendor == "sqlite" else _missing_postgresql(connection)


def _missing_sqlite(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = dict(cursor.fetchall())
    return [
        f"触发器 {name} {'被改动' if name in there else '缺失'}"
        for name, statement in _sqlite().items()
        if there.get(name) != statement
    ]


def _missing_postgresql(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid IN (to_regclass(%s), to_regclass(%s)) AND NOT t.tgisinternal",
            [EVENT, SECRET],
        )
        there = {name: (rule, enabled, body) for name, rule, enabled, body in cursor.fetchall()}
    found: list[str] = []
    for name, (table, rule) in _postgresql().items():
        definition, enabled, body = there.get(name, ("", "", ""))
        # pg_get_triggerdef qualifies table and function by their schema, which is the installation's choice.
        events, _, rows = rule.partition("{}")
        if not definition:
            found.append(f"触发器 {name} 缺失")
        elif enabled not in {"A", b"A"}:
            found.append(f"触发器 {name} 被停用")
        elif body != _FUNCTION_BODY or not (
            events in definition
            and definition.split(" ON ", 1)[1].split(" ", 1)[0].split(".")[-1] == table
            and definition.endswith((f"{rows} EXECUTE FUNCTION {_FUNCTION}()", f".{_FUNCTION}()"))
        ):
            found.append(f"触发器 {name} 被改动")
    return found


def excess_grants(connection: BaseDatabaseWrapper) -> list[str]:
    """What this database role may do to the journal beyond SELECT and INSERT (DELETE on the sealed payloads).

    PostgreSQL only; SQLite knows no roles. An owner or superuser can drop the triggers, so it is named as well.
    """
    if connection.vendor != "postgresql":
        return []
    found: list[str] = []
    with connection.cursor() as cursor:
        for table, refused in ((EVENT, "UPDATE DELETE TRUNCATE"), (SECRET, "UPDATE TRUNCATE")):
            for privilege in refused.split():
                cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, privilege])
                if cursor.fetchone() == (True,):
                    found.append(f"数据库用户对 {table} 有 {privilege} 权限")
            cursor.execute(
                "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(%s)",
                [table],
            )
            if cursor.fetchone() == (True,):
                found.append(
                    f"数据库用户是 {table} 的所有者，可以撤掉触发器；日常运行请换一个只读、只增的用户"
                )
    return found
