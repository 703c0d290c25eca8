"""A demo database is marked by a file beside it; only there may a person enter without a password.

`HOME/demo.json`: {"period_from", "period_to", "accounts": [{"login", "role", "agency"}, …]}, written by `demo`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "demo.json"


def read() -> Mapping[str, Any] | None:
    """What `demo` wrote about its database; None for every other one."""
    path = Path(settings.HOME) / FILE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _parsed(path, changed)


@lru_cache(maxsize=4)
def _parsed(path: Path, _changed: int) -> Mapping[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not isinstance(found.get("accounts"), list):
        message = f"{path.name} is not the mark of a demo database"
        raise TypeError(message)
    return found
