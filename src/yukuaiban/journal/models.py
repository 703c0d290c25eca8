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
# What people took out of the system or looked at in full; read by period, so that nobody's looks get lost in the rest.
READS = ("journal.exported", "list.exported", "personal.revealed")


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


class Written(models.Model):
    """A row that is inserted and never updated."""

    class Meta:
        """No table of its own."""

        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; never update."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)


class Kept(Written):
    """A row that stays for ever."""

    objects = AppendOnly.as_manager()

    class Meta:
        """No table of its own."""

        abstract = True

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        _refuse()


class JournalEvent(Kept):
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
            models.Index("recorded_at", condition=Q(type__in=READS), name="journal_event_reads"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.type}"


class JournalSecret(Written):
    """The personal payload of an event, sealed. The only rows of the journal that may be removed (erasure)."""

    event_uid = models.UUIDField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()

    class Meta:
        """Names are those of journal.md section 2."""

        db_table = "journal_secret"

    def __str__(self) -> str:
        return str(self.event_uid)


class JournalLeaf(Kept):
    """The place of an event in the tree. `event_id` is no foreign key: a tampered journal must stay readable."""

    idx = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    leaf_sha256 = models.BinaryField(max_length=32)
    leaf_sm3 = models.BinaryField(max_length=32)

    class Meta:
        """Names are those of journal.md section 2."""

        db_table = "journal_leaf"

    def __str__(self) -> str:
        return f"leaf {self.idx}"


class JournalCheckpoint(Kept):
    """A signed statement about the first `size` leaves.

    `frontier` holds the roots of the complete subtrees (SHA-256, then SM3), so that the tree can be continued
    without reading all leaves again; verify compares it with them.
    """

    size = models.BigIntegerField(primary_key=True)
    root_sha256 = models.BinaryField(max_length=32)
    root_sm3 = models.BinaryField(max_length=32)
    note_sha256 = models.TextField()
    note_sm3 = models.TextField()
    frontier = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        """Names are those of journal.md section 2."""

        db_table = "journal_checkpoint"
        indexes: ClassVar[list[models.Index]] = [models.Index("made_at", name="journal_checkpoint_made")]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class JournalCosignature(Kept):
    """The signature line of a witness under one note of a checkpoint; a table of its own, so rows only come."""

    size = models.BigIntegerField()
    digest = models.CharField(max_length=8)
    name = models.CharField(max_length=128)
    line = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        """One line of a witness for each note."""

        db_table = "journal_cosignature"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["size", "digest", "name"], name="journal_cosignature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.size}"
