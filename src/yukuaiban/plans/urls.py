"""The addresses of the plan room; the operation names in permissions.toml are these names with `plans:` in front."""

from __future__ import annotations

from django.urls import path

from yukuaiban.plans import boardurls, paperurls
from yukuaiban.plans.views import changes, reading, takein

app_name = "plans"
urlpatterns = [
    path("plans", takein.plans, name="plans"),
    path("plans/new", takein.take_in, name="take_in"),
    path("plans/<int:year>/reading", reading.reading, name="reading"),
    path("plans/<int:year>/reading/correct", reading.correct, name="correct"),
    path("plans/<int:year>/reading/look", reading.look, name="look"),
    path("plans/<int:year>/reading/decide", reading.decide, name="decide"),
    path("plans/<int:year>/changes", changes.changes, name="changes"),
    *boardurls.urlpatterns,
    *paperurls.urlpatterns,
]
