"""What clients do in the rounds of a power cut or a failover, and how they and the journal are compared afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from tests.cast import PERMIT
from tests.reliability.scene import clerk
from yukuaiban.cases.acting import act
from yukuaiban.cases.models import Case
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.evidence.store import path_of, store
from yukuaiban.journal.models import JournalEvent
from yukuaiban.journal.verifying import verify
from yukuaiban.journal.writing import head_of
from yukuaiban.site.livepen import LivePen

PAIR = 2  # deeds of one case: taken in, admitted


def deed(name: str, place: int, *, papers: bool = False, pen: LivePen | None = None) -> str:
    """The wish number `place` of a client, with its key: take a case in, or admit the one before. What it was told."""
    pen, who, key = pen or LivePen(), clerk(), f"{name}-{place}"
    if place % PAIR == 0:
        data = {"matter": PERMIT, "desk": "main-01", "applicant": "王海", "phone": "19900001234"}
        done = act(None, "receive", procedure="desks", subject=who, data=data, key=key, pen=pen)
        seq = done.seq
    else:
        before = JournalEvent.objects.get(idem_key=f"{name}-{place - 1}")
        number = before.stream.removeprefix("case:")
        done = act(Case.objects.get(number=number), "admit", subject=who, data={}, key=key, pen=pen)
        seq = done.seq
    told = {
        "key": key,
        "stream": f"case:{done.number}",
        "seq": seq,
        "hash": (head_of(f"case:{done.number}").hash or b"").hex(),
    }
    if papers:
        told["paper"] = paper(done.number, key, pen)
    return json.dumps(told)


def paper(number: str, text: str, pen: LivePen) -> str:
    """A paper stored with the case; its hash once the row is committed."""
    content = ContentFile(f"%PDF-1.4\n% {text}\n%%EOF\n".encode(), name="告知书.pdf")
    with transaction.atomic():
        file = store(
            content,
            case_number=number,
            kind="notice",
            stored_by="staff:1",
            stored_at=pen.moment(),
            uid=pen.uid(),
        )
    return file.sha256


def lost(told: Iterable[dict[str, Any]]) -> list[str]:
    """The keys whose event is not there as it was acknowledged, or whose paper does not lie whole on the disk."""
    columns = ("stream", "seq", "hash")
    found = {
        row[0]: row[1:]
        for row in JournalEvent.objects.exclude(idem_key=None).values_list("idem_key", *columns)
    }
    return [each["key"] for each in told if not _there(each, found.get(each["key"]))]


def _there(each: dict[str, Any], row: tuple[str, int, bytes] | None) -> bool:
    if row is None or (row[0], row[1], bytes(row[2]).hex()) != (each["stream"], each["seq"], each["hash"]):
        return False
    return "paper" not in each or _whole(path_of(each["paper"]), each["paper"])


def _whole(path: Path, digest: str) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def asked_again(names: Iterable[str], told: list[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Each client repeats its last acknowledged deed and the one after, twice each; whether the answers agree."""
    answers = {each["key"]: each for each in told}
    for name in names:
        done = sum(key.startswith(f"{name}-") for key in answers)
        for place in range(max(done - 1, 0), done + 1):
            first, second = (json.loads(deed(name, place)) for _ in range(2))
            said = answers.get(first["key"], first)
            alike = all(first[word] == second[word] == said[word] for word in ("key", "stream", "seq"))
            yield first["key"], alike


def verdict() -> dict[str, Any]:
    """The journal and the rows as they stand, and how many cases there are for how many wishes to open one.

    Orders that the worker itself proposes on overdue cases are nobody's wish.
    """
    report = verify(folds={"case:": fold_differences}, streams={"case:": case_streams})
    keys = JournalEvent.objects.exclude(idem_key=None).values_list("idem_key", flat=True)
    opened = [key for key in keys if int(key.rpartition("-")[2]) % PAIR == 0]
    return {
        "green": report.ok,
        "first": str(report.first or ""),
        "doubled": Case.objects.filter(measure="desks").count() - len(opened),
    }
