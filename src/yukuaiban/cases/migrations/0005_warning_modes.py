"""Halls go from off to trial to live by steps that two people make."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_closed_cases_alone")]
    operations = [
        migrations.CreateModel(
            name="WarningModeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hall", models.CharField(max_length=32)),
                ("mode", models.CharField(max_length=8)),
                ("since", models.DateField()),
                ("paper", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("proposed_by", models.CharField(max_length=64)),
                ("proposed_at", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=64)),
                ("approved_at", models.DateTimeField(null=True)),
                ("begins_at", models.DateTimeField(null=True)),
                ("turned_down_by", models.CharField(blank=True, max_length=64)),
                ("turned_down_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("gate", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["hall", "begins_at"], name="warning_mode_begins")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["hall"],
                        condition=Q(approved_at=None, turned_down_at=None),
                        name="warning_mode_one_waits",
                    )
                ],
            },
        ),
    ]
