"""When a hall may warn live, and what may enter a score (rules/desks.md sections 7 and 10), on plain values.

Everything here is a figure beside the figure that is needed; who asks gathers the values.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

FIELDS: Mapping[str, str] = {
    "sheet": "现行实施清单",
    "statutory_limit": "法定时限",
    "committed_limit": "承诺时限",
    "case_kind": "办件类型",
    "owner": "环节责任单位",
    "materials": "材料清单",
    "legal_basis": "设定依据",
}
"""What a matter needs to be complete, and how it is called."""

LIVE = "live"


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What is stored of a matter in force and of its sheet in force; empty where nothing is."""

    code: str
    agency: str
    sheet: bool = True
    statutory_limit: str = ""
    committed_limit: str = ""
    case_kind: str = ""
    owner: str = ""
    materials: Sequence[str] = ()
    legal_basis: str = ""


def gaps(matter: MatterFacts) -> tuple[str, ...]:
    """The fields of `FIELDS` that the matter lacks; without a sheet that alone, since all others stand in it."""
    if not matter.sheet:
        return ("sheet",)
    return tuple(name for name in FIELDS if name != "sheet" and not getattr(matter, name))


@dataclass(frozen=True, slots=True)
class Completeness:
    """Complete matters of all in force, and how often each field is missing."""

    complete: int
    total: int
    missing: Mapping[str, int]

    @property
    def share(self) -> Fraction | None:
        """The exact share; None where there is no matter, which is shown as 无数据."""
        return Fraction(self.complete, self.total) if self.total else None

    @property
    def whole(self) -> bool:
        """Whether every matter is complete; no matter at all is not."""
        return self.total > 0 and self.complete == self.total


def completeness(matters: Iterable[MatterFacts]) -> Completeness:
    """The formula of section 7 over these matters."""
    found = [gaps(each) for each in matters]
    missing = Counter(name for each in found for name in each)
    return Completeness(sum(not each for each in found), len(found), missing)


def completeness_by_agency(matters: Iterable[MatterFacts]) -> dict[str, Completeness]:
    """The same for each agency, in the order of their codes."""
    by_agency: dict[str, list[MatterFacts]] = {}
    for each in matters:
        by_agency.setdefault(each.agency, []).append(each)
    return {code: completeness(by_agency[code]) for code in sorted(by_agency)}


# -------------------------------------------------------------------------------------------------- the gate


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the gate to live looks at. `trial_days` are working days of the trial that runs now; None: there is none."""

    data: Completeness
    trial_days: int | None
    trial_needed: int
    rule_wrong_open: int
    clerks: int
    untrained: Sequence[str]
    year: int
    calendar_published: bool


@dataclass(frozen=True, slots=True)
class GateItem:
    """One condition of going live with its figure and what is needed, in words; `detail` may name people."""

    code: str
    title: str
    figure: str
    needed: str
    passed: bool
    detail: str = ""

    def __str__(self) -> str:
        figure = "，".join(part for part in (self.figure, self.detail) if part)
        return f"{self.title}：{figure}（要求{self.needed}）"


def gate(ready: Readiness) -> tuple[GateItem, ...]:
    """The five conditions in the order of the specification, each with its figure."""
    return (
        _data(ready.data),
        _trial(ready),
        GateItem(
            "disputes",
            "规则有误、尚未改正的灯",
            f"{ready.rule_wrong_open} 件",
            "0 件",
            passed=ready.rule_wrong_open == 0,
        ),
        _training(ready),
        GateItem(
            "calendar",
            f"{ready.year} 年工作日历",
            "已公布" if ready.calendar_published else "未公布",
            "已公布",
            passed=ready.calendar_published,
        ),
    )


def _data(data: Completeness) -> GateItem:
    figure = "无数据" if data.share is None else f"{percent(data.share)}，{data.complete}/{data.total} 项"
    return GateItem("data", "基础数据完整率", figure, "100%", passed=data.whole)


def _trial(ready: Readiness) -> GateItem:
    days = ready.trial_days
    figure = "没有试运行" if days is None else f"{days} 个工作日"
    needed = f"不少于 {ready.trial_needed} 个工作日"
    return GateItem("trial", "试运行", figure, needed, passed=days is not None and days >= ready.trial_needed)


def _training(ready: Readiness) -> GateItem:
    figure = f"{ready.clerks - len(ready.untrained)}/{ready.clerks} 人"
    detail = f"未合格：{'、'.join(ready.untrained)}" if ready.untrained else ""
    passed = ready.clerks > 0 and not ready.untrained
    return GateItem("training", "窗口人员培训合格", figure, "全部合格", passed=passed, detail=detail)


def percent(share: Fraction) -> str:
    """A share with one decimal, cut and not rounded, so that only all of them are 100%."""
    tenths = share.numerator * 1000 // share.denominator
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def months_before(day: date, months: int) -> date:
    """The corresponding day so many months earlier; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# ----------------------------------------------------------------------------------------------------- scores


@dataclass(frozen=True, slots=True)
class ModeSpell:
    """A time [since, until) in which a hall warned in one mode."""

    mode: str
    since: datetime
    until: datetime | None


def days_not_live(spells: Sequence[ModeSpell], since: datetime, until: datetime) -> list[ModeSpell]:
    """The parts of [since, until) in which the hall was not live; the time before its first spell is one of them."""
    found = []
    at = since
    for each in sorted(spells, key=lambda spell: spell.since):
        end = until if each.until is None else min(each.until, until)
        if each.since > at:
            found.append(ModeSpell("off", at, min(each.since, until)))
        if each.mode != LIVE and end > max(each.since, at):
            found.append(ModeSpell(each.mode, max(each.since, at), end))
        at = max(at, end)
        if at >= until:
            return found
    return [*found, ModeSpell("off", at, until)]


# -------------------------------------------------------------------------------------- the report of a trial


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of one light: `stand` of the agency, `outcome` of the coordinator (empty: not decided)."""

    light: str
    stand: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """Lights given, what agencies said of them, and what was found: `upheld` disputes by cause."""

    given: int
    confirmed: int
    disputed: int
    undecided: int
    upheld: int
    data_wrong: int
    rule_wrong: int
    light_right: int


def trial_figures(given: int, judged: Iterable[Judged]) -> TrialFigures:
    """The report of a trial: a dispute is upheld if the data or the rule was wrong."""
    rows = list(judged)
    by_cause = Counter(each.outcome for each in rows if each.stand == "disputed")
    return TrialFigures(
        given=given,
        confirmed=sum(each.stand == "confirmed" for each in rows),
        disputed=by_cause.total(),
        undecided=by_cause[""],
        upheld=by_cause["data_wrong"] + by_cause["rule_wrong"],
        data_wrong=by_cause["data_wrong"],
        rule_wrong=by_cause["rule_wrong"],
        light_right=by_cause["light_right"],
    )
