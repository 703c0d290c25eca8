"""Corrections of a sheet: small changes by name, each on a copy; what does not hold together is refused.

Values are plain: spans as `start` and `end`, things by their `key`. `OPERATIONS` is the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.plans import duedates, sheet
from yukuaiban.plans.sheet import AGENCIES, DIRECTIONS, MILESTONES, TARGETS, Entry, NewKey, Sheet, Thing

Values = Mapping[str, Any]
_ROLES = ("lead", "responsible", "supporting", "all")
_COMPARISONS = (">=", "<=", "=", "about")
_LONGEST = 200
_TOO_MUCH = 10**15


class Work:
    """A sheet being corrected: the copy, the text, and what makes new keys."""

    def __init__(self, held: Sheet, raw: str, new_key: NewKey) -> None:
        self.sheet = sheet.copied(held)
        self.raw = raw
        self.new_key = new_key

    def words(self, values: Values) -> tuple[str, list[int] | None]:
        """The text that a span names and the span, or the text that was entered without one."""
        if values.get("start") is None:
            return _text(values, "text"), None
        start, end = _whole(values, "start"), _whole(values, "end")
        if not 0 <= start < end <= len(self.raw):
            raise _wrong("划选的范围不在原文之内", "请重新划选", "span")
        return self.raw[start:end], [start, end]


def corrected(held: Sheet, raw: str, operation: str, values: Values, new_key: NewKey) -> Sheet:
    """The sheet after one correction. InputInvalid names what is wrong; `held` stays as it was."""
    change = OPERATIONS.get(operation)
    if change is None:
        raise _wrong(f"没有“{operation}”这种改法", f"可用：{'、'.join(OPERATIONS)}", "operation")
    work = Work(held, raw, new_key)
    change(work, values)
    found = sheet.tidied(work.sheet, raw)
    if problems := sheet.faults(found, raw):
        raise InputInvalid(problems)
    return found


# --------------------------------------------------------------------------------------------------- items


def _retitle(work: Work, values: Values) -> None:
    _item(work, values)["title"] = _text(values, "title")[:_LONGEST]


def _plan_title(work: Work, values: Values) -> None:
    work.sheet["title"] = _text(values, "title")[:_LONGEST]


def _leader(work: Work, values: Values) -> None:
    _item(work, values)["leader"] = str(values.get("leader", "")).strip()[:60]


def _add_item(work: Work, values: Values) -> None:
    """A stretch of the text that was in nothing becomes an item."""
    text, span = work.words(values)
    if span is None:
        raise _wrong("没有划选原文", "请划选这一项的原文", "span")
    kind = str(values.get("kind", sheet.UNDERTAKING))
    title = str(values.get("title") or text[:40]).strip()
    head = {"key": work.new_key(), "kind": kind, "no": str(values.get("no", "")), "title": title[:_LONGEST]}
    parts: dict[str, list[Thing]] = {part: [] for part in sheet.PARTS}
    work.sheet["items"].append(head | {"text": text, "span": span, "leader": ""} | parts)


def _split(work: Work, values: Values) -> None:
    """Cut an item in two at an offset; what is inside goes to its side, what lies across the cut is refused."""
    entry, at = _item(work, values), _whole(values, "at")
    start, end = entry["span"]
    if not start < at < end:
        raise _wrong("拆分的位置不在这一项之内", "请在这一项的原文中选一处", "at")
    second = entry | {"key": work.new_key(), "span": [at, end], "text": work.raw[at:end]}
    second["title"] = str(values.get("title") or "".join(work.raw[at : at + 40].split())).strip()[:_LONGEST]
    for part in sheet.PARTS:
        second[part] = [each for each in entry[part] if each["span"] and each["span"][0] >= at]
        entry[part] = [each for each in entry[part] if not each["span"] or each["span"][0] < at]
    entry["span"], entry["text"] = [start, at], work.raw[start:at]
    work.sheet["items"].append(second)


def _join(work: Work, values: Values) -> None:
    """An item takes in the next one, with everything inside it."""
    entry = _item(work, values)
    later = [each for each in work.sheet["items"] if each["span"][0] >= entry["span"][1]]
    if not later:
        raise _wrong("后面没有可以合并的项", "请选择前一项", "key")
    following = min(later, key=lambda each: list(each["span"]))
    work.sheet["items"].remove(following)
    entry["span"] = [entry["span"][0], following["span"][1]]
    entry["text"] = work.raw[slice(*entry["span"])]
    for part in sheet.PARTS:
        entry[part] += following[part]


def _drop_item(work: Work, values: Values) -> None:
    """Not an item after all: its text is unread again."""
    work.sheet["items"].remove(_item(work, values))


def _respan(work: Work, values: Values) -> None:
    """Another stretch of the text for an item or for something in it."""
    text, span = work.words(values)
    thing = _any(work, str(values.get("key", "")))
    thing["span"] = span
    thing["name" if "name" in thing else "text"] = "".join(text.split()) if "name" in thing else text


# -------------------------------------------------------------------------------------- what is inside items


def _move(work: Work, values: Values) -> None:
    """To another item; its place in the text stays what it is."""
    entry, part, thing = sheet.thing_of(work.sheet, str(values.get("key", "")))
    to = _item(work, values, "to")
    entry[part].remove(thing)
    to[part].append(thing)


def _dismiss(work: Work, values: Values) -> None:
    entry, part, thing = sheet.thing_of(work.sheet, str(values.get("key", "")))
    entry[part].remove(thing)


def _assign(work: Work, values: Values) -> None:
    """Which agencies a name means; without `key` a new entry of the item `item`, from the text or entered."""
    codes = [str(code) for code in values.get("codes", ())]
    if not codes:
        raise _wrong("没有选择单位", "请从单位表中选择", "codes")
    if values.get("key"):
        _item_of, part, thing = sheet.thing_of(work.sheet, str(values["key"]))
        if part != AGENCIES:
            raise sheet.gone()
        thing["codes"] = codes
    else:
        name, span = work.words({"text": values.get("name", "")} | dict(values))
        thing = sheet.agency(work.new_key(), "".join(name.split()), "responsible", span) | {"codes": codes}
        _item(work, values, "item")[AGENCIES].append(thing)
    if values.get("role"):
        _set_role(work, thing, str(values["role"]))


def _role(work: Work, values: Values) -> None:
    _item_of, part, thing = sheet.thing_of(work.sheet, str(values.get("key", "")))
    if part != AGENCIES:
        raise sheet.gone()
    _set_role(work, thing, str(values.get("role", "")))


def _set_role(work: Work, thing: Thing, role: str) -> None:
    """A role; whoever led the item before is responsible from now on."""
    if role not in _ROLES:
        raise _wrong(f"没有“{role}”这种责任", f"可用：{'、'.join(_ROLES)}", "role")
    if role == "lead":
        entry, _part, _thing = sheet.thing_of(work.sheet, thing["key"])
        for each in entry[AGENCIES]:
            each["role"] = "responsible" if each["role"] == "lead" else each["role"]
    thing["role"] = role


def _add_milestone(work: Work, values: Values) -> None:
    text, span = work.words(values)
    period = _period(values)
    _item(work, values, "item")[MILESTONES].append(sheet.milestone(work.new_key(), period, text, span))


def _due(work: Work, values: Values) -> None:
    """Another period, a day set by hand (`due`), or none of its own any more."""
    thing = _milestone(work, values)
    if "period" in values:
        thing["period"] = _period(values)
    thing["due"] = _day(values.get("due"))


def _weigh(work: Work, values: Values) -> None:
    weight = _whole(values, "weight")
    if not 0 < weight <= 100:
        raise _wrong("权重不在 1 至 100 之间", "请填写整数", "weight")
    _milestone(work, values)["weight"] = weight


def _deliver(work: Work, values: Values) -> None:
    """The kind of evidence that closes the milestone."""
    _milestone(work, values)["deliverable"] = str(values.get("deliverable", ""))[:40]


def _target(work: Work, values: Values) -> None:
    """A target of the item, from the text or entered; with `key` another reading of one that is there."""
    given = {
        "value": _number(values),
        "unit": _text(values, "unit")[:20],
        "comparison": str(values.get("comparison", ">=")),
        "soft": bool(values.get("soft", False)),
    }
    if given["comparison"] not in _COMPARISONS:
        raise _wrong("没有这种比较", f"可用：{'、'.join(_COMPARISONS)}", "comparison")
    if values.get("key"):
        _item_of, _part, thing = sheet.thing_of(work.sheet, str(values["key"]))
        thing |= given
        return
    text, span = work.words(values)
    new = {"key": work.new_key(), "text": text, "span": span, "indicator": ""}
    _item(work, values, "item")[TARGETS].append(new | given)


def _bind(work: Work, values: Values) -> None:
    """A target or a direction is fed by an indicator (`measure.code`), or by hand where it is empty."""
    _item_of, part, thing = sheet.thing_of(work.sheet, str(values.get("key", "")))
    if part not in (TARGETS, DIRECTIONS):
        raise sheet.gone()
    thing["indicator"] = str(values.get("indicator", ""))[:80]


def _direction(work: Work, values: Values) -> None:
    """A movement without a number, with the indicator that shows it."""
    text, span = work.words(values)
    new: Thing = {"key": work.new_key(), "text": text, "span": span}
    new |= {"indicator": _text(values, "indicator")[:80], "up": bool(values.get("up", True))}
    _item(work, values, "item")[DIRECTIONS].append(new)


def _goal(work: Work, values: Values) -> None:
    """列为总目标: a goal of the whole plan, out of what is unread; with `key` its published figure and source."""
    figure = {name: str(values.get(name, "")).strip()[:_LONGEST] for name in ("figure", "figure_source")}
    if values.get("key"):
        _goal_of(work, values).update(figure)
        return
    text, span = work.words(values)
    kind = "rank" if values.get("kind") == "rank" else "context"
    work.sheet["goals"].append({"key": work.new_key(), "text": text, "span": span, "kind": kind} | figure)


def _drop_goal(work: Work, values: Values) -> None:
    work.sheet["goals"].remove(_goal_of(work, values))


# --------------------------------------------------------------------------------------------------- values


def _item(work: Work, values: Values, name: str = "key") -> Entry:
    return sheet.item_of(work.sheet, str(values.get(name, "")))


def _any(work: Work, key: str) -> Thing:
    for entry in work.sheet["items"]:
        if entry["key"] == key:
            return sheet.dict_of(entry)
    return sheet.thing_of(work.sheet, key)[2]


def _milestone(work: Work, values: Values) -> Thing:
    _item_of, part, thing = sheet.thing_of(work.sheet, str(values.get("key", "")))
    if part != MILESTONES:
        raise sheet.gone()
    return thing


def _goal_of(work: Work, values: Values) -> Thing:
    for each in work.sheet["goals"]:
        if each["key"] == values.get("key"):
            return sheet.dict_of(each)
    raise sheet.gone()


def _text(values: Values, name: str) -> str:
    text = str(values.get(name, "")).strip()
    if not text:
        raise _wrong("没有填写", "请填写", name)
    return text


def _whole(values: Values, name: str) -> int:
    try:
        return int(values[name])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong("不是整数", "请填写整数", name) from error


def _number(values: Values) -> str:
    try:
        found = Decimal(str(values.get("value", "")).strip())
    except InvalidOperation as error:
        raise _wrong("不是数", "请填写数字", "value") from error
    if not found.is_finite() or abs(found) >= _TOO_MUCH:
        raise _wrong("不是数，或大得不合理", "请填写数字", "value")
    return f"{found:f}"


def _day(value: Any) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise _wrong("不是日期", "请按 2026-06-30 的样子填写", "due") from error


def _period(values: Values) -> str:
    period = str(values.get("period", ""))
    if not duedates.known(period):
        raise _wrong(f"不认识时间“{period}”", "请从列表中选择，或直接填写日期", "period")
    return period


def _wrong(why: str, remedy: str, field: str) -> InputInvalid:
    return InputInvalid(Problem(why, remedy, field=field))


OPERATIONS: Mapping[str, Callable[[Work, Values], None]] = {
    "plan_title": _plan_title,
    "retitle": _retitle,
    "leader": _leader,
    "add_item": _add_item,
    "split": _split,
    "join": _join,
    "drop_item": _drop_item,
    "respan": _respan,
    "move": _move,
    "dismiss": _dismiss,
    "assign": _assign,
    "role": _role,
    "add_milestone": _add_milestone,
    "due": _due,
    "weigh": _weigh,
    "deliver": _deliver,
    "target": _target,
    "bind": _bind,
    "direction": _direction,
    "goal": _goal,
    "drop_goal": _drop_goal,
}
