"""On which line of a TOML text a table or key stands, so that a complaint can name it.

The standard parser gives values without places. This reads only heads and keys: enough for the flat files of a
district pack, where tables are written under their heads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

TomlPath = tuple[str | int, ...]

_HEAD = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*=")


def toml_lines(text: str) -> Mapping[TomlPath, int]:
    """Paths such as `("days", 3)` and `("days", 3, "date")` to line numbers, which begin at 1."""
    lines: dict[TomlPath, int] = {}
    counts: dict[TomlPath, int] = {}
    here: TomlPath = ()
    for number, line in enumerate(text.splitlines(), 1):
        if (head := _HEAD.fullmatch(line)) is not None:
            here = _table(head[2].replace('"', "").split("."), head[1] == "[[", counts)
            lines[here] = number
        elif (key := _KEY.match(line)) is not None:
            lines.setdefault((*here, key[1].strip("\"'")), number)
    return lines


def _table(names: list[str], array: bool, counts: dict[TomlPath, int]) -> TomlPath:  # noqa: FBT001 - [[ or [
    """The path of a head; parts that are arrays of tables stand for their newest element."""
    path: TomlPath = ()
    for name in names[:-1]:
        path = _newest((*path, name), counts)
    path = (*path, names[-1])
    if not array:
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _newest(path: TomlPath, counts: Mapping[TomlPath, int]) -> TomlPath:
    return (*path, counts[path]) if path in counts else path
