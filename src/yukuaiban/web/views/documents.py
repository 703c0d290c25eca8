"""Documents as evidence: the page of one, its files and pictures, and the forms that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import InputInvalid, NotPermitted, Refused
from yukuaiban.evidence import documents, previewing, queries
from yukuaiban.evidence.documents import Anchor, Hand
from yukuaiban.evidence.inspecting import inspect
from yukuaiban.evidence.store import content_of
from yukuaiban.people.district import local_day
from yukuaiban.people.queries import agency_names, names
from yukuaiban.web import scope
from yukuaiban.web.actionforms import show_problems
from yukuaiban.web.anchors import held
from yukuaiban.web.documentforms import AddForm, DescribeForm, MaskForm, ReplaceForm
from yukuaiban.web.documents import file_of, held_anchors, may_change, only_visible, sees_original

if TYPE_CHECKING:
    from datetime import date

    from django import forms
    from django.http import HttpRequest

    from yukuaiban.evidence.inspecting import Inspected
    from yukuaiban.evidence.models import Document, EvidenceFile
    from yukuaiban.web.anchors import Held

_MOST_SHOWN = 5
_DOWNLOAD = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


def document(request: HttpRequest, document: UUID) -> HttpResponse:  # noqa: ARG001 - the gate has loaded the document
    """What is said of it, its pages as pictures, its versions, what it serves."""
    found: Document = request.document  # type: ignore[attr-defined]
    subject = request.subject  # type: ignore[attr-defined]
    versions = queries.history(found)
    original = sees_original(subject, found)
    newest = versions[0]
    file = newest.file if original or not newest.personal else newest.masked
    pages = previewing.page_count(file) if file is not None else 0
    told = {
        "card": newest,
        "versions": versions,
        "original": original,
        "shown": file,
        "pages": range(1, min(pages, _MOST_SHOWN) + 1),
        "page_count": pages,
        "anchors": held_anchors(found),
        "agencies": agency_names(),
        "people": names({card.file.stored_by for card in versions}),
        "may_change": may_change(subject, found),
    }
    return render(request, "web/document.html", told)


def document_file(request: HttpRequest, document: UUID, sha256: str) -> HttpResponse:  # noqa: ARG001 - as above
    """A file as a download that no browser opens by itself (security.md T17)."""
    file = _file(request, sha256)
    answer = HttpResponse(content_of(file), content_type=file.mime, headers=_DOWNLOAD)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return answer


def document_picture(request: HttpRequest, document: UUID, sha256: str, page: int) -> HttpResponse:  # noqa: ARG001
    """A page of a file as a picture that was drawn here."""
    try:
        picture = previewing.page_picture(_file(request, sha256), page)
    except previewing.NoPreview as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/png", headers=_DOWNLOAD)


def document_add(request: HttpRequest, kind: str, key: str) -> HttpResponse:  # noqa: ARG001 - as above
    """GET: the form for a new document of this subject. POST: store it and make it serve."""
    anchor: Held = request.anchor  # type: ignore[attr-defined]
    verdict = anchor.may_attach(request.subject)  # type: ignore[attr-defined]
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)
    if request.method != "POST":
        return _form(request, _("上传材料"), AddForm(day=_today()), back=anchor.url, about=anchor.label)
    form = AddForm(request.POST, request.FILES, day=_today())
    if form.is_valid():
        try:
            _keep(request, form, anchor)
        except Refused as refusal:
            return _form(request, _("上传材料"), form, back=anchor.url, about=anchor.label, refusal=refusal)
        return redirect(anchor.url)
    return _form(request, _("上传材料"), form, back=anchor.url, about=anchor.label, status=422)


def document_attach(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Documents that are stored already serve this subject too; the own agency's are offered."""
    anchor: Held = request.anchor  # type: ignore[attr-defined]
    verdict = anchor.may_attach(request.subject)  # type: ignore[attr-defined]
    if not verdict.allowed:
        raise NotPermitted(verdict.reason)
    if request.method == "POST":
        chosen = documents.by_uids(_uids(request.POST.getlist("documents")))
        if chosen:
            anchor.attach(only_visible(request.subject, chosen), _hand(request))  # type: ignore[attr-defined]
        return redirect(anchor.url)
    text = request.GET.get("text", "").strip()
    there = {card.uid for card in queries.documents_of(Anchor(kind, key))}
    offered = [
        card
        for card in queries.of_agency(request.subject.agency or "", text)  # type: ignore[attr-defined]
        if card.uid not in there
    ]
    told = {"anchor": anchor, "kind": kind, "key": key, "cards": offered, "text": text}
    return render(request, "web/document_attach.html", told)


def document_change(request: HttpRequest, document: UUID) -> HttpResponse:  # noqa: ARG001 - as above
    """`?do=` describe (the first), replace or mask: the form, and doing it."""
    found: Document = request.document  # type: ignore[attr-defined]
    wish = request.GET.get("do", "describe")
    if wish not in _WISHES:
        raise Http404
    title, _make = _WISHES[wish]
    form = _change_form(request, found, wish)
    back = reverse("document", args=[found.uid])
    if request.method != "POST":
        return _form(request, str(title), form, back=back, about=documents.current(found).title)
    if not form.is_valid():
        return _form(request, str(title), form, back=back, about=documents.current(found).title, status=422)
    try:
        _make(request, found, form)
    except Refused as refusal:
        return _form(
            request, str(title), form, back=back, about=documents.current(found).title, refusal=refusal
        )
    return redirect(back)


def document_detach(request: HttpRequest, document: UUID, kind: str, key: str) -> HttpResponse:  # noqa: ARG001 - as above
    """POST: the document does not serve that subject any more, for the reason that is given."""
    found: Document = request.document  # type: ignore[attr-defined]
    anchor = held(kind, key)
    if anchor is None:
        raise Http404
    anchor.detach(found, _hand(request), request.POST.get("reason", ""))
    return redirect(anchor.url)


def _keep(request: HttpRequest, form: AddForm, anchor: Held) -> None:
    file = _inspected(request, form)
    with transaction.atomic():
        made = documents.add(file, form.said(), _hand(request))
        anchor.attach([made], _hand(request))


def _describe(request: HttpRequest, found: Document, form: Any) -> None:
    documents.describe(found, form.said(), _hand(request))


def _replace(request: HttpRequest, found: Document, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    documents.replace(found, _inspected(request, form), form.said(), _hand(request), reason=reason)


def _mask(request: HttpRequest, found: Document, form: Any) -> None:
    documents.add_masked(found, _inspected(request, form), _hand(request))


_WISHES = {
    "describe": (gettext_lazy("补充说明"), _describe),
    "replace": (gettext_lazy("更换为新版本"), _replace),
    "mask": (gettext_lazy("上传脱敏副本"), _mask),
}


def _change_form(request: HttpRequest, found: Document, wish: str) -> forms.Form:
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    if wish == "mask":
        return MaskForm(*given)
    said = documents.said_of(documents.current(found))
    initial = {name: getattr(said, name) for name in said.__dataclass_fields__}
    kind = ReplaceForm if wish == "replace" else DescribeForm
    return kind(*given, day=_today(), initial=initial)


def _form(
    request: HttpRequest,
    title: str,
    form: forms.Form,
    *,
    back: str,
    about: str,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form; a refusal stands at its fields or above them."""
    above = [refusal.message] if refusal else []
    if isinstance(refusal, InputInvalid):
        above = show_problems(form, refusal.problems)
    told = {"title": title, "form": form, "back": back, "about": about, "problems": above}
    return render(request, "web/document_form.html", told, status=422 if refusal else status)


def _file(request: HttpRequest, sha256: str) -> EvidenceFile:
    found = file_of(request.document, sha256, request.subject)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found.file


def _inspected(request: HttpRequest, form: forms.Form) -> Inspected:
    upload = form.cleaned_data["file"]
    actor = request.subject.actor()  # type: ignore[attr-defined]
    return inspect(upload, actor=actor, pen=request.pen, source="web")  # type: ignore[attr-defined]


def _hand(request: HttpRequest) -> Hand:
    return Hand(request.subject, request.pen)  # type: ignore[attr-defined]


def _uids(given: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in given]
    except ValueError as error:
        raise InputInvalid(_("材料编号不对；请刷新页面重新选择。")) from error


def _today() -> date:
    return local_day(scope.now())
