"""Addresses of the measure; the operation names in permissions.toml are these names with `demonstration:` in front."""

from __future__ import annotations

from django.urls import path

from yukuaiban.measures.demonstration.views import editing, importing, outside, pages, papers

app_name = "demonstration"
urlpatterns = [
    path("demonstration", pages.tree, name="tree"),
    path("demonstration/board", pages.board, name="board"),
    path("demonstration/gaps", pages.gaps, name="gaps"),
    path("demonstration/visits/<int:visit>", pages.site_sheet, name="site_sheet"),
    path("demonstration/assign", editing.assign, name="assign"),
    path("demonstration/evaluators/new", editing.invite, name="invite"),
    path("demonstration/import", importing.import_, name="import"),
    path("demonstration/import/template.xlsx", importing.template, name="template"),
    path("demonstration/difference", editing.difference, name="difference"),
    path("demonstration/evidence.zip", papers.evidence, name="evidence"),
    path("demonstration/report.docx", papers.report, name="report"),
    path("evaluation/<slug:token>", outside.review, name="outside"),
    path("evaluation/<slug:token>/<str:leaf>", outside.score, name="outside_score"),
    path("evaluation/<slug:token>/files/<slug:sha256>", outside.file, name="outside_file"),
]
