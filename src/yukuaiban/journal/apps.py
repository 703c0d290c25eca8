"""The journal: every business fact, appended once, chained by stream, never changed."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.journal"
    label = "journal"
