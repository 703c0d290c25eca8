"""How often to come and by which channel belongs to the version of the sheet, not to the matter: copied here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FIELDS = ("visit_count", "visit_reason", "online", "online_only", "courier")


def to_sheets(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Every version gets what its matter said."""
    matter = apps.get_model("desks", "Matter").objects.filter(pk=OuterRef("matter"))
    apps.get_model("desks", "MatterSheet").objects.update(
        **{name: Subquery(matter.values(name)[:1]) for name in _FIELDS}
    )


def hold(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What kept a matter from being published is now said of the version that it is about."""
    held = apps.get_model("desks", "Matter").objects.filter(published=False).exclude(findings=[])
    for matter in held.iterator():
        newest = matter.sheets.order_by("-number").first()
        if newest is not None and not newest.findings:
            newest.findings = matter.findings
            newest.save(update_fields=["findings"])


def to_matters(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Back: a matter says what its newest version says."""
    sheets = apps.get_model("desks", "MatterSheet").objects.filter(matter=OuterRef("pk"))
    newest = sheets.order_by("-since", "-number")
    matters = apps.get_model("desks", "Matter").objects
    matters.filter(sheets__isnull=False).update(
        **{name: Subquery(newest.values(name)[:1]) for name in _FIELDS}
    )


class Migration(migrations.Migration):
    dependencies = [("desks", "0001_register_and_papers")]
    operations = [
        migrations.AddField("mattersheet", "visit_count", models.SmallIntegerField(blank=True, null=True)),
        migrations.AddField(
            "mattersheet", "visit_reason", models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddField("mattersheet", "online", models.BooleanField(default=False)),
        migrations.AddField("mattersheet", "online_only", models.BooleanField(default=False)),
        migrations.AddField("mattersheet", "courier", models.BooleanField(default=False)),
        migrations.RunPython(to_sheets, to_matters),
        migrations.RunPython(hold, migrations.RunPython.noop),
    ]
