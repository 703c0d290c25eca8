"""Dates and schedules: what is written and the period that programs read."""

from __future__ import annotations

import pytest

from yukuaiban.plans.reading.folding import fold
from yukuaiban.plans.reading.milestones import steps_by_date, steps_by_quarter
from yukuaiban.plans.reading.periods import cell_period


def by_date(raw: str, *, recurring: bool = True) -> list[tuple[str, str]]:
    folded = fold(raw)
    steps = steps_by_date(folded, 0, len(folded.text), [], recurring=recurring)
    return [(each.period, raw[slice(*folded.span(each.start, each.end))]) for each in steps]


def by_quarter(raw: str) -> list[tuple[str, str]]:
    folded = fold(raw)
    steps = steps_by_quarter(folded, 0, len(folded.text), [])
    return [(each.period, raw[slice(*folded.span(each.start, each.end))]) for each in steps]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("加强培训。6月底前完成清单；再作评估。", [("--06", "6月底前完成清单")]),
        ("２０２４年１０月底前建成。", [("2024-10", "２０２４年１０月底前建成")]),
        ("方案于9月1日前报送。", [("--09-01", "方案于9月1日前报送")]),
        ("名单于3月20前报送。", [("--03-20", "名单于3月20前报送")]),
        ("原则上6月中旬前下达。", [("--06-20", "原则上6月中旬前下达")]),
        ("年底前实现全覆盖。", [("year", "年底前实现全覆盖")]),
        ("年内新增10家。", [("year", "年内新增10家")]),
        ("2025年底前建成平台。", [("2025", "2025年底前建成平台")]),
        ("到2025年，建成平台。", [("2025", "到2025年，建成平台")]),
        ("政策延续至2023年4月30日。", [("2023-04-30", "政策延续至2023年4月30日")]),
        ("力争在上半年完成。", [("Q1,Q2", "力争在上半年完成")]),
        ("2023年不少于30%，2024年不少于60%。", [("2023", "2023年不少于30%"), ("2024", "2024年不少于60%")]),
        (
            "10月底前基本完成，12月底前高标准完成。",
            [("--10", "10月底前基本完成"), ("--12", "12月底前高标准完成")],
        ),
        ("动员部署（1月底前完成）。各镇制定方案。", [("--01", "动员部署（1月底前完成）")]),
        ("开展排查。（7月中旬前）1.上门服务。", [("--07-20", "开展排查。（7月中旬前）")]),
        ("组织实施（7月下旬至8月中旬）。", [("--07-21/--08-20", "组织实施（7月下旬至8月中旬）")]),
        ("组织实施（2024年2月至11月）。", [("2024-02/2024-11", "组织实施（2024年2月至11月）")]),
        (
            "计划：1月—3月，启动；4-10月，推进；11月，总结。",
            [("--01/--03", "1月—3月，启动"), ("--04/--10", "4-10月，推进"), ("--11", "11月，总结")],
        ),
        ("十二月底前完成，六月三十日前报送。", [("--12", "十二月底前完成"), ("--06-30", "六月三十日前报送")]),
        ("第三季度末前上线。", [("Q3", "第三季度末前上线")]),
        ("（责任单位：甲局；完成时限：2024年12月底前）", [("2024-12", "2024年12月底前")]),
        ("每月10日前报送数据。", [("monthly", "每月10日前报送数据")]),
        ("每季度开展一次评议。", [("quarterly", "每季度开展一次评议")]),
        ("每两月开展一期问政。", [("bimonthly", "每两月开展一期问政")]),
        (
            "每周至少招聘一次、每月至少交流一次。",
            [("weekly", "每周至少招聘一次"), ("monthly", "每月至少交流一次")],
        ),
    ],
)
def test_a_date_is_a_milestone_with_its_clause(text, steps) -> None:
    assert by_date(text) == steps


@pytest.mark.parametrize(
    "text",
    [
        "根据《2023年底前重点工作方案》推进。",
        "自2023年6月起实施。",
        "由2022年4月底起算。",
        "5年内压减环节。",
        "一年内达标后晋级。",
        "纳入年底综合考核。",
        "2022年租期分属不同承租人的按比例减免。",
        "5月份以来形势向好。",
    ],
)
def test_what_is_no_date_of_a_step_gives_none(text) -> None:
    assert by_date(text) == []


def test_what_returns_is_left_out_where_a_schedule_tells_the_steps() -> None:
    assert by_date("每季度开展一次评议，年底前总结。", recurring=False) == [("year", "年底前总结")]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "一季度，制定方案，完成一季度评议工作；二季度，根据一季度情况改进。",
            [("Q1", "一季度，制定方案，完成一季度评议工作"), ("Q2", "二季度，根据一季度情况改进")],
        ),
        (
            "一季度,启动;二、三季度,推进;\n四季度,总结。",
            [("Q1", "一季度,启动"), ("Q2,Q3", "二、三季度,推进"), ("Q4", "四季度,总结")],
        ),
        ("一季度启动；二至四季度推进。", [("Q1", "一季度启动"), ("Q2,Q3,Q4", "二至四季度推进")]),
        ("第一季度：启动。第二季度：推进。", [("Q1", "第一季度：启动"), ("Q2", "第二季度：推进")]),
        ("【一季度】启动；【二季度】推进。", [("Q1", "【一季度】启动"), ("Q2", "【二季度】推进")]),
        ("上半年，启动；下半年，推进。", [("Q1,Q2", "上半年，启动"), ("Q3,Q4", "下半年，推进")]),
        (
            "2024年四季度，启动；2025年一季度，推进。",
            [("2024-Q4", "2024年四季度，启动"), ("2025-Q1", "2025年一季度，推进")],
        ),
        ("三、四季\n度,完成整改。", [("Q3,Q4", "三、四季\n度,完成整改")]),
    ],
)
def test_a_schedule_is_cut_at_its_quarters(text, steps) -> None:
    assert by_quarter(text) == steps


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2026年12月", "2026-12"),
        ("6月底前", "--06"),
        ("2026.3", "2026-03"),
        ("2026年底", "2026"),
        ("二季度", "Q2"),
        ("持续推进", "continuing"),
        ("定期", "regular"),
        ("每月", "monthly"),
        ("无", None),
    ],
)
def test_a_cell_tells_its_period(cell, period) -> None:
    assert cell_period(cell) == period
