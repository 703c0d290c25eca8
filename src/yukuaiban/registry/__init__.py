"""What a measure tells the platform about itself, and the list of those that are there."""

from yukuaiban.registry.measure import Indicator, Measure, NavEntry, at_desks, measure, measures

__all__ = ["Indicator", "Measure", "NavEntry", "at_desks", "measure", "measures"]
