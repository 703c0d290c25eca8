"""Addresses of the measure; the operation names in permissions.toml are these names with `desks:` in front."""

from __future__ import annotations

from django.urls import path

from yukuaiban.measures.desks.views import (
    board,
    completeness,
    halls,
    lights,
    papers,
    public,
    query,
    register,
    workbench,
)

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
    path("desks/halls", halls.halls, name="halls"),
    path("desks/halls/export", halls.halls_export, name="halls_export"),
    path("desks/halls/show/<str:hall>", halls.hall, name="hall"),
    path("desks/halls/propose/<str:hall>", halls.propose, name="hall_propose"),
    path("desks/halls/decide/<int:change>", halls.decide, name="hall_decide"),
    path("desks/completeness", completeness.completeness, name="completeness"),
    path("desks/completeness/export", completeness.export, name="completeness_export"),
    path("desks/lights", lights.lights, name="lights"),
    path("desks/lights/export", lights.export, name="lights_export"),
    path("desks/lights/<int:key>", lights.light, name="light"),
    path("desks/lights/<int:key>/decide", lights.decide, name="light_decide"),
    path("desks/lights/<int:key>/mend", lights.mend, name="light_mend"),
    path("cases/<str:number>/lights", lights.judge, name="light_judge"),
    path("q", query.query, name="query"),
    path("q/proof", query.query_proof, name="query_proof"),
    path("matters", public.matters, name="matters"),
    path("matters/<path:code>", public.matter, name="matter"),
    path("overdue", public.overdue, name="overdue"),
]
