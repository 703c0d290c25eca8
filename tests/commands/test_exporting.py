"""`./ykb export`: every list of the site through the one exporter, masked, with an event."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.cast import HALL
from tests.security.routes import routes
from yukuaiban.cases.acting import act
from yukuaiban.journal.reading import events
from yukuaiban.measures.desks.models import LightDispute
from yukuaiban.people.trainings import TrainingDraft, record
from yukuaiban.site import exportable

pytestmark = pytest.mark.django_db
TRIAL = ("halls", "completeness", "lights", "trainings")
NAMES = ("cases", "queue", "matters", "reads", "orders", "candidates", *TRIAL, "board", "overdue", "desks")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def overdue_case(office):
    """One case of 江苏渔海养殖有限公司, late and explained, and one that runs."""
    office.in_review()
    late = office.in_review(applicant="王小明")
    office.tick("2026-03-20T09:00")
    office.do(late, "explain_overrun", "handler", text="=现场核查排期延后")
    return late


def tried_out(office, case):
    """A training, and a light of the case that its agency found right."""
    uid = office.xiaoyu.ref.removeprefix("staff:")
    draft = TrainingDraft("预警系统操作", date(2026, 2, 2), 4, HALL, "system", passed=(uid,))
    record(draft, office.head, office.pen)
    given = {"hall": "main", "clock": "committed", "ordinal": 1, "light": "red", "agency": case.agency}
    said = {"stand": "confirmed", "made_by": office.handler.ref, "made_at": office.now}
    LightDispute.objects.create(case=case, **given, **said)
    return case


def proposed_on(office, case):
    """An order on a case, proposed by 督查员."""
    data = {
        "supervised_case": case.number,
        "supervised_agency": "sp-0002",
        "cause": "overdue",
        "demand": "办结",
    }
    act(
        None,
        "propose_order",
        procedure="supervision",
        subject=office.people["watcher"],
        data=data,
        key=None,
        pen=office.pen,
    )


def test_each_list_leaves_as_csv_and_as_a_workbook_and_leaves_a_trace(office, ykb, tmp_path) -> None:
    proposed_on(office, tried_out(office, overdue_case(office)))
    for name in NAMES:
        for kind in ("csv", "xlsx"):
            path = tmp_path / f"{name}.{kind}"
            code, out, err = ykb("export", name, path)
            assert (code, out) == (0, ""), err
            assert str(path) in err
        rows = read((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))
        about, sheet = (
            CalamineWorkbook.from_path(tmp_path / f"{name}.xlsx").get_sheet_by_index(n).to_python()
            for n in (0, 1)
        )
        assert ["导出人", "控制台"] in about
        assert sheet[0] == list(rows[0])
        more = name == "reads"  # the list of looks and exports: its own first export stands in the second
        assert len(sheet) == len(rows) + more + 1
        kinds = [(event.type, event.body["format"], event.body["rows"]) for event in events(f"export:{name}")]
        assert kinds == [("list.exported", "csv", len(rows)), ("list.exported", "xlsx", len(rows) + more)]


def test_persons_are_masked_and_formulas_are_text(office, ykb) -> None:
    late = overdue_case(office)
    rows = read(ykb("export", "cases", "-", "--format", "csv")[1])
    shown = {row["办件编号"]: row["申请人"] for row in rows}
    assert shown[late.number] == "王**"
    overdue = ykb("export", "overdue", "-", "--format", "csv")[1]
    assert "王" not in overdue
    assert read(overdue)[0]["说明"] == "'=现场核查排期延后"


def test_the_filters_of_the_page_hold_here(office, ykb) -> None:
    late = overdue_case(office)
    assert len(read(ykb("export", "cases", "-", "--format", "csv")[1])) == 2
    rows = read(ykb("export", "cases", "-", "--format", "csv", "--filter", f"text={late.number}")[1])
    assert [row["办件编号"] for row in rows] == [late.number]
    (_, last) = events("export:cases")
    assert ["text", late.number] in last.body["filters"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("nix",),
            "可导出：cases、queue、matters、reads、orders、candidates、halls、completeness、lights、trainings、board、overdue、desks",
        ),
        (("cases", "a.pdf"), "以 .xlsx 或 .csv 结尾"),
        (("cases", "--filter", "nix=1"), "可用：light"),
        (("cases", "--filter", "light=blue"), "green"),
        (("cases", "--filter", "light"), "条件=值"),
        (("board", "--filter", "light=red"), "没有条件"),
        (("cases", "/nowhere/at/all.csv"), "写不了文件"),
        (("cases", "--format", "pdf"), "请用 xlsx、csv"),
    ],
)
def test_a_wrong_call_is_one_sentence_with_the_way_out(office, ykb, words, said) -> None:
    code, out, err = ykb("export", *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err


def test_without_a_name_the_lists_are_told(office, ykb) -> None:
    code, out, _ = ykb("export")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(NAMES)


def test_every_page_with_an_export_has_its_command() -> None:
    """The name of a list's address without `_export` is the name of its spec, or of the plain list."""
    pages = {each.name.removesuffix("_export") for each in routes() if each.name.endswith("export")}
    known = set(exportable.titles()) | {"desks:register"}  # the page of the list `matters`
    known |= {f"desks:{name}" for name in TRIAL}
    known |= {"supervision:orders", "supervision:candidates"}
    known |= {"plans:board"}  # no list but a page of a year: `report plan` writes what it holds
    assert "cases" in pages
    assert pages - known == set()


def test_a_long_list_tells_how_far_it_is(office, ykb, monkeypatch, tmp_path) -> None:
    overdue_case(office)
    monkeypatch.setattr("yukuaiban.site.commands.exporting._EVERY", 1)
    code, _, err = ykb("export", "cases", tmp_path / "c.csv")
    assert code == 0
    assert "1 / 2 行" in err
    assert "2 / 2 行" in err
