"""阶段成效 beside its case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_closed_cases_alone"),
        ("plans", "0003_reports_and_their_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="InterimResult",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="interim_result",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("quarter", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("written_by", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "undertaking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="plans.undertaking",
                    ),
                ),
            ],
        ),
    ]
