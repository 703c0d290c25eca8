from typing import Any

from django.db import migrations, models

from yukuaiban.journal import triggers


def install(_apps: Any, schema_editor: Any) -> None:
    triggers.install(schema_editor.connection, triggers.TREE)


def remove(_apps: Any, schema_editor: Any) -> None:
    triggers.remove(schema_editor.connection, triggers.TREE)


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root_sha256", models.BinaryField(max_length=32)),
                ("root_sm3", models.BinaryField(max_length=32)),
                ("note_sha256", models.TextField()),
                ("note_sm3", models.TextField()),
                ("frontier", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "journal_checkpoint",
            },
        ),
        migrations.CreateModel(
            name="JournalLeaf",
            fields=[
                ("idx", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                ("leaf_sha256", models.BinaryField(max_length=32)),
                ("leaf_sm3", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "journal_leaf",
            },
        ),
        migrations.CreateModel(
            name="JournalCosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=128)),
                ("line", models.TextField()),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "db_table": "journal_cosignature",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("size", "digest", "name"), name="journal_cosignature_once"
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
