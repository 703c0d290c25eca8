"""Lists of matters that other offices bring: nothing lost, nothing twice, every doubt named by its line."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.cast import Office
from tests.shared_data import shared
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.core.errors import InputInvalid
from yukuaiban.journal.reading import events
from yukuaiban.journal.verifying import verify
from yukuaiban.measures.desks import queries, register
from yukuaiban.measures.desks.importing import Report, import_file
from yukuaiban.measures.desks.models import Matter, MatterSheet
from yukuaiban.people.models import Agency
from yukuaiban.people.subject import PostRef, Subject

ROOT = Path(__file__).resolve().parents[2]
HEAD = (
    "事项编码",
    "事项名称",
    "实施单位",
    "法定时限",
    "法定时限单位",
    "承诺时限",
    "承诺时限单位",
    "到现场次数",
    "可网上办",
)
GOOD = ("X-1", "养殖证变更", "望海区农业农村局", "20", "工作日", "5", "工作日", "0", "是")


def table(path: Path, *rows: Sequence[object], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def row(**changed: str) -> list[str]:
    names = dict(
        zip(
            ("code", "name", "agency", "law", "law_unit", "own", "own_unit", "visits", "online"),
            GOOD,
            strict=True,
        )
    )
    return list((names | changed).values())


def told(report: Report) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in report.refused]


def read(office: Office, path: Path, **more: object) -> Report:
    return import_file(path, pen=office.pen, **more)  # type: ignore[arg-type]


def counts() -> tuple[int, int, int, int]:
    matters, sheets = Matter.objects.count(), MatterSheet.objects.count()
    return matters, sheets, Agency.objects.count(), len(list(events(register.STREAM)))


# ------------------------------------------------------------------------------------------------- real lists


def test_the_provincial_list_loses_no_row_and_keeps_its_units(office: Office, tmp_path: Path) -> None:
    source = shared("matters/guangdong.csv")
    report = read(office, source)
    assert (report.read, report.stored, report.duplicates, report.refused) == (1131, 1131, 0, [])
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    units = {"工作日": "wd", "自然日": "d", "": ""}
    wanted = {
        each["task_code"]: tuple(
            each[f"{name}_limit"] + (units[each[f"{name}_unit"]] if each[f"{name}_limit"] else "")
            for name in ("statutory", "promised")
        )
        for each in rows
    }
    sheets = MatterSheet.objects.filter(matter__origin="import")
    found = {each.matter_id: (each.statutory_limit, each.committed_limit) for each in sheets}
    assert found == wanted
    assert (
        sum(limit.endswith("d") and not limit.endswith("wd") for pair in found.values() for limit in pair)
        == 6
    )
    kinds = Counter(Matter.objects.filter(origin="import").values_list("kind", flat=True))
    assert (kinds["public_service"], kinds["permit"], kinds["ruling"]) == (793, 255, 2)
    held = Matter.objects.filter(origin="import", published=False)
    assert held.count() == report.held == 67
    assert all(each.findings for each in held)
    assert len(report.new_agencies) == Agency.objects.filter(confirmed=False, code__startswith="im-").count()
    assert not (tmp_path / "guangdong.refused.csv").exists()
    again = read(office, source)
    assert (again.stored, again.duplicates) == (0, 1131)


def test_the_district_list_is_read_by_its_map_and_says_that_limits_are_missing(office: Office) -> None:
    source, map_file = shared("matters/guangan_district.csv"), ROOT / "examples" / "guangan_district.map.toml"
    before = counts()
    dry = read(office, source, map_file=map_file, dry_run=True)
    assert counts() == before
    report = read(office, source, map_file=map_file)
    assert report == dry
    assert (report.read, report.stored, report.refused) == (1135, 1135, [])
    matters = Matter.objects.filter(origin="import")
    assert all(
        ("法定时限按行政许可的一般规定计 20 个工作日" if each.kind == "permit" else "不计办理时限")
        in each.findings[0]
        for each in matters
    )
    assert Counter(matters.values_list("kind", flat=True))["public_service"] == 348
    assert max(len(each.code) for each in matters) == 55
    assert read(office, source, map_file=map_file).duplicates == 1135
    assert verify(folds={"case:": fold_differences}).ok


# ------------------------------------------------------------------------------------------- what a row may be


def test_what_is_wrong_with_a_row_is_told_by_line_and_column_and_the_others_are_kept(
    office: Office, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "list.csv",
        row(),
        row(code="", name=""),
        row(code="X-2", law="尽快"),
        row(code="X-3", own_unit="旬", visits="两次"),
        [],
        row(code="X-4" * 30),
        row(code="X-5", agency=""),
        [*row(code="X-6"), "多出来的"],
        row(code="X-7"),
    )
    report = read(office, path)
    assert told(report) == [
        (3, "code"),
        (3, "name"),
        (4, "statutory_limit"),
        (5, "committed_limit"),
        (5, "visit_count"),
        (7, "code"),
        (8, "agency"),
        (9, ""),
    ]
    assert (report.read, report.stored, report.refused_rows) == (8, 2, 6)
    assert report.as_json()["refused"][0] == {"row": 3, "column": "code", "why": "不能为空；请填写"}
    assert set(Matter.objects.filter(origin="import").values_list("code", flat=True)) == {"X-1", "X-7"}


def test_refused_rows_lie_beside_the_input_with_reasons_and_can_be_mended(
    office: Office, tmp_path: Path
) -> None:
    path = table(tmp_path / "list.csv", row(), row(code="X-2", own="=1+1", name="@名称"))
    report = read(office, path)
    beside = tmp_path / "list.refused.csv"
    assert report.refused_file == str(beside)
    with beside.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["行号"], line["事项编码"], line["承诺时限"], line["事项名称"]) == (
        "3",
        "X-2",
        "'=1+1",
        "'@名称",
    )
    assert "不是时限" in line["理由"]
    line |= {"承诺时限": "5", "事项名称": "名称"}
    mended = table(tmp_path / "mended.csv", list(line.values()), head=list(line))
    assert read(office, mended).stored == 1


def test_where_the_folder_takes_no_file_the_refused_rows_lie_in_the_installation(
    office: Office, tmp_path: Path, settings: object
) -> None:
    settings.HOME = tmp_path / "home"  # type: ignore[attr-defined]
    path = table(tmp_path / "list.csv", row(code=""))
    (tmp_path / "list.refused.csv").mkdir()  # nobody writes a file there, not even root
    report = read(office, path)
    assert report.refused_file == str(tmp_path / "home" / "refused" / "list.refused.csv")
    assert "X-1" not in Path(report.refused_file).read_text(encoding="utf-8-sig").splitlines()[0]
    assert report.refused_file in report.remarks[0]
    assert "不能写文件" in report.remarks[0]


def test_none_is_stored_as_none_and_the_page_says_so(office: Office, tmp_path: Path) -> None:
    report = read(office, table(tmp_path / "list.csv", row(law="无", law_unit="")))
    assert (report.stored, report.held) == (1, 0)
    matter = Matter.objects.get(code="X-1")
    assert matter.published
    assert matter.findings == ["时限写作“无”，按没有时限保存"]
    assert matter.sheets.get().statutory_limit == ""


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"own": "30"}, "长于法定时限"),
        ({"own": "5", "own_unit": "自然日"}, "单位不同"),
        ({"online": "否"}, "网上或寄递"),
        ({"visits": "1"}, "没有写明理由"),
    ],
)
def test_a_promise_that_may_not_be_made_is_kept_with_its_finding_and_not_published(
    office: Office, tmp_path: Path, changed: dict[str, str], finding: str
) -> None:
    report = read(office, table(tmp_path / "list.csv", row(**changed)))
    assert (report.stored, report.held) == (1, 1)
    matter = Matter.objects.get(code="X-1")
    assert not matter.published
    assert finding in matter.findings[0]
    assert queries.search_matters("养殖证变更", date(2026, 3, 2)) == []
    with pytest.raises(InputInvalid, match="没有公布"):
        office.receive("X-1")


def test_a_later_good_sheet_does_not_bring_the_bad_one_into_force_before_its_day(
    office: Office, tmp_path: Path
) -> None:
    read(office, table(tmp_path / "list.csv", row(own="30")))
    matter = Matter.objects.get(code="X-1")
    bad = matter.sheets.get()
    good = matter.sheets.create(
        number=2,
        since=date(2026, 4, 1),
        committed_limit="5wd",
        proposed_by="staff:editor",
        proposed_at=office.now,
    )
    post = PostRef("sp-0001", "approver", 1)
    approver = Subject("staff", "staff:approver", "a", post, (post,))
    register.approve(good, register.Hand(approver, office.pen))
    matter.refresh_from_db()
    assert matter.published
    assert bad.findings
    assert queries.sheet_in_force(matter, date(2026, 3, 31)) is None
    assert queries.sheet_in_force(matter, date(2026, 4, 1)) == good
    with pytest.raises(InputInvalid, match="没有已公布的实施清单"):
        office.receive("X-1")


def test_a_visit_without_a_reason_is_mended_by_the_next_list(office: Office, tmp_path: Path) -> None:
    read(office, table(tmp_path / "list.csv", row(visits="1")))
    assert not Matter.objects.get(code="X-1").published
    head = (*HEAD, "到现场理由")
    read(office, table(tmp_path / "list.csv", [*row(visits="1"), "核对原件"], head=head))
    matter = Matter.objects.get(code="X-1")
    assert (matter.published, matter.findings) == (True, [])
    assert [bool(each.findings) for each in matter.sheets.order_by("number")] == [True, False]
    assert office.receive("X-1").title == "养殖证变更"


def test_zero_days_make_an_on_the_spot_matter(office: Office, tmp_path: Path) -> None:
    read(office, table(tmp_path / "list.csv", row(own="即办", own_unit="")))
    matter = Matter.objects.get(code="X-1")
    assert (matter.case_kind, matter.sheets.get().committed_limit) == ("on_the_spot", "0wd")


def test_a_code_twice_in_a_file_is_a_duplicate_or_a_contradiction(office: Office, tmp_path: Path) -> None:
    report = read(office, table(tmp_path / "list.csv", row(), row(), row(name="别的名称")))
    assert (report.read, report.stored, report.duplicates) == (3, 1, 1)
    assert told(report) == [(4, "code")]
    assert "出现两次" in report.refused[0].why


def test_odd_characters_are_brought_to_one_form(office: Office, tmp_path: Path) -> None:
    odd = row(code="X-\u200b1", name="养殖证\u202e变更 e\u0301", own="５")
    read(office, table(tmp_path / "list.csv", odd))
    matter = Matter.objects.get(code="X-1")
    assert matter.name == "养殖证变更 \u00e9"
    assert matter.sheets.get().committed_limit == "5wd"


def test_a_changed_list_makes_a_new_version_from_its_day_and_leaves_open_cases_alone(
    office: Office, tmp_path: Path
) -> None:
    read(office, table(tmp_path / "list.csv", row()))
    case = office.receive("X-1")
    office.at("2026-05-06T09:00")
    report = read(office, table(tmp_path / "list.csv", row(own="3")))
    assert (report.stored, report.duplicates) == (1, 0)
    matter = Matter.objects.get(code="X-1")
    found = [(each.number, each.since, each.committed_limit) for each in matter.sheets.order_by("number")]
    assert found == [(1, date(2026, 3, 2), "5wd"), (2, date(2026, 5, 6), "3wd")]
    assert matter.since == date(2026, 3, 2)
    assert case.desk_case.sheet.number == 1
    renamed = read(office, table(tmp_path / "list.csv", row(own="3", name="养殖证变更登记")))
    assert renamed.stored == 1
    assert matter.sheets.count() == 2
    assert Matter.objects.get(code="X-1").initials == "yzzbgdj"


def test_a_department_that_nobody_knows_is_taken_in_unconfirmed_and_once(
    office: Office, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "list.csv",
        row(agency="区农业农村局"),
        row(code="X-2", agency="区气象局"),
        row(code="X-3", agency="区气象局"),
    )
    report = read(office, path)
    assert report.new_agencies == ["区气象局"]
    agency = Agency.objects.get(name="区气象局")
    assert not agency.confirmed
    assert "list.csv" in agency.source
    assert Matter.objects.get(code="X-1").agency == "sp-0002"
    assert {Matter.objects.get(code=each).agency for each in ("X-2", "X-3")} == {agency.code}


# --------------------------------------------------------------------------------------------- what a file may be


def test_a_file_in_gbk_is_read_like_any_other(office: Office, tmp_path: Path) -> None:
    report = read(office, table(tmp_path / "list.csv", row(), encoding="gbk"))
    assert (report.stored, Matter.objects.get(code="X-1").name) == (1, "养殖证变更")


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([HEAD, *rows]):
            for place, cell in enumerate(cells):
                sheet.write(number, place, cell)
    return path


def test_a_workbook_with_formulas_gives_what_it_showed_and_computes_nothing(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, row())
        sheet.write_number(1, 3, 20)
        sheet.write_formula(1, 5, "=2+3", None, 5)
        sheet.write_row(2, 0, row(code="X-2"))
        sheet.write_formula(2, 5, '=HYPERLINK("http://example.invalid","5")', None, "")
    report = read(office, path)
    assert report.stored == 2
    limits = {
        each.matter_id: each.committed_limit for each in MatterSheet.objects.filter(matter__origin="import")
    }
    assert limits == {"X-1": "5wd", "X-2": ""}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("list.csv", b"", "是空的"),
        ("list.csv", "事项编码,事项名称\nX-1,甲\n".encode(), "没有找到列"),
        ("list.csv", "事项编码,事项名称,实施单位\n".encode(), "没有数据行"),
        ("list.csv", '事项编码,事项名称,实施单位\nX-1,"甲'.encode(), "引号"),
        ("list.csv", "名称,名称,实施单位\n甲,乙,丙\n".encode(), "列名重复"),
        ("list.csv", b"\xff\xfe\xff\n\x81", "UTF-8"),
        ("list.xlsx", b"PK\x03\x04 no workbook", "工作簿"),
        ("list.xlsx", "事项编码,事项名称\n".encode(), "工作簿"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_with_the_way_out(
    office: Office, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = counts()
    with pytest.raises(InputInvalid, match=why) as refused:
        read(office, path)
    assert all(each.remedy for each in refused.value.problems)
    assert counts() == before


def test_the_cost_of_known_rows_in_questions_does_not_grow_with_the_file(
    office: Office, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    path = table(tmp_path / "list.csv", *(row(code=f"X-{n}") for n in range(400)))
    assert read(office, path).stored == 400
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert read(office, path).duplicates == 400


@pytest.mark.slow
def test_a_workbook_of_a_hundred_thousand_rows_is_read_whole(office: Office, tmp_path: Path) -> None:
    rows = [row(code=f"X-{n}", name=f"养殖证变更{n * 7919 % 99991}") for n in range(100_000)]
    report = read(office, workbook(tmp_path / "list.xlsx", *rows))
    assert (report.read, report.stored, report.refused) == (100_000, 100_000, [])
    assert Matter.objects.filter(origin="import").count() == 100_000
