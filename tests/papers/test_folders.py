"""Archives of folders: the same state gives the same bytes, names suit every file system, the manifest holds."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from yukuaiban.papers.folders import CONTENTS, MANIFEST, Leaf, archive, name_of

LEAVES = (
    Leaf("01 甲/01 纪要.pdf", b"one", ("甲", "纪要")),
    Leaf("01 甲/02 台账.csv", b"two", ("甲", "=1+1")),
)


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_files_lie_in_their_folders_and_the_manifest_tells_their_hashes() -> None:
    with opened(archive(LEAVES, ("举措", "材料"), "2026-04-20 09:00:00")) as found:
        assert found.namelist() == ["01 甲/01 纪要.pdf", "01 甲/02 台账.csv", CONTENTS, MANIFEST]
        assert found.read("01 甲/01 纪要.pdf") == b"one"
        sums = dict(line.split("  ")[::-1] for line in found.read(MANIFEST).decode().splitlines())
        assert sums == {each.path: hashlib.sha256(each.content).hexdigest() for each in LEAVES}
        lines = found.read(CONTENTS).decode("utf-8-sig").splitlines()
        assert lines[:2] == ["导出时间,2026-04-20 09:00:00", "文件,举措,材料,SHA-256"]
        assert lines[3].startswith("01 甲/02 台账.csv,甲,'=1+1,")


def test_only_the_line_with_the_time_differs() -> None:
    first, second = (archive(LEAVES, ("举措", "材料"), made) for made in ("2026-04-20", "2026-04-21"))
    assert archive(LEAVES, ("举措", "材料"), "2026-04-20") == first
    with opened(first) as one, opened(second) as other:
        changed = [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert changed == [CONTENTS]
        a, b = (each.read(CONTENTS).decode().splitlines() for each in (one, other))
        assert [n for n, pair in enumerate(zip(a, b, strict=True)) if pair[0] != pair[1]] == [0]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("会议纪要", "会议纪要"),
        ("a/b\\c:d*e?f", "abcdef"),
        ("../../etc", "etc"),
        ("..", "材料"),
        ("\x00\n", "材料"),
        ("长" * 99, "长" * 60),
    ],
)
def test_titles_become_names_that_every_file_system_takes(title: str, name: str) -> None:
    assert name_of(title) == name
