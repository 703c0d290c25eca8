"""docs/glossary.md against the code: one Chinese term, one identifier (section numbers: its rules)."""

from __future__ import annotations

import ast
import enum
import importlib
import importlib.util
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db.models import Choices
from django.utils import translation

from tests.rooms import words
from yukuaiban import packs
from yukuaiban.registry import measures

GLOSSARY = words.PROJECT / "docs/glossary.md"
CHINESE = re.compile(r"[\u4e00-\u9fff]")

NOT_BUILT_YET: dict[str, str] = {}
"""Identifier of the table -> the measure that will bring it."""

FORBIDDEN = {"window", "item", "counter", "accept", "unit_id", "deadline"}
PINYIN = {
    "banjian",
    "banshi",
    "chuangkou",
    "danwei",
    "dengji",
    "fazhi",
    "ganyu",
    "gongdan",
    "hongdeng",
    "lvdeng",
    "qixian",
    "shenpi",
    "shixiang",
    "shixian",
    "shouli",
    "shoujian",
    "songda",
    "suqiu",
    "xianshi",
    "yujing",
    "yingshang",
    "zhengwu",
}
ALLOWED: dict[tuple[str, str], str] = {}
"""(file below src/yukuaiban, name) -> why this name may stand there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its line, its Chinese terms, its identifiers."""

    line: int
    terms: tuple[str, ...]
    names: tuple[str, ...]


def _names(cell: str) -> tuple[str, ...]:
    """Identifiers in backticks; `.MEMBER` goes on with the class named before it."""
    found: list[str] = []
    owner = ""
    for name in re.findall(r"`([^`]+)`", cell):
        full = owner + name if name.startswith(".") else name
        owner = full.rpartition(".")[0] or owner
        found.append(full)
    return tuple(found)


def _rows() -> list[Row]:
    found, inside = [], False
    for number, line in enumerate(GLOSSARY.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("| 中文 |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("| ---"):
            chinese, names, *_ = line.strip("|").split("|")
            terms = re.split(r"[/、]", re.sub(r"[(（][^)）]*[)）]", "", chinese))
            found.append(Row(number, tuple(term.strip() for term in terms if term.strip()), _names(names)))
    return found


ROWS = _rows()
NAMES = {name for row in ROWS for name in row.names}
# A stage or an action may be found under its bare name, a member of an enum under its class.
IN_CODE = words.of_source() | words.of_packs()


def test_the_table_is_read() -> None:
    assert len(ROWS) > 80
    assert [row.line for row in ROWS if not row.terms or not row.names] == []


@pytest.mark.parametrize("side", ["terms", "names"])
def test_no_word_stands_in_two_rows(side) -> None:
    counted = Counter(word for row in ROWS for word in set(getattr(row, side)))
    twice = {word for word, n in counted.items() if n > 1}
    assert {word: [row.line for row in ROWS if word in getattr(row, side)] for word in twice} == {}


def test_every_identifier_of_the_table_is_in_the_code() -> None:
    missing = {
        name: f"docs/glossary.md line {row.line}"
        for row in ROWS
        for name in row.names
        if name not in IN_CODE and name not in NOT_BUILT_YET
    }
    assert missing == {}


def test_no_word_is_listed_as_not_built_that_has_appeared() -> None:
    assert sorted(name for name in NOT_BUILT_YET if name in IN_CODE) == []
    assert sorted(name for name in NOT_BUILT_YET if name not in NAMES) == []


def test_every_stage_and_action_of_an_installed_measure_is_in_the_table_with_a_chinese_title() -> None:
    district = packs.load(words.DISTRICTS / "sample")
    rules = [district.procedures[code] for measure in measures() for code in measure.procedures]
    assert rules
    entries = [entry for rule in rules for entry in (*rule.stages, *rule.actions)]
    assert sorted({entry.code for entry in entries} - NAMES) == []
    assert [entry.code for entry in entries if not CHINESE.search(entry.title)] == []


def test_every_indicator_is_in_the_table_with_a_chinese_title() -> None:
    with translation.override("zh-hans"):
        entries = [entry for measure in measures() for entry in measure.indicators]
        assert sorted({entry.code for entry in entries} - NAMES) == []
        assert [entry.code for entry in entries if not CHINESE.search(str(entry.title))] == []


def _enums() -> list[type[enum.Enum]]:
    """Choices of the models of installed measures and of supervision, whose measure holds pages alone."""
    found: list[type[enum.Enum]] = []
    rooms = {measure.urls.rpartition(".")[0] for measure in measures()} | {"yukuaiban.supervision"}
    held = {room: importlib.util.find_spec(f"{room}.models") for room in rooms}
    for room in sorted(room for room, spec in held.items() if spec is not None):
        models = importlib.import_module(f"{room}.models")
        for name in dir(models):
            inner = vars(getattr(models, name)) if isinstance(getattr(models, name), type) else {}
            found += [
                one
                for one in inner.values()
                if isinstance(one, type) and issubclass(one, Choices) and one.__module__ == models.__name__
            ]
    return found


def test_every_choice_of_a_measure_is_in_the_table_with_a_chinese_title() -> None:
    assert _enums()
    missing, untitled = [], []
    with translation.override("zh-hans"):
        for one in _enums():
            for member in one:
                owners = (one.__qualname__, one.__qualname__.replace(".", ""), one.__name__)
                spelt = {f"{owner}.{member.name}" for owner in owners}
                if not spelt & NAMES:
                    missing.append(f"{one.__qualname__}.{member.name}")
                if not CHINESE.search(str(member.label)):
                    untitled.append(f"{one.__qualname__}.{member.name}")
    assert (missing, untitled) == ([], [])


@pytest.mark.parametrize("file", sorted(path.name for path in (words.DISTRICTS / "sample").glob("*.csv")))
def test_every_column_of_a_register_is_in_the_table(file) -> None:
    assert sorted(set(words.columns(words.DISTRICTS / "sample" / file)) - NAMES) == []


def _defined(tree: ast.Module) -> list[tuple[int, str]]:
    """Classes, functions, parameters, fields and variables that a module defines, with their lines."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.append((node.lineno, node.name))
        elif isinstance(node, ast.arg):
            found.append((node.lineno, node.arg))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append((node.lineno, node.id))
    return found


def _url_parts(tree: ast.Module) -> list[tuple[int, str]]:
    """The words of addresses given to `path(...)`."""
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"path", "re_path"} and node.args
    ]
    texts = [(call.lineno, call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)]
    return [(line, part) for line, text in texts for part in re.split(r"\W+", str(text)) if part]


def _where(path: Path) -> str:
    return path.relative_to(words.SOURCE).as_posix()


def test_no_name_goes_against_a_ruling() -> None:
    found = [
        f"{_where(path)}:{line} {name}"
        for path, tree in words.modules()
        for line, name in (*_defined(tree), *_url_parts(tree))
        if (name.lower() in FORBIDDEN or PINYIN & set(name.lower().split("_")))
        and (_where(path), name) not in ALLOWED
    ]
    assert found == []


def test_a_case_has_a_stage_and_no_status() -> None:
    classes = [
        (path, node)
        for path, tree in words.modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Case")
    ]
    assert classes
    fields = {
        f"{_where(path)}:{inner.lineno}"
        for path, node in classes
        for inner in node.body
        if isinstance(inner, ast.Assign | ast.AnnAssign)
        for target in ([inner.target] if isinstance(inner, ast.AnnAssign) else inner.targets)
        if isinstance(target, ast.Name) and target.id == "status"
    }
    assert fields == set()


def test_every_exception_is_still_needed() -> None:
    defined = {(_where(path), name) for path, tree in words.modules() for _, name in _defined(tree)}
    assert sorted(set(ALLOWED) - defined) == []
