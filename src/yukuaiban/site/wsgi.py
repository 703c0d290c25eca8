"""The WSGI entry for granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yukuaiban.site.settings")
application = get_wsgi_application()

from yukuaiban.web import failures  # noqa: E402 - only after set-up

failures.keep_ready()
