"""What documents may serve: each kind of subject with its title, its page, and who may attach. Rooms above fill it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuaiban.cases import facts
from yukuaiban.cases.acting import act
from yukuaiban.cases.evidencing import ATTACH, CASE, DETACH
from yukuaiban.cases.models import Case
from yukuaiban.core.errors import NotPermitted
from yukuaiban.people.access import Verdict, may_act
from yukuaiban.people.policy import Relation
from yukuaiban.web import objects

if TYPE_CHECKING:
    from yukuaiban.evidence.documents import Hand
    from yukuaiban.evidence.models import Document
    from yukuaiban.people.subject import Subject


@dataclass(frozen=True, slots=True)
class AnchorKind:
    """One kind of subject. `find` gets the key; the others get what it found.

    `may_attach` answers with its reason; `attach` makes documents serve it, by the door of that room; `detach`
    gets the reason as well.
    """

    title: str
    find: Callable[[str], object | None]
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    relate: Callable[[Subject, Any], Relation]
    may_attach: Callable[[Subject, Any], Verdict]
    attach: Callable[[Any, Sequence[Document], Hand], None]
    detach: Callable[[Any, Document, Hand, str], None]


@dataclass(frozen=True, slots=True)
class Held:
    """A subject as it was found: its kind, its key, the thing itself."""

    kind: AnchorKind
    code: str
    key: str
    thing: Any

    @property
    def label(self) -> str:
        """What people call it."""
        return self.kind.label(self.thing)

    @property
    def url(self) -> str:
        """Its page."""
        return self.kind.url(self.thing)

    def may_attach(self, subject: Subject) -> Verdict:
        """Whether the subject may make documents serve it now, with the reason."""
        return self.kind.may_attach(subject, self.thing)

    def attach(self, documents: Sequence[Document], hand: Hand) -> None:
        """Make them serve it. NotPermitted or Refused as its room answers."""
        self.kind.attach(self.thing, documents, hand)

    def detach(self, document: Document, hand: Hand, reason: str) -> None:
        """Let it not serve any more. NotPermitted or Refused as its room answers."""
        self.kind.detach(self.thing, document, hand, reason)


_KINDS: dict[str, AnchorKind] = {}


def enlist(code: str, kind: AnchorKind) -> None:
    """Take in a kind of subject; called once at start by the room that knows it."""
    _KINDS[code] = kind


def held(code: str, key: str) -> Held | None:
    """The subject of that kind and key, or None."""
    kind = _KINDS.get(code)
    thing = kind.find(key) if kind is not None else None
    return None if kind is None or thing is None else Held(kind, code, key, thing)


def relate(subject: Subject, anchor: Held) -> Relation:
    """What a subject of documents is to somebody."""
    return anchor.kind.relate(subject, anchor.thing)


def _find_case(number: str) -> Case | None:
    return Case.objects.filter(number=number).first()


def _may_attach(subject: Subject, case: Case) -> Verdict:
    state = facts.state_of(case)
    action = state.procedure.action(ATTACH.code)
    stage = state.procedure.stage(state.stage) if state.stage else None
    if action is None or not action.open_at(stage):
        return Verdict(allowed=False, reason="这个办件现在不能关联材料。")
    return may_act(subject, action.by, state.facts, handler=str(state.facts.get("handler", "")))


def _attach(case: Case, documents: Sequence[Document], hand: Hand) -> None:
    verdict = _may_attach(hand.subject, case)
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)
    data = {"documents": [str(each.uid) for each in documents]}
    act(case, ATTACH.code, subject=hand.subject, data=data, key=None, pen=hand.pen, source=hand.source)


def _detach(case: Case, document: Document, hand: Hand, reason: str) -> None:
    data = {"documents": [str(document.uid)], "reason": reason}
    if facts.state_of(case).procedure.action(DETACH.code) is None:
        raise NotPermitted("这个办件的材料不能取消关联。")
    act(case, DETACH.code, subject=hand.subject, data=data, key=None, pen=hand.pen, source=hand.source)


enlist(
    CASE,
    AnchorKind(
        title="办件",
        find=_find_case,
        label=lambda case: case.title,
        url=lambda case: f"/cases/{case.number}",
        relate=objects.relate_case,
        may_attach=_may_attach,
        attach=_attach,
        detach=_detach,
    ),
)
objects.enlist("anchor", objects.Kind(lambda given: held(given["kind"], given["key"]), relate))
