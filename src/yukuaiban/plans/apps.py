"""The plan room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Rows of the plan and its tasks."""

    name = "yukuaiban.plans"
    label = "plans"

    def ready(self) -> None:
        """Bring the panel to the pages of tasks, and to them the agencies named beside the leading one."""
        from yukuaiban.plans import sight  # noqa: PLC0415 - models are loaded only now
        from yukuaiban.plans.views import panels as own  # noqa: PLC0415 - as above
        from yukuaiban.web import objects, panels  # noqa: PLC0415 - as above

        panels.enlist_case("plans", own.case_panel)
        objects.bring_near("plans", sight.works_on)
