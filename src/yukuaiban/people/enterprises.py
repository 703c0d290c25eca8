"""Enterprises from a table: an import is one event on the register; names that look alike are found by their shape."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from yukuaiban.core.canonical import canonical
from yukuaiban.core.errors import InputInvalid, Problem
from yukuaiban.journal.writing import append
from yukuaiban.people.identity import check_phone, check_uscc, clean_name, normalise, visible
from yukuaiban.people.importing import Imported
from yukuaiban.people.models import Enterprise

if TYPE_CHECKING:
    from yukuaiban.journal.pen import Pen
    from yukuaiban.packs import District
    from yukuaiban.people.subject import Subject

ENTERPRISES = "register:enterprises"
_LENGTHS = {"name": 200, "address": 300}
# The headings that files really have, for each field.
_HEADINGS = {
    "uscc": ("uscc", "统一社会信用代码", "社会信用代码", "信用代码"),
    "name": ("name", "企业名称", "单位名称", "名称", "市场主体名称"),
    "address": ("address", "住所", "地址", "注册地址", "经营场所"),
    "phone": ("phone", "联系电话", "电话", "手机号码"),
}


def import_enterprises(
    rows: Iterable[Mapping[str, Any]], *, district: District, by: Subject, pen: Pen, source: str = "console"
) -> Imported:
    """Take in enterprises; a row is refused alone, with its reason, and the others go on.

    `rows` are dicts by heading (Chinese headings are known). A row without a code is kept `unverified` under name,
    address and phone. A known enterprise is brought up to date; empty cells erase nothing. Two rows of one
    enterprise that contradict each other: the first one counts, the second is refused.
    """
    done = Imported()
    digest = hashlib.sha256()
    seen: dict[str, dict[str, Any]] = {}
    with transaction.atomic():
        for number, row in enumerate(rows, 2):
            values = _named(row)
            digest.update(canonical(values))
            try:
                found, warnings = _read_enterprise(values, district.phone_area, named=has_names(row))
                _refuse_contradiction(found, seen)
            except InputInvalid as refusal:
                done.refused += 1
                done.problems += [_on_line(each, number) for each in refusal.problems]
                continue
            done.warnings += [Problem(why, field="uscc", line=number) for why in warnings]
            outcome = _put_enterprise(found, district=district.code, pen=pen)
            setattr(done, outcome, getattr(done, outcome) + 1)
        if done.rows:
            body: dict[str, Any] = {
                "rows": done.rows,
                "added": done.added,
                "changed": done.changed,
                "same": done.same,
            }
            body |= {"refused": done.refused, "digest": digest.hexdigest()}
            append(
                stream=ENTERPRISES,
                type="enterprises.imported",
                body=body,
                actor=by.actor(),
                pen=pen,
                source=source,
            )
    return done


def has_names(row: Mapping[str, Any]) -> bool:
    """Whether a table with these headings names its enterprises; a list of codes alone does not."""
    return any(clean_name(str(key)) in _HEADINGS["name"] for key in row)


def readable_as_enterprises(row: Mapping[str, Any]) -> bool:
    """Whether these headings tell who is meant: by name or by code."""
    return has_names(row) or any(clean_name(str(key)) in _HEADINGS["uscc"] for key in row)


def _refuse_contradiction(found: dict[str, Any], seen: dict[str, dict[str, Any]]) -> None:
    """InputInvalid if an earlier row of the same table says otherwise about the same enterprise."""
    told = {name: found[name] for name in ("name", "address", "phone")}
    before = seen.setdefault(found["uscc"] or found["match_key"], told)
    if any(before[name] and told[name] and before[name] != told[name] for name in told):
        why = _("同一文件中同一主体出现两次，内容不同")
        raise InputInvalid(Problem(why, _("请只保留一行"), field="uscc" if found["uscc"] else "name"))


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a row by our names, as text."""
    texts = {clean_name(str(key)): str(value or "") for key, value in row.items()}
    return {
        name: clean_name(next((texts[head] for head in heads if head in texts), ""))
        for name, heads in _HEADINGS.items()
    }


def _on_line(problem: Problem, line: int) -> Problem:
    return Problem(problem.why, problem.remedy, field=problem.field, file=problem.file, line=line)


def _read_enterprise(
    values: Mapping[str, str], area: str, *, named: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The columns of a row, or InputInvalid with all that is wrong with it."""
    found: dict[str, Any] = {"uscc": None, "phone": "", "raw": dict(values), "warnings": []}
    found |= {"name": values["name"], "address": values["address"]}
    problems = _length_problems(values)
    if not values["name"] and not named and values["uscc"]:
        found["warnings"].append(_("清单没有名称列，名称待补"))
    elif not values["name"]:
        problems.append(Problem(_("名称不能为空"), _("请填写营业执照上的名称"), field="name"))
    for name in ("uscc", "phone"):
        if values[name]:
            try:
                checked = check_uscc(values[name]) if name == "uscc" else check_phone(values[name], area=area)
            except InputInvalid as refusal:
                problems += refusal.problems
                continue
            found[name] = checked.value
            found["warnings"] += checked.warnings
    if not values["uscc"] and not (values["address"] or values["phone"]):
        problems.append(
            Problem(
                _("没有统一社会信用代码时，须有地址或电话"), _("请补上地址或电话，以便识别"), field="uscc"
            )
        )
    if problems:
        raise InputInvalid(problems)
    found["unverified"] = found["uscc"] is None
    found["match_key"] = match_key(found["name"], found["address"], found["phone"])
    return found, tuple(found["warnings"])


def _length_problems(values: Mapping[str, str]) -> list[Problem]:
    return [
        Problem(_("超过 %d 个字符") % most, _("请缩短"), field=name)
        for name, most in _LENGTHS.items()
        if len(values[name]) > most
    ]


def _put_enterprise(found: dict[str, Any], *, district: str, pen: Pen) -> str:
    same = {"uscc": found["uscc"]} if found["uscc"] else {"uscc": None, "match_key": found["match_key"]}
    old = Enterprise.objects.select_for_update().filter(**same).first()
    if old is None:
        Enterprise.objects.create(uid=pen.uid(), district=district, added_at=pen.moment(), **found)
        return "added"
    different = [
        name for name in ("name", "address", "phone") if found[name] and getattr(old, name) != found[name]
    ]
    if not different:
        return "same"
    for name in different:
        setattr(old, name, found[name])
    old.raw, old.warnings = found["raw"], found["warnings"]
    old.match_key = match_key(old.name, old.address, old.phone)
    old.save()
    return "changed"


# ------------------------------------------------------------------------------------------- look-alikes

# Letters of other scripts that look like Latin ones, and digits that look like letters: one shape, one sign.
_LOOKALIKE = str.maketrans("АВЕКМНОРСТУХІЅЈԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ01〇○", "ABEKMHOPCTYXISJQWABEZHIKMNOPTYXOIOO")


def skeleton(text: str) -> str:
    """The shape of a name: what looks alike is alike (security.md T21). For finding duplicates, never for display."""
    folded = unicodedata.normalize("NFKD", visible(text)).upper()
    kept = "".join(char for char in folded if unicodedata.category(char)[0] in "LNS")
    return unicodedata.normalize("NFC", kept).translate(_LOOKALIKE)


def match_key(name: str, address: str, phone: str) -> str:
    """The key of an enterprise without a credit code (rules/common.md section 2)."""
    shape = "\x00".join((skeleton(name), skeleton(address), normalise(phone)))
    return hashlib.sha256(shape.encode()).hexdigest()
