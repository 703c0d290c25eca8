"""District packs: everything a district says about itself, as data with date and source."""

from yukuaiban.packs.district import District, Unconfirmed
from yukuaiban.packs.loader import load
from yukuaiban.packs.running import run_example

__all__ = ["District", "Unconfirmed", "load", "run_example"]
