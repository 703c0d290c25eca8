"""Reading a published plan: a file or text in, a Reading out. Rules and grammar: no model, no network, no Django."""

from yukuaiban.plans.reading.assembling import read_plan
from yukuaiban.plans.reading.coverage import faults
from yukuaiban.plans.reading.decoding import read_source
from yukuaiban.plans.reading.document import document
from yukuaiban.plans.reading.model import Reading

__all__ = ["Reading", "document", "faults", "read_plan", "read_source"]
