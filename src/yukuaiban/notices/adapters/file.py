"""Messages as files in a folder, for sites whose own gateway picks them up."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

from django.conf import settings

from yukuaiban.journal import disk
from yukuaiban.notices.models import Message


def to_file(message: Message, now: datetime) -> None:
    """Write one JSON file named by the key, whole or not at all; a second time writes the same file."""
    folder = Path(settings.HOME) / "outbox"
    folder.mkdir(exist_ok=True)
    disk.sync_folder(folder.parent)
    body = {
        "key": message.key,
        "to": message.recipient,
        "subject": message.subject,
        "text": message.text,
        "case": message.case_number,
        "at": now.isoformat(),
    }
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    disk.write_whole(folder / f"{name}.json", json.dumps(body, ensure_ascii=False).encode())
