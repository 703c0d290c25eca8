"""What is an item, where it begins and ends, and what belongs to nothing."""

from __future__ import annotations

import pytest

from tests.plans.reading import numbers, sound, unread

MARKED = (
    "为做好工作，制定本方案。\n具体举措:做好服务。\n推进计划:一季度,启动;二季度,推进。\n具体举措:做好监管。\n"
)
TAIL = "推进计划:四季度,总结。\n(一)加强领导。压实责任。\n(二)强化宣传。营造氛围。"


def test_each_measure_is_an_undertaking_and_the_paragraphs_behind_are_safeguards() -> None:
    found = sound(MARKED + TAIL)
    assert numbers(found) == ["1 做好服务", "2 做好监管"]
    assert [(item.no, item.title) for item in found.safeguards] == [
        ("(一)", "加强领导"),
        ("(二)", "强化宣传"),
    ]
    assert [[step.period for step in item.milestones] for item in found.undertakings] == [
        ["Q1", "Q2"],
        ["Q4"],
    ]
    assert unread(MARKED + TAIL, found) == ["为做好工作，制定本方案。"]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace("\n", ""),
        lambda raw: raw.replace(":", "：").replace(",", "，").replace(";", "；").replace("(", "（"),
        lambda raw: raw.replace("具体举措:", "【具体举措】").replace("推进计划:", "〔推进计划〕"),
        lambda raw: raw.replace("具体举措:", "具体举措\n").replace("推进计划:", "推进计划\n"),
        lambda raw: raw.replace("举措", "举\n措").replace("季度", "季\n度"),
        lambda raw: raw.replace("举", "舉").replace("推进计划", "推進計劃"),
        lambda raw: raw.replace("具体", "具(jù)体"),
        lambda raw: raw.replace("。\n", "。\n- 3 -\n"),
        lambda raw: raw.replace("\n", "\r\n\r\n\u3000\u3000"),
    ],
    ids=[
        "one line",
        "full width",
        "brackets",
        "own lines",
        "broken words",
        "traditional",
        "pinyin",
        "pages",
        "indents",
    ],
)
def test_the_form_of_writing_changes_nothing(change) -> None:
    raw = change(MARKED + TAIL)
    found = sound(raw)
    assert (len(found.undertakings), len(found.safeguards)) == (2, 2)
    assert [len(item.milestones) for item in found.undertakings] == [2, 1]


def test_a_heading_before_the_marker_gives_number_and_title() -> None:
    raw = "二、重点任务\n（一）示范创建\n具体举措：做好服务。\n推进计划：一季度，启动。\n"
    raw += "（二）优化窗口\n具体举措：做好监管。"
    found = sound(raw)
    assert numbers(found) == ["（一） 示范创建", "（二） 优化窗口"]
    assert unread(raw, found) == ["二、重点任务"]


def test_a_list_that_has_counted_far_keeps_its_numbers() -> None:
    raw = "".join(f"({n})政企恳谈\n具体举措:开会。\n推进计划:一季度,筹备。\n" for n in "一二三四五六七")
    assert numbers(sound(raw)) == [f"({n}) 政企恳谈" for n in "一二三四五六七"]


def test_a_step_of_quarters_ends_where_a_sentence_brings_its_own_date() -> None:
    raw = "具体举措:开会。\n推进计划:一季度,启动;三、四季度,整改,11月前见效;12月底前,形成规程。"
    [item] = sound(raw).undertakings
    assert [(step.period, step.text) for step in item.milestones] == [
        ("Q1", "一季度,启动"),
        ("Q3,Q4", "三、四季度,整改,11月前见效"),
        ("--11", "11月前见效"),
        ("--12", "12月底前,形成规程"),
    ]


def test_a_chapter_above_all_blocks_belongs_to_none_and_points_may_be_safeguards() -> None:
    raw = "二、重点任务\n具体举措：做好服务。\n具体举措：做好监管。\n保障措施：\n1.加强领导。压实。\n2.强化宣传。营造。"
    found = sound(raw)
    assert numbers(found) == ["1 做好服务", "2 做好监管"]
    assert [item.no for item in found.safeguards] == ["1", "2"]
    assert unread(raw, found) == ["二、重点任务", "保障措施："]


def test_steps_without_a_measure_belong_to_the_last_block() -> None:
    found = sound("具体举措:做好服务。\n具体举措:做好监管。\n一季度,启动;二季度,推进。")
    assert [[step.period for step in item.milestones] for item in found.undertakings] == [[], ["Q1", "Q2"]]


def test_a_safeguard_of_a_marked_plan_stays_one_and_keeps_its_date() -> None:
    found = sound(MARKED + TAIL.replace("营造氛围", "6月底前发布成效"))
    assert [len(item.milestones) for item in found.safeguards] == [0, 1]


def test_numbered_items_are_cited_with_the_numbers_above() -> None:
    raw = "为了发展，制定意见。一、总体要求（一）指导思想。贯彻精神。（二）工作目标。覆盖率达到90%。"
    raw += "二、重点任务（一）优化窗口。1.限时办结。\n2、集成办理。"
    raw += "三、保障措施（一）加强领导。压实责任。\n附件：清单"
    found = sound(raw)
    assert numbers(found) == ["一（二） 工作目标", "二（一）1 限时办结", "二（一）2 集成办理"]
    assert [item.no for item in found.safeguards] == ["三（一）"]
    assert unread(raw, found) == [
        "为了发展，制定意见。一、总体要求（一）指导思想。贯彻精神。",
        "二、重点任务（一）优化窗口。",
        "三、保障措施",
        "附件：清单",
    ]


def test_a_safeguard_with_owner_or_date_is_a_task() -> None:
    found = sound(
        "一、任务\n1.做好服务。\n二、保障措施\n（一）加强领导。（责任单位：区府办）\n（二）强化宣传。营造氛围。"
    )
    assert [item.no for item in found.undertakings] == ["一1", "二（一）"]
    assert [item.no for item in found.safeguards] == ["二（二）"]


@pytest.mark.parametrize(
    ("raw", "items"),
    [
        ("①建立机制。②落实责任。", ["① 建立机制", "② 落实责任"]),
        ("第一，压实责任。第二，建立机制。", ["第一 压实责任", "第二 建立机制"]),
        ("（1）建立机制。（2）落实责任。", ["（1） 建立机制", "（2） 落实责任"]),
        ("1）建立机制。2）落实责任。", ["1） 建立机制", "2） 落实责任"]),
        ("专栏1：重点工程。推进建设。专栏2：示范工程。培育企业。", ["专栏1 重点工程", "专栏2 示范工程"]),
        ("一、推进\n专栏1 工程\n1.建设。\n2.验收。", ["一专栏1.1 建设", "一专栏1.2 验收"]),
        ("1.排量2.0升以下免税。2.推进建设。", ["1 排量2.0升以下免税", "2 推进建设"]),
    ],
)
def test_all_kinds_of_numbers_are_headings(raw, items) -> None:
    assert numbers(sound(raw)) == items


def test_paragraphs_with_owners_of_their_own_are_items() -> None:
    raw = "（一）行动\n\u3000\u3000做好甲事。加快建设。（责任单位：甲局）\n\u3000\u3000做好乙事。（责任单位：乙局）"
    found = sound(raw)
    assert numbers(found) == ["（一）-1 行动", "（一）-2 做好乙事"]
    assert [[each.name for each in item.agencies] for item in found.undertakings] == [["甲局"], ["乙局"]]


def test_owners_behind_points_belong_to_the_item_that_holds_the_points() -> None:
    found = sound(
        "1.建设工程。\n（1）甲事。\n（2）乙事。\n（责任单位：甲局）\n2.验收工程。（责任单位：乙局）"
    )
    assert [[each.name for each in item.agencies] for item in found.undertakings] == [["甲局"], ["乙局"]]


def test_without_numbers_and_markers_the_owners_tell_the_items() -> None:
    raw = "做好甲事。\n责任单位：甲局\n完成时限：9月30日前\n做好乙事（责任单位：乙局）"
    found = sound(raw)
    assert numbers(found) == ["1 做好甲事", "2 做好乙事"]
    assert [[step.period for step in item.milestones] for item in found.undertakings] == [["--09-30"], []]


def test_a_second_copy_is_unread_and_noted() -> None:
    once = (
        "具体举措:"
        + "做好服务，优化窗口流程，落实首接负责制度，" * 6
        + "提升效能。\n推进计划:一季度,启动。\n"
    )
    once += "具体举措:做好监管。\n推进计划:二季度,推进。\n"
    for times in (2, 3):
        found = sound(once * times)
        assert len(found.undertakings) == 2
        (note,) = found.notes
        assert note.kind == "duplicate"
        assert note.span in found.unread
        assert (once * times)[slice(*note.span)].strip() == (once * (times - 1)).strip()


def test_notes_tell_what_the_grammar_read_past() -> None:
    assert [note.kind for note in sound("1.推(tuī)進計劃，責任單位，牽頭落實。").notes] == [
        "pinyin",
        "traditional",
    ]


@pytest.mark.parametrize(
    "raw", ["今天天气很好。我们去公园玩。", "会同责任单位迅速制定方案。", "x", "（）", "、、、"]
)
def test_without_any_item_all_of_it_is_unread(raw) -> None:
    found = sound(raw)
    assert (found.undertakings, found.safeguards) == ((), ())
    assert unread(raw, found) == [raw]


TABLE = (
    "工作清单\n序号\t任务\t牵头单位\t配合单位\t完成时间\n"
    "1\t推进改革，新增20家\t甲局\t乙局、丙局\t2026年12月\n"
    "2\t完善制度\t甲局、丁局\t无\t持续推进\n说明：以上。"
)


def test_the_rows_of_a_task_table_are_items() -> None:
    found = sound(TABLE)
    assert numbers(found) == ["1 推进改革", "2 完善制度"]
    assert [[(each.role, each.name) for each in item.agencies] for item in found.undertakings] == [
        [("lead", "甲局"), ("supporting", "乙局"), ("supporting", "丙局")],
        [("lead", "甲局"), ("lead", "丁局")],
    ]
    assert [[step.period for step in item.milestones] for item in found.undertakings] == [
        ["2026-12"],
        ["continuing"],
    ]
    assert [[(goal.value, goal.unit) for goal in item.targets] for item in found.undertakings] == [
        [(20, "家")],
        [],
    ]
    assert unread(TABLE, found) == ["工作清单\n序号\t任务\t牵头单位\t配合单位\t完成时间", "说明：以上。"]


def test_a_line_across_the_table_parts_groups_and_is_no_row() -> None:
    raw = "任务\t责任单位\t时限\n一、重点\n做好甲事\t甲局\t6月\n二、其他\n做好乙事\t乙局\t9月\n后面的正文。继续。"
    found = sound(raw)
    assert numbers(found) == [" 做好甲事", " 做好乙事"]
    assert unread(raw, found) == ["任务\t责任单位\t时限\n一、重点", "二、其他", "后面的正文。继续。"]


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("# 标题：某区工作方案\n一、任务", "某区工作方案"),
        ("某区优化营商环境工作方案\n一、任务", "某区优化营商环境工作方案"),
        (
            "某区人民政府关于印发\n优化营商环境工作方案的通知\n各镇：",
            "某区人民政府关于印发优化营商环境工作方案的通知",
        ),
        ("为做好工作，制定本方案。\n具体举措：", ""),
    ],
)
def test_the_title_is_a_line_that_reads_like_one(raw, title) -> None:
    assert sound(raw).title == title
