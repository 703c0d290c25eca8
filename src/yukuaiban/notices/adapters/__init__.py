"""Channels: each takes a message to where it is read, and may be called twice for the same one.

An adapter raises `Undeliverable` to have the message tried again later; any other error is taken the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from yukuaiban.notices.adapters.file import to_file
from yukuaiban.notices.adapters.inbox import to_inbox
from yukuaiban.notices.adapters.smtp import to_mail
from yukuaiban.notices.adapters.undeliverable import Undeliverable
from yukuaiban.notices.models import Message

Adapter = Callable[[Message, datetime], None]
MAIL = "mail"
ADAPTERS: Mapping[str, Adapter] = {"inbox": to_inbox, "file": to_file, MAIL: to_mail}

__all__ = ["ADAPTERS", "MAIL", "Adapter", "Undeliverable"]
