"""The generic list over the docket: filters, sort, paging by cursor, empty states, and the export of what is seen."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from python_calamine import load_workbook

from tests.web import town
from yukuaiban.cases import counters
from yukuaiban.journal.reading import events

pytestmark = pytest.mark.django_db
_NUMBER = re.compile(r'href="/cases/(\d{24})"')
_NEXT = re.compile(r'href="(\?[^"]+)">下一页')


def numbers(client, path):
    """The case numbers on a page, in their order."""
    answer = client.get(path)
    assert answer.status_code == 200
    return _NUMBER.findall(answer.text)


def all_pages(client, path):
    """The numbers of all pages, walking by the links, and how many pages there were."""
    found, pages, base = [], 0, path.split("?")[0]
    while path:
        text = client.get(path).text
        found += _NUMBER.findall(text)
        pages += 1
        following = _NEXT.search(text)
        path = base + html.unescape(following.group(1)) if following else ""
    return found, pages


@pytest.fixture
def docket(enter):
    """Green, yellow, red, paused and closed cases of two agencies."""
    rows = town.put(
        town.case(1, due=100, title="水产苗种生产许可"),
        town.case(2, due=10, handler="staff:other"),
        town.case(3, due=-2, applicant_shown="=cmd|' /C calc'!A0"),
        town.case(4, due=-50, agency=town.MARKET, opened=town.NOW - timedelta(days=9)),
        town.case(
            5,
            due=60,
            paused_from=town.NOW - timedelta(days=1),
            paused_until=town.NOW + timedelta(days=1),
        ),
        town.case(6, due=-90, closed_at=town.NOW - timedelta(days=1), stage="delivered", next_change_at=None),
    )
    return {n: row.number for n, row in enumerate(rows, 1)}


FILTERS = (
    ("", {1, 2, 3, 4, 5}),
    ("?light=green", {1, 5}),
    ("?light=yellow", {2}),
    ("?light=red", {3, 4}),
    ("?light=paused", {5}),
    ("?light=urgent", {2, 3, 4}),
    ("?state=closed", {6}),
    ("?state=all", {1, 2, 3, 4, 5, 6}),
    (f"?agency={town.MARKET}", {4}),
    ("?since=2026-11-20", {1, 2, 3, 5}),
    ("?until=2026-11-19", {4}),
    ("?text=水产", {1}),
    ("?light=red&text=水产", set()),
    ("?light=purple&since=soon&agency=nobody", {1, 2, 3, 4, 5}),
)


def test_a_filter_shows_its_rows_and_no_others(docket, enter):
    client = enter("oversight")
    for asked, seen in FILTERS:
        found = numbers(client, f"/cases{asked}")
        assert sorted(found) == sorted(docket[n] for n in seen), asked


_ALL_OF_THE_SWITCH = re.compile(r'全部 <b class="num">([\d,]+)</b>')


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("oversight", "/cases"),
        ("oversight", "/cases?state=all"),
        ("oversight", "/cases?state=closed"),
        ("oversight", "/cases?state=all&text=审查"),
        ("oversight", "/cases?state=all&agency=sp-0002"),
        ("handler", "/cases?state=all"),
        ("handler", "/queue"),
    ],
)
def test_all_of_the_light_switch_is_as_many_as_the_list_then_shows(docket, enter, who, path):
    counters.repair(town.NOW)
    client = enter(who)
    rows = numbers(client, path)
    with_a_light = path + ("&" if "?" in path else "?") + "light=red"
    told = [_ALL_OF_THE_SWITCH.search(client.get(each).text).group(1) for each in (path, with_a_light)]
    assert told == [str(len(rows))] * 2


def test_closed_cases_show_no_light(docket, enter):
    counters.repair(town.NOW)
    assert "light=red" not in enter("oversight").get("/cases?state=closed").text
    assert "light=red" in enter("oversight").get("/cases?state=all").text


def test_a_full_number_opens_its_case_and_a_foreign_one_finds_nothing(docket, enter):
    assert enter("oversight").get(f"/cases?text={docket[4]}").headers["Location"] == f"/cases/{docket[4]}"
    assert numbers(enter("handler"), f"/cases?text={docket[4]}") == []


def test_only_the_own_agency_stands_in_a_handlers_list(docket, enter):
    assert docket[4] not in numbers(enter("handler"), "/cases?state=all")


def test_the_order_is_by_due_moment_and_can_be_by_intake(docket, enter):
    client = enter("oversight")
    assert numbers(client, "/cases") == [docket[n] for n in (4, 3, 2, 5, 1)]
    assert numbers(client, "/cases?order=opened")[-1] == docket[4]
    assert 'aria-sort="descending"' in client.get("/cases?order=opened").text


@pytest.mark.parametrize("path", ["/cases", "/cases?order=opened", "/queue"])
def test_pages_by_cursor_show_every_row_once_also_where_keys_tie_or_are_missing(enter, path):
    rows = town.put(*(town.case(n, due=(n % 3) * 5 if n % 5 else None) for n in range(1, 121)))
    found, pages = all_pages(enter("handler"), path)
    assert pages == 3
    assert len(found) == 120
    assert set(found) == {row.number for row in rows}


def test_a_cursor_holds_its_place_while_rows_come_in(enter):
    town.put(*(town.case(n, due=n) for n in range(1, 71)))
    client = enter("handler")
    first = client.get("/cases").text
    town.put(*(town.case(n, due=n - 200) for n in range(100, 110)))
    second = numbers(client, "/cases" + html.unescape(_NEXT.search(first).group(1)))
    assert not set(second) & set(_NUMBER.findall(first))
    assert len(second) == 20


def test_a_nonsense_cursor_begins_anew(docket, enter):
    client = enter("oversight")
    for cursor in ("x", "W10", "WyIiLDEsIjEiLDFd", "%00", "A" * 400):
        assert len(numbers(client, f"/cases?after={cursor}")) > 0, cursor


@pytest.mark.parametrize(
    ("path", "said"),
    [("/queue", "没有等您办理的办件"), ("/cases", "还没有办件"), ("/cases?text=x", "没有符合条件的")],
)
def test_an_empty_list_says_why_and_shows_no_table(enter, path, said):
    text = enter("handler").get(path).text
    assert said in text
    assert "yk-queue" not in text


# ------------------------------------------------------------------------------------------------- export


def exported(client, asked, kind):
    """(first sheet as pairs, rows) of an export; csv has no first sheet."""
    mark = "&" if "?" in asked else "?"
    answer = client.post(f"/cases/export{asked}{mark}format={kind}")
    assert answer.status_code == 200
    if kind == "csv":
        head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        return {}, head, rows
    book = load_workbook(io.BytesIO(answer.content))
    about, sheet = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    return {row[0]: row[1] for row in about}, sheet[0], sheet[1:]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_holds_exactly_what_is_filtered_in_its_order(docket, enter, kind):
    client = enter("oversight")
    for asked, _seen in FILTERS:
        _about, head, rows = exported(client, asked, kind)
        place = head.index("办件编号")
        assert [row[place] for row in rows] == numbers(client, f"/cases{asked}"), asked


def test_the_first_sheet_names_filter_moment_and_person_and_the_journal_notes_it(docket, enter):
    about, _head, rows = exported(enter("oversight"), "?light=red", "xlsx")
    assert about["内容"] == "办件"
    assert about["数据时刻"].startswith("2026-11-23 10:26")
    assert about["导出人"]
    assert about["条件：灯"] == "超时"
    (noted,) = events("export:cases")
    assert noted.body["rows"] == len(rows) == 2
    assert ["灯", "超时"] in noted.body["filters"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_formula_goes_out_as_text(docket, enter, kind):
    _about, head, rows = exported(enter("oversight"), "?light=red", kind)
    cells = [row[head.index("申请人")] for row in rows]
    wanted = "=cmd|' /C calc'!A0"
    assert (f"'{wanted}" if kind == "csv" else wanted) in cells


def test_an_export_of_another_kind_is_refused(docket, enter):
    assert enter("oversight").post("/cases/export?format=exe").status_code == 422


def test_a_cell_of_the_export_is_masked_as_on_the_page(docket, enter):
    """What a list shows of an applicant is stored masked; neither page nor file holds more."""
    client = enter("oversight")
    _about, head, rows = exported(client, "", "csv")
    text = client.get("/cases").text
    for row in rows:
        assert html.escape(row[head.index("申请人")].lstrip("'")) in text
