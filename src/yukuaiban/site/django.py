"""Django for commands: set up once, and the migrations run in process."""

from __future__ import annotations

import os

import django

from yukuaiban.site.livepen import LivePen

_READY: list[bool] = []


def ready() -> LivePen:
    """Set Django up (once) and hand over the live pen."""
    if not _READY:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yukuaiban.site.settings")
        django.setup()
        _READY.append(True)
    return LivePen()


def migrate() -> None:
    """Bring the database to the newest schema; quiet where it is there already."""
    ready()
    from django.core.management import call_command  # noqa: PLC0415 - only after set-up

    call_command("migrate", interactive=False, verbosity=0)


def pending_migrations() -> list[str]:
    """Names of migrations that this database has not seen."""
    ready()
    from django.db import connection  # noqa: PLC0415 - only after set-up
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
