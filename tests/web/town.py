"""A small town for the tests of the pages: the fictional district, one person a role, case rows as wanted.

Case rows are made directly: lists read nothing else, and a row is a cached fold that the door keeps true elsewhere.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from yukuaiban.cases import versions
from yukuaiban.cases.models import Case
from yukuaiban.journal.pen import SeededPen
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.case_number import make_number
from yukuaiban.people.district import installed
from yukuaiban.people.importing import import_agencies

NOW = datetime(2026, 11, 23, 2, 26, tzinfo=UTC)  # Monday 10:26 in the district
PASSWORD = "long-enough-and-odd-1"
HOME, FARM, MARKET, OVERSIGHT = "sp-0001", "sp-0002", "sp-0003", "sp-0005"
POSTS = {
    "clerk": ("desk_clerk", HOME),
    "head": ("desk_head", HOME),
    "handler": ("handler", FARM),
    "stranger": ("handler", MARKET),
    "leader": ("agency_leader", FARM),
    "oversight": ("oversight", OVERSIGHT),
    "rules": ("pack_admin", HOME),
    "publisher": ("publisher", HOME),
    "admin": ("system_admin", HOME),
}


def pen_at(moment=NOW, seed="town"):
    return SeededPen(seed, lambda: moment)


def settle(moment=NOW - timedelta(days=40)):
    """The district's agencies, calendars and procedures, as an installation has them."""
    district, pen = installed(), pen_at(moment, "settle")
    versions.forget()
    import_agencies(district, by=CONSOLE, pen=pen)
    versions.install(district, subject=CONSOLE, pen=pen)


def hire(login, role, agency, *, moment=NOW - timedelta(days=30), must_change=False):
    """An account with one post and the password of the tests."""
    pen = pen_at(moment, f"hire-{login}-{role}")
    staff = create_staff(
        login=login, name="周明月", password=PASSWORD, by=CONSOLE, pen=pen, must_change_password=must_change
    )
    grant_post(staff, agency=agency, role=role, by=CONSOLE, reason="测试", pen=pen)
    return staff


def case(n, *, agency=FARM, receiving=HOME, due=None, opened=NOW - timedelta(days=3), **more):
    """A row of the docket; `due` in hours from NOW, red from then on, yellow in the last 24 hours."""
    due_at = NOW + timedelta(hours=due) if due is not None else None
    number = make_number("990101", agency[-4:], opened.date(), n)
    values = {
        "id": uuid.UUID(int=n + 1),
        "district": "sample",
        "number": number,
        "measure": "desks",
        "procedure": "desks",
        "procedure_version": versions.current_procedure("desks").version,
        "stage": "in_review",
        "subject": f"M{n % 7}",
        "title": f"动物防疫条件审查 {n}",
        "agency": agency,
        "receiving_agency": receiving,
        "applicant_shown": "东渔丰禾牧业有限公司",
        "query_code": "A1B2C3",
        "opened_at": opened,
        "due_at": due_at,
        "red_at": due_at,
        "warns_at": due_at - timedelta(hours=24) if due_at else None,
        "next_change_at": due_at,
        "seq": 1,
        "head": b"\x00" * 32,
        "recorded_at": opened,
    }
    return Case(**(values | more))


def put(*rows):
    Case.objects.bulk_create(rows)
    return list(rows)
