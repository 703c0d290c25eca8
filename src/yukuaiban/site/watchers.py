"""How the witnesses of this installation stand, for `check`: are there enough, and do they still look?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from yukuaiban.journal import tree, witnesses
from yukuaiban.packs.values import WITNESS_QUORUM
from yukuaiban.people.district import installed

SILENT = timedelta(days=1)


def standing(now: datetime) -> Iterator[tuple[bool, str]]:
    """Sentences, each with whether it is a warning."""
    active = [each for each in witnesses.register() if each.until is None]
    needed = installed().value(WITNESS_QUORUM, now.astimezone(ZoneInfo(installed().zone)).date())
    if len(active) < int(str(needed)):
        yield True, f"登记了 {len(active)} 家，未满 {needed} 家；请按 docs/operations.md 请外单位见证"
    newest = tree.newest()
    for each in active:
        heard = witnesses.last_heard(each.name)
        if newest is None or (heard and newest.made_at - heard <= SILENT):
            yield False, f"{each.office}在核对"
        elif now - each.since > SILENT:
            said = f"已 {(now - heard) // timedelta(hours=1)} 小时没有会签" if heard else "登记后还没有会签过"
            yield True, f"{each.office}{said}；请询问该单位"
