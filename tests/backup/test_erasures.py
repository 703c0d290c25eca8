"""A backup from before an erasure does not bring back who was erased."""

from __future__ import annotations

import json
import shutil
from uuid import UUID

import pytest

from tests.backup.conftest import KEYS
from tests.installation import Installation
from yukuaiban.core.errors import InputInvalid
from yukuaiban.site.backup.erasures import read

# Two people have ordered it; the passwords are asked by the command and are not what is tried here.
ERASE = """
import django; django.setup()
from yukuaiban.cases import erasing
from yukuaiban.cases.models import Applicant, Case
from yukuaiban.journal.erasing import with_payload
from yukuaiban.people.access import CONSOLE
from yukuaiban.site.livepen import LivePen
case = Case.objects.exclude(closed_at=None).order_by("number").first()
stream = f"case:{case.number}"
told = [{"event": str(u), "stream": stream, "ground": "第四十七条", "order": "〔2026〕3号", "uid": str(u)}
        for u in with_payload(stream)]
print(erasing.repeat(told, actor=CONSOLE.actor(), pen=LivePen()), case.number)
"""
_LOOK = """
import sys, django; django.setup()
from yukuaiban.cases.models import Applicant
from yukuaiban.journal.erasing import erasures, with_payload
number = sys.argv[1]
print(len(with_payload(f"case:{number}")), repr(Applicant.objects.get(case__number=number).name),
      [each.body.get("again") is not None for each in erasures()])
"""


@pytest.fixture
def erased(copied, archive, tmp_path):
    """A folder with the backup from before, the list from after, and the number of the case."""
    done = copied.run("-c", ERASE)
    assert done.returncode == 0, done.stderr
    count, number = done.stdout.split()
    assert int(count) >= 1
    folder = tmp_path / "copies"
    folder.mkdir()
    assert copied.ykb("backup", str(folder / "after.tar.gz")).returncode == 0
    shutil.copy(archive, folder / "before.tar.gz")
    return folder, number, int(count)


def restored(district: Installation, folder, *words: str):
    found = Installation(folder, district="ganyu")
    for name in KEYS:
        shutil.copy(district.home / name, found.home / name)
    return found, found.ykb("restore", *words)


def seen(found: Installation, number: str) -> str:
    done = found.run("-c", _LOOK, number)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_restore_erases_again_what_the_list_beside_it_names(copied, erased, tmp_path):
    folder, number, count = erased
    found, done = restored(copied, tmp_path / "old", str(folder / "before.tar.gz"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["erased_again"], told["verify"]["ok"]) == (count, True)
    assert seen(found, number) == f"0 '' {[True] * count}"


def test_without_a_list_a_restore_says_that_the_data_may_be_back(copied, erased, tmp_path):
    folder, number, count = erased
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(folder / "before.tar.gz", alone / "before.tar.gz")
    found, done = restored(copied, tmp_path / "old", str(alone / "before.tar.gz"))
    assert "又回来了" in done.stdout
    assert seen(found, number).startswith(f"{count} '")


ENTRY = {
    "event": "01930000-0000-7000-8000-000000000001",
    "stream": "case:1",
    "ground": "第四十七条",
    "uid": "u",
}


def listed(path, origin: str, *entries: object) -> None:
    told = {"form": "yukuaiban/erasures/1", "origin": origin, "first": "aa", "erasures": entries}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def test_several_lists_are_one_and_each_event_is_in_it_once(tmp_path, settings):
    listed(tmp_path / "a", settings.YKB_JOURNAL_ORIGIN, ENTRY)
    listed(tmp_path / "b", settings.YKB_JOURNAL_ORIGIN, ENTRY, ENTRY | {"event": str(UUID(int=2))})
    assert [each["event"] for each in read([tmp_path / "a", tmp_path / "b"], first="aa")] == [
        ENTRY["event"],
        str(UUID(int=2)),
    ]


@pytest.mark.parametrize(
    "text", ["{}", "x", "[]", '{"form":"yukuaiban/erasures/2","origin":"","erasures":[]}']
)
def test_a_file_that_is_no_list_is_refused(tmp_path, text):
    (tmp_path / "list").write_text(text, encoding="utf-8")
    with pytest.raises(InputInvalid, match="list 不是删除清单"):
        read([tmp_path / "list"], first="aa")


@pytest.mark.parametrize(
    "entry", [{}, 1, ENTRY | {"event": "1"}, ENTRY | {"ground": " "}, ENTRY | {"uid": None}]
)
def test_an_entry_that_names_no_event_or_ground_is_refused(tmp_path, settings, entry):
    listed(tmp_path / "list", settings.YKB_JOURNAL_ORIGIN, entry)
    with pytest.raises(InputInvalid, match="不是删除清单"):
        read([tmp_path / "list"], first="aa")


def test_a_list_of_another_journal_is_refused(tmp_path):
    listed(tmp_path / "list", "yukuaiban.other", ENTRY)
    with pytest.raises(InputInvalid, match=r"yukuaiban\.other"):
        read([tmp_path / "list"], first="aa")


@pytest.mark.parametrize(("first", "belongs"), [("aa", True), ("bb", False), (None, True)])
def test_a_list_of_another_installation_of_the_same_district_is_refused(tmp_path, settings, first, belongs):
    """Both journals bear the district's name; only how they begin tells them apart."""
    listed(tmp_path / "list", settings.YKB_JOURNAL_ORIGIN, ENTRY)
    if belongs:
        assert len(read([tmp_path / "list"], first=first)) == 1
    else:
        with pytest.raises(InputInvalid, match="另一套安装"):
            read([tmp_path / "list"], first=first)


def test_a_restore_with_a_list_of_another_installation_puts_nothing_back(district, archive, tmp_path):
    told = json.loads(archive.with_name(f"{archive.name}.erasures").read_text(encoding="utf-8"))
    strange = tmp_path / "strange.erasures"
    strange.write_text(json.dumps(told | {"first": "00" * 32}), encoding="utf-8")
    found, done = restored(district, tmp_path / "new", str(archive), "--erasures", str(strange))
    assert done.returncode == 2
    assert "strange.erasures 属于另一套安装" in done.stderr
    assert not found.database.exists()
