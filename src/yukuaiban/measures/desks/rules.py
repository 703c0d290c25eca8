"""The measure's own rules on plain values (rules/desks.md sections 2 to 4 and 8).

Every function here answers with problems or a sentence, or nothing if all is well; who asks gathers the values.
Limits are compared, never counted: counting is the core's business.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yukuaiban.core.errors import Problem
from yukuaiban.core.limits import Limit

ON_THE_SPOT = "on_the_spot"
GRANTED = "granted"
DENIED = "denied"

# What looks like a telephone or an identity number has no place in a text that is published.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The dated values of the pack that these rules use (`rules.toml`); counts are persons, lists or times."""

    extension_cap: Limit
    extension_count: int
    site_check_staff: int
    pause_outside_count: int
    pause_outside_after: int
    pause_leader_after: int
    correction_count: int


@dataclass(frozen=True, slots=True)
class Document:
    """A material of a sheet: `waived` names the paper that forbids asking for it (无证明), empty if none does."""

    name: str
    required: bool = True
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What publishing looks at. Visits and channels as the agency promises them; None: not stated.

    `word_given` is the note of a person that limits of different units have been compared.
    """

    case_kind: str
    statutory_limit: Limit | None
    committed_limit: Limit | None
    visit_count: int | None = None
    visit_reason: str = ""
    online: bool = False
    online_only: bool = False
    courier: bool = False
    documents: tuple[Document, ...] = ()
    word_given: bool = False


def sheet_findings(sheet: Sheet) -> list[Problem]:
    """Why the sheet may not be published; empty if it may (desks.md section 2)."""
    return [
        *_limit_findings(sheet),
        *_visit_findings(sheet),
        *(
            Problem(
                f"材料“{each.name}”属于不再索要的证明（{each.waived}）",
                "请改为非必需或删去",
                field="materials",
            )
            for each in sheet.documents
            if each.required and each.waived
        ),
    ]


def _limit_findings(sheet: Sheet) -> list[Problem]:
    committed, statutory = sheet.committed_limit, sheet.statutory_limit
    found = []
    if committed is not None and committed.amount == 0 and sheet.case_kind != ON_THE_SPOT:
        found.append(
            Problem("承诺时限为 0 只能用于即办件", "请填写时限或改为即办件", field="committed_limit")
        )
    if committed is None or statutory is None:
        return found
    if committed.unit is not statutory.unit:
        if not sheet.word_given:
            why = f"承诺时限（{committed.title()}）与法定时限（{statutory.title()}）单位不同，无法直接比较"
            found.append(Problem(why, "请核对后由审批人确认", field="committed_limit"))
    elif committed.amount > statutory.amount:
        why = f"承诺时限（{committed.title()}）长于法定时限（{statutory.title()}）"
        found.append(Problem(why, "承诺不得超过法定时限，请改短", field="committed_limit"))
    return found


def _visit_findings(sheet: Sheet) -> list[Problem]:
    if sheet.visit_count is None:
        return []
    if sheet.visit_count < 0:
        return [Problem("到现场次数不能小于 0", "请填写 0 或正整数", field="visit_count")]
    if sheet.visit_count == 0 and not (sheet.online or sheet.online_only or sheet.courier):
        return [Problem("到现场 0 次须有网上或寄递渠道", "请补充渠道或改写次数", field="visit_count")]
    if sheet.visit_count > 0 and not sheet.visit_reason:
        return [Problem("须到现场但没有写明理由", "请写明为什么要到现场", field="visit_reason")]
    if sheet.visit_count > 0 and sheet.online_only:
        why = f"不见面办理的事项不应要求到现场 {sheet.visit_count} 次"
        return [Problem(why, "请把次数改为 0，或取消不见面办理", field="online_only")]
    return []


def in_force(since: date, until: date | None, day: date) -> bool:
    """Whether [since, until) covers the day."""
    return since <= day and (until is None or day < until)


# --------------------------------------------------------------------------------------- correction notice


def second_notice_refusal(notices: int, releases: int, *, bounds: Bounds) -> str:
    """Why another correction notice is refused, or nothing: one list once, more only by the leader's release."""
    if notices >= bounds.correction_count + releases:
        return (
            "已一次性告知：补正内容只能一次列全，不能再列第二份清单。"
            "确需再次补正的，请承办单位负责人先“放行再次补正”并写明理由；否则请受理。"
        )
    return ""


# --------------------------------------------------------------------------------------------------- pause


@dataclass(frozen=True, slots=True)
class PauseWish:
    """A pause that is asked for. `workdays` is its planned length on the office calendar."""

    category: str
    basis: str
    notice_on: date
    planned_end: datetime
    evidence: tuple[str, ...]
    workdays: int


@dataclass(frozen=True, slots=True)
class PauseGround:
    """A category as the procedure has it; `cap_end` is the latest end that its cap allows."""

    title: str
    needs_sheet: bool = False
    cap_end: datetime | None = None
    cap_title: str = ""


def pause_problems(
    wish: PauseWish,
    ground: PauseGround | None,
    pausable: Collection[str],
    *,
    at: datetime,
    today: date,
) -> list[Problem]:
    """Why the pause may not be asked for; empty if it may (desks.md section 4, security.md T5)."""
    if ground is None:
        return [Problem("没有这一中止事由", "请从法定和约定的事由中选择", field="category")]
    found = []
    if ground.needs_sheet and wish.category not in pausable:
        why = f"本事项的实施清单没有约定“{ground.title}”可以中止计时"
        found.append(Problem(why, "请改用法定事由，或先修订实施清单", field="category"))
    if not wish.basis:
        found.append(Problem("没有写依据", "请写明条款或文号", field="basis"))
    if not wish.evidence:
        found.append(
            Problem("没有上传告知文书", "中止须书面告知申请人所需时间，请上传该文书", field="evidence")
        )
    if wish.notice_on > today:
        found.append(Problem("告知日期在将来", "请填写实际告知申请人的日期", field="notice_on"))
    if wish.planned_end <= at:
        found.append(Problem("预定结束时间不在将来", "请填写将来的时间", field="planned_end"))
    elif ground.cap_end is not None and wish.planned_end > ground.cap_end:
        why = f"“{ground.title}”最长 {ground.cap_title}"
        found.append(Problem(why, "请改为不超过上限的时间", field="planned_end"))
    return found


@dataclass(frozen=True, slots=True)
class PauseApproval:
    """Who must approve a pause besides the person who asked. Two persons are needed always.

    That covers the last tenth of the limit too, for which security.md T5 asks for two persons in any case.
    """

    outside: bool
    leader: bool


def pause_approval(*, earlier_pauses: int, workdays: int, bounds: Bounds) -> PauseApproval:
    """A second pause or more than 5 wd: a person of another agency; more than 10 wd: the leader as well (T5)."""
    repeated = earlier_pauses + 1 >= bounds.pause_outside_count
    outside = repeated or workdays > bounds.pause_outside_after
    return PauseApproval(outside=outside, leader=workdays > bounds.pause_leader_after)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who is about to approve, beside what was asked."""

    ref: str
    agency: str
    asked_by: str
    handling_agency: str
    leader_agreed: bool


def pause_approval_refusal(need: PauseApproval, person: Approver) -> str:
    """Why this person may not approve the pause, with who may; empty if they may."""
    if person.ref == person.asked_by:
        return "中止须由申请人以外的第二人批准；请转给同事或单位负责人。"
    if need.leader and not person.leader_agreed:
        return "中止时间较长，须先由承办单位负责人“同意暂停”，再由其他单位的人员批准。"
    if need.outside and person.agency == person.handling_agency:
        return "再次中止或中止时间较长，须由其他单位的人员（督查室或营商办）批准；请转给他们办理。"
    return ""


# ----------------------------------------------------------------------------------------------- extension


def extension_problems(
    wanted: Limit,
    *,
    running: Limit | None,
    due_at: datetime | None,
    at: datetime,
    earlier: int,
    bounds: Bounds,
) -> list[Problem]:
    """Why the statutory limit may not be extended so; empty if it may (行政许可法第四十二条).

    Once, by at most 10 working days, in the unit of the limit, and only before it has run out.
    """
    cap = bounds.extension_cap
    if running is None or due_at is None:
        return [Problem("没有正在计时的法定时限", "本件不需要延期", field="limit")]
    found = []
    if earlier >= bounds.extension_count:
        found.append(Problem("已经延期一次", "法定时限只能延期一次", field="limit"))
    if at > due_at:
        found.append(Problem("法定时限已经届满", "届满后不能延期，请写超时说明并尽快办结", field="limit"))
    if wanted.amount <= 0:
        found.append(Problem("延长的天数须大于 0", "请填写，例如 5wd", field="limit"))
    if wanted.unit is not running.unit:
        why = f"延长的单位与原时限（{running.title()}）不同"
        found.append(Problem(why, "请用同一单位填写", field="limit"))
    if wanted.unit is not cap.unit or wanted.amount > cap.amount:
        found.append(Problem(f"最长只能延长 {cap.title()}", f"请填写不超过 {cap} 的时限", field="limit"))
    return found


# ------------------------------------------------------------------------------------- decision, completion


@dataclass(frozen=True, slots=True)
class Remedies:
    """Where a person may go against a refusal: the organ of review and the court (行政许可法第三十八条第二款)."""

    review_organ: str
    court: str

    def problems(self) -> list[Problem]:
        """What is missing of the mandatory information."""
        found = []
        if not self.review_organ:
            found.append(Problem("没有写明行政复议机关", "须告知申请行政复议的权利", field="review_organ"))
        if not self.court:
            found.append(Problem("没有写明管辖法院", "须告知提起行政诉讼的权利", field="court"))
        return found


def decision_problems(
    outcome: str, *, reasons: str, remedies: Remedies, checkers: Sequence[str], checks_needed: int
) -> list[Problem]:
    """Why the decision may not be taken so; empty if it may (行政许可法第三十四、三十八条).

    `checks_needed` is the number of persons that the site check of this matter takes, 0 without one.
    """
    found = []
    if outcome == DENIED:
        if not reasons:
            found.append(Problem("不予许可没有说明理由", "请写明理由和依据", field="reasons"))
        found += remedies.problems()
    if len(set(checkers)) < checks_needed:
        why = f"本事项须现场核查，核查人员不足 {checks_needed} 人"
        found.append(Problem(why, "请选择不同的工作人员", field="checkers"))
    return found


def completion_refusal(*, committed_due: datetime | None, at: datetime, explained: bool) -> str:
    """Why the case may not be completed: past its committed due without a public explanation."""
    if committed_due is None or at <= committed_due or explained:
        return ""
    return "已超过承诺时限：须先写“超时说明”（说明将公开，不含申请人信息），再办结。"


def explanation_problems(text: str, *, overdue: bool) -> list[Problem]:
    """Why the explanation may not be published: nothing is overdue, or it names a person."""
    if not overdue:
        return [Problem("这个时限没有超时", "不需要说明", field="clock")]
    if _PERSONAL.search(text):
        return [Problem("说明里有电话或证件号码", "说明将向社会公开，请删去个人信息", field="text")]
    return []


def on_the_spot_refusal(case_kind: str) -> str:
    """Why the case may not be completed on the spot: its matter is no 即办件."""
    if case_kind == ON_THE_SPOT:
        return ""
    return "只有即办件可以当场办结；承诺件请受理后流转审查。"
