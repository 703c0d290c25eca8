"""The docket: cases of every measure, their clocks and counters, and the one door through which they change."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.cases"
    label = "cases"
