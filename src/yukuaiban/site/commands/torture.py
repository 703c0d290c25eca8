"""`torture`: the long forms of the big tests, by the id of what they prove (docs/reliability.md)."""

from __future__ import annotations

import importlib.util
import json
import secrets
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from yukuaiban.site import home
from yukuaiban.site.commands.bench import commit

TABLE = home.PROJECT / "tests" / "sizes.toml"
SEEDS = 2**32


@click.command("torture")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--seed", type=click.IntRange(0, SEEDS - 1), help="随机数种子；不给则随机取一个并打印")
@click.option("--short", is_flag=True, help="只跑 ./ykb test 里的短规模")
def torture(ids: tuple[str, ...], seed: int | None, short: bool) -> None:
    """可靠性长测：杀进程、断电、重复投递、篡改等，每个编号一行结果；不写编号就全部跑。"""
    table = _table()
    chosen = _chosen(ids, table)
    drawn = secrets.randbelow(SEEDS) if seed is None else seed
    click.echo(f"种子 {drawn}，提交 {commit() or '未知'}")
    whole = True
    for each in chosen:
        passed, line = told(each, _run(table[each]["tests"], drawn, short=short))
        click.echo(line)
        whole = whole and passed
    sys.exit(0 if whole else 1)


def _table() -> dict[str, dict[str, Any]]:
    """The table of sizes, where there is a development environment that can run the tests."""
    if not TABLE.exists() or importlib.util.find_spec("pytest") is None:
        raise click.UsageError(
            "这里没有装测试环境；请在源码目录先运行 ./ykb test --version（会装好测试用的软件包），再运行 ./ykb torture"
        )
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _chosen(ids: Iterable[str], table: dict[str, dict[str, Any]]) -> list[str]:
    unknown = [each for each in ids if each not in table]
    if unknown:
        known = "；".join(f"{each}（{row['title']}）" for each, row in table.items())
        raise click.UsageError(f"没有这个编号：{'、'.join(unknown)}；可选：{known}")
    return list(dict.fromkeys(ids)) or list(table)


def _run(tests: Sequence[str], seed: int, *, short: bool) -> list[dict[str, Any]]:
    """Run these tests in a process of their own; a line for each test that ran, failed or was skipped."""
    with tempfile.TemporaryDirectory(prefix="yukuaiban-torture-") as folder:
        figures = Path(folder) / "figures"
        mark = "not slow" if short else "slow"
        words = ["-m", mark, "--seed", str(seed), "--figures", str(figures), "-q", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", *words, *tests]
        subprocess.run(command, cwd=home.PROJECT, stdout=sys.stderr, check=False)  # noqa: S603 - of our own table
        if not figures.exists():
            return []
        return [json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()]


def told(which: str, lines: Sequence[dict[str, Any]]) -> tuple[bool, str]:
    """Whether an id is proved by what became of its tests, and its line: verdict, figures summed up, seconds.

    A test that was skipped proves nothing, and neither does an id without any test.
    """
    count = Counter(each["outcome"] for each in lines)
    figures: Counter[str] = Counter()
    for each in lines:
        figures.update(each["figures"])
    passed = bool(lines) and count["passed"] == len(lines)
    parts = [which, "通过" if passed else "没有通过", f"{count['passed']}/{len(lines)} 项测试"]
    parts += [f"{name} {number:,}" for name, number in figures.items()]
    parts.append(f"{sum(each['seconds'] for each in lines):.1f} 秒")
    parts += [
        f"跳过：{why}" for why in sorted({each["why"] for each in lines if each["outcome"] == "skipped"})
    ]
    return passed, "  ".join(parts)
