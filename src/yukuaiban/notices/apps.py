"""Notices: an outbox in the transaction of the event, delivered later, at least once, with a key."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.notices"
    label = "notices"
