from typing import Any

from django.db import migrations

from yukuaiban.journal import triggers


def install(_apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection, triggers.CHAIN)


def remove(_apps: Any, schema_editor: Any) -> None:
    triggers.remove(schema_editor.connection, triggers.CHAIN)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
