"""Reading a published plan: a file or text in, a Reading out. Rules and grammar: no model, no network, no Django."""

from yukuaiban.plans.reading.assembling import read_plan
from yukuaiban.plans.reading.coverage import faults
from yukuaiban.plans.reading.decoding import read_source, refuse_large, words_of
from yukuaiban.plans.reading.document import document
from yukuaiban.plans.reading.model import Reading
from yukuaiban.plans.reading.office import has_tracked_changes

__all__ = [
    "Reading",
    "document",
    "faults",
    "has_tracked_changes",
    "read_plan",
    "read_source",
    "refuse_large",
    "words_of",
]
