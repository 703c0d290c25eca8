"""Evidence: files with a hash, and the one safe way of reading and writing tables."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers the room with Django."""

    name = "yukuaiban.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Stop the start where the scanner is misspelt."""
        from yukuaiban.evidence.scanning import scanner  # noqa: PLC0415 - models are loaded only now

        scanner()
