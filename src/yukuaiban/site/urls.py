"""The one table of addresses: the frame, the pages of each measure under its own name, the interface."""

from django.urls import include, path

from yukuaiban.registry import measures

urlpatterns = [
    path("", include("yukuaiban.web.urls")),
    *(path("", include(each.urls)) for each in measures()),
    path("", include("yukuaiban.api.urls")),
]

handler400 = "yukuaiban.web.views.errors.bad_request"
handler403 = "yukuaiban.web.views.errors.forbidden"
handler404 = "yukuaiban.web.views.errors.not_found"
handler500 = "yukuaiban.web.views.errors.fault"
