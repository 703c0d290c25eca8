"""The room of supervision as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Orders, their causes and objections."""

    name = "yukuaiban.supervision"
    label = "supervision"
