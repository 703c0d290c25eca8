"""People: agencies, staff, posts, enterprises, masks, and the one access policy."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.people"
    label = "people"
