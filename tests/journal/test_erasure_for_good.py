"""After `./ykb journal erase` the person is in no file of the installation, no export and no later backup."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile

import pytest

from tests.installation import PATIENCE, PROJECT, Installation

PERSON = ("欧阳明月", "13912345678", "海景路九百零八号")
ORDER = "〔2026〕3号"
_PREPARE = """
import json
import django; django.setup()
from django.db import connection
from tests.cast import PASSWORD, Office
from yukuaiban.cases.models import Applicant
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post
from yukuaiban.site import django as site
site.migrate()
office = Office()
lawyer = create_staff(login="lawyer", name="鲁法", by=CONSOLE, pen=office.pen, must_change_password=False)
grant_post(lawyer, agency="sp-0005", role="legal_reviewer", by=CONSOLE, reason="到岗", pen=office.pen)
for staff in (lawyer, office.staff("chief")):
    staff.set_password(PASSWORD)
    staff.save(update_fields=["password"])
numbers = []
for _ in range(2):
    case = office.receive(applicant="欧阳明月", phone="13912345678", address="海景路九百零八号")
    office.do(case, "withdraw", "xiaoyu")
    numbers.append(case.number)
# Rows that moved leave what they were in freed parts of pages, which no later deletion overwrites (unless the library
# was built to overwrite always, as Debian's is).
connection.cursor().execute("PRAGMA secure_delete = OFF")
for more in ("海景路九百零八号" * 8, "海景路九百零八号"):
    Applicant.objects.update(address=more)
print(json.dumps(numbers))
"""


@pytest.fixture(scope="module")
def numbered(tmp_path_factory) -> tuple[Installation, list[str]]:
    """A district with two closed cases of one person."""
    found = Installation(tmp_path_factory.mktemp("erasure") / "home")
    done = found.run("-c", _PREPARE)
    assert done.returncode == 0, done.stderr
    return found, json.loads(done.stdout)


def erase(found: Installation, number: str, passwords: str) -> subprocess.CompletedProcess[str]:
    words = ["--order", ORDER, "--ground", "个人信息保护法第四十七条", "--by", "chief", "--with", "lawyer"]
    return subprocess.run(
        [sys.executable, "-m", "yukuaiban.site", "journal", "erase", number, *words],
        cwd=PROJECT,
        env=found.environment(),
        input=passwords,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def holding(found: Installation) -> set[str]:
    """Files of the installation in which a word of the person stands, read byte by byte."""
    words = [word.encode() for word in PERSON] + [json.dumps(word).strip('"').encode() for word in PERSON]
    files = [path for path in found.home.rglob("*") if path.is_file()]
    return {path.name for path in files if any(word in path.read_bytes() for word in words)}


def test_erased_for_good(numbered, tmp_path):
    found, numbers = numbered
    assert "yukuaiban.sqlite3" in {name.removesuffix("-wal") for name in holding(found)}
    wrong = erase(found, numbers[0], "long-enough-and-odd-1\nwrong\n")
    assert wrong.returncode == 2
    assert "lawyer：没有这个账号、账号已停用或密码不对" in wrong.stderr
    for number in numbers:
        done = erase(found, number, "long-enough-and-odd-1\nlong-enough-and-odd-1\n")
        assert done.returncode == 0, done.stderr
        assert f"已依 {ORDER} 删除 {number} 的个人信息 1 份" in done.stdout
    assert holding(found) == set()
    told = found.ykb("journal", "verify")
    assert told.returncode == 0, told.stdout
    assert f"依 {ORDER} 删除 2 份（erased by order {ORDER}）" in told.stdout
    assert found.ykb("export", "cases", str(tmp_path / "a.csv"), "--filter", "state=all").returncode == 0
    assert numbers[0] in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert found.ykb("backup", str(tmp_path / "a.tar.gz")).returncode == 0
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        held = b"".join(tar.extractfile(each).read() for each in tar) + (tmp_path / "a.csv").read_bytes()
    assert [word for word in PERSON if word.encode() in held] == []
