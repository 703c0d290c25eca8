"""Every address of the product, as the URL resolver knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern: its full name (`desks:receipt`), its text, the names of its arguments."""

    name: str
    pattern: str
    arguments: frozenset[str]


def routes() -> list[Route]:
    """All routes; one without a name has an empty one, which no policy mentions."""
    return list(_walk(get_resolver(), "", "", frozenset()))


def _walk(resolver: URLResolver, spaces: str, text: str, held: frozenset[str]) -> Iterator[Route]:
    for each in resolver.url_patterns:
        pattern = text + str(each.pattern)
        arguments = held | frozenset(each.pattern.converters)
        if isinstance(each, URLResolver):
            space = f"{spaces}{each.namespace}:" if each.namespace else spaces
            yield from _walk(each, space, pattern, arguments)
        elif isinstance(each, URLPattern):
            yield Route(f"{spaces}{each.name}" if each.name else "", pattern, arguments)
