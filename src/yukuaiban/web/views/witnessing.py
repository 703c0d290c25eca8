"""What witnesses ask of the log besides the notes: keys, proofs of consistency; and what they hand in.

Public and without a session: what is published is signed, and what is handed in is believed for its signature alone.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from yukuaiban.core.merkle import BOTH
from yukuaiban.journal import keys, tree, witnesses
from yukuaiban.web import scope

if TYPE_CHECKING:
    from django.http import HttpRequest

_TEXT = "text/plain; charset=utf-8"
_FRESH = {"Cache-Control": "no-cache"}
_MOST_BYTES = 16_384
_DIGITS = 15


def published_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The verifier keys of the log and of its witnesses, one a line."""
    return HttpResponse("".join(f"{line}\n" for line in keys.trusted()), content_type=_TEXT, headers=_FRESH)


def consistency(request: HttpRequest) -> HttpResponse:
    """`?from=M&to=N`: for both hashes the proof that the tree of checkpoint N begins with that of M leaves."""
    old, new = (_number(request.GET.get(name, "")) for name in ("from", "to"))
    if not 0 < old <= new or tree.checkpoint(new) is None:
        raise Http404
    proofs = {each.name: [step.hex() for step in tree.consistency(each, old, new)] for each in BOTH}
    return JsonResponse({"from": old, "to": new, **proofs})


@csrf_exempt
def cosignatures(request: HttpRequest) -> HttpResponse:
    """Take `{"size": N, "lines": {"sha256": LINE, "sm3": LINE}}`; a refusal is one sentence, 400 or 422."""
    try:
        size, lines = _handed_in(request)
    except (ValueError, TypeError, KeyError, RecursionError):
        return _said(_("应为 JSON：size 是检查点的条数，lines 里 sha256 和 sm3 各一行见证签名。"), 400)
    try:
        witness = witnesses.take(tree.checkpoint(size), lines, scope.now())
    except witnesses.CosignatureRefused as refused:
        return _said(refused.message, HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"size": size, "witness": witness.name})


def _handed_in(request: HttpRequest) -> tuple[int, dict[str, str]]:
    """Size and lines. Raises ValueError, TypeError, KeyError or RecursionError for anything else."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        raise ValueError
    found: dict[str, Any] = json.loads(request.body)
    lines = {str(name): str(line) for name, line in dict(found["lines"]).items()}
    return _number(str(found["size"])), lines


def _said(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", content_type=_TEXT, status=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
