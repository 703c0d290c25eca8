"""Trial running: cases keep the mode they were opened under, explanations whether they are public, lights are judged."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

_STANDS = [("confirmed", "灯是对的"), ("disputed", "有异议")]
_OUTCOMES = [("data_wrong", "数据有误"), ("rule_wrong", "规则有误"), ("light_right", "灯无误")]


class Migration(migrations.Migration):
    dependencies = [("desks", "0003_visits_off_the_matter"), ("cases", "0005_warning_modes")]
    operations = [
        migrations.AddField("deskcase", "warning_mode", models.CharField(default="live", max_length=8)),
        migrations.AddField("overrunexplanation", "public", models.BooleanField(default=True)),
        migrations.CreateModel(
            name="LightDispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hall", models.CharField(max_length=32)),
                ("clock", models.CharField(max_length=32)),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("light", models.CharField(max_length=8)),
                ("agency", models.CharField(max_length=32)),
                ("stand", models.CharField(choices=_STANDS, max_length=16)),
                ("why", models.CharField(blank=True, max_length=500)),
                ("made_by", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, choices=_OUTCOMES, max_length=16)),
                ("finding", models.CharField(blank=True, max_length=500)),
                ("decided_by", models.CharField(blank=True, max_length=64)),
                ("decided_at", models.DateTimeField(null=True)),
                ("mended", models.CharField(blank=True, max_length=500)),
                ("mended_by", models.CharField(blank=True, max_length=64)),
                ("mended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="light_disputes",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-made_at", "id"], name="light_dispute_made"),
                    models.Index(fields=["hall", "outcome"], name="light_dispute_hall"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["case", "clock", "ordinal", "light"], name="light_dispute_once"
                    )
                ],
            },
        ),
    ]
