"""Rows beside the case of an order: what it is about, why, and what was said against it. Nothing here decides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yukuaiban.cases.models import Case


class SupervisionOrder(models.Model):
    """A 督办: on a case of any measure, to one agency. `signed` are all who took part in it."""

    class Level(models.TextChoices):
        """The three colours of the sheet."""

        BLUE = "blue", _("蓝色")
        ORANGE = "orange", _("橙色")
        RED = "red", _("红色")

    class Cause(models.TextChoices):
        """Why an agency is supervised."""

        REFUSED = "refused", _("推诿拒办")
        OVERDUE = "overdue", _("逾期未办")
        UNRESOLVED = "unresolved", _("到期未解决")
        REPEATED = "repeated", _("反复发生")
        FALSE_CLOSE_OUT = "false_close_out", _("虚假办结")
        BAD_EFFECTS = "bad_effects", _("造成不良影响")

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="supervision_order"
    )
    supervised = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supervision_orders")
    agency = models.CharField(max_length=32)
    level = models.CharField(max_length=8, choices=Level)
    cause = models.CharField(max_length=16, choices=Cause)
    number = models.CharField(max_length=40, blank=True)
    demand = models.TextField()
    due = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    verdict = models.TextField(blank=True)
    signed = models.JSONField(default=list)
    is_open = models.BooleanField(default=True)

    class Meta:
        """One open order a case and agency; a number is given once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["supervised", "agency"], condition=Q(is_open=True), name="order_open_once"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="order_number_once"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.case_id)


class OrderCause(models.Model):
    """One cause of an order. Those of the worker name their trigger and since when the light was shown."""

    order = models.ForeignKey(SupervisionOrder, on_delete=models.PROTECT, related_name="causes")
    supervised = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16, choices=SupervisionOrder.Cause)
    note = models.CharField(max_length=500, blank=True)
    trigger = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        """The same light since the same moment is one cause, whatever becomes of the order."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["supervised", "since"], condition=~Q(trigger=""), name="order_cause_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.cause}"


class Objection(models.Model):
    """What an agency said against an order; `late` ones are petitions, which suspend nothing."""

    class Decision(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("待处理")
        UPHELD = "upheld", _("异议成立")
        DISMISSED = "dismissed", _("异议不成立")

    order = models.ForeignKey(SupervisionOrder, on_delete=models.PROTECT, related_name="objections")
    grounds = models.TextField()
    raised_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    decision = models.CharField(max_length=12, choices=Decision, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True)
    reviewer = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.order_id} {self.decision}"


class OrderSequence(models.Model):
    """The last running number of orders in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year} {self.last}"
