"""The mark of a restore that is not finished: with it in the folder no other command works on the installation."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from yukuaiban.journal import disk

FILE = "restore-unfinished.json"


def explained(home: Path) -> str | None:
    """What to do about a restore that broke off in this folder; None if there was none."""
    mark = home / FILE
    if not mark.exists():
        return None
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
        what = f"{found['at'][:16]} 开始的恢复（{found['file']}）"
    except (ValueError, KeyError, TypeError):
        what = "一次恢复"
    return (
        f"{what}没有完成，{home} 中的内容不能使用；请删除其中的 yukuaiban.sqlite3*、uploads 和 {FILE}"
        "（用 PostgreSQL 的换一个空的数据库），密钥文件留下，再运行 ./ykb restore"
    )


@contextmanager
def marked(home: Path, *, at: datetime, file: Path) -> Iterator[None]:
    """Mark the folder while the block runs; the mark goes only if it ran to its end.

    The block leaves nothing unsynced behind. Raises FileExistsError if another restore works here.
    """
    with (home / FILE).open("x", encoding="utf-8") as mark:
        json.dump({"at": at.isoformat(), "file": file.name}, mark, ensure_ascii=False)
        mark.flush()
        os.fsync(mark.fileno())
    disk.sync_folder(home)  # the mark is on the disk before anything that it speaks of
    yield
    (home / FILE).unlink()
    disk.sync_folder(home)
