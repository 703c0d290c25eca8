"""The papers of the measure, each with values of every field: by these `check` tries the templates of a district."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yukuaiban.papers.words import Kind

_TEXT = "示例"
_NODE: Mapping[str, Any] = {
    **dict.fromkeys(("code", "text", "owner", "survey", "grade", "reason", "cited"), _TEXT),
    **dict.fromkeys(("first", "leaf", "surveyed"), True),
}
FIELDS: Mapping[str, Any] = {
    **dict.fromkeys(("title", "issuer", "since", "until", "score", "coverage"), _TEXT),
    **dict.fromkeys(("leaves", "covered", "assessed"), _TEXT),
    "nodes": [_NODE],
    "proofs": [dict.fromkeys(("code", "title", "issued", "hash"), _TEXT)],
}
REPORT = Kind("demonstration_report", "示范创建自评报告", FIELDS)
