"""The public page of the journal's checkpoints: what was signed when, for anybody to keep (journal.md section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render

from yukuaiban.core.merkle import BOTH
from yukuaiban.journal import keys, tree
from yukuaiban.web.witnessed import standings

if TYPE_CHECKING:
    from django.http import HttpRequest

_SHOWN = 30


def checkpoints(request: HttpRequest) -> HttpResponse:
    """The newest checkpoints and their witnesses, both notes of the newest one, the keys of log and witnesses."""
    found = tree.latest(_SHOWN)
    standing = standings(found)
    told = {
        "found": [
            (each, each.roots["sha256"].hex(), each.roots["sm3"].hex(), standing[each.size]) for each in found
        ],
        "notes": [(digest.name, tree.published(found[0], digest)) for digest in BOTH] if found else [],
        "keys": keys.trusted(),
    }
    return render(request, "web/checkpoints.html", told)


def checkpoint_note(request: HttpRequest, digest: str) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """The newest note over one hash as plain text, for witnesses and programs."""
    over = next((each for each in BOTH if each.name == digest), None)
    newest = tree.newest()
    if over is None or newest is None:
        raise Http404
    body = tree.published(newest, over)
    return HttpResponse(body, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})
