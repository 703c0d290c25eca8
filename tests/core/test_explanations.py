"""What an explanation says: which steps there are, in which words, in Chinese and in English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.core.office import at, office, office_spec
from tests.core.redo import redo
from yukuaiban.core.calendarspec import CalendarDay, merge_year
from yukuaiban.core.clocks import due, protect
from yukuaiban.core.limits import Limit, LimitRow
from yukuaiban.core.pauses import Pause
from yukuaiban.core.steps import Step, render, said, tell, total
from yukuaiban.core.workcalendar import WorkCalendar


def explained(
    start: str, limit: str, *pauses: tuple[str, str], extensions: tuple[str, ...] = (), **row: object
):
    given = Limit.parse(limit)
    found = due(
        at(start),
        given,
        office(),
        pauses=[Pause(at(since), at(until)) for since, until in pauses],
        extensions=[Limit.parse(each) for each in extensions],
        row=LimitRow(given, date(2020, 1, 1), **row),  # type: ignore[arg-type]
    )
    assert redo([step.as_json() for step in found.steps]) == found.at
    return found.steps


def codes(*args: object, **row: object) -> str:
    return " ".join(step.code for step in explained(*args, **row))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (("2026-03-02T10:00", "3wd"), "start day_one count closing final"),
        (("2026-03-06T10:00", "1wd"), "start skip_rest day_one closing final"),
        (("2026-02-13T10:00", "6wd"), "start day_one skip_rest count make_up closing final"),
        (("2026-02-13T10:00", "1wd"), "start day_one closing final"),
        (("2026-03-02T10:00", "0wd"), "start count closing final"),
        (("2026-03-06T19:00", "0wd"), "start skip_rest count closing final"),
        (("2026-03-02T10:00", "30d"), "start count closing final"),
        (("2026-01-20T10:00", "30d"), "start count roll closing final"),
        (("2026-03-02T10:00", "2h"), "start count final"),
        (("2026-03-02T10:00", "2sh"), "start count land_on_closing final"),
        (("2026-03-06T16:00", "2sh"), "start count skip_rest count final"),
        (("2026-03-02T10:00", "0sh"), "start final"),
        (("2026-12-31T10:00", "1wd"), "start day_one closing provisional final"),
        (
            ("2026-03-02T10:00", "5wd", ("2026-03-03T10:00", "2026-03-05T10:00")),
            "start day_one pause count skip_rest count closing final",
        ),
        (
            ("2026-03-02T10:00", "2wd", ("2026-03-06T10:00", "2026-03-05T10:00")[::-1]),
            "start day_one count closing final",
        ),
        (("2026-03-02T10:00", "5wd", ("2026-03-03T10:00", "2026-03-03T12:00")),
            "start day_one pause count skip_rest count closing final",
        ),
        (("2026-03-02T10:00", "5d", ("2026-03-03T10:00", "2026-03-03T12:00")), "start count pause roll closing final"),
        (("2026-03-02T10:00", "4sh", ("2026-03-02T11:00", "2026-03-02T15:00")), "start count pause count final"),
        (("2026-03-02T10:00", "4h", ("2026-03-02T11:00", "2026-03-02T15:00")), "start count pause final"),
    ],
)  # fmt: skip
def test_the_steps_of_a_sum(asked, wanted):
    assert codes(*asked) == wanted


def test_an_extension_is_a_step_of_its_own():
    found = codes("2026-03-02T10:00", "3wd", extensions=("2wd", "1wd"))
    assert found.startswith("start extension extension day_one")


def test_a_working_day_that_a_pause_covers_from_end_to_end_is_not_hidden_in_a_run():
    steps = explained("2026-03-02T08:00", "14sh", ("2026-03-03T00:00", "2026-03-04T00:00"))
    assert [(step.code, str(step.amount)) for step in steps if step.amount is not None] == [
        ("count", "420"),
        ("pause", "420"),
        ("count", "420"),
    ]


def test_landing_behind_a_pause_is_said():
    in_days = explained("2026-03-02T10:00", "3wd", ("2026-03-05T10:00", "2026-03-10T18:00"))
    assert "原到期落在暂停期内，改为暂停结束后的第一个下班时间，再顺延 1 个工作日。" in [
        step.text for step in in_days
    ]
    in_dates = explained("2026-03-02T10:00", "3d", ("2026-03-05T10:00", "2026-03-10T18:00"))
    assert any("改为暂停结束后工作日的第一个下班时间" in step.text for step in in_dates)


def test_a_due_that_a_pause_carried_says_that_the_last_day_was_broken():
    steps = explained("2026-03-02T10:00", "3wd", ("2026-03-05T10:00", "2026-03-09T10:00"))
    assert steps[-1].text.startswith("到期：最后一个应计的工作日被暂停打断")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "这一天在 17:30 下班，以此为止。"),
        ({"ends": "midnight"}, "这一天到 24:00 为止。"),
    ],
)
def test_the_end_of_the_day_is_said(row, said):
    steps = explained("2026-03-02T10:00", "3wd", **row)
    assert next(step.text for step in steps if step.code == "closing") == said


def test_the_lines_for_people():
    assert render(explained("2026-02-13T16:00", "5wd")) == [
        "2026-02-13 周五 16:00　起算。时限 5 个工作日：当日不计入，从下一个工作日起算。",
        "02-14 周六　第 1 日：起算后的第一个工作日，周六调休上班（春节）。　累计 1 日",
        "02-15 周日 至 02-23 周一　春节，休息日不计。　累计 1 日",
        "02-24 周二 至 02-27 周五　计 4 个工作日，满 5 个工作日。　累计 5 日",
        "02-27 周五　这一天在 17:30 下班，以此为止。",
        "2026-02-27 周五 17:30　到期。此刻之后为超时。　到期",
    ]


def test_the_same_lines_in_english():
    assert render(explained("2026-05-08T16:45", "2sh"), "en") == [
        "2026-05-08 Fri 16:45  Start. Limit of 2 service hours: only time inside opening hours counts.",
        "05-08 16:45 to 17:30  45 min counted (16:45-17:30).  45 min so far",
        "05-09 08:30 to 09:45  1 h 15 min counted (08:30-09:45).  2 h so far",
        "2026-05-09 Sat 09:45  Due. After this moment it is overdue.  due",
    ]
    paused = explained(
        "2026-04-27T10:00", "10wd", ("2026-05-06T10:00", "2026-05-12T10:00"), extensions=("1wd",)
    )
    told = [line.sentence for line in tell(paused, "en")]
    assert told[1].startswith("Extended by 1 working day: the limit grows from 10 working days to 11 working")
    assert "Paused: 05-06 10:00 to 05-12 10:00, 3 working days not counted." in told
    assert any("Mon: rest days" in each or "劳动节" in each for each in told)
    assert "moved by 3 working days" in [line.total for line in tell(paused, "en")]


def test_every_sentence_has_the_same_facts_in_both_languages():
    import string  # noqa: PLC0415 - only here

    from yukuaiban.core.sentences import SENTENCES  # noqa: PLC0415

    for name, both in SENTENCES.items():
        fields = [{field for _, field, _, _ in string.Formatter().parse(text) if field} for text in both]
        missing = fields[1] - fields[0]
        assert not missing, name


def test_seconds_are_told_where_there_are_any():
    start, limit = at("2026-05-07T10:00:30"), Limit.parse("0.01sh")
    steps = due(start, limit, office()).steps
    assert steps[1].text == "计 36 秒（10:00:30-10:01:06）。"
    assert steps[1].as_json()["amount"] == "0.6"
    assert render(steps)[1].startswith("05-07 10:00:30 至 10:01:06")
    assert steps[-1].as_json()["amount"] is None


@pytest.mark.parametrize(
    ("start", "limit", "told"),
    [
        # Whole days count: the minute is enough, and the exact start stays in the values.
        ("2026-05-07T10:00:30", "3wd", "2026-05-07 周四 10:00"),
        ("2026-05-07T17:30:20", "3wd", "2026-05-07 周四 17:30"),
        ("2026-05-07T23:59:59", "3d", "2026-05-07 周四 23:59"),
        ("2026-05-07T10:00:30", "1mo", "2026-05-07 周四 10:00"),
        # Time counts, or is compared with a closing time.
        ("2026-05-07T17:30:20", "0wd", "2026-05-07 周四 17:30:20"),
        ("2026-05-07T17:30:00", "0wd", "2026-05-07 周四 17:30"),
        ("2026-05-07T10:00:30", "2h", "2026-05-07 周四 10:00:30"),
        ("2026-05-07T10:00:30.500", "2sh", "2026-05-07 周四 10:00:30.5"),
        ("2026-05-07T10:00:00", "2sh", "2026-05-07 周四 10:00"),
    ],
)
def test_seconds_of_the_start_are_told_only_where_the_sum_needs_them(start, limit, told):
    steps = due(at(start), Limit.parse(limit), office()).steps
    first = tell(steps)[0]
    assert first.when == told
    assert steps[0].start == at(start)


def test_the_seconds_of_a_pause_are_told_where_time_is_counted():
    pause = Pause(at("2026-05-07T10:00:30"), at("2026-05-07T11:00:40"))
    for limit, since, until in (("4sh", "10:00:30", "11:00:40"), ("3wd", "10:00", "11:00")):
        steps = due(at("2026-05-07T09:00"), Limit.parse(limit), office(), pauses=[pause]).steps
        (told,) = [line for line in tell(steps) if line.code == "pause"]
        assert f"05-07 {since} 至 05-07 {until}" in told.sentence
        assert told.when == f"05-07 {since} 至 {until}"


def test_an_extension_is_told_to_the_same_minute_as_the_start():
    steps = due(
        at("2026-05-07T10:00:30"), Limit.parse("3wd"), office(), extensions=[Limit.parse("2wd")]
    ).steps
    assert [line.when for line in tell(steps)[:2]] == ["2026-05-07 周四 10:00", "05-07 10:00"]


def test_an_empty_length_is_nought_minutes():
    (count,) = [step for step in explained("2026-05-07T10:00", "0h") if step.code == "count"]
    assert count.text == "连续计 0 分。"


def test_a_step_without_a_named_sentence_keeps_its_text():
    step = Step("final", date(2026, 3, 2), date(2026, 3, 2), Decimal(1), "到期。")
    assert [line.sentence for line in tell([step], "en")] == ["到期。"]
    assert total(step) == "到期"
    assert said("final", {}) == "到期。此刻之后为超时。"


def test_the_later_of_both_holds_for_a_clock_that_runs():
    spec = office_spec()
    short = WorkCalendar(
        merge_year(spec, 2026, [*spec.days, CalendarDay(date(2026, 5, 10), "make_up", "补班")])
    )
    old, new = (due(at("2026-05-08T10:00"), Limit.parse("3wd"), each) for each in (office(), short))
    later = protect(old, new, short)
    assert later.at == old.at
    assert later.steps[-1].code == "protected"
    assert later.steps[-1].text == "新日历会把到期提前到 2026-05-11 17:30；已在计时的时限保留较晚的一个。"
    assert protect(new, old, office()) is old
    none = due(at("2026-05-08T10:00"), Limit.parse("21y"), office())
    assert protect(none, new, office()) is new
    assert "提前到 —" in protect(old, none, office()).steps[-1].text
