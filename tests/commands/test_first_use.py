"""The first command on an empty folder makes what it needs; whoever only wants to know something need not prepare."""

from __future__ import annotations

import json
import os
import subprocess
import sys


def run(home, *words):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("YKB_", "YUKUAIBAN_"))
    }
    environment |= {"YKB_HOME": str(home), "YKB_DISTRICT": "sample"}
    return subprocess.run(
        [sys.executable, "-m", "yukuaiban.site", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_year_is_imported_and_lights_are_reported_on_an_empty_folder(tmp_path):
    year = tmp_path / "2027.json"
    day = {"name": "元旦", "date": "2027-01-02", "isOffDay": True}
    year.write_text(json.dumps({"year": 2027, "papers": [], "days": [day]}), encoding="utf-8")
    first = run(tmp_path / "home", "calendar", "import", str(year), "--yes", "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["stored"] is True
    assert "第一次使用" in first.stderr
    second = run(tmp_path / "home", "report", "lights", "--json")
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["clocks"] == []
    assert second.stderr == ""
