"""Calendar files of a pack: read by the core, compiled once for a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from yukuaiban.core.workcalendar import CalendarInvalid, CalendarSpec, WorkCalendar, parse_calendar
from yukuaiban.packs.sources import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from yukuaiban.packs.complaints import Complaints

OFFICE = "office"


def read_calendars(
    folder: Path, complaints: Complaints
) -> tuple[Mapping[str, CalendarSpec], Mapping[str, str]]:
    """The calendars of a folder and their texts, by the name of their file; what is wrong is noted."""
    specs: dict[str, CalendarSpec] = {}
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        file = f"{folder.name}/{path.name}"
        text = read_text(path, file=file, complaints=complaints)
        if text is None:
            continue
        try:
            specs[path.stem], texts[path.stem] = parse_calendar(text, file=file), text
        except CalendarInvalid as error:
            complaints.take([replace(problem, file=file) for problem in error.problems])
    return specs, texts


@lru_cache(maxsize=32)
def compiled(spec: CalendarSpec) -> WorkCalendar:
    """The working calendar of a spec; compiled tables are kept."""
    return WorkCalendar(spec)
