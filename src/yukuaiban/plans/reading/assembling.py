"""The text as read becomes a Reading: undertakings with owners, milestones and targets, safeguards, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from yukuaiban.plans.reading import noise
from yukuaiban.plans.reading.blocks import Block, blocks
from yukuaiban.plans.reading.coverage import rest
from yukuaiban.plans.reading.folding import Folded, Span, fold, traditional
from yukuaiban.plans.reading.loose import by_owners
from yukuaiban.plans.reading.milestones import Step, parted_by, steps_by_date, steps_by_quarter
from yukuaiban.plans.reading.model import AgencyRead, ItemRead, MilestoneRead, Note, Reading, TargetRead
from yukuaiban.plans.reading.names import Named
from yukuaiban.plans.reading.roles import Clause, behind, clauses
from yukuaiban.plans.reading.sections import Matter
from yukuaiban.plans.reading.tablerows import Row, table_rows
from yukuaiban.plans.reading.targets import Goal, targets
from yukuaiban.plans.reading.titles import plan_title

_BOX = re.compile(r"专栏[\d一二三四五六七八九十]+$")
_TRADITIONAL_SIGNS = 3  # fewer may be a name


def read_plan(raw: str) -> Reading:
    """Read a plan; without any block all of it is `unread`."""
    folded, notes = _folded(raw)
    undertakings: list[ItemRead] = []
    safeguards: list[ItemRead] = []
    rows = table_rows(folded)
    for block in blocks(folded) or ([] if rows else by_owners(folded)):
        for entry, keeps in _items(folded, block, rows):
            (safeguards if keeps else undertakings).append(entry)
    undertakings += [_from_row(folded, row) for row in rows]
    undertakings.sort(key=lambda entry: entry.span)
    items = [*undertakings, *safeguards]
    copies = [note.span for note in notes if note.kind == "duplicate"]
    return Reading(
        title=plan_title(raw),
        undertakings=tuple(undertakings),
        safeguards=tuple(safeguards),
        unread=tuple(sorted([*rest(raw, [*(entry.span for entry in items), *copies]), *copies])),
        notes=tuple(notes),
    )


def _folded(raw: str) -> tuple[Folded, list[Note]]:
    """The text without its noise, and the notes about it."""
    pinyin = noise.pinyin_notes(raw)
    skipped = list(noise.joined([*noise.page_marks(raw), *pinyin]))
    folded = fold(raw, skipped)
    notes = [Note("pinyin", span) for span in pinyin]
    copy = noise.second_copy(folded)
    if copy:
        notes.append(Note("duplicate", copy))
        folded = fold(raw, noise.joined([*skipped, copy]))
    if traditional(raw) >= _TRADITIONAL_SIGNS:
        notes.append(Note("traditional", (0, len(raw))))
    return folded, notes


def _items(folded: Folded, block: Block, rows: list[Row]) -> Iterator[tuple[ItemRead, bool]]:
    """The items of a block, each with whether it is a safeguard; paragraphs with owners of their own give several."""
    block = _above_tables(block, rows)
    if block.end <= block.start or not folded.text[block.body : block.end].strip("。;:,"):
        return
    own = clauses(folded, block.start, block.end, stops=_stops(block))
    for part in _parts(folded, block, own):
        inside = [each for each in own if part.start <= each.start < part.end]
        entry, owned = _item(folded, part, inside)
        safeguard = part.matter is Matter.SAFEGUARD and (part.marked or not owned)
        if owned or not part.gathers:
            yield entry, safeguard


def _above_tables(block: Block, rows: list[Row]) -> Block:
    """A table is read by its rows: a block ends where one begins, and none begins inside one."""
    if any(row.table <= block.start < row.end for row in rows):
        return replace(block, end=block.start)
    first = min(
        (row.table for row in rows if block.start < row.end and row.table < block.end), default=block.end
    )
    return replace(block, end=first)


def _stops(block: Block) -> tuple[int, ...]:
    return tuple(first for first, _ in block.schedules)


def _parts(folded: Folded, block: Block, own: list[Clause]) -> list[Block]:
    """Unnumbered paragraphs that each name their owners are items of their own: 二(二)-1, 二(二)-2, …"""
    cuts = [] if block.marked else _cuts(folded, block, own)
    if not cuts:
        return [block]
    edges = [block.start, *cuts, block.end]
    return [
        replace(
            block,
            start=first,
            end=last,
            body=max(first, block.body),
            number=f"{block.number}-{count}",
            title=block.title if count == 1 else _sentence(folded.text, first, last),
            gathers=block.gathers and last == block.end,
        )
        for count, (first, last) in enumerate(pairwise(edges), start=1)
    ]


def _cuts(folded: Folded, block: Block, own: list[Clause]) -> list[int]:
    """Where such paragraphs begin: behind a clause that closes one, or at one that begins with 由A负责."""
    starts = {each.start for each in own}
    ended = {behind(folded, each, block.end) for each in own if each.closes} - starts
    opened = {each.start for each in own if not each.closes}
    if _BOX.search(block.number):  # what follows a box and names owners is no part of it
        ended |= {max((at for at in folded.breaks if at <= each.start), default=0) for each in own}
    last = max(starts, default=0)
    places = (at for at in (ended | opened) & folded.breaks if block.body < at < block.end and at <= last)
    found = sorted(at for at in places if not any(each.start < at < each.end for each in own))
    alone = found and not any(each.start < found[0] for each in own) and block.title[1] >= found[0] - 1
    return found[1:] if alone else found


def _sentence(text: str, start: int, end: int) -> Span:
    match = re.compile(r"[。:;,]").search(text, start, min(end, start + 40))
    return start, match.start() if match else min(end, start + 40)


def _item(folded: Folded, block: Block, own: list[Clause]) -> tuple[ItemRead, bool]:
    """The item, and whether it names an owner, a date or a number."""
    spans = [(each.start, each.end) for each in own]
    steps = _steps(folded, block, spans)
    outside = [*spans, *([block.title] if block.gathers else [])]
    goals = [goal for span in _stretches(folded, block) for goal in targets(folded.text, *span, outside)]
    owned = bool(own) or any(each.dated for each in steps)
    text, span = _cut(folded, block.start, block.end)
    entry = ItemRead(
        no=block.number,
        title=_words(folded, block.title[0], min([block.title[1], *(first for first, _ in spans)])),
        text=text,
        span=span,
        agencies=_agencies(folded, [each for clause in own for each in clause.agencies]),
        milestones=_milestones(folded, steps),
        targets=_targets(folded, goals),
    )
    return entry, owned or (block.matter is not Matter.SAFEGUARD and bool(goals))


def _stretches(folded: Folded, block: Block) -> list[Span]:
    """The words of the block; a title on a line of its own is apart from the text behind it."""
    line = block.title[1]
    if line in folded.breaks and block.body < line < block.end:
        return [(block.body, line), (line, block.end)]
    return [(block.body, block.end)]


def _steps(folded: Folded, block: Block, owners: list[Span]) -> list[Step]:
    stretches = block.schedules or ((block.body, block.end),)
    quarters = [
        step
        for first, last in stretches
        for step in steps_by_quarter(folded, min(first, block.end), min(last, block.end), owners)
    ]
    recurring = not (block.marked and quarters)
    dates = [
        step
        for span in _stretches(folded, block)
        for step in steps_by_date(folded, *span, owners, recurring=recurring)
    ]
    parted = [parted_by(folded.text, quarter, dates) for quarter in quarters]
    return sorted([*parted, *dates], key=lambda each: (each.start, -each.end))


def _from_row(folded: Folded, row: Row) -> ItemRead:
    text, span = _cut(folded, row.start, row.end)
    return ItemRead(
        no=row.number,
        title=_words(folded, *_sentence(folded.text, *row.task)),
        text=text,
        span=span,
        agencies=_agencies(folded, row.agencies),
        milestones=_milestones(folded, row.steps),
        targets=_targets(folded, targets(folded.text, *row.task)),
    )


def _agencies(folded: Folded, names: Iterable[Named]) -> tuple[AgencyRead, ...]:
    return tuple(
        AgencyRead(name, each.role, span, each.open_ended)
        for each in names
        for name, span in [_cut(folded, each.start, each.end)]
    )


def _milestones(folded: Folded, steps: Iterable[Step]) -> tuple[MilestoneRead, ...]:
    return tuple(MilestoneRead(each.period, *_cut(folded, each.start, each.end)) for each in steps)


def _targets(folded: Folded, goals: Iterable[Goal]) -> tuple[TargetRead, ...]:
    return tuple(
        TargetRead(text, each.value, each.unit, each.comparison, span, each.soft)
        for each in goals
        for text, span in [_cut(folded, each.start, each.end)]
    )


def _cut(folded: Folded, start: int, end: int) -> tuple[str, Span]:
    span = folded.span(start, end)
    return folded.raw[slice(*span)], span


def _words(folded: Folded, start: int, end: int) -> str:
    """The words without the line ends and blanks inside them."""
    return "".join(_cut(folded, start, end)[0].split()) if start < end else ""
