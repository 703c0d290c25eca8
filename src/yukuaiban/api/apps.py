"""The programming interface: the same one door and the same gate as the pages."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.api"
    label = "api"
