"""Addresses of documents: what they serve, their page, their files and pictures."""

from __future__ import annotations

from django.urls import path

from yukuaiban.web.views import documents

urlpatterns = [
    path("documents/for/<slug:kind>/<str:key>/add", documents.document_add, name="document_add"),
    path("documents/for/<slug:kind>/<str:key>/attach", documents.document_attach, name="document_attach"),
    path("documents/<uuid:document>", documents.document, name="document"),
    path("documents/<uuid:document>/change", documents.document_change, name="document_change"),
    path(
        "documents/<uuid:document>/for/<slug:kind>/<str:key>/detach",
        documents.document_detach,
        name="document_detach",
    ),
    path("documents/<uuid:document>/files/<slug:sha256>", documents.document_file, name="document_file"),
    path(
        "documents/<uuid:document>/files/<slug:sha256>/pages/<int:page>.png",
        documents.document_picture,
        name="document_picture",
    ),
]
