"""Who does what next with a case: the usual course, and attempts out of turn."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.simulation.minutes import DAY, HOUR, MINUTE, SECOND, day_of
from tests.simulation.oracle import Case
from tests.simulation.world import AGENCIES, APPLICANT, ROSTER, World

Deed = tuple[str, str, dict[str, Any], dict[str, Any]]  # action, who, data, what else the request states
_MATTERS = (
    *("S-0001", "S-0002", "S-0003", "S-0004", "S-0005", "S-0006", "S-0007", "S-0007", "S-0008", "S-0009"),
    *("S-0010", "S-0011", "S-0013"),
)
_CATEGORIES = (
    "expert_review",
    "hearing",
    "testing",
    "site_survey",
    "public_notice",
    "supplement",
    "superior_reply",
)
_REMEDIES = {"review_organ": "区人民政府", "court": "区人民法院"}
_LEAVES = 2


class Deeds:
    """Draws deeds; officers are on leave on some days, and a colleague stands in where there is one."""

    def __init__(self, world: World, dice: Random) -> None:
        self.world = world
        self.dice = dice
        self.leave = {
            name: [
                (begin := dice.randrange(2190, 2600), begin + dice.randrange(1, 15)) for _ in range(_LEAVES)
            ]
            for name, (role, _) in ROSTER.items()
            if role in ("handler", "desk_clerk")
        }

    def _here(self, names: list[str], at: int) -> str:
        day = day_of(at)
        present = [n for n in names if not any(a <= day < b for a, b in self.leave.get(n, ()))]
        return self.dice.choice(present or names)

    def clerk(self, case: Case, at: int) -> str:
        return self._here(["clerk4"] if case.receiving == "sp-0004" else ["clerk1", "clerk2"], at)

    def handler(self, case: Case, at: int) -> str:
        tail = case.handling[-1]
        return case.handler or self._here([f"handler{tail}a", f"handler{tail}b"], at)

    def leader(self, case: Case) -> str:
        return f"leader{case.handling[-1]}"

    # -- intake ----------------------------------------------------------------------------------------------
    def receive(self, at: int) -> Deed:
        dice = self.dice
        data = {
            "matter": dice.choice(_MATTERS),
            "desk": "main-01",
            "applicant": "王海",
            "phone": "19900001234",
        }
        if dice.random() < 0.04:
            data |= dice.choice(
                ({"matter": "S-0012"}, {"matter": "S-9999"}, {"phone": ""}, {"applicant": ""})
            )
        who = dice.choice(("clerk1", "clerk1", "clerk2", "clerk2", "head1", "clerk4", "handler1a"))
        more: dict[str, Any] = {}
        if dice.random() < 0.12:
            more["occurred"] = at - int(dice.uniform(-2, 96) * 60) * MINUTE
        return "receive", who, data, more

    # -- the usual course ------------------------------------------------------------------------------------
    def usual(self, case: Case, at: int) -> Deed | None:
        """What somebody does with the case at this stage; None if nobody does anything."""
        course = getattr(self, f"_{case.stage}", None)
        chosen = course(case, at) if course else None
        if chosen is None:
            return None
        action, who = chosen
        return action, who, self.data(action, case, at), self.late(action, case, at)

    def _received(self, case: Case, at: int) -> tuple[str, str] | None:
        fate = self.dice.random()
        if case.matter.on_the_spot and fate < 0.8:
            return "complete_on_the_spot", self.clerk(case, at)
        for share, action in ((0.02, "refuse"), (0.03, "no_permit_needed"), (0.04, "redirect")):
            if fate < share:
                return action, self.handler(case, at)
        if fate < 0.07:
            return "withdraw", self.dice.choice((APPLICANT, self.clerk(case, at)))
        if fate < 0.2:
            return "ask_supplement", self.clerk(case, at)
        if fate < 0.24 and case.counts["ask_supplement"]:
            return "release_supplement", self.leader(case)
        return ("admit", self.clerk(case, at)) if fate < 0.85 else None

    def _supplement_asked(self, case: Case, at: int) -> tuple[str, str] | None:
        fate = self.dice.random()
        if fate < 0.1:
            return "withdraw", APPLICANT
        return ("supplement", self.dice.choice((APPLICANT, self.clerk(case, at)))) if fate < 0.8 else None

    def _admitted(self, case: Case, at: int) -> tuple[str, str] | None:
        if self.dice.random() < 0.6:
            return "hand_over", self.clerk(case, at)
        return self._in_review(case, at, deciding=False)

    def _in_review(self, case: Case, at: int, *, deciding: bool = True) -> tuple[str, str] | None:
        dice = self.dice
        if "request_pause" in case.requests and dice.random() < 0.8:
            return self._answer_pause(case, at)
        if "request_extension" in case.requests and dice.random() < 0.8:
            return dice.choice(("extend", "extend", "decline_extension")), self.leader(case)
        paused = any(clock.paused_at(at) for clock in case.clocks)
        if paused:
            return ("resume", self.handler(case, at)) if dice.random() < 0.4 else None
        fate = dice.random()
        for share, action in ((0.15, "assign"), (0.35, "request_pause"), (0.47, "request_extension")):
            if fate < share:
                return action, self.leader(case) if action == "assign" else self.handler(case, at)
        if fate < 0.52:
            return "add_evidence", self.handler(case, at)
        return ("decide", self.handler(case, at)) if deciding and fate < 0.8 else None

    def _answer_pause(self, case: Case, at: int) -> tuple[str, str]:
        fate = self.dice.random()
        if fate < 0.25:
            return "endorse_pause", self.leader(case)
        if fate < 0.35:
            return "decline_pause", self.leader(case)
        return "pause", self.dice.choice(
            ("watcher", "coordinator", self.leader(case), self.handler(case, at))
        )

    def _decided(self, case: Case, at: int) -> tuple[str, str] | None:
        clock = case.clock("committed")
        late = clock is not None and at > clock.due and "committed" not in case.explained
        if late and self.dice.random() < 0.7:
            return "explain_overrun", self.handler(case, at)
        return ("complete", self.handler(case, at)) if self.dice.random() < 0.8 else None

    def _completed(self, case: Case, at: int) -> tuple[str, str] | None:
        return ("deliver", self.clerk(case, at)) if self.dice.random() < 0.7 else None

    # -- out of turn -----------------------------------------------------------------------------------------
    def mischief(self, case: Case, at: int) -> Deed:
        """Any action by anybody."""
        actions = [code for code in self.world.law.actions if code != "receive"]
        action = self.dice.choice(actions)
        by_rights = self.dice.random() < 0.6
        who = self._somebody_right(case, action) if by_rights else self.dice.choice([*ROSTER, APPLICANT])
        return action, who, self.data(action, case, at), self.late(action, case, at)

    def _somebody_right(self, case: Case, action: str) -> str:
        """Somebody whose post fits one of the action's lines, in the right agency."""
        parties = {"receiving_agency": case.receiving, "handling_agency": case.handling}
        lines = [line.partition(".") for line in self.world.law.actions[action].get("by", ())]
        fitting = [
            name
            for name, (held, agency) in ROSTER.items()
            for party, _, role in lines
            if held == role and parties.get(party, agency) == agency
        ]
        return self.dice.choice(fitting or list(ROSTER))

    def edges(self, case: Case) -> list[int]:
        """Moments at which something changes on the case, and one second later."""
        found = [at for clock in case.clocks if clock.stopped is None for at in (clock.due, clock.warns)]
        found += [clock.open_pause.end for clock in case.clocks if clock.open_pause]
        return [at + aside for at in found for aside in (0, SECOND)]

    def late(self, action: str, case: Case, at: int) -> dict[str, Any]:
        """An earlier moment that is stated, with a second person or without."""
        entries = self.world.law.actions[action].get("late_entry", False)
        if self.dice.random() > (0.25 if entries else 0.02):
            return {}
        occurred = max(case.last, at - self.dice.randrange(1, 40) * HOUR) - (self.dice.random() < 0.1) * HOUR
        second = self.dice.choice(("head1", "leader1", "leader2", "", "clerk1"))
        return {
            "occurred": min(occurred, at),
            "reason": self.dice.choice(("补录", "补录", "")),
            "second": second,
        }

    # -- data ------------------------------------------------------------------------------------------------
    def data(self, action: str, case: Case, at: int) -> dict[str, Any]:
        """What the form would hold; now and then something that must be refused."""
        maker = getattr(self, f"_data_{action}", None)
        return maker(case, at) if maker else {}

    def _bad(self, share: float = 0.06) -> bool:
        return self.dice.random() < share

    def _data_ask_supplement(self, *_: Any) -> dict[str, Any]:
        return {"gaps": [] if self._bad() else ["缺委托书原件"]}

    def _data_release_supplement(self, *_: Any) -> dict[str, Any]:
        return {"reason": "确需再补"}

    def _data_supplement(self, *_: Any) -> dict[str, Any]:
        return {"materials": [] if self._bad() else ["委托书"]}

    def _data_refuse(self, *_: Any) -> dict[str, Any]:
        found = {"reason": "不属于本机关职权范围", "right_organ": "市级主管部门", **_REMEDIES}
        return found | ({self.dice.choice(list(found)): ""} if self._bad(0.2) else {})

    def _data_no_permit_needed(self, *_: Any) -> dict[str, Any]:
        return {"reason": "依法无须许可"}

    def _data_redirect(self, *_: Any) -> dict[str, Any]:
        return {"reason": "属其他机关", "right_organ": "市级主管部门"}

    def _data_complete_on_the_spot(self, *_: Any) -> dict[str, Any]:
        return self._outcome()

    def _outcome(self) -> dict[str, Any]:
        if self.dice.random() < 0.85:
            return {"outcome": "granted"}
        return {"outcome": "denied", "reasons": "" if self._bad(0.3) else "不符合条件", **_REMEDIES}

    def _data_decide(self, case: Case, _: int) -> dict[str, Any]:
        tail = case.handling[-1]
        checkers = [f"handler{tail}a", f"handler{tail}{self.dice.choice('bbba')}"]
        return {**self._outcome(), **({"checkers": checkers} if case.matter.site_check else {})}

    def _data_assign(self, case: Case, _: int) -> dict[str, Any]:
        tail = self.dice.choice(AGENCIES)[-1] if self._bad() else case.handling[-1]
        return {"handler": f"handler{tail}{self.dice.choice('ab')}"}

    def _data_request_pause(self, _: Case, at: int) -> dict[str, Any]:
        days = self.dice.choice((0, 1, 2, 4, 7, 10, 16, 25))
        clock = self.dice.choice(
            (int(self.dice.uniform(0, 24) * 3600) * SECOND, int(17.5 * HOUR), 0, 12 * HOUR)
        )
        end = (day_of(at) + days) * DAY + clock
        notice = day_of(at) - self.dice.randrange(3) + self._bad()
        planned = end if end > at or self._bad() else at + DAY
        return {
            "category": self.dice.choice(_CATEGORIES),
            "basis": "〔2026〕31号",
            "notice_on": notice,
            "planned_end": planned,
            "evidence": not self._bad(),
        }

    def _data_request_extension(self, case: Case, _: int) -> dict[str, Any]:
        clock = case.clock("statutory")
        unit = clock.limit.unit if clock else "wd"
        text = self.dice.choice(("3wd", "5wd", "10wd", "11wd", "0wd", f"2{unit}", "abc"))
        return {"limit": text, "reason": "需补充核查"}

    def _data_decline_pause(self, *_: Any) -> dict[str, Any]:
        return {"reason": "材料已齐"}

    _data_decline_extension = _data_decline_pause

    def _data_explain_overrun(self, *_: Any) -> dict[str, Any]:
        clock = self.dice.choice(("committed", "committed", "committed", "statutory", "delivery"))
        return {"clock": clock, "text": "请电 13812345678" if self._bad() else "核查排期延后，正在制证。"}

    def _data_deliver(self, *_: Any) -> dict[str, Any]:
        return {"method": "desk"}

    def _data_add_evidence(self, *_: Any) -> dict[str, Any]:
        return {"evidence": not self._bad()}
