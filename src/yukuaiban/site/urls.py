"""The one table of addresses: a watchdog's pages, the frame, each measure under its own name, the interface."""

from django.urls import include, path

from yukuaiban.registry import measures
from yukuaiban.site import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("yukuaiban.web.urls")),
    *(path("", include(each.urls)) for each in measures()),
    path("", include("yukuaiban.api.urls")),
]

handler400 = "yukuaiban.web.views.errors.bad_request"
handler403 = "yukuaiban.web.views.errors.forbidden"
handler404 = "yukuaiban.web.views.errors.not_found"
handler500 = "yukuaiban.web.views.errors.fault"
