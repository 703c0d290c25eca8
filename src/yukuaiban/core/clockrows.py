"""Rows of `clock batch`: texts in, texts out, a sentence for each row that is wrong (cli.md, The clock).

A bad row never stops the others. Rows of one unit are computed together; a row with many pauses goes alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

import numpy as np

from yukuaiban.core.batch import NO_MOMENT, due_batch, elapsed_batch
from yukuaiban.core.clocks import NO_OPEN_TIME, due, elapsed, in_unit
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.core.grid import Ints
from yukuaiban.core.limits import Limit, Unit, plain
from yukuaiban.core.manymoments import parse_many, write_many
from yukuaiban.core.moments import MINUTE, micros, moment_of, parse_moment
from yukuaiban.core.pauses import Pause, united
from yukuaiban.core.workcalendar import WorkCalendar

REQUIRED = ("op", "start")
KNOWN = ("op", "start", "end", "limit", "unit", "pauses")
ADDED = ("result", "provisional", "error")
NO_OPEN_TIME_SENTENCE = f"{NO_OPEN_TIME}：从开始起 20 年内找不到足够的开放时间，请核对日历和时限"
_ELAPSED_UNITS = {each.value: each for each in (Unit.MINUTE, Unit.SERVICE_MINUTE, Unit.WORKDAY)}
_MOST_COLUMNS = 4

_limit = lru_cache(maxsize=1 << 16)(Limit.parse)

Spans = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Answers:
    """What is added to each row: `result`, `provisional` (`true` or `false`) and `error` (empty or a sentence)."""

    result: list[str]
    provisional: list[str]
    error: list[str]

    def wrong(self, row: int, problem: Problem | str) -> None:
        """Refuse a row; the first sentence stays."""
        self.error[row] = self.error[row] or str(problem).replace("\n", " ")


@dataclass(slots=True)
class RowClock:
    """Answers chunks of rows on one calendar."""

    calendar: WorkCalendar

    def answer(self, columns: Mapping[str, Sequence[str]]) -> Answers:
        """The answers to rows given by column; all columns of `KNOWN` have one text a row."""
        count = len(columns["op"])
        answers = Answers([""] * count, [""] * count, [""] * count)
        due_rows, elapsed_rows = self._by_unit(columns, answers)
        moments = self._moments(columns, answers, elapsed_rows)
        pauses = self._pauses(columns["pauses"], answers)
        for rows in due_rows.values():
            good = [row for row in rows if not answers.error[row]]
            for group, spans in _grouped(good, pauses):
                limits = [_limit(columns["limit"][row]) for row in group]
                self._due(group, limits, moments["start"], spans, answers)
        for unit, rows in elapsed_rows.items():
            good = [row for row in rows if not answers.error[row] and _in_order(row, moments, answers)]
            for group, spans in _grouped(good, pauses):
                self._elapsed(unit, group, moments, spans, answers)
        return answers

    def _by_unit(
        self, columns: Mapping[str, Sequence[str]], answers: Answers
    ) -> tuple[dict[Unit, list[int]], dict[Unit, list[int]]]:
        """The rows of `due` and of `elapsed` by unit."""
        due_rows: dict[Unit, list[int]] = defaultdict(list)
        elapsed_rows: dict[Unit, list[int]] = defaultdict(list)
        for row, (op, limit_text, unit_text) in enumerate(
            zip(columns["op"], columns["limit"], columns["unit"], strict=True)
        ):
            if op == "due":
                try:
                    due_rows[_limit(limit_text).unit].append(row)
                except InputInvalid as error:
                    answers.wrong(row, error.message)
            elif op == "elapsed":
                unit = _ELAPSED_UNITS.get(unit_text)
                if unit is None:
                    why = f"不认识单位“{unit_text}”" if unit_text else "没有填写单位"
                    answers.wrong(row, Problem(why, "elapsed 的单位请写 m、sm 或 wd", field="unit"))
                else:
                    elapsed_rows[unit].append(row)
            else:
                answers.wrong(row, Problem(f"不认识“{op}”", "请写 due 或 elapsed", field="op"))
        return due_rows, elapsed_rows

    def _moments(
        self, columns: Mapping[str, Sequence[str]], answers: Answers, elapsed_rows: Mapping[Unit, list[int]]
    ) -> dict[str, Ints]:
        start = self._instants(columns["start"], "start", answers.wrong)
        rows = [row for group in elapsed_rows.values() for row in group]
        end = np.full(len(start), NO_MOMENT, dtype=np.int64)
        if rows:
            wrong = partial(_wrong_at, answers, rows)
            end[rows] = self._instants([columns["end"][row] for row in rows], "end", wrong)
        return {"start": start, "end": end}

    def _instants(self, texts: Sequence[str], name: str, wrong: Callable[[int, Problem | str], None]) -> Ints:
        """The instants of the texts; `wrong` hears of each that is none."""
        instants, odd = parse_many(texts, self.calendar)
        for row in np.flatnonzero(odd).tolist():
            try:
                instants[row] = micros(parse_moment(texts[row], self.calendar.zone, field=name))
            except InputInvalid as error:
                wrong(row, error.message)
        return instants

    def _pauses(self, texts: Sequence[str], answers: Answers) -> dict[int, Spans]:
        """The united pauses of each row that has any."""
        owners: list[int] = []
        ends: list[str] = []
        for row, text in enumerate(texts):
            for part in text.split(";") if text else ():
                pair = part.strip().split("/")
                if len(pair) == 2 and all(pair):
                    owners.append(row)
                    ends += pair
                elif part.strip():
                    problem = Problem(
                        f"“{part.strip()}”不是一段中止", "请写 开始/结束，多段用分号隔开", field="pauses"
                    )
                    answers.wrong(row, problem)
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        if owners:
            wrong = partial(_wrong_at, answers, [owner for owner in owners for _ in range(2)])
            instants = self._instants(ends, "pauses", wrong).tolist()
            for owner, since, until in zip(owners, instants[::2], instants[1::2], strict=True):
                found[owner].append((since, until))
        return {row: _united(spans, row, answers) for row, spans in found.items() if not answers.error[row]}

    def _due(
        self,
        rows: list[int],
        limits: Sequence[Limit],
        starts: Ints,
        spans: Sequence[Spans],
        answers: Answers,
    ) -> None:
        """The answers to rows whose limits are all of one unit."""
        columns = _columns(spans)
        if columns is None:
            self._due_alone(rows, limits, starts, spans, answers)
            return
        unit = limits[0].unit
        found = due_batch(starts[rows], _amounts(unit, limits), unit, self.calendar, pauses=columns)
        none = found.at == NO_MOMENT
        texts_out = write_many(found.at[~none], self.calendar)
        good = np.array(rows)[~none].tolist()
        for row, text, provisional in zip(good, texts_out, found.provisional[~none].tolist(), strict=True):
            answers.result[row] = text
            answers.provisional[row] = "true" if provisional else "false"
        for row in np.array(rows)[none].tolist():
            answers.wrong(row, NO_OPEN_TIME_SENTENCE)

    def _due_alone(
        self,
        rows: Sequence[int],
        limits: Sequence[Limit],
        starts: Ints,
        spans: Sequence[Spans],
        answers: Answers,
    ) -> None:
        for row, limit, own in zip(rows, limits, spans, strict=True):
            found = due(
                moment_of(int(starts[row])), limit, self.calendar, pauses=_as_pauses(own), explain=False
            )
            if found.at is None:
                answers.wrong(row, NO_OPEN_TIME_SENTENCE)
                continue
            answers.result[row] = write_many(np.array([micros(found.at)]), self.calendar)[0]
            answers.provisional[row] = "true" if found.provisional else "false"

    def _elapsed(
        self,
        unit: Unit,
        rows: list[int],
        moments: Mapping[str, Ints],
        spans: Sequence[Spans],
        answers: Answers,
    ) -> None:
        starts, ends = moments["start"][rows], moments["end"][rows]
        columns = _columns(spans)
        found, provisional = elapsed_batch(starts, ends, unit, self.calendar, pauses=columns or ())
        if columns is None:
            found = np.array(
                [self._elapsed_alone(unit, *each) for each in zip(starts, ends, spans, strict=True)]
            )
        texts = found.tolist() if unit is Unit.WORKDAY else [_minutes(each) for each in found.tolist()]
        for row, text, flag in zip(rows, texts, provisional.tolist(), strict=True):
            answers.result[row] = str(text)
            answers.provisional[row] = "true" if flag else "false"

    def _elapsed_alone(self, unit: Unit, start: np.int64, end: np.int64, spans: Spans) -> int:
        since, until = moment_of(int(start)), moment_of(int(end))
        amount = elapsed(since, until, unit, self.calendar, pauses=_as_pauses(spans))
        return int(amount if unit is Unit.WORKDAY else (Decimal(amount) * MINUTE).to_integral_value())


def _wrong_at(answers: Answers, rows: Sequence[int], at: int, problem: Problem | str) -> None:
    answers.wrong(rows[at], problem)


def _in_order(row: int, moments: Mapping[str, Ints], answers: Answers) -> bool:
    if moments["end"][row] < moments["start"][row]:
        answers.wrong(row, Problem("结束早于开始", "请核对 start 和 end 的先后", field="end"))
        return False
    return True


def _united(spans: list[tuple[int, int]], row: int, answers: Answers) -> Spans:
    if any(until < since for since, until in spans):
        answers.wrong(row, Problem("中止的结束早于开始", "请写 开始/结束", field="pauses"))
        return ()
    if len(spans) == 1:
        return (spans[0],)
    pauses = [Pause(moment_of(since), moment_of(until)) for since, until in spans]
    return tuple((span.start, span.end) for span in united(pauses, NO_MOMENT))


def _as_pauses(spans: Spans) -> tuple[Pause, ...]:
    return tuple(Pause(moment_of(since), moment_of(until)) for since, until in spans)


def _grouped(rows: list[int], pauses: Mapping[int, Spans]) -> Iterable[tuple[list[int], list[Spans]]]:
    """Rows without pauses, with few and with many, each with their pauses."""
    groups: dict[int, tuple[list[int], list[Spans]]] = {}
    for row in rows:
        own = pauses.get(row, ())
        size = 0 if not own else 1 if len(own) <= _MOST_COLUMNS else 2
        held = groups.setdefault(size, ([], []))
        held[0].append(row)
        held[1].append(own)
    return groups.values()


def _columns(spans: Sequence[Spans]) -> list[tuple[Ints, Ints]] | None:
    """The pauses by column, empty ones where a row has no more; None where there are too many for columns."""
    most = max((len(own) for own in spans), default=0)
    if most > _MOST_COLUMNS:
        return None
    empty = (NO_MOMENT, NO_MOMENT)
    columns = []
    for at in range(most):
        pairs = np.array([own[at] if at < len(own) else empty for own in spans], dtype=np.int64)
        columns.append((pairs[:, 0], pairs[:, 1]))
    return columns


def _amounts(unit: Unit, limits: Sequence[Limit]) -> Ints:
    if unit.timed:
        return np.array([limit.microseconds for limit in limits], dtype=np.int64)
    return np.array([limit.days for limit in limits], dtype=np.int64)


def _minutes(length: int) -> str:
    whole, rest = divmod(length, MINUTE)
    return plain(in_unit(length, Unit.MINUTE)) if rest else str(whole)
