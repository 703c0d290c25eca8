"""Rule versions as stored: procedures and calendars. Immutable, so each is parsed once for a process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from yukuaiban.cases.models import StoredCalendar, StoredProcedure
from yukuaiban.core.errors import Problem, Refused
from yukuaiban.core.workcalendar import WorkCalendar, parse_calendar
from yukuaiban.journal.writing import append
from yukuaiban.packs.procedures import parse_procedure

if TYPE_CHECKING:
    from yukuaiban.core.procedures import Procedure
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District
    from yukuaiban.people.access import Subject


@lru_cache(maxsize=256)
def procedure(code: str, version: str) -> Procedure:
    """The procedure in that version; KeyError-like refusal if it was never installed here."""
    stored = StoredProcedure.objects.filter(code=code, version=version).first()
    if stored is None:
        raise Refused(f"没有安装流程 {code} 的版本 {version}；请先安装区县数据包。")
    return parse_procedure(stored.text, file=f"{code}@{version}")


def current_procedure(code: str) -> Procedure:
    """The newest installed version: the one under which new cases are opened."""
    version = (
        StoredProcedure.objects.filter(code=code)
        .order_by("-installed_at", "-id")
        .values_list("version", flat=True)
        .first()
    )
    if version is None:
        raise Refused(f"没有安装流程 {code}；请先安装区县数据包。")
    return procedure(code, version)


@lru_cache(maxsize=256)
def calendar(code: str, version: str) -> WorkCalendar:
    """The compiled calendar of that version."""
    stored = StoredCalendar.objects.filter(code=code, version=version).first()
    if stored is None:
        raise Refused(f"没有日历 {code} 的版本 {version}。")
    return WorkCalendar(parse_calendar(stored.text, file=f"{code}@{version}"), version=version)


def current_calendars() -> Mapping[str, str]:
    """The version in force of each calendar: the newest one that was confirmed."""
    rows = StoredCalendar.objects.exclude(confirmed_at=None).order_by("number")
    return dict(rows.values_list("code", "version"))


def current_calendar(code: str = "office") -> WorkCalendar:
    """The calendar in force."""
    return calendar(code, current_calendars()[code])


def forget() -> None:
    """Empty the caches; for tests that change the database under a running process."""
    procedure.cache_clear()
    calendar.cache_clear()


def install(district: District, *, subject: Subject, pen: Pen) -> list[Problem]:
    """Store the pack's procedures and first calendars; what is there already stays untouched.

    A changed procedure text is a new version for new cases. A calendar that has been installed once changes only
    by an import that a second person confirms, so a differing pack file is reported, not taken over.
    """
    findings: list[Problem] = []
    for code, rule in district.procedures.items():
        _install_procedure(code, rule.version, district.procedure_texts[code], subject, pen)
    for code, text in district.calendar_texts.items():
        findings += _install_calendar(
            code, WorkCalendar(district.calendars[code]).version, text, subject, pen
        )
    return findings


def _install_procedure(code: str, version: str, text: str, subject: Subject, pen: Pen) -> None:
    """A new version, or an earlier one that the pack has gone back to, takes force from now on."""
    newest = StoredProcedure.objects.filter(code=code).order_by("-installed_at", "-id").first()
    if newest is None or newest.version != version:
        StoredProcedure.objects.update_or_create(
            code=code, version=version, defaults={"text": text, "installed_at": pen.moment()}
        )
        append(
            stream=f"rule:{code}",
            type="rule.installed",
            body={"version": version},
            actor=subject.actor(),
            pen=pen,
            source="console",
        )


def _install_calendar(code: str, version: str, text: str, subject: Subject, pen: Pen) -> list[Problem]:
    if StoredCalendar.objects.filter(code=code, version=version).exists():
        return []
    if StoredCalendar.objects.filter(code=code).exists():
        why = f"数据包中的日历 {code} 与已生效的版本不同，未采用"
        return [Problem(why, "日历的改动请走 calendar import，由第二人确认")]
    at = pen.moment()
    StoredCalendar.objects.create(
        code=code,
        version=version,
        number=1,
        text=text,
        made_at=at,
        made_by=subject.ref,
        confirmed_at=at,
        confirmed_by=subject.ref,
    )
    append(
        stream=f"calendar:{code}",
        type="calendar.installed",
        body={"version": version},
        actor=subject.actor(),
        pen=pen,
        source="console",
    )
    return []
