"""The addresses of the board and of the working pages of the plan."""

from __future__ import annotations

from django.urls import path

from yukuaiban.plans.views import board, calendarfile, reporting, results, wall, work

urlpatterns = [
    path("plans/now", board.newest, name="now"),
    path("plans/<int:year>", board.board, name="board"),
    path("plans/<int:year>/export", board.export, name="board_export"),
    path("plans/<int:year>/wall", wall.wall, name="wall"),
    path("plans/<int:year>/wall/figures", wall.figures, name="wall_figures"),
    path("plans/<int:year>/undertakings/<slug:key>", work.undertaking, name="undertaking"),
    path("plans/<int:year>/agency/<str:agency>", work.sheet, name="sheet"),
    path("plans/<int:year>/calendar.ics", calendarfile.ics, name="ics"),
    path("plans/mine", work.mine, name="mine"),
    path("plans/mine/<str:number>/report", reporting.report, name="report"),
    path("plans/waiting", work.waiting, name="waiting"),
    path("plans/candidates", work.candidates, name="candidates"),
    path("plans/<int:year>/undertakings/<slug:key>/result", results.draft, name="result_draft"),
    path("plans/<int:year>/public", results.public, name="public"),
    path("plans/public", results.newest, name="results"),
]
