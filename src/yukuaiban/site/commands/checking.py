"""`check`: one line a point, exit 1 if anything is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from yukuaiban.core.errors import PackInvalid
from yukuaiban.site import django as site
from yukuaiban.site import home
from yukuaiban.site.backup.age import ages

_KNOWN = {
    "YKB_HOME",
    "YKB_DATABASE_URL",
    "YKB_MIGRATE_URL",
    "YKB_DISTRICT",
    "YKB_SECRET_KEY",
    "YKB_HOSTS",
    "YKB_PROFILE",
    "YKB_NOTICE_CHANNELS",
    "YKB_JOURNAL_SIGNER",
    "YKB_SMTP_URL",
    "YKB_MAIL_FROM",
    "YKB_DEBUG",
    "YKB_SECURE",
    "YKB_PYTHON",
    "YKB_BROWSER",
    "YKB_NO_BROWSER",
}
_NOTICE_MONTH = 11
_CHANNELS = {"inbox", "mail", "file"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `ok`, `warn` (exit 0) or `wrong` (exit 1), and the sentence."""

    level: str
    point: str
    text: str


@click.command()
def check() -> None:
    """检查配置、数据包、日历年份、迁移和留痕；有误则退出码为 1。"""
    wrong = False
    for finding in findings(datetime.now(UTC)):
        mark = {"ok": "正常", "warn": "提醒", "wrong": "有误"}[finding.level]
        click.echo(f"{mark}  {finding.point}：{finding.text}")
        wrong = wrong or finding.level == "wrong"
    sys.exit(1 if wrong else 0)


def findings(now: datetime) -> Iterator[Finding]:
    """All points; those that need the database only once the pack is right."""
    yield from _configuration()
    yield from _fonts()
    yield from _backups(now)
    pack_right = True
    for finding in _pack():
        pack_right = pack_right and finding.level != "wrong"
        yield finding
    if pack_right:
        for point in _DATABASE:
            yield from point(now)


def _configuration() -> Iterator[Finding]:
    unknown = sorted(name for name in os.environ if name.startswith("YKB_") and name not in _KNOWN)
    strange = sorted(set(home.notice_channels()) - _CHANNELS)
    if unknown:
        yield Finding("wrong", "配置", f"不认识的环境变量 {'、'.join(unknown)}；请核对名称")
    if strange:
        ways = "、".join(sorted(_CHANNELS))
        yield Finding("wrong", "配置", f"YKB_NOTICE_CHANNELS 里不认识 {'、'.join(strange)}；可用 {ways}")
    if not (unknown or strange):
        yield Finding("ok", "配置", f"数据目录 {home.folder().name}，数据包 {home.district_path().name}")


def _fonts() -> Iterator[Finding]:
    from yukuaiban.papers.printing import missing_fonts  # noqa: PLC0415 - typst looks through the fonts

    if lacking := missing_fonts():
        yield Finding("warn", "字体", lacking)
    finder = shutil.which("fc-list")
    listed = ""
    if finder:
        listed = subprocess.run([finder, ":lang=zh"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    if listed.strip():
        yield Finding("ok", "字体", "有中文字体")
    else:
        yield Finding("warn", "字体", "没有找到中文字体，打印和图片会缺字；请安装 fonts-noto-cjk")


def _backups(now: datetime) -> Iterator[Finding]:
    for age in ages(home.folder(), now):
        yield Finding("warn" if age.warns else "ok", "备份", age.text)


def _pack() -> Iterator[Finding]:
    from yukuaiban import packs  # noqa: PLC0415 - pydantic is slow to import
    from yukuaiban.packs.examples import run_example  # noqa: PLC0415

    try:
        district = packs.load(home.district_path())
    except PackInvalid as error:
        for problem in error.problems:
            yield Finding("wrong", "数据包", str(problem))
        return
    sizes = (
        f"{len(district.matters)} 个事项，{len(district.agencies)} 个单位，"
        f"{len(district.groups)} 个单位组，{len(district.warns)} 条预警规则"
    )
    yield Finding("ok", "数据包", f"{district.name}：{sizes}")
    if district.unconfirmed:
        yield Finding("warn", "数据包", f"{len(district.unconfirmed)} 项未经确认，页面上有标记")
    failed = 0
    for example in district.examples:
        for difference in run_example(example, district):
            failed += 1
            yield Finding("wrong", "示例", f"{example.title}：{difference}")
    if not failed:
        yield Finding("ok", "示例", f"{len(district.examples)} 个示例全部相符")
    yield from _papers(district.root)


def _papers(root: Path) -> Iterator[Finding]:
    """The templates of papers, each tried with values of every field."""
    from yukuaiban.measures.demonstration.specimens import REPORT  # noqa: PLC0415 - quick start
    from yukuaiban.papers.words import complaints  # noqa: PLC0415 - as above
    from yukuaiban.plans.specimens import QUARTERLY, YEARLY  # noqa: PLC0415 - as above

    kinds = (QUARTERLY, YEARLY, REPORT)
    wrong = [problem for kind in kinds for problem in complaints(kind, root)]
    for problem in wrong:
        yield Finding("wrong", "公文模板", str(problem))
    if not wrong:
        yield Finding("ok", "公文模板", f"{'、'.join(kind.title for kind in kinds)}都能生成")


def _migrations(_now: datetime) -> Iterator[Finding]:
    waiting = site.pending_migrations()
    if waiting:
        yield Finding("wrong", "迁移", f"{len(waiting)} 个未执行；请运行 ./ykb migrate")
    else:
        yield Finding("ok", "迁移", "数据库已是最新")


def _years(now: datetime) -> Iterator[Finding]:
    """The next year's calendar is asked for from November on, the current one without mercy (clocks.md section 5)."""
    if site.pending_migrations():
        return
    from yukuaiban.cases import versions  # noqa: PLC0415 - models need Django set up

    for code, version in versions.current_calendars().items():
        calendar = versions.calendar(code, version)
        local = now.astimezone(calendar.zone)
        published = calendar.spec.published
        if local.year not in published:
            yield Finding("wrong", "日历", f"{code} 没有 {local.year} 年的放假安排；请立即导入")
        elif local.month >= _NOTICE_MONTH and local.year + 1 not in published:
            yield Finding("warn", "日历", f"{code} 还没有 {local.year + 1} 年的放假安排；通知公布后请导入")
        else:
            yield Finding("ok", "日历", f"{code} 至 {max(published)} 年已公布")


def _journal(_now: datetime) -> Iterator[Finding]:
    if site.pending_migrations():
        return
    from django.db import connection  # noqa: PLC0415 - models need Django set up

    from yukuaiban.journal.triggers import missing_triggers  # noqa: PLC0415
    from yukuaiban.journal.writing import clock_in_doubt  # noqa: PLC0415

    missing = missing_triggers(connection)
    if missing:
        yield Finding("wrong", "留痕", f"缺少防改触发器 {'、'.join(missing)}")
    else:
        yield Finding("ok", "留痕", "防改触发器齐全")
    if clock_in_doubt():
        way_out = "核对时间后运行 ./ykb journal confirm-clock"
        yield Finding("wrong", "时钟", f"主机时钟曾经倒退，后台进程已停止变灯；{way_out}")


def _grants(_now: datetime) -> Iterator[Finding]:
    """On PostgreSQL the role that serves may read and add to the journal, nothing else (journal.md section 5)."""
    if site.pending_migrations():
        return
    from django.db import connection  # noqa: PLC0415 - models need Django set up

    from yukuaiban.journal.triggers import excess_grants  # noqa: PLC0415

    for excess in excess_grants(connection):
        yield Finding("warn", "权限", excess)


def _stuck(_now: datetime) -> Iterator[Finding]:
    """A case that nobody's pass takes any more gets no warning: somebody has to look."""
    if site.pending_migrations():
        return
    from yukuaiban.cases.worker import set_aside  # noqa: PLC0415 - models need Django set up
    from yukuaiban.notices.outbox import dead  # noqa: PLC0415

    cases, messages = set_aside().count(), dead().count()
    if cases or messages:
        yield Finding(
            "wrong", "搁置", f"{cases} 个办件、{messages} 条通知屡次失败而搁置；请用 ./ykb stuck 查看"
        )


def _heads(_now: datetime) -> Iterator[Finding]:
    if site.pending_migrations():
        return
    from yukuaiban.journal.heads import look  # noqa: PLC0415 - models need Django set up

    found = look()
    if found.changed:
        yield Finding("wrong", "账本", f"{found.changed}与哈希不符；请运行 ./ykb journal verify")
    elif found.looked:
        yield Finding("ok", "账本", f"最近 {found.looked} 条留痕与哈希相符，末条 {found.newest[:16]}")
    else:
        yield Finding("warn", "账本", "还没有留痕；请运行 ./ykb migrate 装入数据包")


def _tree(now: datetime) -> Iterator[Finding]:
    """Key, hash functions and state of the sequencer."""
    if site.pending_migrations():
        return
    from yukuaiban.core.merkle import SM3, available  # noqa: PLC0415 - only where there is a database
    from yukuaiban.journal import keys, sequencing, tree  # noqa: PLC0415 - models need Django set up

    if keys.published():
        yield Finding("wrong", "签名", "journal-key 是公开的测试密钥；请删除它，重启后会另生成一把")
    if not available(SM3):
        yield Finding("wrong", "签名", "本机 OpenSSL 没有 SM3，检查点不能签发；请换用带 SM3 的 OpenSSL")
        return
    stopped = sequencing.obstacle(now, memory=home.signed_note(home.folder()))
    newest = tree.newest()
    if stopped:
        yield Finding("wrong", "检查点", stopped)
    elif tree.merge_delay(now) > tree.MERGE_TOO_OLD:
        yield Finding("warn", "检查点", "有留痕超过一分钟没有进树；请确认后台进程在运行（./ykb worker）")
    elif newest is not None:
        yield Finding("ok", "检查点", f"最新 {newest.size} 条，根 {newest.roots['sha256'].hex()[:8]}")
    else:
        yield Finding("warn", "检查点", "还没有签过；后台进程运行后每分钟一次")


def _witnesses(now: datetime) -> Iterator[Finding]:
    if site.pending_migrations():
        return
    from yukuaiban.site.watchers import standing  # noqa: PLC0415 - models need Django set up

    for warns, text in standing(now):
        yield Finding("warn" if warns else "ok", "见证", text)


_DATABASE: tuple[Callable[[datetime], Iterator[Finding]], ...] = (
    _migrations,
    _years,
    _journal,
    _grants,
    _stuck,
    _heads,
    _tree,
    _witnesses,
)
