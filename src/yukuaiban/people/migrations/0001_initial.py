import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Staff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("uid", models.UUIDField(unique=True)),
                ("login", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("is_active", models.BooleanField(default=True)),
                ("must_change_password", models.BooleanField(default=True)),
                ("session_key", models.CharField(blank=True, max_length=40)),
                ("locked_reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", True),
                            models.Q(("locked_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="staff_locked_with_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("code", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("district", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=100)),
                ("short_name", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("department", "部门"),
                            ("town", "镇"),
                            ("park", "园区"),
                            ("court", "法院"),
                            ("party", "党委机构"),
                            ("hotline", "热线"),
                            ("institution", "事业单位"),
                            ("utility", "公用企业"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "organ_kind",
                    models.CharField(
                        choices=[
                            ("statutory", "法定机关"),
                            ("institution", "事业单位"),
                            ("authorised", "法律法规授权组织"),
                            ("entrusted", "受委托组织"),
                            ("other", "其他"),
                        ],
                        default="other",
                        max_length=16,
                    ),
                ),
                ("number4", models.CharField(max_length=4, null=True, unique=True)),
                ("area_code", models.CharField(blank=True, max_length=12)),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("confirmed", models.BooleanField(default=True)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.agency",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(unique=True)),
                ("district", models.CharField(max_length=16)),
                ("uscc", models.CharField(max_length=18, null=True, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("unverified", models.BooleanField(default=False)),
                ("match_key", models.CharField(max_length=64)),
                ("raw", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(models.F("name"), name="enterprise_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uscc__isnull", False), ("unverified", True), _connector="OR"),
                        name="enterprise_without_code_unverified",
                    ),
                    models.UniqueConstraint(
                        models.F("match_key"),
                        condition=models.Q(("uscc", None)),
                        name="enterprise_once_without_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=32)),
                ("duty", models.CharField(max_length=16)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("granted_by", models.CharField(max_length=64)),
                ("ended_by", models.CharField(blank=True, max_length=64)),
                ("ended_reason", models.CharField(blank=True, max_length=200)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="people.agency"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("code")), _negated=True),
                name="agency_not_its_own_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                models.F("role"),
                models.F("agency"),
                condition=models.Q(("until", None)),
                name="post_open_holders",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                models.F("staff"),
                models.F("agency"),
                models.F("role"),
                condition=models.Q(("until", None)),
                name="post_once_while_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("duty", "business"),
                        (
                            "role__in",
                            [
                                "desk_clerk",
                                "desk_head",
                                "handler",
                                "agency_leader",
                                "reporter",
                                "town_officer",
                                "dispatcher",
                                "coordinator",
                                "oversight",
                                "discipline",
                                "officer",
                                "planner",
                                "register_editor",
                                "legal_reviewer",
                                "approver",
                                "draw_operator",
                                "pack_admin",
                                "publisher",
                                "district_leader",
                                "assessor",
                                "external_reviewer",
                            ],
                        ),
                    ),
                    models.Q(("duty", "system"), ("role__in", ["system_admin"])),
                    models.Q(("duty", "security"), ("role__in", ["security_admin"])),
                    models.Q(("duty", "audit"), ("role__in", ["auditor"])),
                    _connector="OR",
                ),
                name="post_duty_of_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="post_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("granted_by", ""), _negated=True)
                ),
                name="post_with_reason",
            ),
        ),
    ]
