"""The least that any Django program does to take a case in: one view, one case row, one event row, one commit."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import path

from yukuaiban.cases.models import Case
from yukuaiban.journal.models import JournalEvent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def receive(request: HttpRequest) -> HttpResponse:
    """Write both rows with all their columns and answer with a redirect, as the real view does."""
    now, uid = datetime.now(UTC), uuid.uuid4()
    text = json.dumps({"data": request.POST.dict(), "uid": str(uid)}, ensure_ascii=False).encode()
    head = hashlib.sha256(text).digest()
    with transaction.atomic():
        Case.objects.create(
            id=uid,
            district="ganyu",
            number=uid.hex,
            measure="desks",
            procedure="desks",
            procedure_version="1",
            stage="received",
            subject=request.POST["matter"],
            title=request.POST["matter"],
            agency="gy-0012",
            receiving_agency="gy-0012",
            desk=request.POST["desk"],
            query_code="ABC234",
            opened_at=now,
            due_at=now,
            warns_at=now,
            red_at=now,
            breach_at=now,
            next_change_at=now,
            seq=1,
            head=head,
            recorded_at=now,
        )
        JournalEvent(
            uid=uid,
            stream=f"case:{uid.hex}",
            seq=1,
            type="desks.receive",
            source="bare",
            idem_key=uid.hex,
            recorded_at=now,
            text=text,
            hash=head,
        ).save()
    return HttpResponseRedirect(f"/cases/{uid.hex}/receipt")


urlpatterns = [path("bare", receive)]
