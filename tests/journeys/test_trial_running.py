"""A hall goes from trial to live: lights are judged, gaps and training are made good, two people switch it."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from tests.cast import HALL, at
from tests.journeys.hall import Hall, words
from yukuaiban.cases import warningmodes
from yukuaiban.cases.models import Case, WarningModeChange
from yukuaiban.journal.models import JournalEvent
from yukuaiban.measures.desks.models import DeskCase, LightDispute, MatterSheet, OverrunExplanation
from yukuaiban.notices.models import Message
from yukuaiban.packs.vocabulary import WarningMode
from yukuaiban.people.models import Attendance, Staff, Training
from yukuaiban.people.trainings import TrainingDraft, record
from yukuaiban.supervision import queries, triggers
from yukuaiban.supervision.models import SupervisionOrder

DONGYU = "sp-0004"
PAPER = "望政办〔2026〕9 号"
STEP = {"mode": "live", "since": "2026-03-02", "paper": PAPER}
SLOW = "S-0013"


@pytest.fixture
def staff(hall: Hall) -> Hall:
    """A coordinator, another, an approver; a clerk and a head in the town whose hall is in trial."""
    hall.hire("coordinator", "coordinator", HALL)
    hall.hire("deputy", "coordinator", HALL)
    hall.hire("approver", "approver", HALL)
    hall.hire("townclerk", "desk_clerk", DONGYU)
    hall.hire("townhead", "desk_head", DONGYU)
    hall.hire("townhandler", "handler", DONGYU)
    return hall


def in_town(hall: Hall) -> Case:
    """A case that was taken in at the desk of the hall in trial."""
    answer = hall.receive("townclerk", SLOW, desk="dongyu-01")
    assert answer.status_code == 302, words(answer)
    return Case.objects.latest("recorded_at", "number")


def train(hall: Hall, *logins: str, on: str = "2026-02-02", **more: object) -> Training:
    uids = [str(Staff.objects.get(login=login).uid) for login in logins]
    given = {"subject": "system", **more}
    draft = TrainingDraft("预警系统操作", date.fromisoformat(on), 4, HALL, passed=uids, **given)
    return record(draft, hall.office.people["head"], hall.office.pen)


def complete() -> None:
    """The one matter of the sample without a limit in law: somebody says that there is none."""
    MatterSheet.objects.filter(matter="S-0011").update(note="兑付没有法定时限，已核对")


def mode(hall: str = "dongyu", moment: str = "2026-03-02T12:00") -> WarningMode:
    return warningmodes.mode_at(hall, at(moment))


def test_going_live_names_every_item_that_fails_with_its_figure(staff: Hall) -> None:
    page = words(staff.get("coordinator", "desks:hall", "dongyu"))
    assert "基础数据完整率 91.6%，11/12 项 100% 未具备" in page
    assert "窗口人员培训合格 0/1 人，未合格：林新来 全部合格 未具备" in page
    assert staff.post("townhead", "desks:hall_propose", "dongyu", **STEP).status_code == 302
    change = WarningModeChange.objects.get()
    answer = staff.post("coordinator", "desks:hall_decide", change.pk, decision="approve")
    assert answer.status_code == 422
    said = words(answer)
    assert "还不能正式运行。基础数据完整率：91.6%，11/12 项（要求100%）" in said
    assert "窗口人员培训合格：0/1 人，未合格：林新来（要求全部合格）。请补齐后再批准。" in said
    assert mode() is WarningMode.TRIAL


def test_a_hall_goes_live_and_back_each_step_by_two_people_in_the_journal(staff: Hall) -> None:
    train(staff, "townclerk")
    complete()
    assert staff.post("coordinator", "desks:hall_propose", "dongyu", **STEP).status_code == 302
    change = WarningModeChange.objects.get()
    own = staff.post("coordinator", "desks:hall_decide", change.pk, decision="approve")
    assert own.status_code == 403
    assert "不能审批自己提出的切换" in words(own)
    assert staff.post("approver", "desks:hall_decide", change.pk, decision="approve").status_code == 302
    assert mode() is WarningMode.LIVE
    assert 'class="h-green"' in staff.get(None, "hall", "dongyu").content.decode()
    change.refresh_from_db()
    assert {each["code"] for each in change.gate} == {"data", "trial", "disputes", "training", "calendar"}
    back = {"mode": "trial", "since": "2026-03-03", "paper": PAPER}
    assert staff.post("townhead", "desks:hall_propose", "dongyu", **back, reason="灯不准").status_code == 403
    assert staff.post("coordinator", "desks:hall_propose", "dongyu", **back).status_code == 422
    assert (
        staff.post("coordinator", "desks:hall_propose", "dongyu", **back, reason="灯不准").status_code == 302
    )
    step = WarningModeChange.objects.get(approved_at=None)
    assert staff.post("deputy", "desks:hall_decide", step.pk, decision="approve").status_code == 302
    assert mode(moment="2026-03-02T12:00") is WarningMode.LIVE
    assert mode(moment="2026-03-03T00:00") is WarningMode.TRIAL
    events = JournalEvent.objects.filter(stream="register:halls").order_by("seq")
    assert [each.type for each in events] == ["hall.mode_proposed", "hall.mode_approved"] * 2
    assert PAPER in bytes(events[0].text).decode()


def test_no_step_is_left_out_and_none_is_without_its_paper(staff: Hall) -> None:
    off = {"mode": "off", "since": "2026-03-02", "paper": PAPER}
    assert staff.post("coordinator", "desks:hall_propose", "dongyu", **off).status_code == 422
    for hall, wrong, why in (
        ("dongyu", {"paper": ""}, "这个字段是必填项"),
        ("dongyu", {"since": "2026-03-01"}, "起始日期在过去"),
        ("main", {}, "live"),
    ):
        answer = staff.post("coordinator", "desks:hall_propose", hall, **(STEP | wrong))
        assert answer.status_code == 422
        assert why in words(answer)
    assert staff.post("handler", "desks:hall_propose", "dongyu", **STEP).status_code in (403, 404)
    foreign = staff.post("head", "desks:hall_propose", "dongyu", **STEP)
    assert foreign.status_code == 403
    assert "只能为本单位的大厅" in words(foreign)
    assert not WarningModeChange.objects.exists()


def test_live_from_off_is_refused_without_a_trial(staff: Hall, monkeypatch) -> None:
    monkeypatch.setattr(warningmodes, "_start", lambda _hall: None)
    step = warningmodes.Step("dongyu", WarningMode.LIVE, date(2026, 3, 2), PAPER)
    with pytest.raises(warningmodes.InputInvalid, match="不能从“未启用”直接到“正式运行”"):
        warningmodes.propose(step, staff.office.people["head"], staff.office.pen)


def test_a_step_is_sent_back_with_a_reason_and_a_second_waits_for_nobody(staff: Hall) -> None:
    staff.post("coordinator", "desks:hall_propose", "dongyu", **STEP)
    again = staff.post("coordinator", "desks:hall_propose", "dongyu", **STEP)
    assert again.status_code == 422
    assert "已有一项待审批的切换" in words(again)
    change = WarningModeChange.objects.get()
    assert staff.post("deputy", "desks:hall_decide", change.pk, decision="turn_down").status_code == 422
    answer = staff.post("deputy", "desks:hall_decide", change.pk, decision="turn_down", reason="培训未办")
    assert answer.status_code == 302
    assert "已退回：培训未办" in words(staff.get("coordinator", "desks:hall", "dongyu"))
    assert staff.post("deputy", "desks:hall_decide", change.pk, decision="approve").status_code == 422


def test_lights_of_a_trial_are_told_to_those_who_work_and_never_published(staff: Hall) -> None:
    case = Case.objects.get(pk=in_town(staff).pk)
    staff.done("townclerk", case, "admit")
    assert DeskCase.objects.get(case=case).warning_mode == "trial"
    staff.office.tick("2026-05-06T10:00")
    told = set(Message.objects.filter(case_number=case.number).values_list("recipient", flat=True))
    assert staff.office.people["watcher"].ref not in told
    assert staff.office.staff("townhead").ref in told
    staff.done("townhandler", case, "explain_overrun", clock="committed", text="材料补核对用时较长")
    assert not OverrunExplanation.objects.get(case=case).public
    assert "材料补核对用时较长" not in words(staff.get(None, "desks:overdue"))
    assert "light-" not in staff.query(case).content.decode()


@pytest.fixture
def lit(staff: Hall) -> Case:
    """A case of the town, taken in at its hall in trial, long overdue."""
    case = in_town(staff)
    staff.done("townclerk", case, "admit")
    staff.at("2026-03-30T10:00")
    return Case.objects.get(pk=case.pk)


def test_a_light_of_a_trial_is_no_cause_of_supervision(staff: Hall, lit: Case, monkeypatch) -> None:
    now, pen = staff.office.now, staff.office.pen
    assert not queries.candidates(now).filter(pk=lit.pk).exists()
    triggers.propose_due(now, pen=pen)
    assert not SupervisionOrder.objects.filter(supervised=lit).exists()
    monkeypatch.setattr(warningmodes, "desks_apart", lambda _at, *_modes: [])
    assert queries.candidates(now).filter(pk=lit.pk).exists()
    triggers.propose_due(now, pen=pen)
    assert SupervisionOrder.objects.filter(supervised=lit).exists()


def test_a_light_is_disputed_found_wrong_and_mended(staff: Hall, lit: Case) -> None:
    hall = staff
    assert "核对这些灯" in words(hall.get("townhandler", "case", lit.number))
    page = hall.get("townhandler", "desks:light_judge", lit.number).content.decode()
    key = page.split('name="light" value="')[1].split('"')[0]
    empty = hall.post("townhandler", "desks:light_judge", lit.number, light=key, stand="disputed")
    assert empty.status_code == 422
    assert "有异议但没有写理由" in words(empty)
    given = {"light": key, "stand": "disputed", "why": "即办件不应计时"}
    assert hall.post("stranger", "desks:light_judge", lit.number, **given).status_code == 404
    assert hall.post("townhandler", "desks:light_judge", lit.number, **given).status_code == 302
    assert hall.post("townhandler", "desks:light_judge", lit.number, **given).status_code == 422
    row = LightDispute.objects.get()
    page = words(hall.get("coordinator", "desks:light", row.pk))
    assert "单位意见 有异议：即办件不应计时" in page
    assert str(lit.pk) not in page
    assert hall.post("townhandler", "desks:light_decide", row.pk, outcome="rule_wrong").status_code in (
        403,
        404,
    )
    said = {"outcome": "rule_wrong", "finding": "规则漏了即办件"}
    assert hall.post("coordinator", "desks:light_decide", row.pk, outcome="rule_wrong").status_code == 422
    assert hall.post("coordinator", "desks:light_decide", row.pk, **said).status_code == 302
    assert "1 件 0 件 未具备" in words(hall.get("coordinator", "desks:hall", "dongyu"))
    assert hall.post("coordinator", "desks:light_mend", row.pk, mended="").status_code == 422
    assert hall.post("coordinator", "desks:light_mend", row.pk, mended="已改规则").status_code == 302
    assert "0 件 0 件 已具备" in words(hall.get("coordinator", "desks:hall", "dongyu"))
    events = JournalEvent.objects.filter(stream="register:lights").order_by("seq")
    assert [each.type for each in events] == ["light.judged", "light.decided", "light.mended"]


def test_the_list_of_judged_lights_filters_and_exports(staff: Hall, lit: Case) -> None:
    page = staff.get("townhandler", "desks:light_judge", lit.number).content.decode()
    key = page.split('name="light" value="')[1].split('"')[0]
    staff.post("townhandler", "desks:light_judge", lit.number, light=key, stand="confirmed")
    assert lit.title in words(staff.get("coordinator", "desks:lights", hall="dongyu"))
    assert lit.title not in words(staff.get("coordinator", "desks:lights", outcome="waiting"))
    assert lit.title not in words(staff.get("handler", "desks:lights"))
    assert staff.get("handler", "desks:light", LightDispute.objects.get().pk).status_code == 404
    address = reverse("desks:lights_export") + "?stand=confirmed&format=csv"
    answer = staff.browser("coordinator").post(address)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(each["办件编号"], each["单位意见"]) for each in rows] == [(lit.number, "灯是对的")]
    report = words(staff.get("coordinator", "desks:hall", "dongyu"))
    assert "试运行报告" in report


def test_a_light_outside_a_trial_is_not_judged(staff: Hall) -> None:
    case = staff.in_review()
    staff.at("2026-04-20T10:00")
    answer = staff.post(
        "handler", "desks:light_judge", case.number, light="committed.1.red", stand="confirmed"
    )
    assert answer.status_code == 422
    assert "只有试运行的大厅核对灯" in words(answer)


def test_a_score_over_days_in_trial_is_refused_with_the_days(staff: Hall) -> None:
    asked = {"score_since": "2026-02-01", "score_until": "2026-02-28"}
    trial = words(staff.get("coordinator", "desks:hall", "dongyu", **asked))
    assert "不能评分：2026-02-01 至 2026-03-01（试运行）" in trial
    assert "计分 0 件" in words(staff.get("coordinator", "desks:hall", "main", **asked))
    turned = {"score_since": "2026-02-28", "score_until": "2026-02-01"}
    assert "止日早于起日" in words(staff.get("coordinator", "desks:hall", "main", **turned))


def test_a_case_opened_in_trial_enters_no_score_after_the_hall_is_live(staff: Hall) -> None:
    from yukuaiban.measures.desks import queries, readiness  # noqa: PLC0415 - only here

    case = in_town(staff)
    staff.done("townclerk", case, "admit")
    staff.done("townclerk", case, "hand_over")
    staff.done("townhandler", case, "decide", outcome="granted", result_no="1 号")
    staff.done("townhandler", case, "complete")
    hours = at("2026-03-02T00:00"), at("2026-03-03T00:00")
    assert queries.on_time(*hours) == (0, 0)
    case.desk_case.warning_mode = "live"
    case.desk_case.save()
    assert queries.on_time(*hours) == (1, 1)
    assert readiness.scored("main", *hours) == (0, 0)


def test_gaps_of_base_data_are_listed_by_agency_and_field_and_exported(staff: Hall) -> None:
    whole = words(staff.get("coordinator", "desks:completeness"))
    complete()
    sheet = MatterSheet.objects.get(matter="S-0002")
    sheet.materials = []
    sheet.save()
    page = words(staff.get("coordinator", "desks:completeness"))
    assert page != whole
    assert "营业执照遗失补领" in page
    assert "材料清单" in page
    assert "营业执照遗失补领" not in words(staff.get("coordinator", "desks:completeness", field="owner"))
    address = reverse("desks:completeness_export") + "?field=materials&format=csv"
    answer = staff.browser("coordinator").post(address)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(each["事项编码"], each["缺少"]) for each in rows] == [("S-0002", "材料清单")]
    gate = words(staff.get("coordinator", "desks:hall", "dongyu"))
    assert "91.6%，11/12 项" in gate


def test_a_training_is_written_down_once_and_counts_for_a_year(staff: Hall) -> None:
    hall = staff
    clerk = str(Staff.objects.get(login="townclerk").uid)
    given = {
        "title": "预警系统操作",
        "held_on": "2026-02-02",
        "hours": "4",
        "trainer": HALL,
        "subject": "system",
    }
    assert "合格的人" in words(hall.get("coordinator", "training_new"))
    for wrong, why in (
        ({}, "没有参加培训的人"),
        ({"passed": clerk, "failed": clerk}, "同一人既合格又不合格"),
        ({"passed": clerk, "held_on": "2026-03-03"}, "培训日期在将来"),
        ({"passed": clerk, "hours": "0"}, "学时不对"),
    ):
        answer = hall.post("coordinator", "training_new", **(given | wrong))
        assert answer.status_code == 422
        assert why in words(answer)
    assert hall.post("coordinator", "training_new", **given, passed=clerk).status_code == 302
    assert Attendance.objects.get().result == "passed"
    assert "预警系统操作" in words(hall.get("coordinator", "trainings", person="林新来"))
    assert "预警系统操作" not in words(hall.get("coordinator", "trainings", subject="law"))
    assert "1/1 人" in words(hall.get("coordinator", "desks:hall", "dongyu"))
    assert "0/1 人" in words(hall.at("2027-02-03T09:00").get("coordinator", "desks:hall", "dongyu"))
    assert hall.get("handler", "training_new").status_code in (403, 404)


def test_the_list_of_halls_says_how_each_warns(staff: Hall) -> None:
    page = words(staff.get("coordinator", "desks:halls"))
    assert "东渔镇便民服务中心" in page
    assert "望海区政务服务中心" not in words(staff.get("coordinator", "desks:halls", mode="trial"))
    answer = staff.browser("coordinator").post(reverse("desks:halls_export") + "?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {each["大厅"]: each["运行方式"] for each in rows} == {
        "东渔镇便民服务中心": "试运行",
        "望海区政务服务中心": "正式运行",
    }


def test_a_hall_that_is_off_shows_no_light_and_tells_nobody(staff: Hall, lit: Case, monkeypatch) -> None:
    shown = words(staff.get("townhandler", "cases"))
    assert "预警未启用" not in shown
    off = (WarningMode.OFF, at("2026-01-01T00:00"), "")
    monkeypatch.setattr(warningmodes, "_start", lambda _hall: off)
    staff.office.tick()
    assert not Message.objects.filter(case_number=lit.number).exists()
    for who, page, number in (
        ("townhandler", "cases", ()),
        ("townclerk", "desks:workbench", ()),
        ("townhandler", "case", (lit.number,)),
    ):
        answer = staff.get(who, page, *number)
        assert "预警未启用" in words(answer), page
        assert 'light-red">' not in answer.content.decode().split('id="list"')[-1].split("<tbody>")[-1]
