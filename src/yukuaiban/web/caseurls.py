"""Addresses of the docket: the page of a case, its actions and evidence, the hall display, the board."""

from __future__ import annotations

from django.urls import path

from yukuaiban.web.views import act, board, case, evidence, hall, proof, reads, reveal

urlpatterns = [
    path("cases/<str:number>", case.case_page, name="case"),
    path("cases/<str:number>/act/<slug:action>", act.case_act, name="case_act"),
    path("cases/<str:number>/reveal", reveal.case_reveal, name="case_reveal"),
    path("cases/<str:number>/reads", reveal.case_reads, name="case_reads"),
    path("cases/<str:number>/proof", proof.case_proof, name="case_proof"),
    path("cases/<str:number>/evidence/<uuid:uid>", evidence.evidence, name="evidence"),
    path("cases/<str:number>/evidence/<uuid:uid>/view", evidence.evidence_view, name="evidence_view"),
    path(
        "cases/<str:number>/evidence/<uuid:uid>/pages/<int:page>.png",
        evidence.evidence_picture,
        name="evidence_picture",
    ),
    path("oversight", board.board, name="board"),
    path("oversight/export", board.board_export, name="board_export"),
    path("oversight/reads", reads.reads, name="reads"),
    path("oversight/reads/export", reads.reads_export, name="reads_export"),
    path("hall/<slug:hall>", hall.hall, name="hall"),
    path("hall/<slug:hall>/figures", hall.figures, name="hall_figures"),
]
