"""Papers that people of a demo hand in: small files, stored and described like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from yukuaiban.evidence import documents
from yukuaiban.evidence.documents import Hand, Said
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.evidence.store import store

if TYPE_CHECKING:
    from yukuaiban.cases.models import Case
    from yukuaiban.people.subject import Subject
    from yukuaiban.site.simulator.world import World


def document(world: World, who: Subject, said: Said, name: str) -> str:
    """A document of that person, each with bytes of its own; its identifier."""
    file = inspect(_paper(world, name), actor=who.actor(), pen=world.pen, source="web")
    return str(documents.add(file, said, Hand(who, world.pen)).uid)


def stored(world: World, case: Case, who: Subject, name: str) -> str:
    """A file in a case, as a form of the case takes it in; its SHA-256."""
    uid = world.pen.uid()
    how = {"case_number": case.number, "kind": "step", "stored_by": who.ref}
    return store(_paper(world, name), stored_at=world.now, uid=uid, **how).sha256


def _paper(world: World, name: str) -> ContentFile[bytes]:
    return ContentFile(f"%PDF-1.4\n% {world.pen.uid()}\n%%EOF\n".encode(), name=f"{name}.pdf")
