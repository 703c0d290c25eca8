"""The measure as an application of the framework."""

from __future__ import annotations

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Window cases handled against a time limit (窗口办件、限时办)."""

    name = "yukuaiban.measures.desks"
    label = "desks"
