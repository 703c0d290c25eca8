"""Addresses of the measure; the operation names in permissions.toml are these names with `desks:` in front."""

from __future__ import annotations

from django.urls import path

from yukuaiban.measures.desks.views import board, papers, public, query, register, workbench

app_name = "desks"
urlpatterns = [
    path("desk", workbench.workbench, name="workbench"),
    path("desk/new", workbench.receive, name="receive"),
    path("desk/board", board.desk_board, name="desk_board"),
    path("cases/<str:number>/receipt", papers.receipt, name="receipt"),
    path("cases/<str:number>/papers/<int:seq>", papers.paper, name="paper"),
    path("register/matters", register.matters, name="register"),
    path("register/matters/export", register.export, name="register_export"),
    path("register/matters/propose/<path:code>", register.propose, name="sheet_propose"),
    path("register/matters/decide/<int:sheet>", register.decide, name="sheet_decide"),
    path("register/matters/show/<path:code>", register.matter, name="register_matter"),
    path("q", query.query, name="query"),
    path("q/proof", query.query_proof, name="query_proof"),
    path("matters", public.matters, name="matters"),
    path("matters/<path:code>", public.matter, name="matter"),
    path("overdue", public.overdue, name="overdue"),
]
