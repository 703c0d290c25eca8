"""What people keep for their own convenience: no business state, so none of it is in the journal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SavedView(models.Model):
    """A list as somebody wants to see it again: filters, order and columns, as its address writes them.

    With an `agency` everybody of that agency sees it; its leader has shared it.
    """

    list_code = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    owner = models.CharField(max_length=64)
    agency = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        """One view of a name for each person, and one for each agency."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["list_code", "owner", "name"], condition=models.Q(agency=""), name="view_of_person"
            ),
            models.UniqueConstraint(
                fields=["list_code", "agency", "name"], condition=~models.Q(agency=""), name="view_of_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name
