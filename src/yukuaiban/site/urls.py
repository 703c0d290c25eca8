"""The one table of addresses: a watchdog's pages, the frame, each measure under its own name, the interface."""

from django.urls import include, path

from yukuaiban.registry import measures
from yukuaiban.site import health
from yukuaiban.web.views import errors

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("yukuaiban.web.urls")),
    *(path("", include(each.urls)) for each in measures()),
    path("", include("yukuaiban.api.urls")),
]

# The functions, not their names: a process without a free file handle could not import them any more.
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.fault
