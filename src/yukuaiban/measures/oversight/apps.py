"""The pages of supervision as an application of the framework."""

from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Orders and candidates (督查督办); rules and rows lie in `yukuaiban.supervision`."""

    name = "yukuaiban.measures.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Bring the panel of an order to its page, and the ladder of a case to the pages of all others."""
        from yukuaiban.measures.oversight.views import panels as own  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.supervision.queries import HAS_ORDERS  # noqa: PLC0415 - as above
        from yukuaiban.web import objects, panels  # noqa: PLC0415 - as above

        objects.ask_along(own.SUPERVISED, HAS_ORDERS)
        panels.enlist_case("supervision", own.order_panel)
        panels.enlist_every_case(own.ladder_panel)
