"""The index of closed cases leaves out the open ones: SQLite preferred it to every index made for open cases."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_calendar_versions_return")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_closed"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"
            ),
        ),
    ]
