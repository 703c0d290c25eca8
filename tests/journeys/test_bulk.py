"""Many cases at once: tick, try out, type the number, read what was refused and why."""

from __future__ import annotations

import re

import pytest

from tests.journeys.hall import words
from yukuaiban.cases.models import Case
from yukuaiban.jobs.models import Job
from yukuaiban.jobs.working import advance
from yukuaiban.journal.reading import events
from yukuaiban.people.models import Post
from yukuaiban.site.longwork import KINDS

pytestmark = pytest.mark.django_db
ASKED = {"limit": "5wd", "reason": "现场核查需要等待潮汐条件，按法定程序延长"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.YKB_RESULTS = tmp_path / "results"


def work(hall, *, most=100):
    """The worker until it has nothing to do."""
    for _n in range(most):
        if not advance(hall.office.now, pen=hall.office.pen, owner="w", kinds=KINDS):
            return
    pytest.fail("the work does not end")


def seen(hall, who, **fields):
    """The trial of an extension on these fields, run."""
    form = hall.post(who, "bulk_fill", "desks", "request_extension", **fields)
    assert form.status_code == 200, words(form)
    text = form.content.decode()
    carried = {
        name: re.search(f'name="{name}" value="([^"]*)"', text).group(1) for name in ("numbers", "key")
    }
    sent = hall.post(who, "bulk_fill", "desks", "request_extension", go="1", **carried, **ASKED)
    assert sent.status_code == 302, words(sent)
    work(hall)
    return Job.objects.latest("pk")


def streams(cases):
    return {case.number: len(list(events(f"case:{case.number}"))) for case in cases}


def test_a_bulk_extension_of_sixty_cases_of_which_four_may_not(hall):
    cases = [hall.office.in_review() for _n in range(60)]
    for case in cases[:4]:
        hall.office.do(case, "request_extension", "handler", **ASKED)
        hall.office.do(case, "extend", "chief")
    before = streams(cases)
    trial = seen(hall, "handler", all="queue", query="?")
    assert (trial.total, trial.lines.filter(ok=True).count()) == (60, 56)
    assert streams(cases) == before  # a trial leaves nothing behind
    page = words(hall.get("handler", "job", trial.uid))
    assert "可以办理 56 件" in page
    assert "不能办理 4 件" in page
    assert "什么也没有改变" in page
    refused = hall.post("handler", "bulk_confirm", trial.uid)
    assert refused.status_code == 422
    assert "请输入将要办理的件数 56" in words(refused)
    for _twice in range(2):
        answer = hall.post("handler", "bulk_confirm", trial.uid, typed="56")
        assert answer.status_code == 302
    work(hall)
    real = Job.objects.latest("pk")
    assert (Job.objects.count(), real.state, real.lines.filter(ok=True).count()) == (2, "done", 56)
    after = streams(cases)
    assert [after[case.number] - before[case.number] for case in cases] == [0] * 4 + [1] * 56
    assert "已办理 56 件" in words(hall.get("handler", "job", real.uid))


def test_a_run_that_was_killed_before_its_note_does_nothing_twice(hall):
    cases = [hall.office.in_review() for _n in range(3)]
    before = streams(cases)
    trial = seen(hall, "handler", pick=[case.number for case in cases])
    hall.post("handler", "bulk_confirm", trial.uid)
    real = Job.objects.latest("pk")
    KINDS["bulk"](real, hall.office.pen)  # done, and then the power goes before anything is noted
    work(hall)
    real.refresh_from_db()
    assert (real.state, real.lines.filter(ok=True).count()) == ("done", 3)
    assert {n: count - before[n] for n, count in streams(cases).items()} == dict.fromkeys(before, 1)


def test_what_changed_between_trial_and_confirmation_is_refused_alone(hall):
    cases = [hall.office.in_review() for _n in range(3)]
    trial = seen(hall, "handler", pick=[case.number for case in cases])
    hall.office.do(cases[1], "request_extension", "second", **ASKED)
    hall.office.do(cases[1], "extend", "chief")
    hall.post("handler", "bulk_confirm", trial.uid)
    work(hall)
    real = Job.objects.latest("pk")
    assert list(real.lines.order_by("n").values_list("ok", flat=True)) == [True, False, True]


def test_cases_of_others_and_numbers_that_do_not_exist_are_left_out(hall):
    own, foreign = hall.office.in_review(), hall.office.in_review("S-0002")
    Case.objects.filter(pk=foreign.pk).update(agency="sp-0003", receiving_agency="sp-0003")
    page = words(hall.post("handler", "bulk_choose", pick=[own.number, foreign.number, "1" * 24]))
    assert "已选 1 件" in page
    assert foreign.number not in page


def test_without_a_choice_or_with_too_many_nothing_happens(hall):
    assert hall.post("handler", "bulk_choose").status_code == 422
    many = hall.post("handler", "bulk_choose", numbers=",".join(str(n) for n in range(2_001)))
    assert many.status_code == 422
    assert "一次最多办理 2000 件" in words(many)
    assert not Job.objects.exists()


def test_a_wrong_value_comes_back_in_the_form_and_what_needs_files_is_done_one_by_one(hall):
    case = hall.office.in_review()
    choice = words(hall.post("handler", "bulk_choose", pick=case.number))
    assert "须逐件附材料" in choice
    wrong = hall.post(
        "handler",
        "bulk_fill",
        "desks",
        "request_extension",
        go="1",
        numbers=case.number,
        key="",
        limit="很久",
    )
    assert wrong.status_code == 422
    assert "很久" in wrong.content.decode()
    assert not Job.objects.exists()
    none = hall.post("handler", "bulk_fill", "desks", "decide", numbers="1" * 24)
    assert none.status_code == 422


def test_work_of_a_person_who_has_left_the_post_ends_with_that_sentence(hall):
    case = hall.office.in_review()
    trial = seen(hall, "handler", pick=case.number)
    hall.post("handler", "bulk_confirm", trial.uid)
    Post.objects.filter(staff__login="handler").update(until=hall.office.now)
    work(hall)
    real = Job.objects.latest("pk")
    assert real.state == "failed"
    assert "不在当时的岗位上" in real.message


def test_the_work_of_others_looks_absent(hall):
    trial = seen(hall, "handler", pick=hall.office.in_review().number)
    for name in ("job", "job_file"):
        assert hall.get("second", name, trial.uid).status_code == 404
    for name in ("job_cancel", "bulk_confirm"):
        assert hall.post("second", name, trial.uid).status_code == 404
    assert "没有任务" in words(hall.get("second", "jobs"))


def test_a_long_list_is_exported_by_the_worker_and_waits_to_be_fetched(hall, monkeypatch):
    monkeypatch.setattr("yukuaiban.web.listfiles.AT_ONCE", 2)
    cases = [hall.office.in_review() for _n in range(3)]
    asked = hall.browser("handler").post("/cases/export?format=csv")
    assert asked.status_code == 302
    work(hall)
    job = Job.objects.get()
    assert job.state == "done", job.message
    file = hall.get("handler", "job_file", job.uid)
    text = file.content.decode("utf-8-sig")
    assert all(case.number in text for case in cases)
    [event] = list(events("export:cases"))
    assert event.body["rows"] == 3
    assert event.actor == hall.office.people["handler"].ref
