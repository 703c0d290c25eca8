"""Separation of duties held by the database: one person, one duty at a time (security.md section 3, no. 4).

`people.actions` refuses with a sentence before anything is written. These triggers are for whoever comes another
way: business, system, security and audit posts of one person never overlap in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "people_post"
MESSAGE = "people_post: one person, one duty at a time"
_SQLITE = ("people_post_one_duty_insert", "people_post_one_duty_update")
_FUNCTION = "people_post_one_duty"
# Times are text of one form in SQLite, so they compare as text; a post without end lasts beyond every year.
_OVERLAP = (
    "SELECT 1 FROM people_post held WHERE held.staff_id = NEW.staff_id AND held.id <> {own} "
    "AND held.duty <> NEW.duty "
    "AND (NEW.until IS NULL OR held.since < NEW.until) AND (held.until IS NULL OR NEW.since < held.until)"
)
_FUNCTION_BODY = f"""
BEGIN
    PERFORM 1 FROM people_staff WHERE id = NEW.staff_id FOR UPDATE;
    IF EXISTS ({_OVERLAP.format(own="NEW.id")}) THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers anew."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Before an insert the new row has no id yet on SQLite; no row is to be left out then.
            for name, event, own in zip(_SQLITE, ("INSERT", "UPDATE"), ("-1", "NEW.id"), strict=True):
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} WHEN EXISTS ({_OVERLAP.format(own=own)}) "
                    f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            return
        cursor.execute(
            f"CREATE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_FUNCTION_BODY}$$"
        )
        cursor.execute(
            f"CREATE TRIGGER {_FUNCTION} BEFORE INSERT OR UPDATE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: the way back of the migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {_FUNCTION} ON {TABLE}")
        cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")
