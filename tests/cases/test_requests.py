"""Requests that come twice, late, or at once; and numbers that are given once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import HALL, PERMIT, Office, at, fresh
from yukuaiban.cases import acting
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import ActionRefused, CaseMoved, InputInvalid, KeyReused, NotPermitted, Refused
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.reading import events
from yukuaiban.people.access import SYSTEM_IMPORT
from yukuaiban.people.case_number import parse_number

INTAKE = {"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"}


def late(office: Office, case: Case | None, action: str, who: str, moment: str, **more: Any) -> Case:
    """An action that happened earlier."""
    chosen: dict[str, Any] = {"subject": getattr(office, who), "data": {}, "key": None, "procedure": None}
    chosen |= more
    done = act(case, action, pen=office.pen, occurred_at=at(moment), **chosen)
    return Case.objects.get(number=done.number)


# ------------------------------------------------------------------------------------------------ late entry


def test_a_late_contact_needs_a_reason_and_another_person(office: Office) -> None:
    case = office.in_review()
    office.at("2026-03-03T10:00").pause(case, "2026-03-09T10:00")
    office.at("2026-03-06T09:00")
    more = {"data": {"note": "评审提前完成"}}
    for missing in ({}, {"reason": "忘记登记"}, {"second_actor": office.second.ref}):
        with pytest.raises(Refused, match="理由"):
            late(office, case, "resume", "handler", "2026-03-05T10:00", **more, **missing)
    with pytest.raises(NotPermitted, match="本人以外"):
        late(
            office, case, "resume", "handler", "2026-03-05T10:00",
            reason="忘记登记", second_actor=office.handler.ref, **more,
        )  # fmt: skip
    seen = late(
        office, case, "resume", "handler", "2026-03-05T10:00",
        reason="忘记登记", second_actor=office.second.ref, **more,
    )  # fmt: skip
    last = list(events(f"case:{case.number}"))[-1]
    assert (last.occurred_at, last.second_actor) == (at("2026-03-05T10:00"), office.second.ref)
    assert last.body["reason"] == "忘记登记"
    assert seen.late_entered
    assert office.due(case) == "2026-03-18T17:30"


@pytest.mark.parametrize(
    ("moment", "words"), [("2026-03-06T09:01", "在将来"), ("2026-03-03T09:59", "上一个经过")]
)
def test_a_late_entry_lies_between_the_last_event_and_now(office: Office, moment: str, words: str) -> None:
    case = office.in_review()
    office.at("2026-03-03T10:00").pause(case, "2026-03-09T10:00")
    office.at("2026-03-06T09:00")
    with pytest.raises(InputInvalid, match=words):
        late(office, case, "resume", "handler", moment, reason="补", second_actor=office.second.ref)


def test_what_time_brought_cannot_be_undone_by_a_late_entry(office: Office) -> None:
    """Overdue since Monday evening: a resumption stated for the Monday before lies before the last event."""
    case = office.in_review()
    office.at("2026-03-18T09:00")
    with pytest.raises(InputInvalid, match="上一个经过"):
        late(
            office, case, "resume", "handler", "2026-03-10T10:00",
            reason="补", second_actor=office.second.ref,
        )  # fmt: skip


def test_an_import_states_its_own_past_and_is_marked(office: Office) -> None:
    for source, marked in (("import:batch-1", True), ("web", False)):
        subject = SYSTEM_IMPORT if marked else office.xiaoyu
        found = late(
            office, None, "receive", "xiaoyu", "2026-02-10T09:00",
            procedure="desks", source=source, subject=subject, data=INTAKE,
        )  # fmt: skip
        assert (found.imported, found.opened_at) == (marked, at("2026-02-10T09:00"))


def test_a_start_in_the_future_is_refused_for_everybody(office: Office) -> None:
    with pytest.raises(InputInvalid, match="在将来"):
        late(office, None, "receive", "xiaoyu", "2026-03-02T09:01", procedure="desks", data=INTAKE)


# ------------------------------------------------------------------------------------------------ twice


def test_a_retry_after_others_went_on_gets_the_first_answer(office: Office) -> None:
    case = office.receive()
    first = act(case, "admit", subject=office.xiaoyu, data={}, key="k", pen=office.pen, expected_seq=case.seq)
    office.do(case, "hand_over", "colleague")
    again = act(case, "admit", subject=office.xiaoyu, data={}, key="k", pen=office.pen, expected_seq=case.seq)
    assert (again.number, again.seq, again.stage) == (first.number, first.seq, "admitted")


@pytest.mark.parametrize("opening", [True, False])
def test_the_same_request_twice_at_once_is_answered_twice_alike(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, opening: bool
) -> None:
    """The second looked for an answer before the first had given one; the journal's own key stops it."""
    case = None if opening else office.receive()

    def send():
        chosen = {"procedure": "desks", "data": INTAKE} if opening else {"data": {}}
        return act(
            case, "receive" if opening else "admit", subject=office.xiaoyu, key="k", pen=office.pen, **chosen
        )

    first = send()
    count = JournalEvent.objects.count()
    look, looks = acting.first_answer, []

    def blind(wish):
        looks.append(wish)
        return None if len(looks) == 1 else look(wish)

    monkeypatch.setattr(acting, "first_answer", blind)
    if opening:
        again = send()
        assert (again.number, again.seq, again.replayed) == (first.number, first.seq, True)
    else:
        with pytest.raises(ActionRefused):  # admitted already: the lock showed the case as it stands now
            send()
    assert JournalEvent.objects.count() == count


def test_a_key_is_the_clients_own(office: Office) -> None:
    """Another person's use of the same key never reads the first one's answer."""
    mine = office.receive(key="k-1")
    with pytest.raises(KeyReused):
        office.receive(key="k-1", who="colleague")
    assert list(Case.objects.all()) == [mine]


@pytest.mark.parametrize("change", [{"phone": "19900004321"}, {"note": "加急"}])
def test_a_key_with_other_content_is_refused_and_changes_nothing(office: Office, change: dict) -> None:
    office.receive(key="k-2")
    count = JournalEvent.objects.count()
    with pytest.raises((KeyReused, InputInvalid)):
        office.receive(key="k-2", **change)
    assert JournalEvent.objects.count() == count


def test_who_saw_an_older_case_is_told_and_writes_nothing(office: Office) -> None:
    case = office.in_review()
    seen = fresh(case).seq
    office.do(case, "assign", "chief", handler=office.handler.ref)
    count = JournalEvent.objects.count()
    with pytest.raises(CaseMoved, match="刷新"):
        act(
            case,
            "decide",
            subject=office.handler,
            data={"outcome": "granted"},
            key="k-3",
            pen=office.pen,
            expected_seq=seen,
        )
    assert JournalEvent.objects.count() == count


def test_an_action_nobody_knows_is_refused_with_those_that_are_open(office: Office) -> None:
    case = office.receive()
    with pytest.raises(ActionRefused) as refused:
        office.do(case, "fly", "xiaoyu")
    assert "admit" in dict(refused.value.open)
    with pytest.raises(ActionRefused, match="现在可以办理：收件"):
        act(None, "fly", procedure="desks", subject=office.xiaoyu, data={}, key=None, pen=office.pen)


def test_waiting_long_for_the_lock_is_no_clock_set_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one waits, others write; the moment is read only when the lock is held."""
    case, other = office.receive(), office.receive()
    lock = Case.objects.select_for_update

    def slow():
        monkeypatch.setattr(Case.objects, "select_for_update", lock)
        office.at("2026-03-02T09:00:04")
        office.do(other, "admit", "xiaoyu")
        return lock()

    monkeypatch.setattr(Case.objects, "select_for_update", slow)
    office.do(case, "admit", "xiaoyu")
    assert not JournalEvent.objects.filter(type="clock.anomaly").exists()


# ------------------------------------------------------------------------------------------------ numbers


def test_numbers_of_a_busy_day_are_checked_consecutive_and_never_used_again(office: Office) -> None:
    cases = [office.receive() for _ in range(6)]
    office.do(cases[-1], "withdraw", "xiaoyu")
    with pytest.raises(InputInvalid):
        office.receive(phone="not a phone at all, and far too long to be one")
    cases.append(office.receive())
    parts = [parse_number(case.number) for case in cases]
    assert [each.sequence for each in parts] == list(range(1, 8))
    assert {(each.area, each.agency) for each in parts} == {("990101", HALL[-4:].replace("0001", "0002"))}


def test_a_row_of_a_case_is_never_overwritten_by_another_of_the_same_id(office: Office) -> None:
    case = office.receive()
    office.pen.uid = lambda: case.pk
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        office.receive()
    assert fresh(case).number == case.number
