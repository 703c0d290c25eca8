"""Who asks, and what they are to an object: plain values, from which `people.access` decides."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yukuaiban.journal.event import Actor
from yukuaiban.people.policy import Relation
from yukuaiban.people.roles import ROLES, Sight

Kind = Literal["visitor", "staff", "applicant", "partner", "system"]


@dataclass(frozen=True, slots=True)
class PostRef:
    """A post as it counts at a moment; `below` are the agencies under it in the tree."""

    agency: str
    role: str
    id: int | None = None
    below: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. Staff act in one post at a time (`post`); `posts` are all that they could switch to.

    `ref` is how rows and events name the subject (`staff:UID`, `applicant`, `system:worker`). `cases` are the
    numbers of the cases that an applicant has shown to be the own ones.
    """

    kind: Kind
    ref: str = ""
    staff_uid: str | None = None
    post: PostRef | None = None
    posts: tuple[PostRef, ...] = ()
    cases: frozenset[str] = frozenset()
    name: str = ""

    @property
    def role(self) -> str:
        """The role that the policy knows; empty for staff without a post and for the system itself."""
        if self.kind == "staff":
            return self.post.role if self.post else ""
        return "" if self.kind == "system" else self.kind

    @property
    def agency(self) -> str | None:
        """The agency of the post, or None."""
        return self.post.agency if self.post else None

    def actor(self) -> Actor:
        """How the journal names this subject."""
        return Actor(self.ref, self.agency, self.post.role if self.post else None)


VISITOR = Subject("visitor", "visitor")
SYSTEM_WORKER = Subject("system", "system:worker")
SYSTEM_IMPORT = Subject("system", "system:import")
CONSOLE = Subject("system", "system:console")


def relation_of(
    subject: Subject,
    parties: Mapping[str, Any],
    *,
    handler: str = "",
    number: str = "",
    towns: Container[str] = frozenset(),
    accused: Container[str] = frozenset(),
    deleted: bool = False,
) -> Relation:
    """What the subject is to a case whose `parties` name agencies (handling_agency, receiving_agency, …).

    `handler` is the reference of the person the case was given to, `number` the case's number (for applicants),
    `towns` the codes of towns and parks, `accused` the agencies that a confidential complaint is about: whoever
    stands in one of them is kept out, whatever else they are.
    """
    if deleted:
        return Relation.DELETED
    if subject.agency is not None and subject.agency in accused:
        return Relation.ACCUSED
    if subject.kind == "applicant":
        return Relation.OWN if number and number in subject.cases else Relation.OTHER_AGENCY
    named = [code for party in parties.values() for code in agencies_of(party)]
    if subject.kind == "staff" and subject.post is not None:
        if handler and handler == subject.ref:
            return Relation.OWN
        if any(code in agencies_in_sight(subject.post) for code in named):
            return Relation.AGENCY
    return Relation.OTHER_TOWN if any(code in towns for code in named) else Relation.OTHER_AGENCY


def agencies_in_sight(post: PostRef) -> frozenset[str]:
    """The agencies whose cases count as the post's own: for a leader with all below, else the one."""
    mine = frozenset({post.agency})
    role = ROLES.get(post.role)
    return mine | post.below if role is not None and role.sight is Sight.TREE else mine


def visible_agencies(subject: Subject) -> frozenset[str] | None:
    """Whose cases lists may show: None means all, an empty set none. For filters; `decide` still guards each."""
    if subject.kind == "system":
        return None
    post = subject.post
    sight = ROLES[post.role].sight if post is not None and post.role in ROLES else Sight.NOTHING
    if sight is Sight.ALL:
        return None
    if post is None or sight in {Sight.NOTHING, Sight.OWN}:
        return frozenset()
    return agencies_in_sight(post)


def agencies_of(party: Any) -> Sequence[str]:
    """The agency codes of a party: a fact may name one or several."""
    if isinstance(party, str):
        return (party,) if party else ()
    return [str(code) for code in party or ()]
