"""Indexes for the list of looks and exports and for the last checkpoint of a day."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0003_tree"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="journalcheckpoint",
            index=models.Index("made_at", name="journal_checkpoint_made"),
        ),
        migrations.AddIndex(
            model_name="journalevent",
            index=models.Index(
                "recorded_at",
                condition=models.Q(("type__in", ("journal.exported", "list.exported", "personal.revealed"))),
                name="journal_event_reads",
            ),
        ),
    ]
