"""The addresses of the reports of the plan and of where their numbers come from."""

from __future__ import annotations

from django.urls import path

from yukuaiban.plans.views import papers

urlpatterns = [
    path("plans/<int:year>/reports", papers.listed, name="reports"),
    path("plans/<int:year>/reports/ask", papers.asked, name="report_ask"),
    path("plans/<int:year>/evidence.xlsx", papers.index, name="evidence_index"),
    path("plans/reports/<uuid:report>", papers.shown, name="report_shown"),
    path("plans/reports/<uuid:report>/<slug:kind>", papers.file, name="report_file"),
    path("plans/lineage/<slug:uid>", papers.lineage, name="lineage"),
]
