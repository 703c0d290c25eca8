"""The archive itself: the same bytes for the same content, and no damage that is taken for a whole one."""

from __future__ import annotations

import hashlib
import io
import json
import random
import tarfile
from pathlib import Path

import pytest

from yukuaiban.core.errors import InputInvalid
from yukuaiban.site.backup import archive

CONTENT = {"database.sqlite3": b"rows" * 5000}
SEED = 20_260_302


def named(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f"uploads/{digest[:2]}/{digest}"


def written(folder: Path, name: str = "a.tar.gz", **facts: object) -> Path:
    paper = random.Random(SEED).randbytes(30_000)
    target = folder / name
    with target.open("wb") as file, archive.Writer(file) as writer:
        for member, content in (CONTENT | {named(paper): paper}).items():
            (folder / "member").write_bytes(content)
            writer.add(member, folder / "member")
        writer.finish(facts)
    return target


def test_the_manifest_names_every_member_with_size_and_hash(tmp_path):
    found = archive.checked(written(tmp_path, district="sample"))
    assert found["district"] == "sample"
    assert found["members"][0] == {
        "name": "database.sqlite3",
        "size": 20_000,
        "sha256": hashlib.sha256(CONTENT["database.sqlite3"]).hexdigest(),
    }
    assert len(found["members"]) == 2


def test_the_same_content_gives_the_same_bytes(tmp_path):
    assert written(tmp_path).read_bytes() == written(tmp_path, "b.tar.gz").read_bytes()


def test_an_archive_that_was_cut_off_anywhere_is_refused(tmp_path):
    target = written(tmp_path)
    whole = target.read_bytes()
    for length in (0, 1, 20, len(whole) // 3, len(whole) - 300, len(whole) - 9):
        target.write_bytes(whole[:length])
        with pytest.raises(InputInvalid, match="已损坏"):
            archive.checked(target)


def test_an_archive_with_one_changed_byte_is_refused_wherever_it_is(tmp_path):
    target = written(tmp_path)
    whole = target.read_bytes()
    chance = random.Random(SEED)
    # The ten bytes of gzip's own header say nothing about the content.
    for place in chance.sample(range(10, len(whole)), 60):
        target.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        with pytest.raises(InputInvalid):
            archive.checked(target)


def packed(path: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "seal-key", f"uploads/aa/{'b' * 64}", "tables/x.sql"]
)
def test_a_member_that_no_backup_has_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(InputInvalid, match="不属于备份"):
        archive.checked(packed(tmp_path / "a.tar.gz", (name, b"x")))


def test_a_member_that_is_no_file_is_refused(tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        link = tarfile.TarInfo("database.sqlite3")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(InputInvalid, match="不属于备份"):
        archive.checked(tmp_path / "a.tar.gz")


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (b"", "没有 MANIFEST.json"),
        (b"{", "不是 JSON"),
        (b"[]", "不是备份清单"),
        (json.dumps({"format": 2, "members": []}).encode(), "更新的格式"),
        (json.dumps({"format": 1, "members": []}).encode(), "与清单所记的大小或哈希不符"),
        (
            json.dumps({"format": 1, "members": [{"name": "gone", "size": 1, "sha256": ""}]}).encode(),
            "database.sqlite3 与清单",
        ),
    ],
)
def test_a_manifest_that_does_not_fit_says_what_is_wrong(tmp_path, manifest, said):
    file = packed(tmp_path / "a.tar.gz", ("database.sqlite3", b"x"), ("MANIFEST.json", manifest))
    with pytest.raises(InputInvalid, match=said):
        archive.checked(file)


def test_a_missing_member_is_named(tmp_path):
    manifest = {"format": 1, "members": [{"name": "database.sqlite3", "size": 1, "sha256": "0"}]}
    file = packed(tmp_path / "a.tar.gz", ("MANIFEST.json", json.dumps(manifest).encode()))
    with pytest.raises(InputInvalid, match=r"缺少 database\.sqlite3"):
        archive.checked(file)


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "a.tar.gz").write_text("not an archive", encoding="utf-8")
    with pytest.raises(InputInvalid, match="不是完整的备份文件"):
        archive.checked(tmp_path / "a.tar.gz")
