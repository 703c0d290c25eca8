"""Registering the witnesses of the journal: two people of different duties, each change an event with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yukuaiban.core.errors import InputInvalid, NotPermitted, Problem
from yukuaiban.journal import witnesses
from yukuaiban.people.access import may_act
from yukuaiban.people.identity import clean_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yukuaiban.journal.pen import Pen
    from yukuaiban.people.subject import Subject

# Whoever could choose the witnesses alone could choose none that looks.
ASKS = ("any.security_admin",)
CONSENTS = ("any.auditor", "any.discipline")


def add_witness(
    office: str, line: str, reason: str, *, asked_by: Subject, consented_by: Subject, pen: Pen, source: str
) -> witnesses.Witness:
    """Register an office with its verifier line, from now on.

    Raises NotPermitted (not theirs, or one person twice), InputInvalid (a name or reason that is empty), NoteError (no
    key of a witness), Refused (its name is registered already).
    """
    change = _change(reason, asked_by, consented_by, pen, source)
    return witnesses.add(_said(office, "单位"), line, change)


def retire_witness(
    name: str, reason: str, *, asked_by: Subject, consented_by: Subject, pen: Pen, source: str
) -> None:
    """From now on take nothing new from the witness of that key name. Raises as `add_witness`."""
    witnesses.retire(name, _change(reason, asked_by, consented_by, pen, source))


def _change(reason: str, asked_by: Subject, consented_by: Subject, pen: Pen, source: str) -> witnesses.Change:
    if asked_by.ref == consented_by.ref:
        raise NotPermitted("见证单位由两个人登记；提出的人不能自己同意。")
    _permitted(asked_by, ASKS)
    _permitted(consented_by, CONSENTS)
    return witnesses.Change(asked_by.actor(), consented_by.ref, _said(reason, "理由"), pen, source)


def _permitted(subject: Subject, by: Sequence[str]) -> None:
    verdict = may_act(subject, by, {})
    if not verdict.allowed:
        raise NotPermitted(f"{subject.name}：{verdict.reason}")


def _said(text: str, field: str) -> str:
    said = clean_name(text)
    if not said:
        raise InputInvalid(Problem("不能为空", f"请写明{field}", field=field))
    return said
