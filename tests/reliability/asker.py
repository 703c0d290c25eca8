"""A program of 小榆's that takes in a case for every key it reads, and says status and number of each answer.

`python -m tests.reliability.asker`, with the environment of an installation that `scene prepare` made.
"""

from __future__ import annotations

import sys

import django

django.setup()

from django.conf import settings  # noqa: E402 - after set-up
from django.db import close_old_connections  # noqa: E402

from tests.reliability.requests import receive, signed_in  # noqa: E402
from tests.reliability.scene import say  # noqa: E402
from yukuaiban.people.models import Staff  # noqa: E402


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    client = signed_in(Staff.objects.get(login="xiaoyu"))
    say("ready")
    for line in sys.stdin:
        close_old_connections()  # as the server does before each request; the test client leaves it out
        answer = receive(client, line.strip())
        say(answer.status_code, answer.json().get("number", "-"))


if __name__ == "__main__":
    main()
