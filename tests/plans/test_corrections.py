"""Corrections of a reading one by one, and two readings side by side: plain values, no database."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.plans.working import TEXT
from yukuaiban.core.errors import InputInvalid
from yukuaiban.plans.correcting import corrected
from yukuaiban.plans.differing import adopt, difference
from yukuaiban.plans.reading import read_plan
from yukuaiban.plans.sheet import Sheet, faults, sheet_of


def keys() -> Iterator[str]:
    return (f"{n:032x}" for n in count(1))


def read(text: str = TEXT) -> Sheet:
    names = keys()
    return sheet_of(read_plan(text), text, lambda: next(names))


def after(operation: str, sheet: Sheet | None = None, **values: Any) -> Sheet:
    held = sheet or read()
    return corrected(held, TEXT, operation, values, lambda: "f" * 32)


FRESH = read()
FIRST, SECOND, THIRD = (FRESH["items"][n] for n in range(3))
AT = TEXT.index("推进计划", SECOND["span"][0])


def test_a_correction_leaves_the_sheet_that_it_was_given_as_it_was() -> None:
    held = read()
    assert after("retitle", held, key=FIRST["key"], title="收一次件")["items"][0]["title"] == "收一次件"
    assert held == FRESH


def test_an_item_is_split_and_what_lies_behind_the_cut_goes_along() -> None:
    found = after("split", key=SECOND["key"], at=AT)["items"]
    assert [each["span"] for each in found[1:3]] == [[SECOND["span"][0], AT], [AT, SECOND["span"][1]]]
    assert [len(each["milestones"]) for each in found[1:3]] == [0, 4]
    assert found[1]["text"] + found[2]["text"] == SECOND["text"]


def test_an_item_takes_in_the_next_one() -> None:
    found = after("join", key=FIRST["key"])["items"]
    assert len(found) == 6
    assert found[0]["span"] == [FIRST["span"][0], SECOND["span"][1]]
    assert len(found[0]["milestones"]) == 8


def test_what_is_dropped_is_unread_again_and_what_is_added_no_more() -> None:
    dropped = after("drop_item", key=THIRD["key"])
    assert THIRD["span"] in dropped["unread"]
    again = after("add_item", dropped, start=THIRD["span"][0], end=THIRD["span"][1], title="提速")
    assert again["items"][2]["title"] == "提速"
    assert again["unread"] == FRESH["unread"]


def test_every_sign_of_the_text_is_in_an_item_a_goal_or_unread() -> None:
    start = TEXT.index("力争综合评价")
    found = after("goal", start=start, end=start + 14, kind="rank")
    spans = sorted(
        [*(each["span"] for each in [*found["items"], *found["goals"]]), *found["unread"]], key=lambda s: s[0]
    )
    assert "".join("".join(TEXT[a:b].split()) for a, b in spans) == "".join(TEXT.split())
    assert found["goals"][0]["kind"] == "rank"


def test_one_leads_at_a_time() -> None:
    supporting = SECOND["agencies"][1]
    found = after("role", key=supporting["key"], role="lead")["items"][1]["agencies"]
    assert [each["role"] for each in found] == ["responsible", "lead", "supporting"]


def test_an_agency_that_the_text_does_not_name_is_entered() -> None:
    found = after("assign", item=THIRD["key"], name="区消防队", codes=["sp-0001"], role="supporting")
    entered = found["items"][2]["agencies"][-1]
    assert (entered["source"], entered["span"], entered["role"]) == ("entered", None, "supporting")


@pytest.mark.parametrize(
    ("operation", "values", "shown"),
    [
        ("due", {"period": "--06"}, {"period": "--06", "due": None}),
        ("due", {"due": "2026-05-08"}, {"due": "2026-05-08"}),
        ("weigh", {"weight": "3"}, {"weight": 3}),
        ("deliver", {"deliverable": "ledger"}, {"deliverable": "ledger"}),
    ],
)
def test_a_milestone_is_corrected(operation: str, values: dict[str, Any], shown: dict[str, Any]) -> None:
    step = FIRST["milestones"][0]
    found = after(operation, key=step["key"], **values)["items"][0]["milestones"][0]
    assert found == step | shown


def test_a_thing_moves_to_another_item_and_is_dismissed() -> None:
    step = FIRST["milestones"][0]["key"]
    moved = after("move", key=step, to=THIRD["key"])
    assert step in [each["key"] for each in moved["items"][2]["milestones"]]
    gone = after("dismiss", moved, key=step)
    assert step not in [each["key"] for each in gone["items"][2]["milestones"]]


def test_a_target_is_read_anew_or_added() -> None:
    target = FIRST["targets"][0]["key"]
    anew = after("target", key=target, value="97.5", unit="%", comparison=">=")["items"][0]["targets"][0]
    assert (anew["value"], anew["text"]) == ("97.5", FIRST["targets"][0]["text"])
    added = after("target", item=THIRD["key"], text="核查不超过2次", value="2", unit="次", comparison="<=")
    assert added["items"][2]["targets"][-1]["span"] is None


@pytest.mark.parametrize(
    ("operation", "values", "why"),
    [
        ("erase", {}, "没有“erase”这种改法"),
        ("retitle", {"key": "0", "title": "甲"}, "已经不在了"),
        ("retitle", {"key": FIRST["key"], "title": " "}, "没有填写"),
        ("split", {"key": FIRST["key"], "at": 0}, "不在这一项之内"),
        ("join", {"key": FRESH["items"][-1]["key"]}, "后面没有可以合并的项"),
        ("respan", {"key": SECOND["key"], "start": FIRST["span"][0], "end": AT}, "与前一项重叠"),
        ("respan", {"key": FIRST["key"], "start": 5, "end": 5}, "不在原文之内"),
        ("role", {"key": FIRST["agencies"][0]["key"], "role": "boss"}, "没有“boss”这种责任"),
        ("assign", {"key": FIRST["agencies"][0]["key"], "codes": []}, "没有选择单位"),
        ("due", {"key": FIRST["milestones"][0]["key"], "period": "soon"}, "不认识时间"),
        ("due", {"key": FIRST["milestones"][0]["key"], "due": "5月8日"}, "不是日期"),
        ("weigh", {"key": FIRST["milestones"][0]["key"], "weight": 0}, "权重不在"),
        ("target", {"item": FIRST["key"], "text": "甲", "value": "多", "unit": "个"}, "不是数"),
        (
            "target",
            {"item": FIRST["key"], "text": "甲", "value": "1", "unit": "个", "comparison": "~"},
            "没有这种比较",
        ),
        ("bind", {"key": FIRST["agencies"][0]["key"], "indicator": "desks.x"}, "已经不在了"),
        ("add_item", {"text": "没有位置"}, "没有划选原文"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(operation: str, values: dict[str, Any], why: str) -> None:
    with pytest.raises(InputInvalid, match=why):
        after(operation, **values)


def test_simple_fields_are_set() -> None:
    found = after("plan_title", title="方案")
    found = after("leader", found, key=FIRST["key"], leader="张副区长")
    found = after("add_milestone", found, item=FIRST["key"], text="年底总结", period="year")
    found = after(
        "direction", found, item=FIRST["key"], text="提高全程网办", indicator="desks.full_online_rate"
    )
    found = after("bind", found, key=FIRST["targets"][0]["key"], indicator="desks.on_time_rate")
    (entry, *_rest) = found["items"]
    assert (found["title"], entry["leader"]) == ("方案", "张副区长")
    assert entry["milestones"][-1]["period"] == "year"
    assert entry["directions"][0]["indicator"] == "desks.full_online_rate"
    assert entry["targets"][0]["indicator"] == "desks.on_time_rate"
    assert faults(found, TEXT) == []


# --------------------------------------------------------------------------------------- two texts side by side


def test_a_text_read_again_keeps_its_keys_and_what_people_decided() -> None:
    held = after("due", key=FIRST["milestones"][0]["key"], due="2026-05-08")
    held = after("assign", held, key=FIRST["agencies"][0]["key"], codes=["sp-0001"])
    wider = TEXT.replace("（", "(").replace("）", ")")  # the same words in other widths
    names = (f"{n:032x}" for n in count(1000))
    again = adopt(held, sheet_of(read_plan(wider), wider, lambda: next(names)))
    assert {each.change.value for each in difference(held, again)} == {"same"}
    assert again["items"][0]["milestones"][0]["due"] == "2026-05-08"
    assert again["items"][0]["agencies"][0]["codes"] == ["sp-0001"]


@pytest.mark.parametrize(
    ("old", "new", "changes", "fields"),
    [
        ("完成窗口人员培训", "完成全部窗口人员培训", "changed same same same same same same", ("text",)),
        ("二季度，完成首轮走访", "三季度，完成首轮走访", "same changed same same same same same", ("text",)),
        ("不少于120家", "不少于150家", "same changed same same same same same", ("text", "targets")),
    ],
)
def test_a_difference_names_what_is_otherwise(
    old: str, new: str, changes: str, fields: tuple[str, ...]
) -> None:
    text = TEXT.replace(old, new)
    names = (f"{n:032x}" for n in count(1000))
    found = difference(FRESH, adopt(read(), sheet_of(read_plan(text), text, lambda: next(names))))
    assert " ".join(each.change.value for each in found) == changes
    assert next(each.fields for each in found if each.fields) == fields


def test_an_item_that_is_new_and_one_that_is_gone() -> None:
    start, end = THIRD["span"]
    other = "（三）夜间经济\n具体举措：延长夜市照明时间，沿街商户统一规划摊位。\n"
    other += "推进计划：二季度，划定夜市范围。\n牵头单位：东渔镇。\n\n"
    text = TEXT[:start] + other + TEXT[end:]
    names = (f"{n:032x}" for n in count(1000))
    found = difference(FRESH, adopt(read(), sheet_of(read_plan(text), text, lambda: next(names))))
    assert [each.change.value for each in found] == [
        "same",
        "same",
        "new",
        "same",
        "same",
        "same",
        "same",
        "gone",
    ]
    assert found[-1].before == THIRD
