"""The fictional district on Monday 2026-03-02 at 09:00, for what needs no database of its own."""

from tests.settled import installed_office, office

__all__ = ["installed_office", "office"]
