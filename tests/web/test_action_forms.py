"""What the form of an action says before anybody fills it in."""

from __future__ import annotations

import pytest

from tests.journeys.hall import words


@pytest.mark.parametrize("label", ["理由和依据", "应向哪个机关申请", "行政复议机关", "管辖法院"])
def test_what_a_refusal_must_carry_is_not_called_optional(hall, label):
    case = hall.received()
    page = words(hall.get("handler", "case_act", case.number, "refuse"))
    assert f"{label} 选填" not in page
    assert label in page


@pytest.mark.parametrize("label", ["理由和依据", "行政复议机关", "管辖法院"])
def test_what_only_a_denial_must_carry_says_so_at_its_label(hall, label):
    case = hall.in_review()
    page = words(hall.get("handler", "case_act", case.number, "decide"))
    assert f"{label} 不予许可时必填" in page
