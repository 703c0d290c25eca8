"""Real data that lies beside the project and does not belong to it."""

from __future__ import annotations

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(rel: str) -> Path:
    """A file or folder of the real data; the test is skipped where it is absent."""
    path = _SHARED / rel
    if not path.exists():
        pytest.skip(f"real data not here: shared/data/{rel} lies beside the project and is not part of it")
    return path
