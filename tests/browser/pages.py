"""Every page of the product, from the URL resolver: its address in the busy town and somebody who may see it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tests.browser.busy import EXTRA, Town
from tests.cast import PEOPLE
from tests.security.routes import routes
from yukuaiban.people import access

# Answers to GET that are no pages: a download, a fragment of the hall page, the signs of life, the interface.
NO_PAGES = {
    "plans:ics",
    "plans:report_file",
    "plans:wall_figures",
    "demonstration:outside_file",
    "demonstration:template",
    "document_file",
    "document_picture",
    "evidence_picture",
    "case_proof",
    "checkpoint_note",
    "consistency",
    "evidence",
    "hall_figures",
    "healthz",
    "job_file",
    "journal_keys",
    "readyz",
    "verifier",
}
_API = "api:"
_WHO = {role: login for login, (_name, role, _agency) in PEOPLE.items()} | {
    role: login for login, (role, _agency) in EXTRA.items()
}
# Which of the town's cases a page is about; the other pages of a case stand in MORE.
_CASE = {
    "evidence_view": "paused",
    "case": "paused",
    "case_act": "asked",
    "desks:receipt": "fresh",
    "desks:paper": "supplement",
    "plans:report": "task",
    "supervision:letter": "order",
    "supervision:propose": "extended",
}

# Whom the role alone does not tell: a refusal for whoever asked, the own sheet of an agency, a wall for a session.
_ANSWERS = {
    "desks:light": "handler",
    "case_act": "watcher",
    "plans:sheet": "chief",
    "plans:wall": "watcher",
    "supervision:orders": "watcher",
}
# Pages that ask for more than their route says.
_PATHS = {
    "desks:receive": "/desk/new?matter=S-0007",
    "job": "/jobs/{job}",
    "desks:light": "/desks/lights/{light}",
    "demonstration:difference": "/demonstration/difference?batch=2026&old=2024",
    "plans:lineage": "/plans/lineage/{lineage}",
    "plans:undertaking": "/plans/2026/undertakings/{undertaking}",
    "plans:result_draft": "/plans/2026/undertakings/{undertaking}/result",
}


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page: what it is called in reports, its route or address, who looks, and the expected status."""

    name: str
    who: str = ""
    path: str = ""
    status: int = 200

    def address(self, town: Town) -> str:
        """The path in that town; `{overdue}` in a written one stands for the number of that case."""
        return self.path.format(**town.numbers) if self.path else _reversed(self.name, town)


def every_page() -> list[PageOf]:
    """One page for each route that answers GET with a page, and the variants that look different."""
    found = []
    for route in routes():
        entry = access.operation(route.name)
        if (
            entry is None
            or "GET" not in entry.methods
            or route.name in NO_PAGES
            or route.name.startswith(_API)
        ):
            continue
        path = _PATHS.get(route.name, "")
        found.append(PageOf(route.name, _ANSWERS.get(route.name) or _who(entry), path))
    return [*found, *MORE]


def _who(entry: access.Operation) -> str:
    """Somebody of the cast who may; empty for what everybody may see."""
    if entry.word == access.PUBLIC:
        return ""
    if entry.word:
        return "handler"
    return next(
        login for role, login in _WHO.items() if any(role == each for each, _relation in entry.grants)
    )


def _reversed(name: str, town: Town) -> str:
    case = _CASE.get(name, "fresh")
    values = {
        "number": town.numbers[case],
        "action": "pause",
        "hall": "main",
        "code": "S-0007",
        "day": "2026-03-20",
        "seq": town.ids["seq"],
        **town.ids,
    }
    wanted = next(route.arguments for route in routes() if route.name == name)
    return reverse(name, kwargs={key: values[key] for key in wanted})


MORE = (
    PageOf("reading, what is left", "office", "/plans/2026/reading?at=unread"),
    PageOf("reading, an addition", "office", "/plans/2026/reading?edit=add_agency&words=dy"),
    PageOf("no reading of that year", "office", "/plans/2025/reading", status=404),
    PageOf("leaf, its owner", "handler", "/cases/{leaf}"),
    PageOf("leaf with a gap", "office", "/cases/{gap}"),
    PageOf("application, its office", "office", "/cases/{application}"),
    PageOf("form: assign a leaf", "office", "/cases/{leaf}/act/send_back"),
    PageOf("form: an outer step", "office", "/cases/{application}/act/submit_application"),
    PageOf("tree, its owner", "handler", "/demonstration"),
    PageOf("case, overdue, its handler", "handler", "/cases/{overdue}"),
    PageOf("order, overdue, its office", "watcher", "/cases/{order}"),
    PageOf("order, its agency", "handler", "/cases/{order}"),
    PageOf("order, objected to", "inspector", "/cases/{objected}"),
    PageOf("order, proposed", "watcher", "/cases/{proposed}"),
    PageOf("orders of an agency", "chief", "/supervision"),
    PageOf("form: acknowledge an order", "handler", "/cases/{order}/act/acknowledge"),
    PageOf("form: decide on an objection", "inspector", "/cases/{objected}/act/dismiss_objection"),
    PageOf("form: reject an answer, suspended", "watcher", "/cases/{objected}/act/reject_answer", status=409),
    PageOf("case, explained", "chief", "/cases/{explained}"),
    PageOf("case, delivered", "xiaoyu", "/cases/{decided}"),
    PageOf("case, on the spot", "xiaoyu", "/cases/{spot}"),
    PageOf("case, extension asked", "chief", "/cases/{extended}"),
    PageOf("case, refused", "watcher", "/cases/{refused}"),
    PageOf("form: ask for a pause", "handler", "/cases/{extended}/act/request_pause"),
    PageOf("form: decide", "handler", "/cases/{overdue}/act/decide"),
    PageOf("form: explain", "handler", "/cases/{overdue}/act/explain_overrun"),
    PageOf("form: supplement", "xiaoyu", "/cases/{supplement}/act/supplement"),
    PageOf("form: deliver", "xiaoyu", "/cases/{completed}/act/deliver"),
    PageOf("form: refuse", "handler", "/cases/{fresh}/act/refuse"),
    PageOf("action not open", "handler", "/cases/{decided}/act/decide", status=409),
    PageOf("queue, nothing matches", "handler", "/queue?text=没有这样的"),
    PageOf("queue of the desk", "xiaoyu", "/queue"),
    PageOf("cases, all", "watcher", "/cases?state=all&order=opened"),
    PageOf("workbench, found", "xiaoyu", "/desk?words=sc"),
    PageOf("workbench, not found", "xiaoyu", "/desk?words=没有这样的"),
    PageOf("calendar, importing", "rules", "/calendar?year=2027"),
    PageOf("calendar, confirming", "publisher", "/calendar?year=2027"),
    PageOf("register, waiting sheet", "approver", "/register/matters/show/S-0007"),
    PageOf("notices of the chief", "chief", "/notices"),
    PageOf("account of an administrator", "admin", "/account"),
    PageOf("calculator, a sum", "", "/clock?start=2026-04-30T10:00&limit=10wd"),
    PageOf("calculator, a wrong sum", "", "/clock?start=gestern&limit=10xx", status=422),
    PageOf("matters, nothing found", "", "/matters?words=没有这样的"),
    PageOf("hall in trial", "", "/hall/dongyu"),
    PageOf("no such page", "", "/nothing-here", status=404),
    PageOf("not signed in", "", "/queue"),
)
