"""THE access policy: the one place that answers whether somebody may do something, always with a reason.

Two kinds of files are the source (security.md section 4): `permissions.toml` for operations (`decide`; its format
is told in `people.policy`) and the `by` lines of procedures for actions on a case (`may_act`). Views ask, the gate
in front of them and the door of the docket obey; nothing else decides. Deny by default.

Seeing: a person sees the cases of the own agency and those shared with it (handling or receiving), a leader those
of the agencies below too, coordinator and oversight all. Acting is narrower: `PARTY.ROLE` means that role in that
very agency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yukuaiban.people.masks import Level, mask
from yukuaiban.people.policy import (
    PROCEDURE,
    PUBLIC,
    STAFF,
    MaskRule,
    Operation,
    Policy,
    Relation,
    read_policy,
)
from yukuaiban.people.queries import agency_names
from yukuaiban.people.roles import ROLES, STAFF_ROLES, Sight, role_title
from yukuaiban.people.subject import (
    CONSOLE,
    SYSTEM_IMPORT,
    SYSTEM_WORKER,
    VISITOR,
    PostRef,
    Subject,
    agencies_in_sight,
    agencies_of,
    relation_of,
    visible_agencies,
)

__all__ = [
    "CONSOLE",
    "SYSTEM_IMPORT",
    "SYSTEM_WORKER",
    "VISITOR",
    "Operation",
    "PostRef",
    "Relation",
    "Subject",
    "Verdict",
    "agencies_in_sight",
    "decide",
    "load_policy",
    "may_act",
    "operation",
    "policy",
    "relation_of",
    "shown",
    "visible_agencies",
]

ANYWHERE = "any"
APPLICANT = "applicant"
# What the gate answers: security.md section 5.
OK, SIGN_IN, FORBIDDEN, MISSING, WRONG_METHOD = 200, 401, 403, 404, 405


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, its reason as a sentence, and what the gate answers (200, 401, 403, 404, 405)."""

    allowed: bool
    reason: str
    answer: int = OK


# ------------------------------------------------------------------------------------- the installed policy

_INSTALLED: dict[str, Policy] = {}


def load_policy(paths: Iterable[Path]) -> Policy:
    """Read the files and put them in force for this process. PackInvalid stops the start."""
    _INSTALLED["policy"] = read_policy(paths)
    return _INSTALLED["policy"]


def policy() -> Policy:
    """The policy in force; RuntimeError if the registry has not loaded one (a fault of the program)."""
    if "policy" not in _INSTALLED:
        message = "no access policy is loaded"
        raise RuntimeError(message)
    return _INSTALLED["policy"]


def operation(name: str) -> Operation | None:
    """The entry of an operation, or None: then nobody may do it."""
    return policy().operations.get(name)


# ---------------------------------------------------------------------------------------------- operations


def decide(
    subject: Subject,
    operation: str,
    method: str,
    relation: str = Relation.NONE,
    *,
    rules: Policy | None = None,
) -> Verdict:
    """May this subject do this operation with this method on an object in this relation? Deny by default.

    A route that the role does not know answers like a missing one, and so does a foreign object where the entry
    conceals; a refusal that the person may know of is 403 with its reason. ValueError for an unknown relation.
    """
    entry = (rules or policy()).operations.get(operation)
    if entry is None:
        return _no(_("此操作没有写入权限文件，一律不予办理。"), MISSING)
    if method not in entry.methods:
        words = {"method": method, "ways": "、".join(sorted(entry.methods))}
        return _no(_("此地址不接受 %(method)s，只接受 %(ways)s。") % words, WRONG_METHOD)
    if entry.word == PUBLIC:
        return _yes(_("公开，任何人可用。"))
    if subject.kind == "visitor" and not relations_open_to(entry, "visitor"):
        return _no(_("请先登录。"), SIGN_IN)
    if entry.word == STAFF and subject.kind == "staff":
        return _yes(_("工作人员登录后均可使用。"))
    return _by_role(entry, subject.role, Relation(relation))


def relations_open_to(entry: Operation, role: str) -> frozenset[str]:
    """The relations in which a role may do this operation; empty if the entry does not know the role."""
    if entry.word == PUBLIC or (entry.word == STAFF and role in STAFF_ROLES):
        return frozenset(Relation)
    if entry.word == PROCEDURE:
        return _seen_by(role)
    return frozenset(relation for named, relation in entry.grants if named == role)


_SEEN: dict[Sight, frozenset[str]] = {
    Sight.NOTHING: frozenset(),
    Sight.OWN: frozenset({Relation.OWN, Relation.NONE}),
    Sight.AGENCY: frozenset({Relation.OWN, Relation.AGENCY, Relation.NONE}),
    Sight.TREE: frozenset({Relation.OWN, Relation.AGENCY, Relation.NONE}),
    Sight.ALL: frozenset(Relation) - {Relation.ACCUSED, Relation.DELETED},
}


def _seen_by(role: str) -> frozenset[str]:
    known = ROLES.get(role)
    return _SEEN[known.sight] if known else frozenset()


def _by_role(entry: Operation, role: str, relation: Relation) -> Verdict:
    mine = relations_open_to(entry, role)
    words = {"role": role_title(role), "object": _object_title(relation)}
    if relation in mine:
        return _yes(_("“%(role)s”可以办理%(object)s。") % words)
    if not mine:
        return _no(_("不属于“%(role)s”的职责范围。") % words if role else _("您的账号还没有岗位。"), MISSING)
    if relation is Relation.DELETED:
        return _no(_("没有这个办件，或已经删除。"), MISSING)
    return _no(_("“%(role)s”不办理%(object)s。") % words, MISSING if entry.conceal else FORBIDDEN)


def _object_title(relation: Relation) -> str:
    return {
        Relation.OWN: _("自己的办件"),
        Relation.AGENCY: _("本单位的办件"),
        Relation.OTHER_AGENCY: _("其他单位的办件"),
        Relation.OTHER_TOWN: _("其他镇（园区）的办件"),
        Relation.ACCUSED: _("被反映单位是本单位的办件"),
        Relation.DELETED: _("已删除的办件"),
        Relation.NONE: _("此项业务"),
    }[relation]


def _yes(reason: str) -> Verdict:
    return Verdict(allowed=True, reason=reason)


def _no(reason: str, answer: int = FORBIDDEN) -> Verdict:
    return Verdict(allowed=False, reason=reason, answer=answer)


# -------------------------------------------------------------------------------------- actions on a case


def may_act(
    subject: Subject,
    by: Sequence[str],
    facts: Mapping[str, Any],
    *,
    handler: str = "",
    number: str = "",
    names: Mapping[str, str] | None = None,
) -> Verdict:
    """May this subject do an action whose `by` entries are `PARTY.ROLE`, on a case with these facts?

    A named `handler` stands for the role in the agency: colleagues are refused until the leader gives the case to
    them. `number` is the case's number; an applicant must have shown it to be the own one. `names` are agency
    names for the reason; without them one query reads them when somebody is refused.
    """
    if subject.kind == "system":
        return _yes(_("由系统办理。"))
    if subject.kind == APPLICANT:
        return _applicant(subject, by, number)
    if subject.post is None:
        return _no(_("请先登录。"), SIGN_IN) if subject.kind != "staff" else _no(_("您的账号还没有岗位。"))
    if any(_fits(subject.post, subject.ref, entry, facts, handler) for entry in by):
        return _yes(_("由您的岗位办理。"))
    return _no(_refusal(subject, by, facts, handler=handler, names=names))


def _applicant(subject: Subject, by: Sequence[str], number: str) -> Verdict:
    if APPLICANT not in by:
        return _no(_("此项由承办单位办理，申请人不能自行办理。"))
    if number and number not in subject.cases:
        return _no(_("没有这个办件，或查询信息不符。"), MISSING)
    return _yes(_("由申请人本人办理。"))


def _fits(post: PostRef, ref: str, entry: str, facts: Mapping[str, Any], handler: str) -> bool:
    """Whether the post is the one that an entry means, and the person the one that was named."""
    party, dot, role = entry.partition(".")
    if not dot or role != post.role:
        return False
    if party == ANYWHERE:
        return True
    if post.agency not in agencies_of(facts.get(party)):
        return False
    return role != "handler" or not handler or handler == ref


def _refusal(
    subject: Subject,
    by: Sequence[str],
    facts: Mapping[str, Any],
    *,
    handler: str,
    names: Mapping[str, str] | None,
) -> str:
    """Why not, and who may: a clerk who reads this rings nobody."""
    if names is None:
        names = agency_names()
    post = subject.post
    for other in subject.posts:
        if any(_fits(other, subject.ref, entry, facts, handler) for entry in by):
            words = {"agency": names.get(other.agency, other.agency), "role": role_title(other.role)}
            return _("请先在页首切换到“%(agency)s %(role)s”岗位，再办理。") % words
    if handler and post and any(_fits(post, subject.ref, entry, facts, "") for entry in by):
        return _("已交由本单位指定的经办人办理；需要改派时，请找单位负责人。")
    who = "、".join(dict.fromkeys(_holder(entry, facts, names) for entry in by))
    words = {"who": who, "role": role_title(post.role if post else "")}
    if post and any(entry.partition(".")[2] == post.role for entry in by):
        return _("由%(who)s办理，不在您的单位。") % words
    return _("由%(who)s办理，您现在的岗位是“%(role)s”。") % words if who else _("此项由系统到时自动办理。")


def _holder(entry: str, facts: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """An entry in words: 区市场监管局经办人."""
    party, dot, role = entry.partition(".")
    if not dot:
        return role_title(party)
    if party == ANYWHERE:
        return role_title(role)
    agencies = "、".join(names.get(code, code) for code in agencies_of(facts.get(party)))
    return f"{agencies or _('承办单位')}{role_title(role)}"


# --------------------------------------------------------------------------------------------------- masks


def shown(
    mask_set: str,
    kind: str,
    value: str,
    *,
    subject: Subject,
    relation: str,
    is_open: bool = True,
    rules: Policy | None = None,
) -> str:
    """The value as this subject may see it: page, export, interface and notice all ask here."""
    rule = mask_rule(mask_set, kind, subject=subject, relation=relation, is_open=is_open, rules=rules)
    return mask(kind, value, rule.level if rule else Level.HIDDEN)


def mask_rule(
    mask_set: str,
    kind: str,
    *,
    subject: Subject,
    relation: str,
    is_open: bool = True,
    rules: Policy | None = None,
) -> MaskRule | None:
    """The rule that fits, or None: hidden. Its `reveal` says whether the full value may be asked for."""
    return (rules or policy()).mask_rule(
        mask_set, kind, role=subject.role, relation=relation, is_open=is_open
    )
