"""The entry script: plain `sh`, short, and clear about what it lacks.

Installing on a bare system needs a network and is tried by hand (CONTRIBUTING.md); here `uv` is made up.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "ykb"
SHELLS = [shell for shell in ("dash", "sh", "bash", "busybox") if shutil.which(shell)]


@pytest.fixture
def house(tmp_path):
    """A folder with the entry script, small locks and a folder of made-up programs that stands first."""
    shutil.copy(SCRIPT, tmp_path / "ykb")
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        (tmp_path / lock).write_text("nothing==1\n")
    (tmp_path / "bin").mkdir()
    # Python finds its environment by its own path, which a link keeps.
    (tmp_path / "bin" / "uv").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "bin" / "uv").chmod(0o755)
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    path.chmod(0o755)


def _environment(house: Path, **more: str) -> dict[str, str]:
    path = f"{house / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(house), "LC_ALL": "C.UTF-8", **more}


def _run(house: Path, *words: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(house / "ykb"), *words],
        cwd=cwd or house,
        env=_environment(house, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def _installed(house: Path, lock: str = "requirements.lock") -> None:
    """What a finished installation leaves: a Python that starts, the console script, the stamp."""
    bin_ = house / ".venv/bin"
    _program(bin_ / "python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    _program(
        bin_ / "yukuaiban",
        """\
        #!/bin/sh
        echo "words: $*"
        echo "folder: $(pwd)"
        exit 7
        """,
    )
    done = subprocess.run(["cksum"], input=(house / lock).read_bytes(), capture_output=True, check=True)
    (house / f".venv/.stamp-{lock}").write_text(f"{done.stdout.decode().rstrip()} {house}\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_at_hand_parses_the_script(shell) -> None:
    command = [shell, "sh", "-n", str(SCRIPT)] if shell == "busybox" else [shell, "-n", str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_script_is_short_executable_and_free_of_bashisms() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert len(text.splitlines()) < 60
    assert os.access(SCRIPT, os.X_OK)
    bashisms = (
        r"\[\[",
        r"\bfunction\b",
        r"<<<",
        r"\$'",
        r"\blocal\b",
        r"\bsource\b",
        r"&>",
        r"==",
        r"<\(",
        r"\w+\+=",
    )
    shell_lines = [line for line in text.splitlines() if not line.startswith("fits=")]
    assert [line for line in shell_lines if any(re.search(sign, line) for sign in bashisms)] == []


def test_the_script_asks_for_no_tool_that_a_bare_system_lacks() -> None:
    commands = re.findall(r"(?:^|[;&|(] ?)(\w+)", SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
    assert {"make", "git", "curl", "wget", "node", "npm"} & set(commands) == set()


def test_a_finished_installation_only_hands_the_words_on(house) -> None:
    _installed(house)
    done = _run(house, "clock", "due", "--limit", "10wd")
    assert (done.returncode, done.stderr) == (7, "")
    assert done.stdout.splitlines()[0] == "words: clock due --limit 10wd"


def test_relative_files_belong_to_the_folder_of_the_caller(house, tmp_path_factory) -> None:
    _installed(house)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "link").symlink_to(house / "ykb")
    done = subprocess.run(
        ["./link", "check"],
        cwd=elsewhere,
        env=_environment(house),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()) == (7, ["words: check", f"folder: {elsewhere}"])


@pytest.mark.parametrize(("version", "refused"), [((3, 10), True), ((3, 14), True), ((3, 11), False)])
def test_an_unfit_python_is_refused_with_a_sentence(house, version, refused) -> None:
    _program(
        house / "bin/python3",
        f"""\
        #!/bin/sh
        case "$*" in
            -V) echo "Python {version[0]}.{version[1]}.9" ;;
            *version_info*) exec {sys.executable} -c "import sys; sys.version_info = {version}; $2" ;;
            "-m venv .venv") mkdir -p .venv/bin
                printf '#!/bin/sh\\nexec {sys.executable} "$@"\\n' >.venv/bin/python
                printf '#!/bin/sh\\necho started\\n' >.venv/bin/yukuaiban
                chmod +x .venv/bin/* ;;
        esac
        """,
    )
    done = _run(house, "check")
    if refused:
        assert done.returncode == 2
        assert done.stdout == ""
        assert f"需要 Python 3.11 至 3.13，现在是 Python 3.{version[1]}.9" in done.stderr
        assert "YKB_PYTHON" in done.stderr
        assert not (house / ".venv").exists()
    else:
        assert (done.returncode, done.stdout) == (0, "started\n")
    assert not (house / ".venv.lock").exists()


def test_without_root_and_sudo_the_line_for_a_person_is_printed(house) -> None:
    for name in ("cat", "cksum", "dirname", "mkdir", "readlink", "rm", "sh"):
        (house / "bin" / name).symlink_to(shutil.which(name))
    _program(house / "bin/id", "#!/bin/sh\necho 1000\n")
    done = _run(house, "check", PATH=str(house / "bin"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "apt-get -y --no-install-recommends install python3 python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (house / ".venv.lock").exists()


def test_a_lock_that_changed_leads_to_a_new_installation(house) -> None:
    _installed(house)
    (house / "requirements.lock").write_text("nothing==2\n")
    done = _run(house, "check", YKB_PYTHON=sys.executable)
    assert "安装 requirements.lock" in done.stderr
    again = _run(house, "check", YKB_PYTHON=sys.executable)
    assert "安装" not in again.stderr


def test_two_first_starts_at_once_install_once(house) -> None:
    """The second waits for the first and finds everything done."""
    log = house / "uv.log"
    _program(house / "bin/uv", f'#!/bin/sh\necho "$*" >>{log}\nsleep 0.3\n')
    _installed(house)
    (house / ".venv/.stamp-requirements.lock").unlink()
    started = [
        subprocess.Popen([str(house / "ykb"), "check"], env=_environment(house), stdout=subprocess.DEVNULL)
        for _ in range(3)
    ]
    assert [process.wait(timeout=60) for process in started] == [7, 7, 7]
    assert [line.split()[:2] for line in log.read_text().splitlines()] == [["pip", "install"]] * 2
    assert not (house / ".venv.lock").exists()


def test_the_lock_of_a_killed_start_is_taken_over(house) -> None:
    _installed(house)
    (house / ".venv/.stamp-requirements.lock").unlink()
    dead = subprocess.Popen(["true"])
    dead.wait()
    (house / ".venv.lock").mkdir()
    (house / ".venv.lock/pid").write_text(f"{dead.pid}\n")
    assert _run(house, "check").returncode == 7


def test_a_start_that_is_interrupted_takes_its_lock_away(house) -> None:
    _program(house / "bin/uv", "#!/bin/sh\nexec sleep 30\n")
    _installed(house)
    (house / ".venv/.stamp-requirements.lock").unlink()
    process = subprocess.Popen([str(house / "ykb"), "check"], env=_environment(house), start_new_session=True)
    for _ in range(200):
        if (house / ".venv.lock/pid").exists():
            break
        time.sleep(0.05)
    os.killpg(process.pid, 15)
    assert process.wait(timeout=20) != 0
    for _ in range(100):
        if not (house / ".venv.lock").exists():
            break
        time.sleep(0.05)
    assert not (house / ".venv.lock").exists()


def test_a_failed_installation_leaves_no_stamp_and_says_so_by_its_code(house) -> None:
    _program(house / "bin/uv", "#!/bin/sh\necho broken >&2\nexit 3\n")
    _installed(house)
    (house / ".venv/.stamp-requirements.lock").unlink()
    done = _run(house, "check")
    assert done.returncode == 3
    assert "broken" in done.stderr
    assert not (house / ".venv/.stamp-requirements.lock").exists()
    assert not (house / ".venv.lock").exists()


def test_an_index_that_pip_is_told_is_handed_on(house) -> None:
    _program(house / "bin/uv", f'#!/bin/sh\necho "$UV_DEFAULT_INDEX" >>{house}/index.log\n')
    _installed(house)
    (house / ".venv/.stamp-requirements.lock").unlink()
    _run(house, "check", PIP_INDEX_URL="mirror.example/simple")
    assert set((house / "index.log").read_text().split()) == {"mirror.example/simple"}
