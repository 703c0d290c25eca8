"""District packs: everything a district says about itself, as data with date and source."""

from yukuaiban.packs.district import District, Unconfirmed
from yukuaiban.packs.examples import run_example
from yukuaiban.packs.loader import load

__all__ = ["District", "Unconfirmed", "load", "run_example"]
