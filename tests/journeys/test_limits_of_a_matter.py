"""What the law allows where a sheet says nothing of it, and what nobody has confirmed yet, as people meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.hall import Hall, words
from yukuaiban.cases.models import Case, Clock
from yukuaiban.measures.desks.importing import import_file
from yukuaiban.measures.desks.models import Matter, MatterSheet

HEAD = "code,name,agency,kind,statutory_limit,committed_limit,since"
SOURCE = "行政许可法第四十二条第一款"
BY_DEFAULT = "实施清单没有写法定时限，按行政许可的一般规定"


def bring(hall: Hall, tmp_path: Path, *rows: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    import_file(path, pen=hall.office.pen)


def codes(case: Case) -> dict[str, str]:
    return dict(Clock.objects.filter(case=case).values_list("code", "limit"))


@pytest.fixture
def permit(hall: Hall, tmp_path: Path) -> Hall:
    """A list that names a permit and no statutory limit of it."""
    bring(hall, tmp_path, "X-1,养殖证变更,望海区农业农村局,行政许可,,5wd,2026-01-05")
    return hall


def test_a_permit_without_a_stated_limit_runs_against_the_law(permit: Hall) -> None:
    case = permit.received(matter="X-1", desk="main-01")
    receipt = words(permit.get("xiaoyu", "desks:receipt", case.number))
    assert "法定时限 20 个工作日" in receipt
    assert "2026-03-30 周一 17:30" in receipt
    assert SOURCE in receipt
    permit.done("xiaoyu", case, "admit")
    assert permit.office.due(case, "statutory") == "2026-03-30T17:30"
    page = words(permit.get("xiaoyu", "case", case.number))
    assert SOURCE in page
    assert "2026-03-30" in page


def test_the_law_is_named_wherever_the_limit_is_shown(permit: Hall) -> None:
    page = words(permit.get(None, "desks:matter", "X-1"))
    assert f"法定时限 20 个工作日 {SOURCE}（{BY_DEFAULT}）" in page
    assert "20 个工作日" in words(permit.get(None, "desks:matters", words="养殖证变更"))
    assert "20 个工作日" in words(permit.get("xiaoyu", "desks:receive", matter="X-1"))
    assert "20 个工作日" in words(permit.get("xiaoyu", "desks:register", text="养殖证变更"))
    assert BY_DEFAULT in words(permit.get("xiaoyu", "desks:register_matter", "X-1"))


def test_what_is_no_permit_or_has_its_own_law_has_no_other(hall: Hall, tmp_path: Path) -> None:
    bring(
        hall,
        tmp_path,
        "X-2,养殖补贴,望海区农业农村局,行政给付,,5wd,2026-01-05",
        "X-3,养殖证补发,望海区农业农村局,行政许可,30wd,5wd,2026-01-05",
        "X-4,养殖证核对,望海区农业农村局,,,5wd,2026-01-05",
    )
    for hour, (matter, wanted) in enumerate(
        (("X-2", None), ("X-3", "30wd"), ("X-4", None), ("S-0011", None)), start=9
    ):
        case = hall.at(f"2026-03-02T{hour:02}:00").received(matter=matter)
        hall.done("xiaoyu", case, "admit")
        assert codes(case).get("statutory") == wanted, matter
    assert BY_DEFAULT not in words(hall.get(None, "desks:matter", "X-3"))


def test_a_promise_is_held_against_the_law_that_the_sheet_does_not_name(hall: Hall, tmp_path: Path) -> None:
    bring(
        hall,
        tmp_path,
        "X-5,养殖证换发,望海区农业农村局,行政许可,,30wd,2026-01-05",
        "X-6,养殖补贴核发,望海区农业农村局,行政给付,,30wd,2026-01-05",
    )
    held = Matter.objects.get(code="X-5")
    assert not held.published
    assert "长于法定时限（20 个工作日）" in held.findings[0]
    assert Matter.objects.get(code="X-6").published


def test_a_permit_without_any_limit_says_what_is_left(hall: Hall, tmp_path: Path) -> None:
    bring(
        hall,
        tmp_path,
        "X-7,养殖证注销,望海区农业农村局,行政许可,,,2026-01-05",
        "X-8,养殖咨询,望海区农业农村局,公共服务,,,2026-01-05",
    )
    said = {each.code: each.findings[0] for each in Matter.objects.filter(code__in=["X-7", "X-8"])}
    assert "法定时限按行政许可的一般规定计 20 个工作日" in said["X-7"]
    assert "不计办理时限" in said["X-8"]


def test_what_nobody_has_confirmed_is_marked_on_every_page_that_promises_it(permit: Hall) -> None:
    mark = "（未经确认）"
    case = permit.received(matter="X-1", desk="main-01")
    receipt = words(permit.get("xiaoyu", "desks:receipt", case.number))
    assert f"承诺时限 5 个工作日{mark}" in receipt
    assert f"20 个工作日{mark}" not in receipt
    for page in (
        permit.get(None, "desks:matters", words="养殖证变更"),
        permit.get(None, "desks:matter", "X-1"),
        permit.get("xiaoyu", "desks:receive", matter="X-1"),
    ):
        assert f"5 个工作日 {mark}" in words(page)
        assert f"20 个工作日 {mark}" not in words(page)
    permit.done("xiaoyu", case, "admit")
    told = words(permit.query(case))
    assert f"list.csv{mark}" in told
    assert f"{SOURCE}{mark}" not in told
    MatterSheet.objects.filter(matter="X-1").update(committed_confirmed=True)
    assert mark not in words(permit.get(None, "desks:matter", "X-1"))
    assert mark not in words(permit.get(None, "desks:matters", words="养殖证变更"))


def test_what_is_confirmed_is_not_marked(hall: Hall) -> None:
    case = hall.received(matter="S-0001")
    assert "未经确认" not in words(hall.get("xiaoyu", "desks:receipt", case.number))
    assert "未经确认" not in words(hall.get(None, "desks:matter", "S-0001"))
