"""Opening a leaf, and the application of an edition: both belong to the office that coordinates the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.cases.catalogue import ApplicantData, Opening
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.measures.demonstration.models import IndexEdition, IndexNode
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from yukuaiban.cases.catalogue import Attempt

_TITLE = 200


def leaf(attempt: Attempt) -> Opening:
    """The case of a leaf: titled by the node, in the hands of the coordinator until it is assigned."""
    node = IndexNode.objects.filter(
        edition__batch=attempt.data["edition"], code=attempt.data["code"], leaf=None
    ).first()
    if node is None:
        raise InputInvalid(Problem("没有这个指标，或已经立项", "请先导入指标体系", field="code"))
    subject = f"{attempt.data['edition']}/{node.code}"
    return _opening(attempt, f"{node.code} {node.text}", subject)


def application(attempt: Attempt) -> Opening:
    """The case of an edition: a batch is applied for once."""
    batch = attempt.data["batch"]
    if IndexEdition.objects.filter(batch=batch).exists():
        raise InputInvalid(Problem(f"批次“{batch}”已经导入", "新版请用新的批次号，旧版保留", field="batch"))
    return _opening(attempt, attempt.data["name"], batch)


def _opening(attempt: Attempt, title: str, subject: str) -> Opening:
    own = attempt.subject.agency
    agency = Agency.objects.filter(code=own).first() if own else None
    if agency is None:
        raise InputInvalid(Problem("没有牵头单位", "请以牵头部门的岗位办理"))
    parties = {"receiving_agency": agency.code, "handling_agency": agency.code}
    facts = parties | {"subject": subject[:64]}
    return Opening(
        number_agency=agency.number4 or "0000",
        title=title[:_TITLE],
        facts=facts,
        limits={},
        applicant=ApplicantData(name=""),
        shown="",
    )
