"""存证公报: the last checkpoint of a day on one printable page, for notice boards and files (journal.md section 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from yukuaiban.core.merkle import BOTH
from yukuaiban.journal import keys, places, tree
from yukuaiban.journal.notes import Verifier, read_note
from yukuaiban.web import scope
from yukuaiban.web.proofs import standing_of
from yukuaiban.web.witnessed import Standing

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Half:
    """The checkpoint over one hash: its root in hex, the key that signed it ("" if no longer known), the note."""

    digest: str
    root: str
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What stands on the page. `last` is of that day or, on a day without one (`quiet`), of an earlier one."""

    day: date
    last: tree.Checkpoint | None
    before: tree.Checkpoint | None
    standing: Standing | None
    quiet: bool
    unfinished: bool

    @property
    def halves(self) -> list[Half]:
        """Both notes of the checkpoint."""
        return [] if self.last is None else [_half(self.last, name) for name in self.last.notes]

    @property
    def grown(self) -> int:
        """How many events came since the bulletin before."""
        return self.last.size - self.before.size if self.last and self.before else 0

    @property
    def before_root(self) -> str:
        """The root of the checkpoint before, in hex."""
        return self.before.roots["sha256"].hex() if self.before else ""

    @property
    def yesterday(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def tomorrow(self) -> date | None:
        """The day after, unless it is still to come."""
        return None if self.unfinished else self.day + timedelta(days=1)


def bulletin(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """The newest one: of the day of the newest checkpoint."""
    newest = tree.newest()
    day = (newest.made_at if newest else scope.now()).astimezone(scope.zone()).date()
    return redirect("bulletin_day", day.isoformat())


def bulletin_day(request: HttpRequest, day: str) -> HttpResponse:
    """The bulletin of one day; of a day that is still to come there is none."""
    try:
        start, end = scope.midnight(day), _midnight_after(day)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    if start > scope.now():
        raise Http404
    address = request.build_absolute_uri(reverse("bulletin_day", args=[start.date().isoformat()]))
    return render(request, "web/bulletin.html", {"bulletin": _gathered(start, end), "address": address})


def _midnight_after(day: str) -> datetime:
    return scope.midnight((date.fromisoformat(day) + timedelta(days=1)).isoformat())


def _gathered(start: datetime, end: datetime) -> Bulletin:
    own, before = places.last_between(start, end), places.last_between(None, start)
    last = own or before
    return Bulletin(
        day=start.date(),
        last=last,
        before=before if own else None,
        standing=standing_of(last),
        quiet=own is None,
        unfinished=end > scope.now(),
    )


def _half(found: tree.Checkpoint, name: str) -> Half:
    digest = next(each for each in BOTH if each.name == name)
    note = tree.published(found, digest)
    signed = {(each.name, each.key_id) for each in read_note(note).signatures}
    known = [(Verifier.from_line(line), line) for line in keys.own()]
    mine = next((line for who, line in known if (who.name, who.key_id) in signed), "")
    return Half(name, found.roots[name].hex(), mine, note)
