"""What the measure asks before an action: evidence that counts, another agency's eyes, documents, open items."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import evidencing
from yukuaiban.core.errors import ActionRefused, InputInvalid, NotPermitted, Problem
from yukuaiban.evidence.models import EvidenceFile
from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf, SiteVisit, Survey
from yukuaiban.people.district import local_day
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yukuaiban.cases.catalogue import Attempt
    from yukuaiban.cases.models import Case


def case_of(attempt: Attempt) -> Case:
    """The case of an attempt that goes on with one."""
    assert attempt.case is not None  # noqa: S101 - only actions that open a case come without one
    return attempt.case


def leaf_of(attempt: Attempt) -> Leaf:
    """The leaf that the case is about."""
    return Leaf.objects.select_related("node__edition", "survey").get(pk=case_of(attempt).pk)


def edition_of(attempt: Attempt) -> IndexEdition:
    """The edition whose application the case is."""
    return IndexEdition.objects.get(pk=case_of(attempt).pk)


# ---------------------------------------------------------------------------------------------------- leaves


def assign_leaf(attempt: Attempt) -> None:
    """Every agency named is one."""
    named = {attempt.data["handling_agency"], *attempt.data.get("supporting", ())}
    missing = named - set(Agency.objects.filter(code__in=named).values_list("code", flat=True))
    if missing:
        why = f"没有这些单位：{'、'.join(sorted(missing))}"
        raise InputInvalid(Problem(why, "请从列表中选择", field="handling_agency"))


def no_self_score(attempt: Attempt) -> None:
    """A leaf that a survey decides gives itself no score."""
    if leaf_of(attempt).node.method == rules.Method.SURVEY:
        raise ActionRefused("测评类指标不能自评；得分取自满意度测评，由牵头部门办理“采用测评结果”。")


def self_assess(attempt: Attempt) -> None:
    """Complete documents, and at least one that counts for this leaf."""
    leaf, cards = leaf_of(attempt), evidencing.cards_of(case_of(attempt))
    evidencing.refuse_incomplete(cards)
    marked = queries.marked(leaf.node, leaf.node.edition, cards)
    if any(not why for _card, why in marked):
        return
    reasons = "；".join(f"“{card.title}”{why}" for card, why in marked) or "还没有关联材料"
    raise InputInvalid(
        Problem(f"没有一份有效材料：{reasons}", "请先关联所涉期间内、种类相符的材料", field="reason")
    )


def take_survey(attempt: Attempt) -> None:
    """A leaf that a survey decides, and a survey of its edition."""
    leaf = leaf_of(attempt)
    if leaf.node.method != rules.Method.SURVEY:
        raise ActionRefused("这一项不是测评类指标；请由责任单位自评。")
    if not Survey.objects.filter(edition=leaf.node.edition, number=attempt.data["survey"]).exists():
        raise InputInvalid(Problem("没有这一次测评", "请先在申报页录入满意度测评", field="survey"))


def of_another_agency(attempt: Attempt) -> None:
    """Whoever judges a leaf does not stand in an agency that works on it."""
    facts = attempt.state.facts
    own = {str(facts.get("handling_agency", "")), *map(str, facts.get("supporting") or ())}
    if attempt.subject.kind == "staff" and attempt.subject.agency in own:
        raise NotPermitted("不能给本单位负责或配合的指标评分、销号；请由其他单位的人员办理。")


def enter_outside_score(attempt: Attempt) -> None:
    """A score below the own one makes a gap and is entered with its finding."""
    leaf = leaf_of(attempt)
    share = rules.PASSING_GRADE[attempt.data["grade"]]
    gapped = case_of(attempt).stage in {"gap", "rectifying"}
    if not gapped and rules.lower(share, leaf.own_share):
        raise ActionRefused("第三方评分低于自评，这一项应列为缺口：请用“列为缺口”一并录入第三方评分和问题。")


# ------------------------------------------------------------------------------------------------ application


def submit_application(attempt: Attempt) -> None:
    """Every leaf has an owner, every veto leaf is sound, and the paper is there."""
    found = rules.open_items(queries.standings(edition_of(attempt)))
    if found:
        listed = "；".join(f"{each.code} {each.why}" for each in found[:20])
        more = f"……共 {len(found)} 项" if len(found) > 20 else ""
        raise ActionRefused(f"还不能申报：{listed}{more}。")
    enter_step(attempt)


def enter_step(attempt: Attempt) -> None:
    """The document is stored with the case, and the days are in order."""
    _stored(attempt, "document")
    last = queries.last_step(edition_of(attempt))
    on, today = date.fromisoformat(attempt.data["on"]), local_day(attempt.at)
    why = rules.step_problem(on, today, last, "".join(attempt.data["document"]))
    if why:
        raise InputInvalid(Problem(why, "请核对日期和文件", field="on"))


def note_liaison(attempt: Attempt) -> None:
    """Nothing is noted before it was said."""
    _not_future(attempt, "on")


def enter_survey(attempt: Attempt) -> None:
    """Numbers that can be."""
    _not_future(attempt, "on")
    given = attempt.data
    figures = rules.SurveyFigures(given["asked"], given["know"], given["valid"], given["satisfied"])
    if wrong := figures.problems():
        raise InputInvalid([Problem(why, "请核对人数", field="valid") for why in wrong])


def known_leaves(attempt: Attempt) -> None:
    """Every code is a leaf of the edition."""
    known = set(queries.leaf_codes(edition_of(attempt)))
    missing = [code for code in attempt.data["leaves"] if code not in known]
    if missing:
        why = f"没有这些末级指标：{'、'.join(missing)}"
        raise InputInvalid(Problem(why, "请按指标树上的编号填写", field="leaves"))


def invite_evaluator(attempt: Attempt) -> None:
    """Leaves of the edition, and a link that still works."""
    known_leaves(attempt)
    if date.fromisoformat(attempt.data["until"]) < local_day(attempt.at):
        raise InputInvalid(Problem("有效期已经过去", "请填今天或以后的日期", field="until"))


def enter_visit(attempt: Attempt) -> None:
    """A visit of the edition; one that found something says what."""
    found = SiteVisit.objects.filter(edition=edition_of(attempt), number=attempt.data["visit"])
    if not found.exists():
        raise InputInvalid(Problem("没有这个点位", "请填申报页上的点位序号", field="visit"))
    if attempt.data["passed"] == "no" and not attempt.data.get("findings"):
        raise InputInvalid(Problem("没有写发现的问题", "请写明问题", field="findings"))


def _not_future(attempt: Attempt, field: str) -> None:
    if date.fromisoformat(attempt.data[field]) > local_day(attempt.at):
        raise InputInvalid(Problem("日期在今天以后", "请核对日期", field=field))


def _stored(attempt: Attempt, field: str) -> None:
    named: Iterable[Any] = set(attempt.data[field])
    number = case_of(attempt).number
    rows = EvidenceFile.objects.filter(case_number=number, sha256__in=named)
    if set(named) - set(rows.values_list("sha256", flat=True)):
        raise InputInvalid(Problem("文件没有存入本件", "请重新上传", field=field))
