"""Long work: what takes longer than a page may (ui.md section 2), done by the worker step by step."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.jobs"
    label = "jobs"
