"""Raw SQL against the journal: whoever reaches the tables is refused, whatever he tries. And no form maps onto time."""

from __future__ import annotations

import inspect

import pytest
from django import forms
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import get_resolver
from django.utils.module_loading import import_string
from pydantic import BaseModel

from tests.cast import Office
from yukuaiban.api.v1 import api
from yukuaiban.journal import triggers
from yukuaiban.journal.models import JournalEvent, JournalSecret
from yukuaiban.journal.verifying import verify

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_COPY = (
    "SELECT id, uid, stream, seq, 'x.forged', source, idem_key, recorded_at, occurred_at, text, hash"
    " FROM journal_event WHERE id = (SELECT min(id) FROM journal_event)"
)
_COLUMNS = "(id, uid, stream, seq, type, source, idem_key, recorded_at, occurred_at, text, hash)"
_SECRETS = "(event_uid, salt, payload) SELECT event_uid, salt, payload FROM journal_secret WHERE true"
# What an adversary types -> the databases on which it can be typed.
ATTACKS = [
    ("UPDATE journal_event SET type = 'x.forged'", {SQLITE, POSTGRESQL}),
    ("UPDATE journal_event SET text = hash WHERE seq = 1", {SQLITE, POSTGRESQL}),
    ("DELETE FROM journal_event", {SQLITE, POSTGRESQL}),
    ("DELETE FROM journal_event WHERE id = (SELECT max(id) FROM journal_event)", {SQLITE, POSTGRESQL}),
    ("UPDATE journal_secret SET salt = payload", {SQLITE, POSTGRESQL}),
    (f"INSERT INTO journal_event {_COLUMNS} {_COPY}", {SQLITE, POSTGRESQL}),
    (f"INSERT OR REPLACE INTO journal_event {_COLUMNS} {_COPY}", {SQLITE}),
    (f"REPLACE INTO journal_event {_COLUMNS} {_COPY}", {SQLITE}),
    (
        f"INSERT OR REPLACE INTO journal_event {_COLUMNS} {_COPY.replace('SELECT id', 'SELECT 999999')}",
        {SQLITE},
    ),
    (
        f"INSERT OR REPLACE INTO journal_event {_COLUMNS} {_COPY}".replace(
            "SELECT id, uid", "SELECT 999999, 'x'"
        ),
        {SQLITE},
    ),
    (f"INSERT INTO journal_event {_COLUMNS} {_COPY} ON CONFLICT (id) DO UPDATE SET type = 'x'", {POSTGRESQL}),
    (
        f"INSERT INTO journal_event {_COLUMNS} {_COPY} ON CONFLICT (uid) DO UPDATE SET type = 'x'",
        {SQLITE, POSTGRESQL},
    ),
    (f"INSERT OR REPLACE INTO journal_secret {_SECRETS}", {SQLITE}),
    (
        f"INSERT INTO journal_secret {_SECRETS} ON CONFLICT (event_uid) DO UPDATE SET salt = excluded.payload",
        {SQLITE, POSTGRESQL},
    ),
    ("TRUNCATE journal_event", {POSTGRESQL}),
    ("TRUNCATE journal_event CASCADE", {POSTGRESQL}),
    ("TRUNCATE journal_secret", {POSTGRESQL}),
    ("SET session_replication_role = replica; DELETE FROM journal_event", {POSTGRESQL}),
    (
        "WITH gone AS (DELETE FROM journal_event RETURNING id) SELECT count(*) FROM gone",
        {POSTGRESQL},
    ),
]


def everything() -> tuple[list, list]:
    events = [
        (*row[:-2], bytes(row[-2]), bytes(row[-1]))
        for row in JournalEvent.objects.order_by("id").values_list()
    ]
    secrets = [
        (uid, bytes(salt), bytes(payload))
        for uid, salt, payload in JournalSecret.objects.order_by("event_uid").values_list()
    ]
    return events, secrets


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("foreign_connection", [False, True], ids=["own settings", "foreign settings"])
def test_every_attack_by_sql_is_refused_and_changes_nothing(office: Office, foreign_connection):
    office.receive()
    before = everything()
    tried = [statement for statement, vendors in ATTACKS if connection.vendor in vendors]
    if foreign_connection and connection.vendor == SQLITE:
        # Somebody with the sqlite3 program has none of our pragmas.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
    try:
        for statement in tried:
            with pytest.raises(DatabaseError):
                run(statement)
            assert everything() == before, statement
    finally:
        if connection.vendor == SQLITE:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA recursive_triggers = ON")
    assert len(tried) > 10


def test_the_same_attacks_succeed_without_the_triggers(office: Office):
    """The control: it is the triggers that refuse, and these attacks would do harm."""
    office.receive()
    before = everything()
    triggers.remove(connection)
    for statement in ("UPDATE journal_event SET type = 'x.forged'", "DELETE FROM journal_event"):
        run(statement)
        assert everything() != before
    triggers.install(connection)
    assert triggers.missing_triggers(connection) == []


def test_payloads_alone_may_be_removed(office: Office):
    office.receive()
    run("DELETE FROM journal_secret")
    assert not JournalSecret.objects.exists()


TRIGGERS = {
    SQLITE: [
        "journal_event_no_update",
        "journal_event_no_delete",
        "journal_secret_no_update",
        "journal_event_no_replace",
        "journal_event_no_second_seq",
        "journal_event_no_second_key",
        "journal_secret_no_replace",
    ],
    POSTGRESQL: [
        "journal_event_no_change",
        "journal_event_no_truncate",
        "journal_secret_no_change",
        "journal_secret_no_truncate",
    ],
}


def test_each_missing_or_weakened_trigger_is_noticed(db):
    assert triggers.missing_triggers(connection) == []
    for name in TRIGGERS[connection.vendor]:
        table = "journal_event" if "_event_" in name else "journal_secret"
        on = "" if connection.vendor == SQLITE else f" ON {table}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}{on}")
        assert triggers.missing_triggers(connection) == [f"触发器 {name} 缺失"]
        assert verify(folds={}).faults == {"trigger": 1}
        with connection.cursor() as cursor:
            cursor.execute(weaker(name, table))
        assert triggers.missing_triggers(connection) == [f"触发器 {name} 被改动"]
        triggers.install(connection)
    assert triggers.missing_triggers(connection) == []


def weaker(name: str, table: str) -> str:
    """A trigger of that name that hardly ever fires."""
    if connection.vendor == SQLITE:
        return f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN NEW.rowid = -1 BEGIN SELECT RAISE(ABORT, 'x'); END"
    return (
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN (false)"
        f" EXECUTE FUNCTION journal_refuse(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    )


def test_a_trigger_that_is_switched_off_or_does_nothing_is_noticed(db):
    if connection.vendor == SQLITE:
        pytest.skip("SQLite cannot switch a trigger off")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_no_change")
    assert triggers.missing_triggers(connection) == ["触发器 journal_event_no_change 被停用"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER journal_event_no_change")
    assert triggers.missing_triggers(connection) == ["触发器 journal_event_no_change 被停用"]
    triggers.install(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS $$BEGIN RETURN OLD; END$$"
        )
    changed = {f"触发器 {name} 被改动" for name in TRIGGERS[POSTGRESQL]}
    assert changed <= set(triggers.missing_triggers(connection))


# -- no form maps onto a time that a clock reads -------------------------------------------------------------------
FORBIDDEN = {
    "recorded_at",
    "due_at",
    "warns_at",
    "red_at",
    "breach_at",
    "next_change_at",
    "original_due_at",
    "started_at",
    "stopped_at",
    "opened_at",
    "closed_at",
    "seq",
    "head",
    "prev",
    "hash",
}


def fields_of(model: type[BaseModel], seen: set[type] | None = None) -> set[str]:
    """Names of the fields of a model and of the models inside it, with their aliases."""
    seen = seen if seen is not None else set()
    if model in seen:
        return set()
    seen.add(model)
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found |= {name, field.alias or name}
        for inner in inner_models(field.annotation):
            found |= fields_of(inner, seen)
    return found


def inner_models(annotation: object) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in inner_models(part)]


def action_models() -> dict[str, type[BaseModel]]:
    """Every action of every measure -> the one model of form, interface and import."""
    measures = [import_string(f"{path}.MEASURE") for path in settings.YKB_MEASURES]
    return {
        f"{measure.code}.{code}": spec.data for measure in measures for code, spec in measure.actions.items()
    }


def test_no_action_takes_a_time_that_a_clock_reads():
    models = action_models()
    assert {"desks.receive", "desks.request_pause"} <= models.keys()
    for name, model in models.items():
        assert fields_of(model) & FORBIDDEN == set(), name
        assert model.model_config.get("extra") == "forbid", name


def form_classes(base: type = forms.BaseForm) -> set[type]:
    """Every form of ours that is defined once all views are loaded."""
    get_resolver().url_patterns  # noqa: B018 - loads every view
    below = base.__subclasses__()
    return {each for each in below if each.__module__.startswith("yukuaiban.")}.union(
        *map(form_classes, below)
    )


def test_no_form_takes_a_time_that_a_clock_reads():
    found = form_classes()
    assert len(found) > 1
    for form in found:
        assert not issubclass(form, forms.ModelForm), "a form of a model maps onto its columns"
        assert set(form.base_fields) & FORBIDDEN == set(), form
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def names_in(schema: object, components: dict, seen: frozenset[str] = frozenset()) -> set[str]:
    """Property and parameter names anywhere inside a part of the OpenAPI document."""
    if isinstance(schema, list):
        return set().union(*(names_in(part, components, seen) for part in schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", {}))
    if "in" in schema:
        found.add(schema["name"])
    ref = str(schema.get("$ref", "")).rpartition("/")[2]
    if ref and ref not in seen:
        found |= names_in(components[ref], components, seen | {ref})
    return found.union(*(names_in(part, components, seen) for part in schema.values()))


def test_no_request_of_the_interface_takes_a_time_that_a_clock_reads():
    document = api.get_openapi_schema()
    components = document["components"]["schemas"]
    requests = [
        (path, method, [operation.get("parameters", []), operation.get("requestBody", {})])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert any("expected_seq" in names_in(parts, components) for _, _, parts in requests)
    for path, method, parts in requests:
        assert names_in(parts, components) & FORBIDDEN == set(), (method, path)


def test_the_walk_would_find_such_a_field():
    class Inner(BaseModel):
        recorded_at: str

    class Sly(BaseModel):
        rows: list[Inner] | None = None

    assert fields_of(Sly) & FORBIDDEN == {"recorded_at"}
