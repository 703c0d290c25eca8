"""What an outsider needs to check the journal, or one case, without this program (journal.md section 11)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yukuaiban.core.errors import InputInvalid, Problem, Refused
from yukuaiban.core.merkle import BOTH, SHA256, Frontier, included
from yukuaiban.journal import keys, tree
from yukuaiban.journal.models import JournalEvent, JournalLeaf

VERIFIER = Path(__file__).with_name("verify.mjs")
_LINES = 100_000
_CHUNK = 2000
_NO_CHECKPOINT = "还没有签过检查点；请先运行后台进程，或 ./ykb tick。"
_README = """这是“榆快办”留痕账本的导出，不含个人信息。不用本系统也能核验：

    node verify.mjs .

（Node.js 18 以上。）退出码：0 完好，1 有改动，2 读不出。

events-*.jsonl            每行一条留痕的原文；所有文件连起来的第 k 行（从 0 数）就是树的第 k 叶
checkpoint-sha256.txt     最新的检查点：条数、树根、签名、见证单位的签名
checkpoint-sm3.txt        同上，国密 SM3
keys.txt                  公钥，每行一个：名称+编号+公钥
MANIFEST.json             各文件的大小和 SHA-256
verify.mjs                核验程序，三百行以内，可以通读

核验证明：每条留痕的原文、先后次序和总数，与检查点所签的完全一致。不证明所记内容属实，也不证明该记的都记了。
公钥和程序请从别处另取一份比对；手上有从前的检查点的，请把它一并交给核验程序：node verify.mjs . 旧检查点.txt
"""


def export(out: Path) -> tree.Checkpoint:
    """Write the journal up to its newest checkpoint into an empty or new folder; returns that checkpoint.

    Raises InputInvalid for a folder that holds something, Refused if there is no checkpoint or the events are not
    those that it signs.
    """
    newest = tree.newest()
    if newest is None:
        raise Refused(_NO_CHECKPOINT)
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise InputInvalid(Problem("目录不是空的", "请换一个新的目录", file=str(out)))
    root = _write_events(out, newest.size)
    if root != newest.roots["sha256"]:
        raise Refused("留痕与检查点不符，没有导出完；请运行 ./ykb journal verify。")
    for digest in BOTH:
        _write(out / f"checkpoint-{digest.name}.txt", tree.published(newest, digest))
    _write(out / "keys.txt", "".join(f"{line}\n" for line in keys.trusted()))
    _write(out / VERIFIER.name, VERIFIER.read_text(encoding="utf-8"))
    _write(out / "README.txt", _README)
    files = [_listed(path) for path in sorted(out.iterdir())]
    _write(out / "MANIFEST.json", json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n")
    return newest


def proof(stream: str) -> dict[str, Any]:
    """The proof of one stream: texts, places, inclusion proofs in the newest checkpoint, keys.

    `waiting` counts events of the stream that the checkpoint does not cover yet; they are left out. Raises Refused
    if there is nothing to prove, or the tables do not give a proof that holds.
    """
    newest = tree.newest()
    if newest is None:
        raise Refused(_NO_CHECKPOINT)
    texts = [
        bytes(text)
        for text in JournalEvent.objects.filter(stream=stream).order_by("seq").values_list("text", flat=True)
    ]
    placed = [
        (text, idx) for text, idx in zip(texts, tree.indexes(stream), strict=True) if _covered(idx, newest)
    ]
    if not placed:
        raise Refused("没有这个办件，或者它的留痕还没有进检查点；一分钟后再试。")
    readers = {each.name: tree.Tree(each) for each in BOTH}
    return {
        "v": 1,
        "stream": stream,
        "events": [_proved(text, idx or 0, newest, readers) for text, idx in placed],
        "waiting": len(texts) - len(placed),
        "checkpoint": {each.name: tree.published(newest, each) for each in BOTH},
        "keys": keys.trusted(),
    }


def _covered(idx: int | None, checkpoint: tree.Checkpoint) -> bool:
    return idx is not None and idx < checkpoint.size


def _proved(text: bytes, idx: int, newest: tree.Checkpoint, readers: dict[str, tree.Tree]) -> dict[str, Any]:
    paths: dict[str, list[str]] = {}
    for digest in BOTH:
        path = tree.inclusion(readers[digest.name], idx, newest.size)
        root = newest.roots[digest.name]
        if not included(digest, digest.leaf(text), index=idx, size=newest.size, proof=path, root=root):
            raise Refused("留痕与检查点不符，不能出具证明；请运行 ./ykb journal verify。")
        paths[digest.name] = [part.hex() for part in path]
    return {"index": idx, "text": text.decode(), "proof": paths}


def _write_events(out: Path, size: int) -> bytes:
    """The texts in the order of the tree, in files of so many lines; returns the root over what was written."""
    grown = Frontier(SHA256)
    for number, start in enumerate(range(0, size, _LINES)):
        with (out / f"events-{number:06d}.jsonl").open("wb") as file:
            for text in _texts(start, min(start + _LINES, size)):
                grown.add(SHA256.leaf(text))
                file.write(text + b"\n")
    return grown.root()


def _texts(start: int, end: int) -> Iterator[bytes]:
    for low in range(start, end, _CHUNK):
        leaves = JournalLeaf.objects.filter(idx__gte=low, idx__lt=min(low + _CHUNK, end)).order_by("idx")
        ids = list(leaves.values_list("event_id", flat=True))
        found = dict(JournalEvent.objects.filter(id__in=ids).values_list("id", "text"))
        yield from (bytes(found[each]) for each in ids if each in found)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _listed(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "size": path.stat().st_size, "sha256": digest}
