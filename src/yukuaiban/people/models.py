"""Rows of people: agencies as a tree, staff, their posts, enterprises."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yukuaiban.people.identity import login_form
from yukuaiban.people.roles import ROLES, STAFF_ROLES, Duty


class Agency(models.Model):
    """An agency, town, park, court …; `code` is the pack's and never changes. Agencies end, they are not deleted."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        DEPARTMENT = "department", _("部门")
        TOWN = "town", _("镇")
        PARK = "park", _("园区")
        COURT = "court", _("法院")
        PARTY = "party", _("党委机构")
        HOTLINE = "hotline", _("热线")
        INSTITUTION = "institution", _("事业单位")
        UTILITY = "utility", _("公用企业")

    class OrganKind(models.TextChoices):
        """主体性质: decides what may be entrusted, and who may punish."""

        STATUTORY = "statutory", _("法定机关")
        INSTITUTION = "institution", _("事业单位")
        AUTHORISED = "authorised", _("法律法规授权组织")
        ENTRUSTED = "entrusted", _("受委托组织")
        OTHER = "other", _("其他")

    code = models.CharField(max_length=32, primary_key=True)
    district = models.CharField(max_length=16)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=16, choices=Kind)
    organ_kind = models.CharField(max_length=16, choices=OrganKind, default=OrganKind.OTHER)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    number4 = models.CharField(max_length=4, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    area_code = models.CharField(max_length=12, blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        """Agencies stand in the order of the pack."""

        ordering: ClassVar[list[str]] = ["sort_order", "code"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(parent=F("code")), name="agency_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class StaffManager(BaseUserManager["Staff"]):
    """Finds people by their login name, however it was typed; accounts are made by `people.actions` alone."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The account of a login name; Staff.DoesNotExist if there is none."""
        return self.get(login=login_form(username or ""))


class Staff(AbstractBaseUser):
    """A person with an account. What the person may do stands in the posts, nowhere else.

    `session_key` is the one session that is open: a new sign-in ends the old one. `locked_reason` tells the
    administrator, never the person at the door, why the account does not open.
    """

    uid = models.UUIDField(unique=True)
    login = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    session_key = models.CharField(max_length=40, blank=True)
    locked_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """A locked account says why."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(is_active=True) | ~Q(locked_reason=""), name="staff_locked_with_reason"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """How events and rows name this person."""
        return f"staff:{self.uid}"


def _duty_fits_role() -> Q:
    """The condition that a post's duty is that of its role, for every role."""
    fits = Q()
    for duty in (Duty.BUSINESS, Duty.SYSTEM, Duty.SECURITY, Duty.AUDIT):
        roles = [code for code in STAFF_ROLES if ROLES[code].duty is duty]
        fits |= Q(duty=duty.value, role__in=roles)
    return fits


class Post(models.Model):
    """A role held in an agency and for a time: [since, until). Posts end, they are never changed or deleted.

    `duty` repeats the group of the role, so that the database can hold the separation of duties: a trigger
    refuses a second duty for the same person in the same days.
    """

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="posts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    duty = models.CharField(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    granted_by = models.CharField(max_length=64)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """One open post for a person, agency and role; every grant says why and by whom, and by another."""

        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "staff", "agency", "role", condition=Q(until=None), name="post_once_while_open"
            ),
            models.CheckConstraint(condition=_duty_fits_role(), name="post_duty_of_role"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="post_days_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(granted_by=""), name="post_with_reason"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("role", "agency", condition=Q(until=None), name="post_open_holders")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.role}@{self.agency_id}"


class Enterprise(models.Model):
    """A market entity. Without a credit code (market stall, household) name, address and phone are its key.

    `raw` keeps the values as they were given, `warnings` what was odd about them.
    """

    uid = models.UUIDField(unique=True)
    district = models.CharField(max_length=16)
    uscc = models.CharField(max_length=18, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    unverified = models.BooleanField(default=False)
    match_key = models.CharField(max_length=64)
    raw = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    added_at = models.DateTimeField()

    class Meta:
        """Whoever has no code is unverified, and is kept once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(uscc__isnull=False) | Q(unverified=True),
                name="enterprise_without_code_unverified",
            ),
            models.UniqueConstraint("match_key", condition=Q(uscc=None), name="enterprise_once_without_code"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("name", name="enterprise_name")]

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """A training that was held (培训): one record for all measures that ask for trained people."""

    class Subject(models.TextChoices):
        """培训内容."""

        MATTERS = "matters", _("事项业务")
        SYSTEM = "system", _("系统操作")
        LAW = "law", _("法律知识")

    title = models.CharField(max_length=200)
    held_on = models.DateField()
    hours = models.PositiveSmallIntegerField()
    trainer = models.CharField(max_length=32)
    subject = models.CharField(max_length=16, choices=Subject)
    material = models.CharField(max_length=300, blank=True)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        """The newest stand first."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-held_on", "id"], name="training_held")
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who took part in a training, and whether the test was passed."""

    class Result(models.TextChoices):
        """培训结果."""

        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="attendances")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="attendances")
    result = models.CharField(max_length=16, choices=Result)

    class Meta:
        """A person once in a training."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["training", "staff"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.training_id} {self.staff_id}"
