from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JournalSecret",
            fields=[
                ("event_uid", models.UUIDField(primary_key=True, serialize=False)),
                ("salt", models.BinaryField(max_length=32)),
                ("payload", models.BinaryField()),
            ],
            options={
                "db_table": "journal_secret",
            },
        ),
        migrations.CreateModel(
            name="JournalEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(unique=True)),
                ("stream", models.CharField(max_length=128)),
                ("seq", models.PositiveIntegerField()),
                ("type", models.CharField(max_length=96)),
                ("source", models.CharField(max_length=128)),
                ("idem_key", models.CharField(max_length=128, null=True)),
                ("recorded_at", models.DateTimeField()),
                ("occurred_at", models.DateTimeField(null=True)),
                ("text", models.BinaryField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "db_table": "journal_event",
                "indexes": [
                    models.Index(
                        models.F("type"),
                        models.F("seq"),
                        condition=models.Q(("stream", "system")),
                        name="journal_event_system_type",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "seq"), name="journal_event_stream_seq"),
                    models.UniqueConstraint(fields=("source", "idem_key"), name="journal_event_source_idem"),
                ],
            },
        ),
    ]
