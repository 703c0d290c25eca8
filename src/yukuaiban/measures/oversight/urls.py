"""The addresses of supervision."""

from __future__ import annotations

from django.urls import path

from yukuaiban.measures.oversight.views import letter, pages, proposing

app_name = "supervision"
urlpatterns = [
    path("supervision", pages.orders, name="orders"),
    path("supervision/export", pages.orders_export, name="orders_export"),
    path("supervision/candidates", pages.candidates, name="candidates"),
    path("supervision/candidates/export", pages.candidates_export, name="candidates_export"),
    path("cases/<str:number>/supervise", proposing.propose, name="propose"),
    path("cases/<str:number>/letter", letter.letter, name="letter"),
]
