"""The one mount point of the interface."""

from django.urls import path

from yukuaiban.api.v1 import api

urlpatterns = [path("api/v1/", api.urls)]
