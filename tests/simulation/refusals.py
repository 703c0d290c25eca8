"""Which attempts the specification refuses, and why in one word: the oracle's reading of rules/desks.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.limits import Amount
from tests.simulation.minutes import Minutes, day_of
from tests.simulation.oracle import Case

EXTENSION_CAP = 10
OUTSIDE_AFTER, LEADER_AFTER = 5, 10


@dataclass
class Attempt:
    """What somebody wants: `who` is a name of the roster, `role` and `agency` what that person is there."""

    action: str
    who: str
    role: str
    agency: str
    now: int
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred: int | None = None
    reason: str = ""
    second: str = ""

    @property
    def at(self) -> int:
        return self.now if self.occurred is None else self.occurred


def may(case: Case, action: str, *, who: str, role: str, agency: str) -> bool:
    """Whether the procedure's `by` names this person."""
    parties = {"receiving_agency": case.receiving, "handling_agency": case.handling}
    for entry in case.law.actions[action].get("by", ()):
        party, _, wanted = entry.partition(".")
        if not wanted:
            if role == party:
                return True
        elif (
            role == wanted
            and party in ("any", *parties)
            and (party == "any" or parties[party] == agency)
            and (party == "any" or role != "handler" or case.handler in ("", who))
        ):
            return True
    return False


def refused(case: Case, attempt: Attempt, calendar: Minutes, handlers: Mapping[str, str]) -> str:
    """Why the attempt must be refused, or nothing. `handlers` are names and agencies of those who handle cases.

    The case has been advanced to the attempt's moment.
    """
    row = case.law.actions[attempt.action]
    if row.get("system"):
        return "system"
    if not may(case, attempt.action, who=attempt.who, role=attempt.role, agency=attempt.agency):
        return "permission"
    if why := _moment(case, attempt, row):
        return why
    if not case.law.open_at(attempt.action, case.stage):
        return "stage"
    asked = row.get("confirms") or row.get("declines")
    if asked and asked not in case.requests:
        return "no request"
    if asked and case.requests[asked][0] == attempt.who:
        return "second person"
    rule = _RULES.get(attempt.action)
    return rule(case, attempt, calendar, handlers) if rule else ""


def _moment(case: Case, attempt: Attempt, row: dict) -> str:
    if attempt.occurred is None:
        return ""
    if attempt.occurred > attempt.now:
        return "future"
    if row.get("start"):
        return ""
    if attempt.occurred < case.last:
        return "before the last event"
    if not row.get("late_entry"):
        return "no late entry"
    if not attempt.reason or not attempt.second or attempt.second == attempt.who:
        return "late entry without a second person"
    return ""


def _ask_supplement(case: Case, attempt: Attempt, *_: Any) -> str:
    if not attempt.data.get("gaps"):
        return "no gaps"
    released = case.counts["release_supplement"]
    return "told once already" if case.counts["ask_supplement"] >= 1 + released else ""


def _release(case: Case, attempt: Attempt, *_: Any) -> str:
    if not attempt.data.get("reason"):
        return "no reason"
    return "nothing to release" if case.counts["ask_supplement"] <= case.counts["release_supplement"] else ""


def _refuse(_case: Case, attempt: Attempt, *_: Any) -> str:
    named = ("reason", "right_organ", "review_organ", "court")
    return "" if all(attempt.data.get(name) for name in named) else "mandatory text"


def _on_the_spot(case: Case, attempt: Attempt, *_: Any) -> str:
    return _denial(attempt) if case.matter.on_the_spot else "not on the spot"


def _denial(attempt: Attempt) -> str:
    if attempt.data["outcome"] != "denied":
        return ""
    return "" if all(attempt.data.get(name) for name in ("reasons", "review_organ", "court")) else "remedies"


def _decide(case: Case, attempt: Attempt, *_: Any) -> str:
    if case.matter.site_check and len(set(attempt.data.get("checkers", ()))) < 2:
        return "two persons at a site check"
    return _denial(attempt)


def _assign(case: Case, attempt: Attempt, _: Minutes, handlers: Mapping[str, str]) -> str:
    return "" if handlers.get(attempt.data["handler"]) == case.handling else "no handler there"


def _request_pause(case: Case, attempt: Attempt, *_: Any) -> str:
    data = attempt.data
    category = case.law.categories.get(data["category"])
    if "request_pause" in case.requests:
        return "asked already"
    if category is None or (category.get("needs_sheet") and data["category"] not in case.matter.pausable):
        return "category"
    if data["planned_end"] <= attempt.at or data["notice_on"] > day_of(attempt.at):
        return "dates"
    if not data["evidence"]:
        return "no evidence"
    return _stands_still(case, attempt.at, category)


def _stands_still(case: Case, at: int, category: dict) -> str:
    still = any(each.code in category["stops"] and each.paused_at(at) for each in case.clocks)
    return "paused already" if still else ""


def _endorse(case: Case, attempt: Attempt, *_: Any) -> str:
    if "request_pause" not in case.requests:
        return "no request"
    return "own request" if case.requests["request_pause"][0] == attempt.who else ""


def _pause(case: Case, attempt: Attempt, calendar: Minutes, _: Mapping[str, str]) -> str:
    _asker, asked_at, data = case.requests["request_pause"]
    if data["planned_end"] <= attempt.at:
        return "over"
    if why := _stands_still(case, attempt.at, case.law.categories[data["category"]]):
        return why
    days = calendar.workdays(day_of(attempt.at), day_of(data["planned_end"]))
    if days > LEADER_AFTER and case.moments.get("endorse_pause", -1) < asked_at:
        return "leader first"
    outside = case.counts["pause"] >= 1 or days > OUTSIDE_AFTER
    return "somebody of another agency" if outside and attempt.agency == case.handling else ""


def _decline(_case: Case, attempt: Attempt, *_: Any) -> str:
    return "" if attempt.data.get("reason") else "no reason"


def _resume(case: Case, attempt: Attempt, *_: Any) -> str:
    return "" if any(each.paused_at(attempt.at) for each in case.clocks) else "nothing paused"


def _request_extension(case: Case, attempt: Attempt, *_: Any) -> str:
    if not attempt.data.get("reason"):
        return "no reason"
    return _extension(case, attempt.at, attempt.data["limit"])


def _extend(case: Case, attempt: Attempt, *_: Any) -> str:
    return _extension(case, attempt.at, case.requests["request_extension"][2]["limit"])


def _extension(case: Case, at: int, text: str) -> str:
    clock = case.clock("statutory")
    try:
        wanted = Amount.parse(text)
    except ValueError:
        return "no limit"
    if clock is None or clock.stopped is not None:
        return "no statutory clock"
    if case.counts["extend"] or at > clock.due:
        return "once, and before expiry"
    if wanted.unit != clock.limit.unit or wanted.unit != "wd" or not 0 < wanted.n <= EXTENSION_CAP:
        return "amount"
    return ""


def _complete(case: Case, attempt: Attempt, *_: Any) -> str:
    clock = case.clock("committed")
    late = clock is not None and attempt.at > clock.due
    return "unexplained" if late and "committed" not in case.explained else ""


def _explain(case: Case, attempt: Attempt, *_: Any) -> str:
    if not attempt.data.get("text"):
        return "no text"
    clock = case.clock(attempt.data.get("clock", "committed"))
    if clock is None or (attempt.at if clock.stopped is None else clock.stopped) <= clock.due:
        return "not overdue"
    return "a telephone number" if re.search(r"1[3-9]\d{9}", attempt.data["text"]) else ""


_RULES = {
    "ask_supplement": _ask_supplement,
    "release_supplement": _release,
    "supplement": lambda _c, attempt, *_: "" if attempt.data.get("materials") else "no materials",
    "refuse": _refuse,
    "no_permit_needed": _decline,
    "redirect": _decline,
    "complete_on_the_spot": _on_the_spot,
    "decide": _decide,
    "assign": _assign,
    "request_pause": _request_pause,
    "endorse_pause": _endorse,
    "pause": _pause,
    "decline_pause": _decline,
    "resume": _resume,
    "request_extension": _request_extension,
    "extend": _extend,
    "decline_extension": _decline,
    "complete": _complete,
    "explain_overrun": _explain,
    "add_evidence": lambda _c, attempt, *_: "" if attempt.data.get("evidence") else "no evidence",
}
