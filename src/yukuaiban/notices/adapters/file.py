"""Messages as files in a folder, for sites whose own gateway picks them up."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from yukuaiban.notices.models import Message


def to_file(message: Message, now: datetime) -> None:
    """Write one JSON file named by the key, whole or not at all; a second time writes the same file."""
    folder = Path(settings.HOME) / "outbox"
    folder.mkdir(exist_ok=True)
    body = {
        "key": message.key,
        "to": message.recipient,
        "subject": message.subject,
        "text": message.text,
        "case": message.case_number,
        "at": now.isoformat(),
    }
    name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    draft = folder / f".{name}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / f"{name}.json")
