"""The matter no longer says what its sheets say; apart from the copying, which a database may not mix with this."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desks", "0002_visits_on_the_sheet")]
    operations = [
        migrations.RemoveField("matter", name)
        for name in ("visit_count", "visit_reason", "online", "online_only", "courier")
    ]
