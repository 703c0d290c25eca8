"""The sizes of the big tests, from the one table `sizes.toml` beside this file.

    @pytest.mark.parametrize("size", sizes("R2"))
    def test_power_cuts(size, seed, record_property):
        ... size["cuts"] ... random.Random(seed) ...
        record_property("acknowledged", 6514)

runs with the normal row in every run and with the long one where slow tests are asked for (`-m slow`, `./ykb torture`).
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


def sizes(which: str) -> list[Any]:
    """The normal row of that id, and the long one marked slow, for `parametrize`."""
    row = TABLE[which]
    return [
        pytest.param(row["normal"], id="normal"),
        pytest.param(row["long"], id="long", marks=pytest.mark.slow),
    ]
