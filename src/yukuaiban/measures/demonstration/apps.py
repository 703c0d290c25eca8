"""The measure as an application of the framework."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """Working along an index of law-based government and applying as a model district (法治政府建设示范创建)."""

    name = "yukuaiban.measures.demonstration"
    label = "demonstration"

    def ready(self) -> None:
        """Bring the own panel to the pages of leaves and applications, and reviewers to the leaves of others."""
        from yukuaiban.measures.demonstration.views import panels as own  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.web import objects, panels  # noqa: PLC0415 - as above

        panels.enlist_case("demonstration", own.case_panel)
        objects.bring_near("demonstration", own.works_on)
