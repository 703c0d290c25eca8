"""Triggers that refuse to change the past, on both databases (journal.md section 5).

They bind everybody who reaches the tables by SQL. Who may change tables can drop them; that is seen here, by verify
and by `./ykb check`, and the change itself by whoever holds an older checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

EVENT = "journal_event"
SECRET = "journal_secret"  # noqa: S105 - the name of a table
LEAF, CHECKPOINT, COSIGNATURE = "journal_leaf", "journal_checkpoint", "journal_cosignature"
CHAIN = (EVENT, SECRET)
TREE = (LEAF, CHECKPOINT, COSIGNATURE)
TABLES = (*CHAIN, *TREE)
_FUNCTION = "journal_refuse"
_FUNCTION_BODY = """
BEGIN
    RAISE EXCEPTION '%: append-only, % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
"""


# Table -> what makes a second row the same row: (name of the trigger, constraint, columns each of which is unique).
_SAME = {
    EVENT: (
        ("journal_event_no_replace", "identity", ("id", "uid")),
        ("journal_event_no_second_seq", "journal_event_stream_seq", ("stream, seq",)),
        ("journal_event_no_second_key", "journal_event_source_idem", ("source, idem_key",)),
    ),
    SECRET: (("journal_secret_no_replace", "identity", ("event_uid",)),),
    LEAF: (("journal_leaf_no_replace", "identity", ("idx", "event_id")),),
    CHECKPOINT: (("journal_checkpoint_no_replace", "identity", ("size",)),),
    COSIGNATURE: (
        ("journal_cosignature_no_replace", "identity", ("id",)),
        ("journal_cosignature_no_second", "journal_cosignature_once", ("size, digest, name",)),
    ),
}


def _sqlite(tables: Sequence[str]) -> dict[str, str]:
    """Name -> statement. The insert triggers are for INSERT OR REPLACE, which deletes rows behind the delete trigger.

    (`recursive_triggers`, set on our own connections, would call it; a foreign connection may leave that off.)
    """
    found: dict[str, str] = {}
    for table in tables:
        for operation in ("UPDATE",) if table == SECRET else ("UPDATE", "DELETE"):
            name = f"{table}_no_{operation.lower()}"
            found[name] = _sqlite_row(name, operation, table)
        for name, constraint, uniques in _SAME[table]:
            known = " UNION ALL ".join(_known(table, columns) for columns in uniques)
            found[name] = _sqlite_insert(name, table, known, constraint)
    return found


def _known(table: str, columns: str) -> str:
    same = " AND ".join(f"{name} = NEW.{name}" for name in columns.split(", "))
    return f"SELECT 1 FROM {table} WHERE {same}"  # noqa: S608 - constants of this module


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


def _postgresql(tables: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Name -> (table, what fires it). The first follows each row, TRUNCATE the statement."""
    found: dict[str, tuple[str, str]] = {}
    for table in tables:
        changes = "UPDATE" if table == SECRET else "DELETE OR UPDATE"
        found[f"{table}_no_change"] = (table, f"BEFORE {changes} ON {{}} FOR EACH ROW")
        found[f"{table}_no_truncate"] = (table, "BEFORE TRUNCATE ON {} FOR EACH STATEMENT")
    return found


def install(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Make the triggers anew. On PostgreSQL they fire for replication roles too (ENABLE ALWAYS)."""
    remove(connection, tables)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in _sqlite(tables).values():
                cursor.execute(statement)
            return
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
        )
        for name, (table, rule) in _postgresql(tables).items():
            cursor.execute(f"CREATE TRIGGER {name} {rule.format(table)} EXECUTE FUNCTION {_FUNCTION}()")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Drop the triggers: the way back of a migration, and the way of a test that plays the adversary."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _sqlite(tables):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (table, _) in _postgresql(tables).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        if EVENT in tables:
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
        for name, statement in _sqlite(TABLES).items()
        if there.get(name) != statement
    ]


def _missing_postgresql(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name) AND NOT t.tgisinternal",
            [list(TABLES)],
        )
        there = {name: (rule, enabled, body) for name, rule, enabled, body in cursor.fetchall()}
    found: list[str] = []
    for name, (table, rule) in _postgresql(TABLES).items():
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
        for table in TABLES:
            for privilege in ("UPDATE", "TRUNCATE") if table == SECRET else ("UPDATE", "DELETE", "TRUNCATE"):
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
