"""An installation of the benchmarks' own: a folder that is removed at the end, databases made when first asked for."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """The folder; Django is set up on it, in WAL mode with `synchronous=FULL` like any installation."""
    path = Path(tempfile.mkdtemp(prefix="yukuaiban-bench-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("YKB_")]:
        del os.environ[name]
    os.environ["YKB_HOME"] = str(path)
    os.environ["YKB_DISTRICT"] = "ganyu"
    from yukuaiban.site.django import ready  # noqa: PLC0415 - the environment comes first

    ready()
    return path


@contextmanager
def database(name: str) -> Iterator[Path]:
    """Work in the database of that name; a new one is migrated."""
    path = folder() / f"{name}.sqlite3"
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then
    from django.db import connection  # noqa: PLC0415

    from yukuaiban.cases import versions  # noqa: PLC0415

    before, new = connection.settings_dict["NAME"], not path.exists()
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    versions.forget()
    try:
        if new:
            call_command("migrate", verbosity=0)
        yield path
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
