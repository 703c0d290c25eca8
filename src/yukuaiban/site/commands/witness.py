"""`journal witness`: a second office's watch over the journal. Needs no database and no installation."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from yukuaiban.site.witness.watching import Seen

_FINE, _REFUSED, _TROUBLE = 0, 1, 2
_HAND_OVER = "见证单位的公钥，须由运行单位登记："


@click.command()
@click.argument("url", metavar="网址")
@click.option(
    "--state",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="见证单位自己的记录文件；密钥和证据放在它旁边",
)
@click.option(
    "--name", default="", help="见证单位在签名里的名称，第一次之后不能改；默认 区县/witness/记录文件名"
)
@click.option(
    "--key", "keys", multiple=True, help="从别处得到的账本公钥，可写两次；不写则第一次相信网站所公布的"
)
@click.option(
    "--every", type=click.IntRange(min=1), metavar="秒", help="每隔多少秒再核对一次，不写则只核对一次"
)
@click.option("--json", "as_json", is_flag=True, help="每次输出一个 JSON 文档")
def witness(
    *, url: str, state: Path, name: str, keys: tuple[str, ...], every: int | None, as_json: bool
) -> None:
    """另一单位核对并会签最新的检查点；账本变短、分叉或换了公钥则不签，留下证据，退出码为 1；其他故障为 2。"""
    while True:
        code, said = _once(url, state, name, keys)
        click.echo(
            json.dumps(said, ensure_ascii=False) if as_json else said["said"], err=not as_json and code == 2
        )
        if every is None or code == _REFUSED:
            sys.exit(code)
        time.sleep(every)


def _once(url: str, state: Path, name: str, keys: tuple[str, ...]) -> tuple[int, dict[str, object]]:
    """One pass: exit code, and what there is to say as a document."""
    from yukuaiban.journal.notes import NoteError  # noqa: PLC0415 - cryptography is slow to import
    from yukuaiban.site.witness.memory import alone  # noqa: PLC0415
    from yukuaiban.site.witness.remote import Remote, Trouble  # noqa: PLC0415
    from yukuaiban.site.witness.watching import NotTaken, WitnessRefused, watch  # noqa: PLC0415

    try:
        with alone(state):
            now = int(datetime.now(UTC).timestamp())
            seen = watch(Remote(url), state, now, name=name, given=keys)
    except WitnessRefused as refused:
        said = f"不予见证：{refused.why}。两份检查点已存为证据：{refused.evidence}"
        return _REFUSED, {
            "ok": False,
            "refused": refused.why,
            "evidence": str(refused.evidence),
            "said": said,
        }
    except NotTaken as error:
        said = f"一致（{error.size} 条），但会签没有送到：{error}\n{_HAND_OVER}\n{error.verifier_line}"
        return _TROUBLE, {"ok": False, "trouble": str(error), "key": error.verifier_line, "said": said}
    except (Trouble, NoteError) as error:
        return _TROUBLE, {"ok": False, "trouble": str(error), "said": f"没有核对成，也没有签：{error}"}
    return _FINE, _told(seen)


def _told(seen: Seen) -> dict[str, object]:
    done = "已会签" if seen.cosigned else "此前已会签"
    said = f"一致：{seen.before} 条 → {seen.size} 条，{done}。"
    return {
        "ok": True,
        "log": seen.log,
        "before": seen.before,
        "size": seen.size,
        "cosigned": seen.cosigned,
        "witness": seen.witness,
        "key": seen.verifier_line,
        "said": said,
    }
