"""Debian's Chromium on a live server of our own: one browser for all, one context a person, one moment for both.

`house` is the served district; `enter("handler")` a page signed in as one of the cast, `visit()` a stranger's.
Every context is watched: an error in the console, a breach of the content policy, a request to another host or a
missing file fails the test.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests import pens
from tests.browser.busy import NOW, play
from tests.browser.house import MONDAY, on_file, opened, serving, settle
from tests.browser.watching import Watch

# Playwright's synchronous interface runs an event loop in this thread, which Django would refuse.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

OFFICE, PHONE, HALL = (
    {"width": 1366, "height": 768},
    {"width": 390, "height": 844},
    {"width": 1920, "height": 1080},
)
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def pytest_addoption(parser):
    parser.addoption(
        "--shots", action="store_true", help="save screenshots of every page in tests/browser/shots"
    )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("YKB_BROWSER") or next(filter(None, map(shutil.which, names)), None)
    return browser_type_launch_args | {"executable_path": found, "args": list(_FLAGS)}


@pytest.fixture(scope="session")
def base_url(served):
    return served


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    mine = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": OFFICE}
    return browser_context_args | mine


@pytest.fixture(scope="session")
def served():
    """The address of the server; its requests get the moment of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "YKB_PEN", pens.HELD)
        with serving() as url:
            yield url


@pytest.fixture(scope="session")
def settled(django_db_blocker, tmp_path_factory):
    """The settled district as a file, with its office."""
    path = tmp_path_factory.mktemp("settled") / "settled.sqlite3"
    with django_db_blocker.unblock():
        return path, settle(path)


@pytest.fixture(scope="session")
def busy(django_db_blocker, settled, tmp_path_factory):
    """A second file: the district after three weeks of work, with the town that names what is in it."""
    first, office = settled
    path = tmp_path_factory.mktemp("busy") / "busy.sqlite3"
    shutil.copyfile(first, path)
    office.at(MONDAY)
    with django_db_blocker.unblock(), on_file(path):
        return path, play(office)


@pytest.fixture
def town(busy):
    """Whoever asks for it finds the busy district in the house instead of the quiet one."""
    return busy[1]


@pytest.fixture
def house(request, settled, served, django_db_blocker, tmp_path, monkeypatch):
    path, office = settled
    if "town" in request.fixturenames:
        path = request.getfixturevalue("busy")[0]
    # The lock-out's library reads the clock by itself.
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: office.now)
    with django_db_blocker.unblock(), opened(path, office, served, tmp_path) as here:
        office.at(NOW if "town" in request.fixturenames else MONDAY)
        yield here


@pytest.fixture
def office(house):
    return house.office


@pytest.fixture
def watched(house, browser, browser_context_args):
    """Make contexts that are watched until the test ends."""
    contexts, watches = [], []

    def make(**options):
        context = browser.new_context(**(browser_context_args | options))
        context.set_default_timeout(10_000)
        contexts.append(context)
        watches.append(Watch(context, house.url))
        return context

    yield make
    for context in contexts:
        context.close()
    assert [each for watch in watches for each in watch.found] == []


@pytest.fixture
def visit(watched):
    """A page of somebody who is not signed in."""
    return lambda **options: watched(**options).new_page()


@pytest.fixture
def enter(house, watched):
    """A page signed in as one of the cast."""

    def signed_in(who, **options):
        context = watched(**options)
        cookie = {
            "name": django_settings.SESSION_COOKIE_NAME,
            "value": house.session_of(who),
            "url": house.url,
        }
        context.add_cookies([cookie])
        return context.new_page()

    return signed_in


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core."""
    return next(Path(__file__).parent.glob("vendor/axe-core-*/axe.min.js")).read_text(encoding="utf-8")
