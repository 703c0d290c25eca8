"""What a message says: which case, which promise, its due moment, and what is to be done, in plain sentences."""

from __future__ import annotations

from tests.cast import PERMIT, Office, at
from yukuaiban.cases.models import Case
from yukuaiban.notices.models import Message
from yukuaiban.people.case_number import grouped
from yukuaiban.people.models import Post

COMMITTED_DUE = "2026-03-16 周一 17:30"
STATUTORY_DUE = "2026-03-30 周一 17:30"


def told(office: Office, who: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(recipient=office.people[who].ref).order_by("created_at", "id")
    return list(found.values_list("subject", "text"))


def named(case: Case, clock: str) -> str:
    return f"《{case.title}》（{' '.join(grouped(case.number))}）{clock}"


def test_messages_name_case_promise_and_due_and_what_is_to_be_done(office: Office) -> None:
    case = office.in_review(PERMIT)
    office.do(case, "assign", "chief", handler=office.handler.ref)
    office.tick("2026-03-12T09:00")
    assert told(office, "handler") == [
        (
            f"预警：{case.title}",
            f"{named(case, '承诺时限')}将于 {COMMITTED_DUE} 到期，请尽快办理。",
        )
    ]
    office.tick("2026-03-17T09:00")
    assert told(office, "chief") == [
        (
            f"超时：{case.title}",
            f"{named(case, '承诺时限')}已于 {COMMITTED_DUE} 到期，现在已经超时。请立即办理或督促办理，并写超时说明。",
        )
    ]
    office.tick("2026-03-31T09:00")
    assert told(office, "watcher") == [
        (
            f"仍未办完：{case.title}",
            f"{named(case, '承诺时限')}已于 {COMMITTED_DUE} 到期，至今没有办完。请督促办理。",
        ),
        (
            f"仍未办完：{case.title}",
            f"{named(case, '超时说明')}已于 2026-03-17 周二 17:30 到期，至今没有办完。请督促办理。",
        ),
        (
            f"超法定时限：{case.title}",
            f"{named(case, '法定时限')}已于 {STATUTORY_DUE} 到期，现在已经超时。请立即办理或督促办理。",
        ),
    ]


def test_people_are_told_by_every_way_of_the_installation_that_reaches_them(office: Office, settings) -> None:
    settings.YKB_NOTICE_CHANNELS = ["inbox", "mail"]
    chief = office.staff("chief")
    chief.email = "chen@example.org"
    chief.save()
    office.in_review(PERMIT)
    office.tick("2026-03-17T09:00")
    late = Message.objects.filter(subject__startswith="超时")
    assert set(late.filter(recipient=chief.ref).values_list("channel", flat=True)) == {"inbox", "mail"}
    assert not late.filter(channel="mail").exclude(recipient=chief.ref).exists()


def test_a_post_that_has_an_end_is_told_until_then(office: Office) -> None:
    office.in_review(PERMIT)
    Post.objects.filter(staff__login="chief").update(until=at("2026-03-20T00:00"))
    office.tick("2026-03-17T09:00")
    assert len(told(office, "chief")) == 1
    office.tick("2026-03-31T09:00")
    assert len(told(office, "chief")) == 1


def test_what_time_alone_has_done_is_told_as_done(office: Office) -> None:
    case = office.receive("S-0006")
    office.tick("2026-03-10T09:00")
    due = "2026-03-09 周一 17:30"
    text = f"{named(case, '补正告知')}已于 {due} 到期，系统已自动办理“视为受理”。"
    assert (f"超法定时限：{case.title}", text) in told(office, "watcher")


def test_a_number_is_read_in_its_groups(office: Office) -> None:
    number = office.receive().number
    assert [len(group) for group in grouped(number)] == [6, 4, 8, 5, 1]
    assert "".join(grouped(number)) == number
    assert grouped("A-1") == ["A-1"]
