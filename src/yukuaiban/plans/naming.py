"""Names of agencies in a text: which agency of the register is meant, or nobody until a person says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin

from yukuaiban.core.errors import NotYetInForce
from yukuaiban.packs.rows import plain_name
from yukuaiban.people.district import installed
from yukuaiban.people.models import Agency

if TYPE_CHECKING:
    from datetime import date

    from yukuaiban.plans.sheet import Sheet

_LEADS = ("区委区政府", "县委县政府", "区委", "县委", "区", "县")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that people may choose, with the letters by which they find it."""

    code: str
    name: str
    short_name: str
    initials: str
    in_force: bool

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.short_name or self.name


class Names:
    """The agencies and groups of the district on a day: one query."""

    def __init__(self, on: date) -> None:
        self.on = on
        rows = Agency.objects.order_by("sort_order", "code").values_list(
            "code", "name", "short_name", "since", "until"
        )
        self.all = [
            Candidate(code, name, short, _initials(short or name), _holds(since, until, on))
            for code, name, short, since, until in rows
        ]
        self.by_code: Mapping[str, Candidate] = {each.code: each for each in self.all}
        self._whole: dict[str, set[str]] = {}
        self._by_form: dict[str, set[str]] = {}
        for each in self.all:
            if each.in_force:
                for name in {plain_name(each.name), plain_name(each.short_name)} - {""}:
                    self._whole.setdefault(name, set()).add(each.code)
                for name in _forms(each.name) | _forms(each.short_name):
                    self._by_form.setdefault(name, set()).add(each.code)

    def meant(self, name: str) -> list[str]:
        """The codes that a name means: one agency, or the members of a group; empty where it is not clear."""
        try:
            group = installed().group(name, self.on)
        except NotYetInForce:
            group = ()
        if group:
            return [each.code for each in group]
        written = self._whole.get(plain_name(name), set())
        found = written or {code for form in _forms(name) for code in self._by_form.get(form, ())}
        return sorted(found) if len(found) == 1 else []

    def in_force(self, code: str) -> bool:
        """Whether there is such an agency on the day."""
        return code in self.by_code and self.by_code[code].in_force

    def shown(self, code: str) -> str:
        """The name of an agency, or its code where it is unknown."""
        return self.by_code[code].shown if code in self.by_code else code

    def search(self, text: str, *, most: int = 12) -> list[Candidate]:
        """Agencies whose name or pinyin initials hold the text, best first: whole names, beginnings, the rest."""
        wanted = plain_name(text).lower()
        if not wanted:
            return []
        ranked = [(_rank(each, wanted), n, each) for n, each in enumerate(self.all) if each.in_force]
        return [each for rank, _n, each in sorted(ranked, key=lambda row: row[:2]) if rank < _NO_HIT][:most]


_NO_HIT = 4


def _rank(each: Candidate, wanted: str) -> int:
    forms = _forms(each.name) | _forms(each.short_name)
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms) or each.initials.startswith(wanted):
        return 1
    if wanted in each.initials or any(wanted in form for form in forms):
        return 2
    return 3 if _in_order(wanted, plain_name(each.name)) else _NO_HIT


def _in_order(letters: str, name: str) -> bool:
    """Whether the signs stand in the name in that order: 住建局 in 住房和城乡建设局."""
    rest = iter(name)
    return all(letter in rest for letter in letters)


def _forms(name: str) -> set[str]:
    """A name as texts may write it: whole, and without the district in front."""
    whole = plain_name(name)
    district = installed().name
    found = {whole}
    for lead in (district, district.rstrip("区县市"), *_LEADS):
        for form in tuple(found):
            if form.startswith(lead) and len(form) - len(lead) > 1:
                found.add(form.removeprefix(lead))
    return found - {""}


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def _holds(since: date | None, until: date | None, on: date) -> bool:
    return (since is None or since <= on) and (until is None or on < until)


def resolve(sheet: Sheet, names: Names) -> Sheet:
    """The sheet with the codes of every agency whose name is clear; what a person assigned stays."""
    for entry in sheet["items"]:
        for each in entry["agencies"]:
            if not each["codes"]:
                each["codes"] = names.meant(each["name"])
    return sheet
