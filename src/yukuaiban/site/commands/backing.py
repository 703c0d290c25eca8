"""`backup` and `restore`: a consistent copy while the work goes on, and the way back, which ends with a verify."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yukuaiban.site import django as site
from yukuaiban.site import home

if TYPE_CHECKING:
    from datetime import datetime

    from yukuaiban.journal.notes import Note
    from yukuaiban.journal.pen import Pen
    from yukuaiban.journal.report import Report
    from yukuaiban.site.backup.making import Made

_JSON = click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 文档")
_KEYS = "密钥不在备份里：{folder} 中的 {names} 要另存一份，放在别的介质上；没有它们，个人信息谁也读不出。"


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@_JSON
def backup(*, file: Path, as_json: bool) -> None:
    """把数据库和上传的文件备份成一个文件 FILE；网站和后台进程照常工作。文件缺失或受损则退出码为 1。"""
    pen = site.ready()
    if not _made():
        raise click.ClickException("这里还没有数据库；请核对 YKB_HOME，或先运行 ./ykb migrate")
    from yukuaiban.site.backup import erasures, making  # noqa: PLC0415 - models need Django set up

    try:
        made = making.make(file, at=pen.moment(), told=_told)
        erasures.write(file, at=pen.moment(), first=made.manifest["journal"]["first"])
    except OSError as error:
        raise click.ClickException(f"备份没有写成：{error}；请检查磁盘空间和权限") from error
    _report(file, made, as_json=as_json)
    sys.exit(1 if made.faults else 0)


def _made() -> bool:
    from django.db import connection  # noqa: PLC0415 - models need Django set up

    name = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not name.exists():
        return False
    return "journal_event" in connection.introspection.table_names()


def _report(file: Path, made: Made, *, as_json: bool) -> None:
    from yukuaiban.site.backup import keyfiles  # noqa: PLC0415 - models need Django set up

    held, told = made.manifest["journal"], made.manifest["counts"]
    names = "、".join(keyfiles.present(home.folder()))
    click.echo(_KEYS.format(folder=home.folder(), names=names), err=True)
    for fault in made.faults:
        click.echo(f"有误：{fault}；请从更早的备份取回", err=True)
    if as_json:
        beside = {"file": str(file), "size": made.size, "sha256": made.sha256, "faults": list(made.faults)}
        shown = {name: each for name, each in made.manifest.items() if name not in ("members", "tables")}
        click.echo(json.dumps(beside | shown, ensure_ascii=False))
        return
    parts = f"{told['cases']} 个办件、{held['events']} 条留痕、{told['files']} 份文件"
    click.echo(f"已备份 {file}：{parts}，{made.size} 字节，SHA-256 {made.sha256}。")


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys-lost", is_flag=True, help="密钥已经丢失：照样恢复，个人信息无法读出")
@click.option(
    "--drill-for",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="这是演练：成功后记到正式安装的这个目录里",
)
@click.option(
    "--since",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="见证单位手中最新的检查点：备份比它旧的，说出少了多少条，退出码为 1",
)
@click.option(
    "--erasures",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="别处保存的删除清单；备份所在目录中的 *.erasures 总会读入",
)
@_JSON
def restore(
    *,
    file: Path,
    keys_lost: bool,
    drill_for: Path | None,
    since: Path | None,
    lists: tuple[Path, ...],
    as_json: bool,
) -> None:
    """把备份 FILE 恢复到空的 YKB_HOME（或空的数据库），最后核查全部留痕；核查不过则退出码为 1。"""
    from yukuaiban.site.backup import archive, marker  # noqa: PLC0415 - only for this command
    from yukuaiban.site.commands.journal import kept_note  # noqa: PLC0415 - as below

    if (why := marker.explained(home.folder())) is not None:
        raise click.ClickException(why)
    # The signer's own memory, where the folder of the lost database still has it, is a witness too.
    memory = home.signed_note(home.folder())
    kept = since or (memory if memory.exists() else None)
    witnessed = kept_note(kept) if kept else None
    _told("正在核对备份的每一个字节")
    manifest = archive.checked(file)
    try:
        began, again = _restored(file, manifest, lists, keys_lost=keys_lost)
    except OSError as error:
        raise click.ClickException(f"恢复没有完成：{error}；请检查磁盘空间和权限") from error
    try:
        reports, seconds = _verified(witnessed)
    except ValueError as error:  # the note is another journal's
        raise click.ClickException(f"已恢复，但没有核查完：{error}") from error
    whole = all(report.ok for report in reports)
    if whole and drill_for is not None:
        from yukuaiban.site.backup import age  # noqa: PLC0415 - only for a drill

        age.note_drill(drill_for, at=began, file=file)
    _say(file, manifest, reports, seconds, again=again, as_json=as_json)
    sys.exit(0 if whole else 1)


def _restored(
    file: Path, manifest: dict[str, Any], lists: tuple[Path, ...], *, keys_lost: bool
) -> tuple[datetime, int | None]:
    """Refuse what does not fit, put the rest back, bring its schema up; when it began, and what was erased again.

    Keys are asked for before Django is set up, which would make new ones.
    """
    from yukuaiban.site.backup.place import here, refuse_unfit  # noqa: PLC0415 - only for this command

    place = here()
    refuse_unfit(manifest, place, keys_lost=keys_lost)
    pen = site.ready()
    from yukuaiban.site.backup import erasures, restoring  # noqa: PLC0415 - needs Django set up

    restoring.refuse_unknown(manifest)
    found = {*lists, *erasures.beside(file)}
    known = erasures.read(sorted(found), first=manifest["journal"].get("first"))
    if place.vendor != "sqlite":
        restoring.refuse_filled_server()
    began = pen.moment()
    restoring.put_back(file, manifest, place, at=began, told=_told)
    if site.pending_migrations():
        _told("备份的结构较旧，正在升级")
        site.migrate()
    return began, _erased_again(known, pen) if found else None


def _erased_again(known: list[dict[str, Any]], pen: Pen) -> int:
    """Erase once more what the copy still holds; how many payloads."""
    from yukuaiban.cases.erasing import repeat  # noqa: PLC0415 - needs Django set up
    from yukuaiban.people.access import CONSOLE  # noqa: PLC0415
    from yukuaiban.site.commands.erasing import cleaned  # noqa: PLC0415

    count = repeat(known, actor=CONSOLE.actor(), pen=pen)
    if count:
        _told(cleaned())
    return count


def _verified(witnessed: Note | None) -> tuple[list[Report], float]:
    """The whole journal read again; then it is held against the checkpoint that was kept outside."""
    from yukuaiban.cases.rebuilding import case_streams, fold_differences  # noqa: PLC0415 - needs Django
    from yukuaiban.journal import verifying  # noqa: PLC0415

    _told("正在核查留痕")
    began = time.monotonic()
    found = [
        verifying.verify(
            folds={"case:": fold_differences},
            streams={"case:": case_streams},
            progress=lambda count: _told(f"  已核查 {count} 条"),
            since=since,
        )
        for since in (None, *([witnessed] if witnessed else []))
    ]
    return found, time.monotonic() - began


def _say(
    file: Path,
    manifest: dict[str, Any],
    reports: list[Report],
    seconds: float,
    *,
    again: int | None,
    as_json: bool,
) -> None:
    """`verify` is the whole journal; `since` what the checkpoint from outside says, null where none was given.

    `erased_again` counts payloads that the copy still held, null where there was no list to tell.
    """
    whole, *outside = reports
    if as_json:
        told = {name: manifest[name] for name in ("made_at", "version", "counts", "journal")}
        since = outside[0].as_json(seconds) if outside else None
        beside = {"file": str(file), "verify": whole.as_json(seconds), "since": since, "erased_again": again}
        click.echo(json.dumps(told | beside, ensure_ascii=False))
        return
    from yukuaiban.site.commands.journal import tell  # noqa: PLC0415 - as above

    click.echo(f"已恢复 {file.name}（{manifest['made_at'][:16]} UTC 所做）。")
    tell(whole, seconds)
    click.echo(_said_of_erasures(again))
    if not outside:
        click.echo(
            "没有给出见证单位的检查点，不能排除这是较旧的副本；请运行 ./ykb journal verify --since 检查点文件"
        )
    elif not outside[0].ok:
        tell(outside[0], seconds)
        click.echo("与见证的检查点不符：不要当作最新的数据使用；请找更新的备份，或报告见证单位后再决定。")
    else:
        click.echo("与见证的检查点一致，没有少任何一条。")


def _said_of_erasures(again: int | None) -> str:
    if again is None:
        return (
            "没有找到删除清单（备份旁的 *.erasures）：做这份备份之后依法删除的个人信息又回来了。"
            "请找到最近一次备份旁的清单，换一个空目录用 --erasures 重新恢复，在此之前不要开放使用。"
        )
    if not again:
        return "按删除清单核对：这份备份里没有已依法删除的个人信息。"
    return f"按删除清单，又删除了这份备份里仍在的个人信息 {again} 份，各有留痕。"


def _told(line: str) -> None:
    click.echo(line, err=True)
