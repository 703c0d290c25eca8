"""Which actions carry a case on, the most pressing first: one order for case pages and lists.

An action carries a case on if a clock of the procedure waits for it or begins with it, or if it grants what
somebody asked for. Withdrawals, refusals and the like end a case early: they are never offered as its next step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yukuaiban.core.procedures import Action, Procedure


def carrying_on(
    actions: Iterable[Action], procedure: Procedure, running: Collection[str]
) -> tuple[Action, ...]:
    """Those of the actions that carry a case on whose clocks of the codes `running` run.

    First what others wait for without the case moving: a grant, or an answer to a running clock. Then what begins
    a promise to the applicant, then what else moves the case.
    """
    awaited = {code for rule in procedure.clocks if rule.code in running for code in rule.stops}
    begins = {code for rule in procedure.clocks for code in rule.starts}
    ends = {code for rule in procedure.clocks for code in rule.stops}

    def rank(action: Action) -> int | None:
        if action.confirms or (action.code in awaited and not action.to):
            return 0
        if not action.to or action.code not in begins | ends:
            return None
        return 1 if action.code in begins else 2

    ranked = [(place, action) for action in actions if (place := rank(action)) is not None]
    return tuple(action for _place, action in sorted(ranked, key=lambda each: each[0]))
