"""The one row of the heartbeat: counts start true as of long ago, when there was nothing to count."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def begin(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("cases", "Tick").objects.get_or_create(id=1, defaults={"counted_at": _LONG_AGO})


def undo(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("cases", "Tick").objects.filter(id=1).delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(begin, undo)]
