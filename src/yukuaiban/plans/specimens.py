"""The papers of the plan, each with values of every field: by these `check` tries the templates of a district."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yukuaiban.papers.values import Scan
from yukuaiban.papers.words import Kind

_TEXT = "示例"
_STEP = dict.fromkeys(("text", "due", "stage", "done", "proof"), _TEXT)
_TARGET = dict.fromkeys(("text", "value", "verdict"), _TEXT)
_UNDERTAKING: Mapping[str, Any] = dict.fromkeys(
    ("accepted", "progress", "expected", "lag", "documents", "order", "title", "lead", "others", "light"),
    _TEXT,
) | {"steps": [_STEP], "targets": [_TARGET], "problems": [_TEXT], "causes": [_TEXT], "next": [_TEXT]}
_NUMBER: Mapping[str, Any] = dict.fromkeys(
    ("mark", "title", "formula", "share", "as_of", "counted"), _TEXT
) | {"scan": Scan("https://example.invalid/")}

FIELDS: Mapping[str, Any] = dict.fromkeys(
    (
        *("issuer", "document_no", "title", "addressee", "period", "plan", "as_of", "date"),
        *("count", "accepted", "progress", "expected", "lag", "overdue", "documents"),
        *("remarks", "conclusion"),
    ),
    _TEXT,
) | {
    "undertakings": [_UNDERTAKING],
    "goals": [dict.fromkeys(("text", "figure", "source"), _TEXT)],
    "directions": [dict.fromkeys(("text", "value"), _TEXT)],
    "proofs": [dict.fromkeys(("undertaking", "title", "issued", "hash"), _TEXT)],
    "numbers": [_NUMBER],
}

QUARTERLY = Kind("plan_quarter", "重点工作方案季度报告", FIELDS)
YEARLY = Kind("plan_year", "重点工作方案年度自评报告", FIELDS)
