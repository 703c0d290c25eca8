"""Doing an action: the one form page of every action, and the answer to it.

The answer to a form is a redirect to the case. A wrong value comes back in the form (422), a refusal of a rule as
its sentence with what is open instead (409, 403), a case that moved on meanwhile with what has happened since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import auth
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yukuaiban.cases import facts
from yukuaiban.cases.acting import act
from yukuaiban.cases.catalogue import spec_of
from yukuaiban.cases.evidencing import ATTACH, CASE, DETACH
from yukuaiban.cases.hindering import hindrance
from yukuaiban.core.errors import (
    ActionRefused,
    CaseMoved,
    InputInvalid,
    KeyReused,
    NotPermitted,
    Problem,
    Refused,
)
from yukuaiban.evidence.inspecting import Inspected, inspect
from yukuaiban.evidence.store import store
from yukuaiban.people.access import may_act
from yukuaiban.people.models import Staff
from yukuaiban.web import demo
from yukuaiban.web.actionforms import LATE, Asking, form_of, local_moment, raw_data, show_problems
from yukuaiban.web.casepage import gather

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yukuaiban.cases.acting import Acted
    from yukuaiban.cases.models import Case
    from yukuaiban.core.procedures import Action
    from yukuaiban.core.timeline import CaseState
    from yukuaiban.web.casepage import CasePage

_MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Door:
    """The action of this request on its case, as it stands before anything is done."""

    case: Case
    state: CaseState
    action: Action
    asking: Asking


def case_act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """GET: the form. POST: do it, and go to the case."""
    if action == ATTACH.code:
        return redirect("document_add", CASE, request.case.number)  # type: ignore[attr-defined]
    if action == DETACH.code:
        return redirect(f"{reverse('case', args=[number])}#documents")
    door = _door(request, action)
    if request.method != "POST":
        _open_or_refused(request, door)
        hindered = hindrance(door.case, door.state, door.action, request.subject, request.pen.moment())  # type: ignore[attr-defined]
        return _page(request, door, form_of(door.asking), refusal=hindered, shut=hindered is not None)
    form = form_of(door.asking, request.POST, request.FILES)
    try:
        acted = _done(request, door, form)
    except Refused as refusal:
        since = _seen_seq(request) if isinstance(refusal, CaseMoved) else None
        return _page(request, door, form, refusal=refusal, since=since)
    return redirect("case", acted.number)


def _door(request: HttpRequest, code: str) -> Door:
    case: Case = request.case  # type: ignore[attr-defined]
    state = facts.state_of(case)
    action = state.procedure.action(code)
    if action is None or action.system or action.start:
        open_here = [(each.code, each.title) for each in state.procedure.open_actions(state.stage)]
        raise ActionRefused.at(action=code, stage="", open_here=open_here)
    own = request.subject.ref  # type: ignore[attr-defined]
    asking = Asking(spec_of(case.measure, code), state, late_entry=action.late_entry, own_ref=own)
    return Door(case, state, action, asking)


def _open_or_refused(request: HttpRequest, door: Door) -> None:
    """The refusal that the action would meet now, before anybody fills in a form."""
    door.state.procedure.after(door.state.stage, door.action.code)
    handler = str(door.state.facts.get("handler", ""))
    verdict = may_act(request.subject, door.action.by, door.state.facts, handler=handler)  # type: ignore[attr-defined]
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)


def _done(request: HttpRequest, door: Door, form: forms.Form) -> Acted:
    """Store the files and do the action, both or neither. A retry stores nothing again."""
    looked = _looked_at(request, door)
    with transaction.atomic():
        digests = _stored(request, door, looked)
        late = request.POST.get(f"{LATE}at", "").strip() if door.action.late_entry else ""
        acted = act(
            door.case,
            door.action.code,
            subject=request.subject,  # type: ignore[attr-defined]
            data=raw_data(door.asking, form, digests),
            key=request.POST.get("key") or None,
            pen=request.pen,  # type: ignore[attr-defined]
            occurred_at=local_moment(late, "occurred_at") if late else None,
            reason=request.POST.get(f"{LATE}reason", "").strip() if late else "",
            second_actor=_second(request, form) if late else None,
            expected_seq=_seen_seq(request),
        )
        if acted.replayed:
            transaction.set_rollback(True)
    return acted


def _second(request: HttpRequest, form: forms.Form) -> str | None:
    """The second person of a late entry: one of those offered, who consents with the own password.

    Naming a colleague is no consent (security.md T1). In a demo accounts have no password, and none is asked.
    """
    given = request.POST.get(f"{LATE}second", "")
    field = form.fields[f"{LATE}second"]
    if not given or not (isinstance(field, forms.ChoiceField) and field.valid_value(given)):
        return None
    person = Staff.objects.get(uid=given.removeprefix("staff:"))
    if demo.read() is not None and not person.has_usable_password():
        return given
    password = request.POST.get(f"{LATE}password", "")
    if auth.authenticate(request, login=person.login, password=password) != person:
        why, way = _("第二人的密码不对"), _("请第二人本人输入自己的登录密码")
        raise InputInvalid(Problem(why, way, field=f"{LATE}password"))
    return given


def _looked_at(request: HttpRequest, door: Door) -> dict[str, list[Inspected]]:
    """The uploads of each field, judged before the transaction: what the scanner said of them outlives a refusal."""
    found: dict[str, list[Inspected]] = {}
    for name in request.FILES:
        uploads = request.FILES.getlist(name)
        if name not in door.asking.spec.data.model_fields or len(uploads) > _MOST_FILES:
            raise InputInvalid(_("一次最多上传 %(n)d 个文件。") % {"n": _MOST_FILES})
        actor = request.subject.actor()  # type: ignore[attr-defined]
        found[name] = [
            inspect(upload, actor=actor, pen=request.pen, source="web")  # type: ignore[attr-defined]
            for upload in uploads
        ]
    return found


def _stored(
    request: HttpRequest, door: Door, looked: Mapping[str, Sequence[Inspected]]
) -> dict[str, list[str]]:
    """The files of each field as evidence of the case."""
    found: dict[str, list[str]] = {}
    for name, files in looked.items():
        for upload in files:
            file = store(
                upload,
                case_number=door.case.number,
                kind=door.action.code,
                stored_by=request.subject.ref,  # type: ignore[attr-defined]
                stored_at=request.pen.moment(),  # type: ignore[attr-defined]
                uid=request.pen.uid(),  # type: ignore[attr-defined]
            )
            found.setdefault(name, []).append(file.sha256)
    return found


def _seen_seq(request: HttpRequest) -> int | None:
    given = request.POST.get("seq", "")
    return int(given) if given.isascii() and given.isdigit() else None


def _page(
    request: HttpRequest,
    door: Door,
    form: forms.Form,
    *,
    refusal: Refused | None = None,
    since: int | None = None,
    shut: bool = False,
) -> HttpResponse:
    """The form with what was refused; `shut` leaves the form away, where it would be refused whatever it says."""
    page = gather(door.case, request.subject, request.pen.moment())  # type: ignore[attr-defined]
    above = show_problems(form, refusal.problems) if isinstance(refusal, InputInvalid) else []
    context: dict[str, Any] = {
        "case": door.case,
        "action": door.action,
        "title": door.asking.spec.title,
        "form": form,
        "page": page,
        "problems": above,
        "refused": refusal.message if refusal and not isinstance(refusal, InputInvalid) else "",
        "open": _instead(page, door.action.code) if isinstance(refusal, ActionRefused) else (),
        "who": _who(page, door.action.code) if isinstance(refusal, NotPermitted) else "",
        "shut": shut,
        "news": _news(page, since),
        # A refused form is a new request: another key, and the case as it stands now.
        "key": request.POST.get("key") if isinstance(refusal, InputInvalid) else request.pen.uid(),  # type: ignore[attr-defined]
        "seq": page.state.seq,
        "asked_for": page.requests,
        "has_files": form.is_multipart(),
    }
    return render(request, "web/act.html", context, status=_status(refusal))


def _status(refusal: Refused | None) -> int:
    if refusal is None:
        return 200
    if isinstance(refusal, NotPermitted):
        return 403
    return 409 if isinstance(refusal, ActionRefused | KeyReused | CaseMoved) else 422


def _instead(page: CasePage, code: str) -> list[tuple[str, str]]:
    """What this person may do instead of the action that was refused."""
    return [
        (row.action.code, row.action.title) for row in page.rows if row.allowed and row.action.code != code
    ]


def _who(page: CasePage, code: str) -> str:
    return next((row.who for row in page.rows if row.action.code == code), "")


def _news(page: CasePage, since: int | None) -> list[Any]:
    """What has happened on the case since the form was opened, newest first."""
    return list(page.timeline[: max(0, page.count - since)]) if since is not None else []
