"""Evidence: files with a hash, and the one safe way of reading and writing tables."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.evidence"
    label = "evidence"
