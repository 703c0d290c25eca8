"""Who took something out or saw it in full, read from the events themselves: a copy could be thinned out unnoticed.

Person and agency stand inside the text and are sought there, among the few events of these types alone.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BinaryField, BooleanField, F, Func, IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL

from yukuaiban.core.canonical import canonical
from yukuaiban.journal.models import READS, JournalEvent

# As literals: SQLite takes the partial index only for the very words of its condition, not for parameters.
_OF_READS = f'"journal_event"."type" IN {READS}'


class _Place(Func):
    """Where bytes stand in a text, counted from 1; 0 if they do not."""

    function = "INSTR"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """The function behind POSITION(… IN …), which takes bytes in the same order."""
        return self.as_sql(compiler, connection, function='pg_catalog."position"')


def rows() -> QuerySet[Any]:
    """All looks and exports, unordered, as rows whose `text` is the event."""
    of_reads = RawSQL(_OF_READS, (), output_field=BooleanField())  # noqa: S611 - constants of ours alone
    return JournalEvent.objects.filter(of_reads)


def saying(found: QuerySet[Any], key: str, value: str) -> QuerySet[Any]:
    """Those whose event names it as `actor` or `agency`; what people wrote cannot look so, its quotes are escaped."""
    told = canonical({key: value})[1:-1]
    place = _Place(F("text"), Value(told, output_field=BinaryField()))
    return found.alias(told_at=place).filter(told_at__gt=0)
