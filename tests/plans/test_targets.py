"""Targets: value, unit and comparison of what a plan promises."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yukuaiban.plans.reading.folding import fold
from yukuaiban.plans.reading.targets import targets


def found(raw: str) -> list[tuple[object, ...]]:
    folded = fold(raw)
    return [
        (each.value, each.unit, each.comparison, *(["soft"] if each.soft else []))
        for each in targets(folded.text, 0, len(folded.text))
    ]


@pytest.mark.parametrize(
    ("text", "goals"),
    [
        ("成本压降20%以上。", [(20, "%", ">=")]),
        ("成本压降２０％以上。", [(20, "%", ">=")]),
        ("评估费用压减100%。", [(100, "%", "=")]),
        ("结案率达70%。", [(70, "%", ">=")]),
        ("力争结案率达70%。", [(70, "%", ">=", "soft")]),
        ("合格率达到98.5%。", [(Decimal("98.5"), "%", ">=")]),
        ("占比不低于30%。", [(30, "%", ">=")]),
        ("费率不超过3%。", [(3, "%", "<=")]),
        ("费率控制在0.8%以内。", [(Decimal("0.8"), "%", "<=")]),
        ("比重达到25%左右。", [(25, "%", "about")]),
        ("达到百分之七十以上。", [(70, "%", ">=")]),
        ("七成以上企业受益。", [(70, "%", ">=")]),
        ("2023年不少于30%，2024年不少于60%。", [(30, "%", ">="), (60, "%", ">=")]),
        ("返还比例从30%提高至50%。", [(50, "%", ">=")]),
        ("占比由不低于80%提高至不低于90%。", [(90, "%", ">=")]),
        ("确保无超三年未结案件。", [(0, "件", "=")]),
        (
            "须在2小时内到达现场，1个工作日内反馈，10个工作日内处理。",
            [(2, "h", "<="), (1, "wd", "<="), (10, "wd", "<=")],
        ),
        ("审批时间压减至80个工作日以内。", [(80, "wd", "<=")]),
        ("十五日内答复，三个月内办结。", [(15, "d", "<="), (3, "mo", "<=")]),
        ("接入不超过4个工作日。", [(4, "wd", "<=")]),
        ("新增示范基地10家以上。", [(10, "家", ">=")]),
        ("全年新增企业6000家。", [(6000, "家", "=")]),
        ("用户突破1000万户。", [(10_000_000, "户", ">=")]),
        ("产量达到1.5亿片。", [(150_000_000, "片", ">=")]),
        ("发布岗位100余万个。", [(1_000_000, "个", ">=")]),
        ("打造30个左右试点。", [(30, "个", "about")]),
        ("引进3—5家企业。", [(3, "家", ">="), (5, "家", "<=")]),
        ("每季度开展一次评议。", [(1, "次/季度", "=")]),
        ("每两月开展一期问政。", [(1, "期/两月", "=")]),
        ("每周至少举办2场招聘。", [(2, "场/周", ">=")]),
        (
            "评出三佳二差部门、五佳三差科室。",
            [(3, "个", "="), (2, "个", "="), (5, "个", "="), (3, "个", "=")],
        ),
    ],
)
def test_a_promise_has_value_unit_and_comparison(text, goals) -> None:
    assert found(text) == goals


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345热线，推广5G应用。",
        "制定“两轻一免”清单，推进“双随机、一公开”。",
        "对小微贷款余额增量的2%提供激励资金。",
        "每家给予10万元补助。",
        "2022年内完成，5年内见效。",
        "确保无缝衔接。",
        "打造一批优秀案例，办好第一批清单。",
        "提升满意度，扩大覆盖面。",
        "占地12亩的园区。",
    ],
)
def test_what_promises_no_number_is_no_target(text) -> None:
    assert found(text) == []


def test_a_target_shows_the_words_that_it_is_about() -> None:
    folded = fold("完善服务，新增国家标准200项以上、省标准120项以上，年底评估。")
    texts = [folded.text[each.start : each.end] for each in targets(folded.text, 0, len(folded.text))]
    assert texts == ["新增国家标准200项以上", "省标准120项以上"]
