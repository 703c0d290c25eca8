"""The same form sent twice does its work once and gives the first answer again."""

from __future__ import annotations

from tests.journeys.hall import APPLICANT, PHONE, Hall, words
from yukuaiban.cases.models import Case
from yukuaiban.journal.reading import events


def test_an_intake_sent_twice_opens_one_case(hall: Hall) -> None:
    data = {"matter": "S-0007", "desk": "main-01", "applicant": APPLICANT, "phone": PHONE}
    form = hall.hidden("xiaoyu", "desks:receive", matter="S-0007") | data
    first, again = (hall.post("xiaoyu", "desks:receive", **form) for _ in range(2))
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert Case.objects.count() == 1


def test_an_action_sent_twice_happens_once(hall: Hall) -> None:
    case = hall.received()
    form = hall.hidden("xiaoyu", "case_act", case.number, "ask_supplement") | {"gaps": "营业执照"}
    first, again = (hall.post("xiaoyu", "case_act", case.number, "ask_supplement", **form) for _ in range(2))
    assert first.status_code == again.status_code == 302
    types = [each.type for each in events(f"case:{case.number}")]
    assert types == ["desks.receive", "desks.ask_supplement"]


def test_a_key_with_other_content_is_refused_and_says_so(hall: Hall) -> None:
    case = hall.received()
    form = hall.hidden("xiaoyu", "case_act", case.number, "ask_supplement")
    hall.post("xiaoyu", "case_act", case.number, "ask_supplement", **form, gaps="营业执照")
    other = hall.post("xiaoyu", "case_act", case.number, "ask_supplement", **form, gaps="章程")
    assert other.status_code == 409
    assert "内容不同" in words(other)
