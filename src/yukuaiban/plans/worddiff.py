"""Two texts as one, with what went and what came: for the page of differences. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher

SAME, OLD, NEW = "same", "old", "new"
_LONGEST = 3_000  # beyond it comparing letter by letter takes too long


def worddiff(before: str, after: str) -> list[tuple[str, str]]:
    """(SAME | OLD | NEW, letters) in order; two long texts are shown whole, one behind the other."""
    if before == after:
        return [(SAME, after)] if after else []
    if max(len(before), len(after)) > _LONGEST:
        return [(OLD, before), (NEW, after)]
    found: list[tuple[str, str]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append((SAME, after[c:d]))
            continue
        found += [(OLD, before[a:b])] if b > a else []
        found += [(NEW, after[c:d])] if d > c else []
    return found
