"""The self-assessment report: the template of the district filled in the order of the index.

Each statement names its documents; what is missing is a blank, never invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yukuaiban.measures.demonstration import queries, rules
from yukuaiban.measures.demonstration.specimens import REPORT
from yukuaiban.papers.values import Blank
from yukuaiban.papers.words import Written, written
from yukuaiban.people.district import installed
from yukuaiban.people.queries import agency_names

if TYPE_CHECKING:
    from yukuaiban.evidence.queries import Card
    from yukuaiban.measures.demonstration.models import IndexEdition, IndexNode
    from yukuaiban.measures.demonstration.queries import LeafView


def report(edition: IndexEdition, views: Sequence[LeafView]) -> Written:
    """The report as Word, with what a person still has to write. InputInvalid if the district's template is wrong."""
    by_code, names = {view.node.code: view for view in views}, agency_names()
    values = _summary(edition, views) | {
        "nodes": [_node(node, by_code.get(node.code), names) for node in edition.nodes.all()],
        "proofs": [_proof(view, card) for view in views for card in view.counted],
    }
    return written(REPORT.template(installed().root), values)


def _summary(edition: IndexEdition, views: Sequence[LeafView]) -> dict[str, Any]:
    figures = [view.figure for view in views]
    cover = rules.coverage(figures)
    return {
        "title": f"{installed().name}{edition.name}自评报告",
        "issuer": agency_names().get(edition.case.agency, edition.case.agency),
        "since": edition.period_since.isoformat(),
        "until": edition.period_until.isoformat(),
        "leaves": str(len(views)),
        "covered": str(cover.part),
        "coverage": cover.text,
        "assessed": str(sum(view.leaf.own_share is not None for view in views)),
        "score": queries.score_text(rules.score(figures)),
    }


def _node(node: IndexNode, view: LeafView | None, names: Mapping[str, str]) -> dict[str, Any]:
    """A node of the index; only a leaf states something."""
    told = {"code": node.code, "text": node.text, "first": node.level == 1, "leaf": view is not None}
    said: dict[str, Any] = dict.fromkeys(("owner", "survey", "grade", "reason", "cited"), "")
    if view is None:
        return told | said | {"surveyed": False}
    leaf = view.leaf
    owner = "" if view.case.stage == "unassigned" else names.get(view.case.agency, view.case.agency)
    return told | {
        "owner": owner or Blank(f"{node.code} 责任单位"),
        "surveyed": leaf.survey is not None,
        "survey": _survey(view),
        "grade": str(leaf.get_self_grade_display()) if leaf.self_grade else Blank(f"{node.code} 自评"),
        "reason": leaf.self_reason or Blank(f"{node.code} 自评说明"),
        "cited": "；".join(_cited(card) for card in view.counted) or Blank(f"{node.code} 依据材料"),
    }


def _survey(view: LeafView) -> str:
    """The rate with its n, frame and day, marked where the answers are too few."""
    survey = view.leaf.survey
    if survey is None:
        return ""
    found = survey.figures
    few = "" if view.survey_counts else "，样本不足，不计入合计"
    return (
        f"满意率 {found.satisfaction.text}（n={found.valid}，{survey.frame}，{survey.on.isoformat()}{few}）"
    )


def _cited(card: Card) -> str:
    number = f"（{card.document_no}）" if card.document_no else ""
    return f"《{card.title}》{number}[{card.file.sha256[:8]}]"


def _proof(view: LeafView, card: Card) -> dict[str, str]:
    day = card.issued_on.isoformat() if card.issued_on else ""
    issued = f"{card.document_no} {day}".strip()
    return {"code": view.node.code, "title": card.title, "issued": issued, "hash": card.file.sha256[:16]}
