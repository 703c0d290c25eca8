"""What can be said of a procedure without running it: names that nobody defined, ways that lead nowhere, nobody to act.

Each check is a small generator of findings; `check` runs all of them, so that the writer of the table sees
everything at once. A table that is wrong by itself still counts as defined, so one fault brings one complaint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from yukuaiban.packs import clockchecks
from yukuaiban.packs.complaints import Complaints, Where
from yukuaiban.packs.draft import Draft, Finding, strings, undefined
from yukuaiban.packs.proceduretables import SECTIONS, ActionTable, LadderTable, StageTable
from yukuaiban.packs.vocabulary import ANYWHERE, APPLICANT, ROLES


def check(draft: Draft, complaints: Complaints) -> None:
    """Note everything wrong with the procedure as a whole."""
    for rule in _CHECKS:
        for found in rule(draft):
            line = draft.source.line(found.where)
            names = ".".join(str(part) for part in found.where if isinstance(part, str))
            complaints.add(found.why, found.remedy, file=draft.source.file, line=line, field=names)


def _doubles(draft: Draft) -> Iterator[Finding]:
    for section in SECTIONS:
        seen: set[str] = set()
        for at, table in enumerate(draft.written(section)):
            code = str(table.get("code", ""))
            if code and code in seen:
                yield Finding((section, at, "code"), f"代码“{code}”写了两次", "每个代码只写一处")
            seen.add(code)


def _stages(draft: Draft) -> Iterator[Finding]:
    if draft.head is not None:
        yield from undefined(draft, "stage", [draft.head.first], ("first",), "阶段")
    if not draft.written("action"):
        yield Finding((), "没有任何动作", "至少写一个 [[action]]")
    elif not any(action.get("start") for action in draft.written("action")):
        yield Finding((), "没有开办的动作", "给第一个动作写 start = true")
    for where, action in draft.placed(ActionTable):
        yield from undefined(draft, "stage", action.sources, (*where, "from"), "阶段")
        if action.to is not None:
            yield from undefined(draft, "stage", [action.to], (*where, "to"), "阶段")
        if action.start and action.to is None:
            yield Finding(where, f"“{action.title}”开办办件，却哪里也不去", "写 to = 开办后的阶段")
        if action.start and action.sources:
            yield Finding((*where, "from"), f"“{action.title}”是开办的动作，没有之前的阶段", "删去 from")


def _ways(draft: Draft) -> Iterator[Finding]:
    """Stages that no way leads to, and open stages from which no way leads to an end; only if all tables are right."""
    if any(len(draft.written(name)) != len(draft.rows[name]) for name in ("stage", "action")):
        return
    stages = draft.placed(StageTable)
    moves = _moves(draft)
    begun = {action.to for action in draft.all(ActionTable) if action.start and action.to}
    reached = _closure(begun, {source: {to for start, to in moves if start == source} for source, _ in moves})
    final = {stage.code for _, stage in stages if stage.final}
    ending = _closure(final, {to: {start for start, end in moves if end == to} for _, to in moves})
    if not stages or not begun:
        return
    for where, stage in stages:
        if stage.code not in reached:
            remedy = f'给一个动作写 to = "{stage.code}"，或删去这个阶段'
            yield Finding(where, f"没有动作能到达阶段“{stage.title}”", remedy)
        elif stage.code not in ending:
            remedy = "写一个从这里出发、最终到达 final = true 的阶段的动作"
            yield Finding(where, f"到了阶段“{stage.title}”就走不到终结，办件永远不能了结", remedy)


def _moves(draft: Draft) -> set[tuple[str, str]]:
    """(from, to) of every action that moves a case; one without `from` moves it from every open stage."""
    anywhere = tuple(stage.code for stage in draft.all(StageTable) if not stage.final)
    return {
        (source, action.to)
        for action in draft.all(ActionTable)
        if action.to is not None and not action.start
        for source in action.sources or anywhere
    }


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    found, fresh = set(start), set(start)
    while fresh:
        fresh = {to for each in fresh for to in ways.get(each, ())} - found
        found |= fresh
    return found


def _who(draft: Draft) -> Iterator[Finding]:
    for where, action in draft.placed(ActionTable):
        if not action.system and not action.by:
            yield Finding(where, f"没有人能做“{action.title}”", '写 by = ["单位关系.角色"]，或 system = true')
        if action.system and action.by:
            yield Finding((*where, "by"), f"“{action.title}”只由系统做，不能再写 by", "删去 by 或 system")
        for entry in action.by:
            yield from _party_role(draft, entry, (*where, "by"))
    for where, rung in draft.placed(LadderTable):
        for entry in rung.notify:
            yield from _party_role(draft, entry, (*where, "notify"))


def _party_role(draft: Draft, entry: str, where: Where) -> Iterator[Finding]:
    if entry == APPLICANT or draft.head is None:
        return
    party, dot, role = entry.partition(".")
    parties = (ANYWHERE, *draft.head.parties)
    if not dot or party not in parties:
        remedy = f"写成 单位关系.角色，单位关系可用：{'、'.join(parties)}；或 {APPLICANT}"
        yield Finding(where, f"“{entry}”的单位关系不认识", remedy)
    elif role not in ROLES:
        yield Finding(where, f"“{entry}”的角色“{role}”不认识", f"可用：{'、'.join(sorted(ROLES))}")


def _parties(draft: Draft) -> Iterator[Finding]:
    """A party that no action records would stay empty, and nobody would be told."""
    kept = {name for action in draft.written("action") for name in strings(action.get("keeps"))}
    for party in draft.head.parties if draft.head else ():
        if party not in kept:
            yield Finding(
                ("parties",), f"没有动作记下“{party}”是哪个单位", f'在开办的动作里写 keeps = ["{party}"]'
            )


def _requests(draft: Draft) -> Iterator[Finding]:
    asked = [action.get("code") for action in draft.written("action") if action.get("request")]
    granted = [action.get("confirms") for action in draft.written("action")]
    for where, action in draft.placed(ActionTable):
        for name, target in (("confirms", action.confirms), ("declines", action.declines)):
            if target is None:
                continue
            yield from undefined(draft, "action", [target], (*where, name), "动作")
            if target in draft.codes("action") and target not in asked:
                yield Finding((*where, name), f"“{target}”不是申请", f"给 {target} 写 request = true")
        if action.request and action.code not in granted:
            yield Finding(where, f"没有人能批准“{action.title}”", f'写一个 confirms = "{action.code}" 的动作')
        if action.counts_from is not None:
            yield from undefined(draft, "action", [action.counts_from], (*where, "counts_from"), "动作")


_CHECKS: tuple[Callable[[Draft], Iterator[Finding]], ...] = (
    _doubles,
    _stages,
    _ways,
    _who,
    _parties,
    _requests,
    *clockchecks.CHECKS,
)
