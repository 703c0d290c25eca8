from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from yukuaiban.people import separation


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    separation.install(schema_editor.connection)


def remove(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    separation.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
