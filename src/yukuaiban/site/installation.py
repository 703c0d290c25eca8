"""A district pack into the database: what `migrate`, a first `serve` and `demo` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.cases import versions
from yukuaiban.measures.desks.installing import install
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.importing import import_agencies

if TYPE_CHECKING:
    from yukuaiban.core.errors import Problem
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District


def prepare(district: District, pen: Pen) -> list[Problem]:
    """Agencies, procedures, calendars, halls, desks and matters of the pack; a second time changes nothing.

    Returns what the pack says otherwise than the database and was not taken over (calendars that differ).
    """
    import_agencies(district, by=CONSOLE, pen=pen)
    findings = versions.install(district, subject=CONSOLE, pen=pen)
    install(district, pen)
    return findings
