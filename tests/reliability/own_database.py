"""A database of its own inside this process: real commits, which the rolled-back transaction of a test cannot show.

The journal refuses to be emptied after a test, so the database is thrown away whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from yukuaiban.cases import versions
from yukuaiban.site import home


@contextmanager
def own_sqlite(folder: Path, blocker) -> Iterator[Path]:
    """The default connection is a new SQLite file with all tables, set up as in service; gives its path."""
    held = connections["default"]
    settings = connections.configure_settings({"default": home.database(folder) | {"CONN_MAX_AGE": None}})
    before, connections.settings["default"] = connections.settings["default"], settings["default"]
    del connections["default"]
    with blocker.unblock():
        try:
            call_command("migrate", interactive=False, verbosity=0)
            versions.forget()
            yield Path(connections["default"].settings_dict["NAME"])
        finally:
            connections["default"].close()
            connections.settings["default"], connections["default"] = before, held
            versions.forget()
