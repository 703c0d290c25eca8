"""The words that the code uses: names it defines, codes and columns of the packs. For test_glossary."""

from __future__ import annotations

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src/yukuaiban"
DISTRICTS = PROJECT / "districts"
WORD = re.compile(r"[a-z][a-z0-9_]*")


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product with its syntax tree; migrations repeat the models."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def _targets(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _of_class(node: ast.ClassDef, owner: str) -> Iterator[str]:
    """`Class`, its fields, `Class.MEMBER`; a nested class also under both names run together (`DeskKind`)."""
    name = f"{owner}.{node.name}" if owner else node.name
    names = {name, node.name, name.replace(".", "")}
    yield from names
    for inner in node.body:
        if isinstance(inner, ast.ClassDef):
            yield from _of_class(inner, name)
        for target in _targets(inner):
            yield target
            yield from (f"{each}.{target}" for each in names)


def of_source() -> set[str]:
    """Classes, fields, enum members, functions, modules, and codes that stand in the code as texts."""
    found: set[str] = set()
    for path, tree in modules():
        found |= {path.stem, path.parent.name}
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found.update(_of_class(node, ""))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.add(node.name)
            elif (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.fullmatch(node.value)
            ):
                found.add(node.value)
    return found


def _of_toml(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _of_toml(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_toml(inner)
    elif isinstance(value, str) and WORD.fullmatch(value):
        yield value


def of_packs() -> set[str]:
    """Keys and codes of the TOML files, headers of the CSV files."""
    found: set[str] = {DISTRICTS.name}
    for path in DISTRICTS.rglob("*.toml"):
        found.update(_of_toml(tomllib.loads(path.read_text(encoding="utf-8"))))
    for path in DISTRICTS.rglob("*.csv"):
        found.update(columns(path))
    return found


def columns(path: Path) -> list[str]:
    """The header of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))
