"""The measure as an application of the framework."""

from __future__ import annotations

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """Window cases handled against a time limit (窗口办件、限时办)."""

    name = "yukuaiban.measures.desks"
    label = "desks"

    def ready(self) -> None:
        """Bring the published overruns to the public home page, and the lights of a trial to the pages of cases."""
        from yukuaiban.measures.desks.views import lights  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.measures.desks.views.public import overdue_panel  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.web import panels  # noqa: PLC0415 - as above

        panels.enlist(overdue_panel)
        panels.enlist_case("desks", lights.panel)
