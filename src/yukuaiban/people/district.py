"""The district pack of this installation, loaded once for a process."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from yukuaiban import packs

if TYPE_CHECKING:
    from yukuaiban.packs import District


@lru_cache(maxsize=4)
def _loaded(path: str) -> District:
    return packs.load(Path(path))


def installed() -> District:
    """The installed district. Raises PackInvalid with every complaint if its pack is wrong."""
    return _loaded(str(settings.DISTRICT_PATH))


def local_day(moment: datetime) -> date:
    """The district's date at a moment."""
    return moment.astimezone(ZoneInfo(installed().zone)).date()
