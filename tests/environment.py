"""An installation of its own for every run of the tests, made before Django reads its settings.

Loaded as a plugin (`-p tests.environment` in pyproject.toml): a conftest would come too late, because
pytest-django imports the settings first. Worker processes inherit the folder of the run.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_MARK = "YKB_TESTS_HOME"
# Settings of the test run itself.
_KEPT = {"YKB_BROWSER", "YKB_NO_BROWSER", "YKB_PYTHON"}


def _prepare() -> None:
    """Point YKB_* at the fictional district and at a fresh folder, removed by the process that made it."""
    home = os.environ.get(_MARK)
    if home is None:
        home = tempfile.mkdtemp(prefix="yukuaiban-tests-")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("YKB_") and name not in _KEPT]:
        del os.environ[name]
    os.environ[_MARK] = os.environ["YKB_HOME"] = home
    os.environ["YKB_DISTRICT"] = "sample"


_prepare()
