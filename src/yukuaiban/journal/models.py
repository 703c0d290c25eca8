"""Tables of the journal. Only this package may import them (a contract of import-linter).

A migration that makes SQLite rebuild one of these tables drops its triggers with the old one: it must end with
`triggers.install`. `./ykb check` says so if it was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

STREAM_SEQ = "journal_event_stream_seq"
SOURCE_IDEM = "journal_event_source_idem"


class AppendOnlyBroken(TypeError):
    """Code tried to change or remove an event. There is no way to do that; append another event."""


def _refuse() -> NoReturn:
    raise AppendOnlyBroken("the journal is append-only: what was written is neither changed nor removed")


class AppendOnly(models.QuerySet[Any]):
    """Reads and inserts; the triggers refuse the rest anyway, this says it earlier."""

    def update(self, **_kwargs: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        _refuse()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("update_conflicts"):
            _refuse()
        return super().bulk_create(objs, *args, **kwargs)


class JournalEvent(models.Model):
    """One event. `text` is the truth; every other column is a copy for indexes, compared with it by verify."""

    uid = models.UUIDField(unique=True)
    stream = models.CharField(max_length=128)
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=96)
    source = models.CharField(max_length=128)
    idem_key = models.CharField(max_length=128, null=True)  # noqa: DJ001 - NULL: no key, never equal to another
    recorded_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    text = models.BinaryField()
    hash = models.BinaryField(max_length=32)

    objects = AppendOnly.as_manager()

    class Meta:
        """Names are those of journal.md section 2."""

        db_table = "journal_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["stream", "seq"], name=STREAM_SEQ),
            models.UniqueConstraint(fields=["source", "idem_key"], name=SOURCE_IDEM),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The newest word on the clock, however much else the stream holds.
            models.Index("type", "seq", condition=Q(stream="system"), name="journal_event_system_type"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.type}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; never update."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        _refuse()


class JournalSecret(models.Model):
    """The personal payload of an event, sealed. The only rows of the journal that may be removed (erasure)."""

    event_uid = models.UUIDField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()

    class Meta:
        """Names are those of journal.md section 2."""

        db_table = "journal_secret"

    def __str__(self) -> str:
        return str(self.event_uid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; never update."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
