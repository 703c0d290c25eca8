"""The office of the fictional district."""

from tests.settled import installed_office, office

__all__ = ["installed_office", "office"]
