"""Refusals as answers: the sentence of the page, a stable code, the status of security.md section 5."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import Http404
from ninja.errors import HttpError, ValidationError

from yukuaiban.core.errors import (
    ActionRefused,
    CaseMoved,
    InputInvalid,
    KeyReused,
    NotPermitted,
    NotYetInForce,
    Refused,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from ninja import NinjaAPI

# Most special first: the first class that fits decides.
_STATUS: tuple[tuple[type[Refused], int, str], ...] = (
    (ActionRefused, 409, "action_not_open"),
    (CaseMoved, 409, "case_moved"),
    (KeyReused, 409, "key_reused"),
    (NotPermitted, 403, "not_permitted"),
    (NotYetInForce, 422, "not_in_force"),
    (InputInvalid, 422, "input_invalid"),
    (Refused, 422, "refused"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """The parts of an error body."""

    code: str
    message: str
    fields: list[dict[str, str]] = field(default_factory=list)
    open: list[tuple[str, str]] = field(default_factory=list)


# What the framework itself refuses.
_HTTP = {
    401: Said("not_signed_in", "没有登录，或登录已经结束。"),
    403: Said("token_missing", "写入的请求须带防伪凭据：把 csrftoken 的值放在请求头 X-CSRFToken 里。"),
}


def install(api: NinjaAPI) -> None:
    """Give every refusal one shape."""

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        status, code = next((n, name) for kind, n, name in _STATUS if isinstance(error, kind))
        problems = error.problems if isinstance(error, InputInvalid) else ()
        fields = [
            {"name": each.field, "why": "；".join(filter(None, (each.why, each.remedy)))} for each in problems
        ]
        open_here = error.open if isinstance(error, ActionRefused) else ()
        return _answer(api, request, status, Said(code, error.message, fields, list(open_here)))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [
            {"name": ".".join(map(str, each["loc"][1:])), "why": str(each["msg"])} for each in error.errors
        ]
        return _answer(api, request, 422, Said("input_invalid", "请求内容有误，请按各栏说明改正。", fields))

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        said = _HTTP.get(error.status_code, Said("unreadable", "请求内容无法读取，请检查 JSON 格式。"))
        return _answer(api, request, error.status_code, said)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - says nothing on purpose
        return _answer(api, request, 404, Said("not_found", "没有找到，或者您无权查看。"))


def _answer(api: NinjaAPI, request: HttpRequest, status: int, said: Said) -> HttpResponse:
    body = {
        "code": said.code,
        "message": said.message,
        "fields": said.fields,
        "open": [{"code": code, "title": title} for code, title in said.open],
        "request_id": getattr(request, "request_id", ""),
    }
    return api.create_response(request, {"error": body}, status=status)
