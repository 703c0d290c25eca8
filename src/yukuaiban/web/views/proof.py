"""验证存证: the page that judges proofs in the browser, the program that it does so with, the proof of a case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from yukuaiban.core.merkle import SHA256
from yukuaiban.journal import keys
from yukuaiban.journal.outside import VERIFIER
from yukuaiban.web import proofs, scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.models import Case


def proof(request: HttpRequest) -> HttpResponse:
    """The page. It believes the keys of this installation alone, whatever keys a file brings along."""
    told = {
        "keys": json.dumps(keys.trusted()),
        "origin": keys.origin(SHA256),
        "titles": json.dumps(proofs.titles(), ensure_ascii=False),
        "zone": str(scope.zone()),
    }
    return render(request, "web/proof.html", told)


def verifier(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands it over
    """The second verifier, as the page imports it and as everybody may keep it."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(VERIFIER.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


def case_proof(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the case
    """The proof of a case as a file, for whoever may open the case."""
    case: Case = request.case  # type: ignore[attr-defined]
    return proofs.attached(case.number)
