"""A promise is made shorter: one person proposes the new sheet, another publishes it, the public reads it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import python_calamine
from django.urls import reverse

from tests.cast import HALL
from tests.journeys.hall import Hall, words
from yukuaiban.measures.desks.importing import import_file
from yukuaiban.measures.desks.models import Matter, MatterSheet

SHEET = {
    "since": "2026-04-01",
    "case_kind": "committed",
    "statutory_limit": "20wd",
    "statutory_source": "望海区示例法规第一条（虚构）",
    "committed_limit": "8wd",
    "committed_source": "窗口承诺",
    "legal_basis": "望海区示例法规第一条（虚构）",
    "materials": "申请表\n身份证明",
    "visit_count": "1",
    "visit_reason": "核对原件",
}


@pytest.fixture
def editors(hall: Hall) -> Hall:
    hall.hire("editor", "register_editor", HALL)
    hall.hire("approver", "approver", HALL)
    return hall


def test_a_new_sheet_is_proposed_published_and_read(editors: Hall) -> None:
    hall = editors
    assert "S-0001" in words(hall.get("editor", "desks:register", text="食品小作坊"))
    form = hall.get("editor", "desks:sheet_propose", "S-0001")
    assert 'value="10wd"' in form.content.decode()
    assert hall.post("editor", "desks:sheet_propose", "S-0001", **SHEET).status_code == 302
    sheet = MatterSheet.objects.get(matter="S-0001", approved_at=None)
    assert "8 个工作日" not in words(hall.get(None, "desks:matter", "S-0001"))
    assert hall.post("editor", "desks:sheet_decide", sheet.pk, decision="approve").status_code == 404
    assert hall.post("approver", "desks:sheet_decide", sheet.pk, decision="approve").status_code == 302
    assert "8 个工作日" not in words(hall.get(None, "desks:matter", "S-0001"))
    hall.at("2026-04-01T09:00")
    assert "8 个工作日" in words(hall.get(None, "desks:matter", "S-0001"))
    page = words(hall.get("editor", "desks:register_matter", "S-0001"))
    assert all(f"实施清单第 {number} 版" in page for number in (1, 2, 3))


def test_a_promise_beyond_the_law_is_refused_at_its_field(editors: Hall) -> None:
    answer = editors.post("editor", "desks:sheet_propose", "S-0001", **(SHEET | {"committed_limit": "30wd"}))
    assert answer.status_code == 422
    assert "长于法定时限" in words(answer)
    wrong = editors.post("editor", "desks:sheet_propose", "S-0001", **(SHEET | {"committed_limit": "尽快"}))
    assert wrong.status_code == 422
    assert "不是时限" in words(wrong)
    assert not MatterSheet.objects.filter(matter="S-0001", approved_at=None).exists()


def test_how_often_to_come_changes_with_the_version_on_its_day(editors: Hall) -> None:
    hall = editors
    form = hall.get("editor", "desks:sheet_propose", "S-0001").content.decode()
    assert 'name="visit_count" value="1"' in form
    assert 'value="核对原件"' in form
    for wrong, why in (
        ({"visit_count": "0", "visit_reason": ""}, "网上或寄递渠道"),
        ({"visit_reason": ""}, "没有写明理由"),
        ({"online_only": "on"}, "不应要求到现场"),
    ):
        answer = hall.post("editor", "desks:sheet_propose", "S-0001", **(SHEET | wrong))
        assert answer.status_code == 422
        assert why in words(answer)
    given = SHEET | {"visit_count": "0", "visit_reason": "", "online": "on", "courier": "on"}
    assert hall.post("editor", "desks:sheet_propose", "S-0001", **given).status_code == 302
    waiting = words(hall.get("approver", "desks:register_matter", "S-0001"))
    assert "办理渠道 窗口、网上、寄递" in waiting
    sheet = MatterSheet.objects.get(matter="S-0001", approved_at=None)
    hall.post("approver", "desks:sheet_decide", sheet.pk, decision="approve")
    assert "到现场 1 次（核对原件）" in words(hall.get(None, "desks:matter", "S-0001"))
    told = words(hall.at("2026-04-01T09:00").get(None, "desks:matter", "S-0001"))
    assert "不用到现场；可以网上办；材料和结果可以寄递" in told


def test_a_matter_that_was_held_for_its_visits_is_mended_by_a_new_version(
    editors: Hall, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    head = "code,name,agency,kind,statutory_limit,committed_limit,visit_count"
    path.write_text(f"{head}\nX-1,养殖证变更,望海区农业农村局,行政许可,20wd,5wd,2\n", encoding="utf-8")
    import_file(path, pen=editors.office.pen)
    assert editors.get(None, "desks:matter", "X-1").status_code == 404
    page = words(editors.get("editor", "desks:register_matter", "X-1"))
    assert "须到现场但没有写明理由" in page
    form = editors.get("editor", "desks:sheet_propose", "X-1").content.decode()
    assert 'name="visit_count" value="2"' in form
    given = SHEET | {"since": "2026-03-02", "visit_count": "2", "visit_reason": "领取和核对原件"}
    assert editors.post("editor", "desks:sheet_propose", "X-1", **given).status_code == 302
    sheet = MatterSheet.objects.get(matter="X-1", approved_at=None)
    assert editors.post("approver", "desks:sheet_decide", sheet.pk, decision="approve").status_code == 302
    assert "到现场 2 次（领取和核对原件）" in words(editors.get(None, "desks:matter", "X-1"))
    assert "须到现场但没有写明理由" not in words(editors.get("editor", "desks:register_matter", "X-1"))


def test_a_sheet_is_sent_back_with_the_reason(editors: Hall) -> None:
    editors.post("editor", "desks:sheet_propose", "S-0001", **SHEET)
    sheet = MatterSheet.objects.get(matter="S-0001", approved_at=None)
    empty = editors.post("approver", "desks:sheet_decide", sheet.pk, decision="turn_down")
    assert empty.status_code == 422
    editors.post("approver", "desks:sheet_decide", sheet.pk, decision="turn_down", reason="材料不全")
    sheet.refresh_from_db()
    assert sheet.turned_down_at is not None
    assert "材料不全" in words(editors.get("editor", "desks:register_matter", "S-0001"))


def test_what_is_filtered_is_what_is_exported(editors: Hall) -> None:
    address = reverse("desks:register_export") + "?agency=sp-0003&format="
    answer = editors.browser("editor").post(address + "csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    wanted = Matter.objects.filter(agency="sp-0003")
    assert {each["事项编码"] for each in rows} == {each.code for each in wanted}
    assert {each["承诺时限"] for each in rows if each["事项编码"] == "S-0001"} == {"10 个工作日"}
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(editors.browser("editor").post(address + "xlsx").content)
    )
    about, sheet = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    assert "区市场监管局" in str(about)
    assert [row[1] for row in sheet[1:]] == [each["事项编码"] for each in rows]


def test_others_may_read_and_not_write(editors: Hall) -> None:
    assert editors.get("handler", "desks:register").status_code == 200
    assert editors.get("handler", "desks:sheet_propose", "S-0001").status_code in (403, 404)
    assert editors.post("approver", "desks:sheet_propose", "S-0001", **SHEET).status_code in (403, 404)


def test_the_limits_of_a_row_carry_their_names_for_narrow_screens(hall: Hall) -> None:
    page = hall.get("xiaoyu", "desks:register").content.decode()
    rows = page.count("<tr data-row>")
    assert rows
    for name in ("承诺时限", "法定时限"):
        assert page.count(f'<span class="lab">{name} </span>') == rows
