"""One fault in a pack is told with its place and the way out: file, line, what is wrong, what would be right."""

from __future__ import annotations

import pytest

from tests.packs.faults import ABOVE
from tests.packs.faults_elsewhere import OTHERS, TABLES
from tests.packs.faults_in_procedures import PROCEDURE
from tests.packs.faults_in_triggers import TRIGGERS
from tests.packs.faults_in_warns import WARNS
from yukuaiban.core.errors import PackInvalid, Problem
from yukuaiban.packs import load


def line_of(text: str, marker: str) -> int | None:
    """The line of a marker, or the one above it; `#2` behind it means the second such line, no marker no line."""
    wanted, _, nth = marker.removeprefix(ABOVE).partition("#")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if wanted and wanted in line]
    return lines[int(nth or 1) - 1] - marker.startswith(ABOVE) if lines else None


def complaints(pack) -> tuple[Problem, ...]:
    with pytest.raises(PackInvalid) as caught:
        load(pack)
    return caught.value.problems


@pytest.mark.parametrize(
    "fault", [*PROCEDURE, *TABLES, *OTHERS, *WARNS, *TRIGGERS], ids=lambda fault: fault.name
)
def test_a_fault_is_told_with_its_place_and_the_way_out(pack, fault):
    path = pack / fault.file
    text = path.read_text(encoding="utf-8")
    assert fault.old in text
    broken = text.replace(fault.old, fault.new, 1)
    path.write_text(broken, encoding="utf-8")
    found = complaints(pack)
    told = [each for each in found if fault.why in each.why]
    assert told, [str(each) for each in found]
    assert (told[0].file, told[0].line) == (fault.file, line_of(broken, fault.marker))
    assert fault.remedy in told[0].remedy
