"""`serve`, `worker`, `tick`, `migrate`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import FrameType
from typing import TypeVar

import click
import structlog

from yukuaiban.site import django as site
from yukuaiban.site import home

T = TypeVar("T")

_PAUSE_SECONDS = 1.0
_SQLITE_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--demo", "demo_allowed", is_flag=True, help="允许启动演示库")
@click.option("--worker/--no-worker", "with_worker", default=True, help="同时在本进程外启动一个后台进程")
def serve(host: str, port: int, *, demo_allowed: bool, with_worker: bool) -> None:
    """启动网站（granian，WSGI）。"""
    if (home.folder() / "demo.json").exists() and not demo_allowed:
        message = "这是演示库，账号免密码；如确要启动，请加 --demo，或换一个 YKB_HOME"
        raise click.ClickException(message)
    if site.pending_migrations():
        site.migrate()
    if _empty():
        _install()
    run(host, port, with_worker=with_worker)


def _empty() -> bool:
    from yukuaiban.people.models import Agency  # noqa: PLC0415 - models need Django set up

    return not Agency.objects.exists()


def _install() -> None:
    """Load the pack, say what was not taken over, and where the first accounts come from."""
    for finding in site.install():
        click.echo(f"提醒：{finding}", err=True)
    from yukuaiban.people.models import Staff  # noqa: PLC0415 - models need Django set up

    if not Staff.objects.exists():
        click.echo("还没有账号；请用 ./ykb user add 和 ./ykb user grant 建立管理员。", err=True)


def run(host: str, port: int, *, with_worker: bool) -> None:
    """Serve until a signal comes; with one worker process beside it."""
    from granian import Granian  # noqa: PLC0415 - heavy, only to serve
    from granian.constants import Interfaces  # noqa: PLC0415

    # Two writing web processes on SQLite only wait on each other; its one process gets more threads instead.
    embedded = not os.environ.get("YKB_DATABASE_URL")
    server = Granian(
        "yukuaiban.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if embedded else 2,
        blocking_threads=_SQLITE_THREADS if embedded else 1,
        log_access=False,
        websockets=False,
    )
    helper = _spawn_worker() if with_worker else None
    try:
        server.serve()
    finally:
        if helper is not None:
            os.kill(helper, signal.SIGTERM)
            os.waitpid(helper, 0)


def _spawn_worker() -> int:
    return os.posix_spawn(
        sys.executable, [sys.executable, "-m", "yukuaiban.site", "worker"], dict(os.environ)
    )


@click.command()
def worker() -> None:
    """后台进程：到时预警、超时、恢复计时，投递通知。"""
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not stop.is_set() and _tried(site.existing) is None:
        stop.wait(_PAUSE_SECONDS)
    while not stop.is_set():
        if not _tried(_pass_now):
            stop.wait(_PAUSE_SECONDS)


@click.command()
def tick() -> None:
    """后台进程只走一遍：处理完已到时的一切就退出。"""
    site.existing()
    while _pass_now():
        pass


def _pass_now() -> bool:
    return one_pass(site.ready().moment())


def _tried(deed: Callable[[], T]) -> T | None:
    """What `deed` gives; None where the database or the disk is away, and all is to be begun anew.

    Nobody else would start the worker again, so it waits, at its start too.
    """
    try:
        return deed()
    except Exception as error:
        from django.db import connections  # noqa: PLC0415 - models need Django set up

        from yukuaiban.web.failures import cannot_store  # noqa: PLC0415

        if not cannot_store(error):
            raise
        structlog.get_logger("ykb.worker").warning("storage away", why=f"{type(error).__name__}: {error}")
        connections.close_all()
        return None


def one_pass(now: datetime) -> bool:
    """One pass of clocks, supervision, outbox and journal tree; True if more is waiting."""
    from yukuaiban.cases.worker import tick as tick_clocks  # noqa: PLC0415 - models need Django set up

    report = tick_clocks(now, pen=site.ready())
    _supervise(now)
    _lock_unused()
    _deliver()
    sequenced = _sequence(now)
    worked = _work(now)
    return sequenced or worked or (report.more and report.moved > 0)


def _supervise(now: datetime) -> None:
    """Propose orders on what has been overdue for long enough; not while the host's clock is in doubt."""
    from yukuaiban.journal.writing import clock_in_doubt  # noqa: PLC0415 - models need Django set up
    from yukuaiban.supervision.triggers import propose_due  # noqa: PLC0415

    if not clock_in_doubt():
        propose_due(now, pen=site.ready())


def _lock_unused() -> None:
    """Close accounts that nobody used for 90 days; those of a demo are entered by nobody in particular."""
    from yukuaiban.people.access import SYSTEM_WORKER  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.actions import lock_unused  # noqa: PLC0415

    if not (home.folder() / "demo.json").exists():
        lock_unused(by=SYSTEM_WORKER, pen=site.ready())


def _deliver() -> None:
    """All messages that are due. Each round reads the clock anew: a lease counts from when it was taken."""
    from yukuaiban.notices.outbox import Delivered, deliver  # noqa: PLC0415 - models need Django set up

    pen = site.ready()
    while deliver(pen.moment(), owner=f"worker-{os.getpid()}") != Delivered():
        pass


def _work(now: datetime) -> bool:
    """One step of long work; results that were kept long enough go."""
    from yukuaiban.jobs import results, working  # noqa: PLC0415 - models need Django set up
    from yukuaiban.site.longwork import KINDS  # noqa: PLC0415
    from yukuaiban.web import scope  # noqa: PLC0415

    pen = site.ready()
    results.forget(now, pen=pen)
    with scope.request_scope(pen.moment):
        return working.advance(now, pen=pen, owner=f"worker-{os.getpid()}", kinds=KINDS)


def _sequence(now: datetime) -> bool:
    """One pass of the sequencer; True if more is waiting. If it has stopped, clocks and messages go on."""
    from yukuaiban.journal import sequencing  # noqa: PLC0415 - models need Django set up

    try:
        return sequencing.advance(now, memory=home.signed_note(home.folder())).more
    except sequencing.SequencerStopped as stopped:
        _alarm(str(stopped))
        return False


@cache
def _alarm(why: str) -> None:
    """Said once by each process; `readyz` is red meanwhile, and `check` says it whenever it is asked."""
    structlog.get_logger("ykb.worker").error("sequencer stopped", why=why)


@click.command()
def migrate() -> None:
    """建立或升级数据库，装入区县数据包；再运行一次不会改变什么。"""
    site.migrate()
    _install()
    click.echo("数据库已是最新。", err=True)
