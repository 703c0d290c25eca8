"""A row of a list of matters -> a draft, or the reason why not, with its column.

Headings that lists really have are known; others are named by a map file. A limit keeps its unit; `无` is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from unicodedata import is_normalized

from yukuaiban.core.errors import Problem
from yukuaiban.measures.desks.drafts import MatterDraft, PromisedLimit, SheetDraft
from yukuaiban.measures.desks.limits import law_limit
from yukuaiban.measures.desks.models import STANDARD_KINDS, Matter
from yukuaiban.measures.desks.rules import ON_THE_SPOT
from yukuaiban.measures.desks.writtenlimits import read_limit
from yukuaiban.people.identity import clean_name

if TYPE_CHECKING:
    from yukuaiban.evidence.tables_in import Row

COMMITTED = "committed"
CODE_LENGTH = 64
NAME_LENGTH = 200
NO_LIMIT = "没有法定时限和承诺时限：收件后不计办理时限，请补齐实施清单"
LAW_ONLY = "没有写法定时限和承诺时限：法定时限按行政许可的一般规定计 {limit}，请补齐实施清单"
_MATERIAL_LENGTH = 300

# Our column <- the headings by which it is known without a map file.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "task_code", "item_code", "事项编码", "实施编码"),
    "name": ("name", "事项名称", "名称"),
    "agency": ("agency", "dept", "department", "实施单位", "实施主体", "部门"),
    "kind": ("kind", "type", "task_type", "事项类型"),
    "level": ("level", "行使层级"),
    "statutory_limit": ("statutory_limit", "法定时限", "法定办结时限"),
    "statutory_unit": ("statutory_unit", "法定时限单位"),
    "committed_limit": ("committed_limit", "promised_limit", "承诺时限", "承诺办结时限"),
    "committed_unit": ("committed_unit", "promised_unit", "承诺时限单位"),
    "materials": ("materials", "申请材料", "材料"),
    "online": ("online", "可网上办", "是否网办"),
    "visit_count": ("visit_count", "onsite_visits", "到现场次数"),
    "visit_reason": ("visit_reason", "到现场理由"),
    "legal_basis": ("legal_basis", "设定依据", "依据"),
    "result_name": ("result_name", "结果名称"),
    "since": ("since", "施行日期"),
    "limit_note": ("limit_note", "时限说明"),
}
_KINDS = {str(label): code for code, label in Matter.Kind.choices} | {
    form: code for code, standard in STANDARD_KINDS.items() for form in (standard, standard.lstrip("0"), code)
}
_LEVELS = {
    "国家级": "state",
    "省级": "province",
    "市级": "city",
    "县级": "county",
    "区级": "county",
    "镇级": "town",
}
_YES = frozenset({"1", "是", "true", "yes", "y", "可"})


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A readable row: the draft without its agency's code, the agency as written, whether it states a day."""

    draft: MatterDraft
    agency: str
    dated: bool


def known(row: Row) -> dict[str, str]:
    """The cells under our column names."""
    found = {}
    for ours, headings in HEADINGS.items():
        heading = next((each for each in headings if each in row.cells), None)
        found[ours] = _clean(row.cells[heading]) if heading else ""
    return found


def _clean(text: str) -> str:
    """The text in the form that is kept; lines become parts, most cells need nothing."""
    if text.isprintable() and is_normalized("NFC", text):
        return text.strip()
    return clean_name(text.replace("\r", "\n").replace("\n", "|"))


def read_row(row: Row, day: date, source: str) -> ReadRow | list[Problem]:
    """The draft that a row describes, in force from `day` unless it says otherwise; every fault at once."""
    cells = known(row)
    problems = _shape_problems(row, cells)
    warnings: list[str] = []
    limits = {name: _limit(cells, name, source, problems, warnings) for name in ("statutory", "committed")}
    since = _day(cells["since"], day, problems)
    visits = _count(cells["visit_count"], problems)
    kind = _kind(cells["kind"], problems)
    if problems:
        return problems
    if not any(each.limit for each in limits.values()):
        warnings.append(_without_limits(kind, day))
    committed = limits["committed"].limit
    at_once = committed is not None and committed.amount == 0
    sheet = SheetDraft(
        case_kind=ON_THE_SPOT if at_once else COMMITTED,
        since=since,
        statutory=limits["statutory"],
        committed=limits["committed"],
        materials=_materials(cells["materials"]),
        legal_basis=cells["legal_basis"][:300],
        note=cells["limit_note"][:300],
        visit_count=visits,
        visit_reason=cells["visit_reason"][:200],
        online=cells["online"].lower() in _YES,
    )
    draft = MatterDraft(
        code=cells["code"],
        name=cells["name"],
        agency="",
        since=since,
        sheet=sheet,
        kind=kind,
        level=_LEVELS.get(cells["level"], cells["level"][:16]),
        result_name=cells["result_name"][:200],
        warnings=tuple(warnings),
    )
    return ReadRow(draft, cells["agency"], dated=bool(cells["since"]))


def _without_limits(kind: str, day: date) -> str:
    """What is said of a matter that states no limit at all: a permit still has the law's own."""
    law = law_limit(kind, day)
    return NO_LIMIT if law is None else LAW_ONLY.format(limit=law.title())


def _shape_problems(row: Row, cells: Mapping[str, str]) -> list[Problem]:
    found = [
        Problem("不能为空", "请填写", field=name) for name in ("code", "name", "agency") if not cells[name]
    ]
    if len(cells["code"]) > CODE_LENGTH:
        found.append(Problem(f"编码超过 {CODE_LENGTH} 个字符", "请核对编码", field="code"))
    if len(cells["name"]) > NAME_LENGTH:
        found.append(Problem(f"名称超过 {NAME_LENGTH} 个字符", "请缩短名称", field="name"))
    if any(name.startswith("#") and value for name, value in row.cells.items()):
        found.append(Problem("这一行的列比表头多", "请检查逗号和引号"))
    return found


def _limit(
    cells: Mapping[str, str], name: str, source: str, problems: list[Problem], warnings: list[str]
) -> PromisedLimit:
    read = read_limit(cells[f"{name}_limit"], cells[f"{name}_unit"])
    if isinstance(read, Problem):
        problems.append(Problem(read.why, read.remedy, field=f"{name}_limit"))
        return PromisedLimit()
    if read.warning:
        warnings.append(read.warning)
    return PromisedLimit(read.limit, source, "policy", confirmed=False)


def _day(text: str, default: date, problems: list[Problem]) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        problems.append(Problem(f"“{text}”不是日期", "请写成 2026-03-02", field="since"))
        return default


def _count(text: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    problems.append(Problem(f"“{text}”不是次数", "请填写 0 或正整数", field="visit_count"))
    return None


def _kind(text: str, problems: list[Problem]) -> str:
    if text and text not in _KINDS:
        problems.append(Problem(f"不认识的事项类型“{text}”", "请用国家标准的名称或代码", field="kind"))
    return _KINDS.get(text, Matter.Kind.OTHER.value)


def _materials(text: str) -> tuple[str, ...]:
    parts = (part.strip()[:_MATERIAL_LENGTH] for part in text.split("|"))
    return tuple(dict.fromkeys(part for part in parts if part and part != "无"))
