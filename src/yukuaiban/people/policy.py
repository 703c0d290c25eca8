"""The access policy as data: `permissions.toml` of every room with routes and of every measure.

One entry an operation; an operation is the name of a route as the URL resolver and OpenAPI know it::

    [[operation]]
    name    = "case_page"
    methods = ["GET"]                     # HEAD goes with GET; any other method must be named
    allow   = [
        { role = ["handler", "agency_leader"], relation = ["own", "agency"] },
        { role = "oversight", relation = ["own", "agency", "other_agency", "other_town"] },
    ]
    object  = "case"                      # what the address names; absent: no object, relation `none`
    conceal = true                        # denied looks like missing (404 instead of 403)
    fields  = "case_staff"                # mask set for the answer
    second_person = "other_person"        # other_person, outside_agency, outside_agency_if_late

`allow` is a list of grants, or one of these words:

    "public"     everybody, signed in or not
    "staff"      everybody who is signed in, whatever the post; only for operations without an object
    "procedure"  whoever may see cases by nature of the role (roles.Sight) reaches the list, the page or the door;
                 who may do which action stands in the `by` lines of the procedure, which `access.may_act` reads

Mask sets say how much of a field is shown to whom; the first rule that fits holds, otherwise the field is hidden::

    [[mask_set]]
    name = "case_staff"
    [[mask_set.rule]]
    field     = "name"                    # a kind of masks.KINDS
    role      = ["desk_clerk", "handler"]
    relation  = ["own", "agency"]
    level     = "none"                    # none, partial, hidden
    reveal    = true                      # the full value may be asked for, with a reason
    only_open = true                      # only while the case is open

Whatever is not written is denied. An unknown operation, method, role, relation, mask set, field or word stops the
start: PackInvalid with file and line of every complaint.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from yukuaiban.core.errors import PackInvalid, Problem
from yukuaiban.core.tomllines import TomlPath, toml_lines
from yukuaiban.people.masks import KINDS, Level
from yukuaiban.people.roles import ROLES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PUBLIC, STAFF, PROCEDURE = "public", "staff", "procedure"
SECOND_PERSONS = ("other_person", "outside_agency", "outside_agency_if_late")
_OPERATION_KEYS = frozenset({"name", "methods", "allow", "object", "conceal", "fields", "second_person"})
_RULE_KEYS = frozenset({"field", "role", "relation", "level", "reveal", "only_open"})
OWN_FILE = Path(__file__).with_name("permissions.toml")
"""Mask sets of the platform; read with every policy."""


class Relation(StrEnum):
    """What the actor is to the object (security.md section 4)."""

    OWN = "own"
    AGENCY = "agency"
    OTHER_AGENCY = "other_agency"
    OTHER_TOWN = "other_town"
    ACCUSED = "accused"
    DELETED = "deleted"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry: methods, and either a word or the (role, relation) pairs that are allowed."""

    name: str
    methods: frozenset[str]
    word: str = ""
    grants: frozenset[tuple[str, str]] = frozenset()
    object: str = ""
    conceal: bool = False
    fields: str = ""
    second_person: str = ""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MaskRule:
    """How much of one kind of field these roles see in these relations."""

    kind: str
    roles: frozenset[str]
    relations: frozenset[str]
    level: Level
    reveal: bool = False
    only_open: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """All entries of all files."""

    operations: Mapping[str, Operation]
    mask_sets: Mapping[str, tuple[MaskRule, ...]]

    def problems_with(self, routes: Collection[str]) -> list[Problem]:
        """What does not fit the routes that there are: entries without a route, routes without an entry."""
        strangers = [
            Problem(
                f"没有名为“{each.name}”的操作",
                "请改成路由的名称，或删去这一条",
                file=each.file,
                line=each.line,
            )
            for each in self.operations.values()
            if each.name not in routes
        ]
        missing = [
            Problem(f"路由“{name}”没有写入权限文件", "请在所在模块的 permissions.toml 中加一条 [[operation]]")
            for name in sorted(set(routes) - set(self.operations))
        ]
        return strangers + missing

    def mask_rule(
        self, mask_set: str, kind: str, *, role: str, relation: str, is_open: bool
    ) -> MaskRule | None:
        """The first rule that fits, or None: hidden. KeyError for an unknown mask set."""
        for rule in self.mask_sets[mask_set]:
            fits = rule.kind == kind and role in rule.roles and relation in rule.relations
            if fits and (is_open or not rule.only_open):
                return rule
        return None


@dataclass(slots=True)
class _File:
    """One file being read: complaints gather here with their lines."""

    path: Path
    lines: Mapping[TomlPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, why: str, remedy: str, *place: str | int) -> None:
        """Note a problem at the nearest line that is known for `place`."""
        where: TomlPath = tuple(place)
        while where and where not in self.lines:
            where = where[:-1]
        line = self.lines.get(where)
        self.problems.append(
            Problem(why, remedy, file=f"{self.path.parent.name}/{self.path.name}", line=line)
        )

    def known(self, value: Any, table: Collection[str], what: str, *place: str | int) -> frozenset[str]:
        """The value or list of values, each of which must stand in `table`."""
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(each, str) for each in values):
            self.complain(f"{what}应为文字或文字的列表", f"可用：{'、'.join(table)}", *place)
            return frozenset()
        for each in values:
            if each not in table:
                self.complain(f"没有{what}“{each}”", f"可用：{'、'.join(table)}", *place)
        return frozenset(values)


def read_policy(paths: Iterable[Path], *, routes: Collection[str] | None = None) -> Policy:
    """The policy of these files and the platform's own mask sets.

    `routes`, where given, are the operations that exist. Raises PackInvalid with every complaint of every file.
    """
    operations: dict[str, Operation] = {}
    mask_sets: dict[str, tuple[MaskRule, ...]] = {}
    problems: list[Problem] = []
    for path in dict.fromkeys([OWN_FILE, *(Path(each) for each in paths)]):
        source = _File(path)
        text = path.read_text(encoding="utf-8") if path.is_file() else None
        _read(source, text, operations, mask_sets)
        problems += source.problems
    for each in operations.values():
        if each.fields and each.fields not in mask_sets:
            why = f"没有名为“{each.fields}”的脱敏表"
            problems.append(Problem(why, f"可用：{'、'.join(mask_sets)}", file=each.file, line=each.line))
    policy = Policy(operations, mask_sets)
    if routes is not None:
        problems += policy.problems_with(routes)
    if problems:
        raise PackInvalid(problems)
    return policy


def _read(
    source: _File,
    text: str | None,
    operations: dict[str, Operation],
    mask_sets: dict[str, tuple[MaskRule, ...]],
) -> None:
    if text is None:
        source.complain("权限文件不存在", "有路由的模块须带一个 permissions.toml")
        return
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        source.complain(f"不是有效的 TOML：{error}", "请按提示的行列改正")
        return
    source.lines = toml_lines(text)
    for name in set(tables) - {"operation", "mask_set"}:
        source.complain(f"不认识“{name}”", "只有 [[operation]] 和 [[mask_set]]", name)
    for n, entry in enumerate(tables.get("operation", [])):
        operation = _operation(source, entry, n)
        if operation.name in operations:
            source.complain(f"“{operation.name}”写了两次", "每个操作只写一条", "operation", n)
        operations[operation.name] = operation
    for n, entry in enumerate(tables.get("mask_set", [])):
        name = str(entry.get("name", ""))
        if not name or name in mask_sets:
            source.complain(f"脱敏表的名称“{name}”缺失或重复", "每张表一个名称", "mask_set", n)
        rules = enumerate(entry.get("rule", []))
        mask_sets[name] = tuple(_mask_rule(source, each, ("mask_set", n, "rule", k)) for k, each in rules)


def _operation(source: _File, entry: Mapping[str, Any], n: int) -> Operation:
    here = ("operation", n)
    for key in entry.keys() - _OPERATION_KEYS:
        source.complain(f"不认识“{key}”", f"可用：{'、'.join(sorted(_OPERATION_KEYS))}", *here, key)
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        source.complain("操作缺少名称", "请写 name = 路由的名称", *here)
    methods = source.known(entry.get("methods", []), METHODS, "方法", *here, "methods")
    second = str(entry.get("second_person", ""))
    if second:
        source.known(second, SECOND_PERSONS, "第二人规则", *here, "second_person")
    word, grants = _allow(source, entry.get("allow"), here)
    if word == STAFF and entry.get("object"):
        remedy = f"办件类操作请写 {PROCEDURE}，其余请列出角色和关系"
        source.complain(f"有对象的操作不能写 {STAFF}：那会让任何人看到别人的对象", remedy, *here, "allow")
    return Operation(
        name=str(name),
        methods=methods | {"HEAD"} if "GET" in methods else methods,
        word=word,
        grants=grants,
        object=str(entry.get("object", "")),
        conceal=bool(entry.get("conceal", False)),
        fields=str(entry.get("fields", "")),
        second_person=second,
        file=f"{source.path.parent.name}/{source.path.name}",
        line=source.lines.get(here),
    )


def _allow(source: _File, allow: Any, here: TomlPath) -> tuple[str, frozenset[tuple[str, str]]]:
    place = (*here, "allow")
    if isinstance(allow, str):
        source.known(allow, (PUBLIC, STAFF, PROCEDURE), "许可词", *place)
        return allow, frozenset()
    if not isinstance(allow, list) or not allow:
        source.complain(
            "没有写明许可谁", f"请写 allow = 角色与关系的列表，或 {PUBLIC}、{STAFF}、{PROCEDURE}", *place
        )
        return "", frozenset()
    pairs: set[tuple[str, str]] = set()
    for grant in allow:
        if not isinstance(grant, dict) or grant.keys() != {"role", "relation"}:
            source.complain("许可的一项应为 { role = …, relation = … }", "请补全这两项，不写别的", *place)
            continue
        pairs |= set(_pairs(source, grant, place))
    return "", frozenset(pairs)


def _pairs(source: _File, grant: Mapping[str, Any], place: Sequence[str | int]) -> list[tuple[str, str]]:
    roles = source.known(grant["role"], ROLES, "角色", *place)
    relations = source.known(grant["relation"], tuple(Relation), "关系", *place)
    return [(role, relation) for role in roles for relation in relations]


def _mask_rule(source: _File, entry: Mapping[str, Any], here: TomlPath) -> MaskRule:
    for key in entry.keys() - _RULE_KEYS:
        source.complain(f"不认识“{key}”", f"可用：{'、'.join(sorted(_RULE_KEYS))}", *here, key)
    kinds = source.known(entry.get("field", ""), sorted(KINDS), "字段", *here, "field")
    level = source.known(entry.get("level", ""), tuple(Level), "脱敏程度", *here, "level")
    fits = level <= set(Level) and len(level) == 1
    return MaskRule(
        kind=next(iter(kinds), ""),
        roles=source.known(entry.get("role", ""), ROLES, "角色", *here, "role"),
        relations=source.known(entry.get("relation", ""), tuple(Relation), "关系", *here, "relation"),
        level=Level(next(iter(level))) if fits else Level.HIDDEN,
        reveal=bool(entry.get("reveal", False)),
        only_open=bool(entry.get("only_open", False)),
    )
