"""When the last good backup was made, and the last restore was tried: kept in the folder, asked by `check`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

BACKUP, DRILL = "last-backup.json", "last-drill.json"
BACKUP_TOO_OLD = timedelta(hours=26)
DRILL_TOO_OLD = timedelta(days=95)


@dataclass(frozen=True, slots=True)
class Age:
    """One of the two ages as a sentence, and whether it is a warning."""

    warns: bool
    text: str


def note_backup(home: Path, *, at: datetime, file: Path, sha256: str) -> None:
    """Remember a good backup."""
    _note(home / BACKUP, {"at": at.isoformat(), "file": file.name, "sha256": sha256})


def note_drill(home: Path, *, at: datetime, file: Path) -> None:
    """Remember that a backup of this installation was restored elsewhere and verified."""
    _note(home / DRILL, {"at": at.isoformat(), "file": file.name})


def ages(home: Path, now: datetime) -> list[Age]:
    """Backup and drill, each with its way out where it is too old (26 hours, 95 days) or was never made."""
    return [
        _age(home / BACKUP, now, BACKUP_TOO_OLD, "备份", "请运行 ./ykb backup 文件"),
        _age(home / DRILL, now, DRILL_TOO_OLD, "恢复演练", "请按 docs/operations.md 恢复到空目录一次"),
    ]


def _age(path: Path, now: datetime, most: timedelta, what: str, way: str) -> Age:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        at, file = datetime.fromisoformat(found["at"]), str(found["file"])
    except FileNotFoundError:
        return Age(warns=True, text=f"还没有{what}；{way}")
    except (ValueError, KeyError, TypeError):
        return Age(warns=True, text=f"{path.name} 读不出，不知道上次{what}的时间；{way}")
    gone = now - at
    words = f"上次{what} {_words(gone)}前，{file}"
    old = gone > most
    return Age(warns=old, text=f"{words}，已超过 {_words(most)}；{way}" if old else words)


def _words(span: timedelta) -> str:
    hours = max(0, int(span.total_seconds() // 3600))
    return f"{hours} 小时" if hours < 72 else f"{hours // 24} 天"


def _note(path: Path, content: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
