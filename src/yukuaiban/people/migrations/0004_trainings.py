"""Trainings and who passed them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

_SUBJECTS = [("matters", "事项业务"), ("system", "系统操作"), ("law", "法律知识")]


class Migration(migrations.Migration):
    dependencies = [("people", "0003_staff_email")]
    operations = [
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("held_on", models.DateField()),
                ("hours", models.PositiveSmallIntegerField()),
                ("trainer", models.CharField(max_length=32)),
                ("subject", models.CharField(choices=_SUBJECTS, max_length=16)),
                ("material", models.CharField(blank=True, max_length=300)),
                ("recorded_by", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["-held_on", "id"], name="training_held")]},
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "result",
                    models.CharField(choices=[("passed", "合格"), ("failed", "不合格")], max_length=16),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="people.staff",
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendances",
                        to="people.training",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["training", "staff"], name="attendance_once")]
            },
        ),
    ]
