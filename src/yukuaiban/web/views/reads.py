"""查阅记录: the first screen of the discipline commission, with the state of the witnesses above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuaiban.journal import tree, witnesses
from yukuaiban.web.readlist import READS
from yukuaiban.web.views import lists

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class WitnessState:
    """A witness and the newest checkpoint that it has cosigned; without a moment none of the newest ones."""

    office: str
    at: datetime | None = None
    size: int = 0
    behind: int = 0


def reads(request: HttpRequest) -> HttpResponse:
    """Who saw what in full and who took what out, all agencies."""
    newest = tree.latest(_LOOKED_AT)
    return lists.page(
        request,
        READS,
        export="reads_export",
        template="web/reads_list.html",
        newest=newest[0] if newest else None,
        root=newest[0].roots["sha256"].hex() if newest else "",
        watching=_watching(newest),
        looked_at=_LOOKED_AT,
    )


def reads_export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file; taking it out is itself in the list afterwards."""
    return lists.write(request, READS)


def _watching(newest: Sequence[tree.Checkpoint]) -> list[WitnessState]:
    """Each witness of today with the newest checkpoint that bears its signature."""
    signed = witnesses.cosigned_all(newest)
    return [
        next(
            (
                WitnessState(each.office, mine.at, checkpoint.size, newest[0].size - checkpoint.size)
                for checkpoint in newest
                for mine in signed[checkpoint.size]
                if mine.name == each.name
            ),
            WitnessState(each.office),
        )
        for each in witnesses.register()
        if each.until is None
    ]
