"""Error answers: page and interface say the same sentence and the same request id (security.md section 5).

No database is read for them, so that they stand also when it is away.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import Error, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yukuaiban.core.errors import ActionRefused, InputInvalid, PackInvalid, Refused
from yukuaiban.people.district import installed

QUIET = (Http404, PermissionDenied, SuspiciousOperation, BadRequest)
_API = "/api/"
# Full, over the quota, read-only, and no handle left for one more file.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})
_READ_ONLY = "25006"  # SQLSTATE: a standby, or a database switched to read-only

OLD_PAGE = gettext_lazy("页面停留太久，或浏览器没有保存登录凭据。请返回刷新页面后重新提交。")

# status -> (code, title, sentence, what is saved and the way on)
SENTENCES = {
    400: (
        "bad_request",
        gettext_lazy("请求读不懂"),
        gettext_lazy("浏览器送来的内容不完整或格式不对，没有办理。"),
        gettext_lazy("没有保存任何内容。请返回上一页重新提交。"),
    ),
    401: (
        "not_signed_in",
        gettext_lazy("请先登录"),
        gettext_lazy("没有登录，或登录已经结束。"),
        gettext_lazy("没有保存任何内容。登录后可以继续。"),
    ),
    403: (
        "refused",
        gettext_lazy("现在不能办理"),
        gettext_lazy("按规定您不能办理这一项。"),
        gettext_lazy("没有保存任何内容。需要办理的，请联系有权限的人员。"),
    ),
    404: (
        "not_found",
        gettext_lazy("没有找到"),
        gettext_lazy("这一页不存在，或不在您可以查看的范围内。"),
        gettext_lazy("请核对地址或编号，或从首页重新进入。"),
    ),
    405: (
        "method",
        gettext_lazy("这一页不接受这种请求"),
        gettext_lazy("请从页面上的按钮或链接进入。"),
        gettext_lazy("没有保存任何内容。"),
    ),
    409: (
        "conflict",
        gettext_lazy("情况已经变化"),
        gettext_lazy("这件事在您打开页面之后有了变化，没有办理。"),
        gettext_lazy("没有保存本次提交。请返回查看最新情况，再决定是否办理。"),
    ),
    413: (
        "too_large",
        gettext_lazy("内容太大"),
        gettext_lazy("提交的内容超过上限：每个文件 20 MB，其余内容 2 MB。"),
        gettext_lazy("没有保存任何内容。请压缩或分开后再提交。"),
    ),
    422: (
        "invalid",
        gettext_lazy("填写的内容有误"),
        gettext_lazy("有内容需要改正，没有办理。"),
        gettext_lazy("没有保存任何内容。请按提示改正后再提交。"),
    ),
    429: (
        "too_many",
        gettext_lazy("请稍后再试"),
        gettext_lazy("短时间内请求太多。"),
        gettext_lazy("没有保存任何内容。"),
    ),
    500: (
        "fault",
        gettext_lazy("系统出错了"),
        gettext_lazy("对不起，这是我们的问题。错误已经记录。"),
        gettext_lazy("本次提交没有保存；以前办理的内容不受影响。请稍后再试，仍不行的请报上面的请求编号。"),
    ),
    503: (
        "away",
        gettext_lazy("暂时不能办理"),
        gettext_lazy("数据库正忙或正在维护，请一分钟后再试。"),
        gettext_lazy("本次提交没有保存；已经取得的回执仍然有效。"),
    ),
}


def cannot_store(error: BaseException | None) -> bool:
    """Whether the database or the disk is away, full or read-only: nobody's fault here, and to be tried again."""
    if isinstance(error, Error):
        read_only = getattr(error.__cause__, "sqlstate", None) == _READ_ONLY
        return isinstance(error, OperationalError | InterfaceError) or read_only
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def wants_json(request: HttpRequest) -> bool:
    """Whether the asker is a program."""
    return request.path.startswith(_API)


def keep_ready() -> None:
    """Load what an error page is made of, as long as files can be opened: it is needed when they cannot."""
    answer(HttpRequest(), 503)


def answer(
    request: HttpRequest,
    status: int,
    *,
    reason: str = "",
    refusal: Refused | None = None,
    allow: Sequence[str] = (),
    retry_after: int | None = None,
) -> HttpResponse:
    """The error page, or the same as JSON for the interface."""
    told = _told(request, status, reason, refusal, retry_after)
    if wants_json(request):
        response: HttpResponse = JsonResponse({"error": told["body"]}, status=status)
    else:
        response = HttpResponse(render_to_string("errors/page.html", told), status=status)
    if allow:
        response["Allow"] = ", ".join(allow)
    if retry_after is not None or status == 503:
        response["Retry-After"] = str(retry_after or 60)
    return response


def _told(
    request: HttpRequest, status: int, reason: str, refusal: Refused | None, retry_after: int | None
) -> dict[str, Any]:
    code, title, sentence, saved = SENTENCES[status]
    problems = refusal.problems if isinstance(refusal, InputInvalid) else ()
    opened = refusal.open if isinstance(refusal, ActionRefused) else ()
    said = reason or (refusal.message if refusal and not problems else "") or str(sentence)
    if retry_after is not None:
        said = _("%(said)s请等 %(n)d 秒后再试。") % {"said": said, "n": retry_after}
    request_id = getattr(request, "request_id", "")
    body = {
        "code": code,
        "message": said if not problems else "；".join(str(problem) for problem in problems),
        "fields": [
            {"name": each.field, "why": "；".join(filter(None, (each.why, each.remedy)))} for each in problems
        ],
        "open": [{"code": action, "title": name} for action, name in opened],
        "request_id": request_id,
    }
    return {
        "status": status,
        "title": title,
        "said": said,
        "saved": saved,
        "problems": problems,
        "open": opened,
        "request_id": request_id,
        "brand": brand(),
        "body": body,
        "back": _own_referer(request),
        "elder": request.COOKIES.get("elder") == "1",
    }


def brand() -> dict[str, str]:
    """Brand and district from the pack, or the product's own name if the pack cannot be read."""
    try:
        district = installed()
    except PackInvalid:
        return {"name": _("榆快办"), "district": "", "full": ""}
    return {"name": district.brand, "district": district.name, "full": district.name}


def _own_referer(request: HttpRequest) -> str:
    """The page the person came from, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.headers.get('Host', '')}/"
    return "/" + referer.removeprefix(own) if referer.startswith(own) else ""
