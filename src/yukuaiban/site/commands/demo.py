"""`demo`: loads the pack, plays some months of work through the real engine once, and serves the site."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from yukuaiban.site import django as site
from yukuaiban.site import home

_MARK = "demo.json"
_MONTHS = 3
_CASES = 400
_SEED = 2110


@click.command()
@click.option("--no-serve", is_flag=True, help="只准备数据，不启动网站")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="端口")
@click.option("--cases", type=click.IntRange(1, 100_000), help=f"模拟多少件（默认 {_CASES}）")
@click.option("--seed", type=int, help=f"随机种子（默认 {_SEED}）；同一种子、同一时刻得到同样的留痕")
@click.option(
    "--matters",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="事项表：先导入，再让模拟办件按它办理",
)
@click.option("--until", type=click.DateTime(), hidden=True, help="模拟到哪一刻（UTC），默认现在")
def demo(
    *,
    no_serve: bool,
    port: int,
    cases: int | None,
    seed: int | None,
    matters: Path | None,
    until: datetime | None,
) -> None:
    """演示：装好、播放几个月的模拟办件并启动网站。"""
    wanted = {"cases": cases, "seed": seed, "matters": matters.name if matters else None}
    mark = home.folder() / _MARK
    if not mark.exists() and not _finished(mark):
        _refuse_foreign_database()
        moment = until.replace(tzinfo=UTC) if until else datetime.now(UTC)
        _make(mark, wanted, matters, moment)
    else:
        _same_as(json.loads(mark.read_text(encoding="utf-8")), wanted)
        if site.pending_migrations():
            site.migrate()
    _announce(json.loads(mark.read_text(encoding="utf-8")), port, served=not no_serve)
    if not no_serve:
        from yukuaiban.site.commands.serving import run  # noqa: PLC0415 - only to serve

        run("127.0.0.1", port, with_worker=True)


def _same_as(made: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Other options on an existing demo are refused with the way out; nothing is played twice."""
    differing = [
        name for name, value in wanted.items() if value is not None and value != made["options"][name]
    ]
    if differing:
        names = "、".join(f"--{name}" for name in differing)
        message = f"演示库已按别的选项建好（{names} 不同）；请换一个 YKB_HOME，或去掉这些选项"
        raise click.ClickException(message)


def _finished(mark: Path) -> bool:
    """Finish a run that was killed between playing and marking. One that was killed earlier has left nothing."""
    draft = _draft(mark)
    if not draft.exists():
        return False
    site.migrate()
    from yukuaiban.people.models import Staff  # noqa: PLC0415 - models need Django set up

    if not Staff.objects.exists():
        click.echo("上次演示没有播放完，没有留下数据，现在从头播放。", err=True)
        draft.unlink()
        return False
    draft.replace(mark)
    return True


def _draft(mark: Path) -> Path:
    return mark.with_suffix(".draft")


def _refuse_foreign_database() -> None:
    """A demo never plays into a database that holds anything."""
    site.migrate()
    from yukuaiban.people.models import Agency, Staff  # noqa: PLC0415 - models need Django set up

    if Staff.objects.exists() or Agency.objects.exists():
        message = "这个数据库不是空的，也不是演示库；请换一个 YKB_HOME"
        raise click.ClickException(message)


def _make(mark: Path, wanted: dict[str, Any], matters: Path | None, until: datetime) -> None:
    from yukuaiban.people.district import installed  # noqa: PLC0415 - models need Django set up
    from yukuaiban.site.simulator.indexlife import index_file  # noqa: PLC0415
    from yukuaiban.site.simulator.planlife import plan_text  # noqa: PLC0415
    from yukuaiban.site.simulator.run import Played, months_before, play  # noqa: PLC0415

    options = {
        "cases": wanted["cases"] or _CASES,
        "seed": _SEED if wanted["seed"] is None else wanted["seed"],
        "matters": wanted["matters"],
    }
    district, since = installed(), months_before(until, _MONTHS)
    found = {"period_from": since.isoformat(), "period_to": until.isoformat(), "options": options}

    def keep(played: Played) -> None:
        """Before the work is committed, so that a database that was played is always known as a demo."""
        text = json.dumps(found | {"accounts": played.cast.accounts}, ensure_ascii=False, indent=1)
        _draft(mark).write_text(text, encoding="utf-8")

    click.echo(f"正在播放 {district.name} {_MONTHS} 个月的模拟办件……", err=True)
    played = play(
        district,
        seed=options["seed"],
        since=since,
        until=until,
        cases=options["cases"],
        progress=_progress(since, until),
        matters=matters,
        plan=plan_text(district, until),
        index=index_file(district, until),
        keep=keep,
    )
    _draft(mark).replace(mark)
    if (report := played.imported) is not None:
        counts = f"读 {report.read} 行，存 {report.stored} 行，拒 {report.refused_rows} 行"
        click.echo(f"事项表：{counts}；模拟办件按表中已公布的事项办理。", err=True)
    click.echo(f"共 {played.cases} 件，在办 {played.open} 件。", err=True)


def _progress(since: datetime, until: datetime) -> Callable[[datetime], None]:
    """A line at a terminal, rewritten; every ten percent elsewhere."""
    shown = [-1]
    tenth = 1 if sys.stderr.isatty() else 10
    started = time.monotonic()

    def show(now: datetime) -> None:
        percent = int((now - since) / (until - since) * 100)
        if percent // tenth > shown[0]:
            shown[0] = percent // tenth
            end = "\r" if tenth == 1 and percent < 100 else "\n"
            click.echo(
                f"  {percent:3d} %  {now:%Y-%m-%d}  {time.monotonic() - started:.0f} 秒{end}",
                nl=False,
                err=True,
            )

    return show


def _announce(made: dict[str, Any], port: int, *, served: bool) -> None:
    from yukuaiban.people.queries import agency_names  # noqa: PLC0415 - models need Django set up
    from yukuaiban.people.roles import role_title  # noqa: PLC0415

    names = agency_names()
    click.echo("演示账号（免密码，在首页点选）：")
    for account in made["accounts"]:
        click.echo(f"  {role_title(account['role'])}  {names.get(account['agency'], '')}  {account['login']}")
    if served:
        click.echo(f"请打开 http://127.0.0.1:{port}/  （Ctrl+C 结束）")
