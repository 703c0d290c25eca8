"""The frame of the pages as an application of the framework."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their gate and their lists."""

    name = "yukuaiban.web"
    label = "web"
