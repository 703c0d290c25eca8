"""A small town hall: four agencies, a pen with a fixed clock, subjects by role."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yukuaiban.journal.pen import SeededPen
from yukuaiban.people import access
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.people.models import Agency

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    """A list whose last entry is the moment; tests append to it."""
    return [NOW]


@pytest.fixture
def pen(clock):
    return SeededPen(7, lambda: clock[-1])


@pytest.fixture
def agencies(db):
    """A market office with a branch, a farm office, a town."""
    rows = [
        ("a-hall", "望海区行政审批局", "区行政审批局", "department", None, "0001"),
        ("a-market", "望海区市场监督管理局", "区市场监管局", "department", None, "0002"),
        ("a-branch", "望海区市场监督管理局东港分局", "东港分局", "department", "a-market", "0003"),
        ("a-town", "东港镇人民政府", "东港镇", "town", None, "0004"),
    ]
    for code, name, short, kind, parent, number4 in rows:
        Agency.objects.create(
            code=code,
            district="sample",
            name=name,
            short_name=short,
            kind=kind,
            parent_id=parent,
            number4=number4,
        )
    return [row[0] for row in rows]


@pytest.fixture
def make_staff(agencies, pen):
    """Accounts by login, with posts given as (agency, role)."""

    def make(login, *posts):
        staff = create_staff(login=login, name="张三丰", by=access.CONSOLE, pen=pen, source="console")
        for agency, role in posts:
            grant_post(staff, agency=agency, role=role, by=access.CONSOLE, reason="到岗", pen=pen)
        return staff

    return make
