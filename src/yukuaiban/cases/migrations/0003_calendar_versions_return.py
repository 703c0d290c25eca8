"""A calendar that goes back to earlier days is a new number with a version that was there before."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_first_tick")]
    operations = [
        migrations.RemoveConstraint(model_name="storedcalendar", name="stored_calendar_version"),
        migrations.AddIndex(
            model_name="storedcalendar",
            index=models.Index(fields=["code", "version"], name="stored_calendar_version"),
        ),
    ]
