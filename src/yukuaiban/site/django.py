"""Django for commands: set up once, and the migrations run in process."""

from __future__ import annotations

import os

import click
import django

from yukuaiban.site import home
from yukuaiban.site.backup import marker
from yukuaiban.site.livepen import LivePen

_READY: list[bool] = []


def ready() -> LivePen:
    """Set Django up (once) and hand over the live pen. Half a restore, or a signer that is missing, is refused."""
    if not _READY:
        if (why := marker.explained(home.folder()) or home.signer_trouble()) is not None:
            raise click.ClickException(why)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yukuaiban.site.settings")
        django.setup()
        _READY.append(True)
    return LivePen()


def installed() -> LivePen:
    """Ready to work on data. The first command on an empty folder makes its database and loads the pack.

    A database that holds something and is not upgraded, or one on a server, is refused with the way out: whoever
    keeps it decides when it changes.
    """
    pen = ready()
    if not _untouched():
        return existing()
    click.echo("第一次使用：建立数据库，装入数据包……", err=True)
    migrate()
    for problem in install():
        click.echo(problem, err=True)
    return pen


def existing() -> LivePen:
    """As `installed`, but an empty folder is refused too: a worker has nothing to do there, somebody mistook it."""
    pen = ready()
    from yukuaiban.people.models import Agency  # noqa: PLC0415 - only after set-up

    if pending_migrations() or not Agency.objects.exists():
        message = "数据库还没有建好或不是最新；请先运行 ./ykb migrate"
        raise click.ClickException(message)
    return pen


def _untouched() -> bool:
    """Whether this is an embedded database in which nothing has ever been made."""
    from django.db import connection  # noqa: PLC0415 - only after set-up

    return connection.vendor == "sqlite" and not connection.introspection.table_names()


def migrate() -> None:
    """Bring the database to the newest schema; quiet where it is there already."""
    ready()
    from django.conf import settings  # noqa: PLC0415 - only after set-up
    from django.core.management import call_command  # noqa: PLC0415

    # The role that may change tables, where it is another one (YKB_MIGRATE_URL).
    owner = "owner" if "owner" in settings.DATABASES else "default"
    call_command("migrate", interactive=False, verbosity=0, database=owner)


def install() -> list[str]:
    """The pack's agencies, procedures, calendars, halls, desks and matters; what is there already stays.

    Returns what was not taken over, as sentences. A second run changes nothing.
    """
    pen = ready()
    from yukuaiban.people.district import installed as district  # noqa: PLC0415 - only after set-up
    from yukuaiban.site.installation import prepare  # noqa: PLC0415

    return [str(problem) for problem in prepare(district(), pen)]


def pending_migrations() -> list[str]:
    """Names of migrations that this database has not seen."""
    ready()
    from django.db import connection  # noqa: PLC0415 - only after set-up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
