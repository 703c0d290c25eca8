"""Tables in and out: read as text whatever the encoding, refused where they burst, written so that nothing computes."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from yukuaiban.core.errors import InputInvalid
from yukuaiban.evidence.tables_in import MOST_CELL, ColumnMap, read_map, read_table
from yukuaiban.evidence.tables_out import About, Column, to_csv, to_xlsx

COLUMNS = (Column("number", "办件编号"), Column("title", "事项"), Column("n", "件数"))
ABOUT = About(
    "办件清单",
    "陈科长",
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    ZoneInfo("Asia/Shanghai"),
    filters={"单位": "区农业农村局"},
    versions={"日历": "3"},
)
NUMBER = "990101000220260302000012"
STARTS = "=+-@\t\r＝＋－＠"


def put(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def cells(path: Path, mapping: ColumnMap | None = None) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_table(path, mapping=mapping)]


def workbook(rows: list[list], *, formula: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if formula:
            sheet.write_formula(len(rows), 0, formula, value="42")
    return out.getvalue()


# ------------------------------------------------------------------------------------------------ in: csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_the_encodings_that_offices_write(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path, "a.csv", "名称,时限\r\n水产苗种生产许可,10wd\r\n".encode(encoding))
    assert cells(path) == [{"名称": "水产苗种生产许可", "时限": "10wd"}]


def test_a_rare_character_of_gb18030_survives(tmp_path: Path) -> None:
    assert cells(put(tmp_path, "a.csv", "名称\n㐂𠮷堂\n".encode("gb18030"))) == [{"名称": "㐂𠮷堂"}]


def test_rows_keep_the_line_that_people_see(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", '名称,注\n甲,"两\n行"\n\n乙,\n'.encode())
    assert [(row.number, row.cells["名称"]) for row in read_table(path)] == [(3, "甲"), (5, "乙")]


def test_too_many_cells_in_a_row_are_kept_and_too_few_are_empty(tmp_path: Path) -> None:
    assert cells(put(tmp_path, "a.csv", "甲,乙\n1,2,3\n4\n".encode())) == [
        {"甲": "1", "乙": "2", "#3": "3"},
        {"甲": "4", "乙": ""},
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        ("名称;时限\n甲;10wd\n".encode(), "不是英文逗号"),
        ("名称\t时限\n甲\t10wd\n".encode(), "不是英文逗号"),
        ("名称，时限\n甲，10wd\n".encode(), "不是英文逗号"),
        ("名称,名称\n甲,乙\n".encode(), "列名重复"),
        (b" , \n1,2\n", "没有列名"),
        ('名称,注\n甲,"没有收尾\n'.encode(), "不是合法的 CSV"),
        ("名称\n甲\n".encode("utf-16"), "既不是 UTF-8 也不是 GBK"),
        ("名称\n甲\n".encode() + b"\xff\xff", "第 3 行"),
        (f"名称\n{'长' * (MOST_CELL + 1)}\n".encode(), "超过 32767 个字符"),
        (b'a\n"' + b"x" * 200_000 + b'"\n', "第 2 行"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_the_way_out(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(InputInvalid, match=words) as refused:
        cells(put(tmp_path, "a.csv", content))
    assert all(problem.remedy for problem in refused.value.problems)


# ------------------------------------------------------------------------------------------------ in: workbooks


def test_a_workbook_is_read_as_people_see_it_and_no_formula_is_computed(tmp_path: Path) -> None:
    content = workbook([["名称", "天数"], ["甲", 10], ["乙", 2.5]], formula="=1+1")
    assert cells(put(tmp_path, "a.xlsx", content)) == [
        {"名称": "甲", "天数": "10"},
        {"名称": "乙", "天数": "2.5"},
        {"名称": "42", "天数": ""},
    ]


def test_a_hundred_thousand_rows_are_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(100_001):
            sheet.write_string(row, 0, f"S-{row}" if row else "code")
    rows = list(read_table(put(tmp_path, "a.xlsx", out.getvalue())))
    assert (len(rows), rows[-1].number, rows[-1].cells["code"]) == (100_000, 100_001, "S-100000")


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def repacked(content: bytes, **changed: bytes) -> bytes:
    """The workbook with some of its parts replaced (dots and slashes written as underscores)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    by_key = {name.replace("/", "_").replace(".", "_"): name for name in files}
    return packed(files | {by_key[key]: body for key, body in changed.items()})


def lying(content: bytes) -> bytes:
    """The archive with every size in its directory set to one byte."""
    found, at = bytearray(content), 0
    while (at := found.find(b"PK\x01\x02", at)) >= 0:
        found[at + 24 : at + 28] = struct.pack("<I", 1)
        at += 4
    return bytes(found)


SHEET = "xl_worksheets_sheet1_xml"
PLAIN = workbook([["名称"], ["甲"]])
BOMB = b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>x&e;y</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", repacked(PLAIN, **{SHEET: BOMB})),
        ("bomb.ods", packed({"content.xml": BOMB, "mimetype": b"x"})),
        ("entries.xlsx", packed({"xl/workbook.xml": b""} | {f"x{n}": b"" for n in range(2_001)})),
        ("lying.xlsx", lying(repacked(PLAIN, **{SHEET: BOMB}))),
        ("pdf.xlsx", b"%PDF-1.4"),
        ("html.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("xlsx.xls", PLAIN),
        ("cut.xlsx", PLAIN[: len(PLAIN) // 2]),
        ("docx.xlsx", packed({"word/document.xml": b"<x/>"})),
        ("nothing.ods", packed({"a.txt": b"x"})),
        ("nothing.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600),
    ],
)
def test_a_workbook_that_bursts_or_is_none_is_refused_with_the_way_out(
    tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(InputInvalid, match="工作簿") as refused:
        cells(put(tmp_path, name, content))
    assert all(problem.remedy for problem in refused.value.problems)


def test_an_entity_of_a_workbook_opens_no_file(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", repacked(PLAIN, **{SHEET: EXTERNAL}))
    try:
        found = str(cells(path))
    except InputInvalid:
        return
    assert "root:" not in found


def test_a_map_names_columns_and_gives_defaults(tmp_path: Path) -> None:
    path = put(tmp_path, "m.toml", '[columns]\nname = "事项名称"\n[defaults]\nkind = "committed"\n'.encode())
    table = put(tmp_path, "a.csv", "事项名称\n甲\n".encode())
    (row,) = cells(table, read_map(path))
    assert (row["name"], row["kind"]) == ("甲", "committed")


# ------------------------------------------------------------------------------------------------ out


def sheets(content: bytes) -> dict[str, list[list]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def xml_of(content: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(part).decode()


def test_the_first_sheet_says_what_when_by_whom_and_by_which_filter() -> None:
    found = sheets(to_xlsx(COLUMNS, [], ABOUT))
    assert list(found) == ["说明", "办件清单"]
    assert found["说明"] == [
        ["内容", "办件清单"],
        ["数据时刻", "2026-03-02 09:00:00"],
        ["导出人", "陈科长"],
        ["条件：单位", "区农业农村局"],
        ["版本：日历", "3"],
    ]


def test_a_case_number_is_text_and_a_count_is_a_number() -> None:
    content = to_xlsx(COLUMNS, [{"number": NUMBER, "title": "许可", "n": 3}], ABOUT)
    assert sheets(content)["办件清单"] == [["办件编号", "事项", "件数"], [NUMBER, "许可", 3]]
    line = (
        to_csv(COLUMNS, [{"number": NUMBER, "title": "许可", "n": 3}], ABOUT)
        .decode("utf-8-sig")
        .splitlines()[1]
    )
    assert line == f"{NUMBER},许可,3"


def test_each_row_of_a_list_about_persons_says_who_took_it_out_and_when() -> None:
    columns, mark = [*COLUMNS, Column("applicant", "申请人")], "陈科长 2026-03-02 09:00:00 导出"
    rows = [{"number": NUMBER, "title": "许可", "n": 3, "applicant": "欧阳**"}] * 2
    head, *lines = to_csv(columns, rows, ABOUT).decode("utf-8-sig").splitlines()
    assert head == "办件编号,事项,件数,申请人,导出人和时刻"
    assert [line.rpartition(",")[2] for line in lines] == [mark, mark]
    sheet = sheets(to_xlsx(columns, rows, ABOUT))["办件清单"]
    assert [line[-1] for line in sheet] == ["导出人和时刻", mark, mark]


def test_a_list_about_no_person_is_left_as_it_is() -> None:
    rows = [{"number": NUMBER, "title": "许可", "n": 3}]
    assert "陈科长" not in to_csv(COLUMNS, rows, ABOUT).decode("utf-8-sig")
    assert len(sheets(to_xlsx(COLUMNS, rows, ABOUT))["办件清单"][0]) == len(COLUMNS)


def test_every_printed_page_carries_who_took_it_out_and_when() -> None:
    footer = xml_of(to_xlsx(COLUMNS, [], replace(ABOUT, person="A&B")), "xl/worksheets/sheet2.xml")
    assert "A&amp;&amp;B 2026-03-02 09:00:00 导出" in footer


dangerous = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from(STARTS),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(dangerous, min_size=1, max_size=5))
def test_no_cell_that_goes_out_is_a_formula(texts: list[str]) -> None:
    rows = [{"number": text, "title": text, "n": 1} for text in texts]
    content = to_xlsx(COLUMNS, rows, ABOUT)
    sheet = xml_of(content, "xl/worksheets/sheet2.xml")
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert sheet.count('t="inlineStr"') + sheet.count('t="s"') == 2 * len(texts) + len(COLUMNS)
    read = csv.reader(io.StringIO(to_csv(COLUMNS, rows, ABOUT).decode("utf-8-sig"), newline=""))
    for line, text in zip(list(read)[1:], texts, strict=True):
        assert line == [f"'{text}", f"'{text}", "1"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_what_goes_out_comes_in_again(text: str) -> None:
    if text.startswith(tuple(STARTS)):
        return
    read = csv.reader(io.StringIO(to_csv(COLUMNS, [{"title": text}], ABOUT).decode("utf-8-sig"), newline=""))
    assert list(read)[1] == ["", text, ""]
