"""The plan room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Rows of the plan and its tasks."""

    name = "yukuaiban.plans"
    label = "plans"
