"""Two verifiers, written apart, judge the same: what is whole, what is changed and where, and what cannot be read."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journal import damages, handmade
from tests.journal.pyjudge import CHANGED, UNREADABLE, WHOLE, judge_export, judge_proof
from tests.sizes import sizes

VERIFIER = Path(__file__).parents[2] / "src/yukuaiban/journal/verify.mjs"
NODE = shutil.which("node")
SEEDS = (1, 2, 3)
# With a manifest written anew; the journal itself is as it was.
HARMLESS = {"no_sm3_checkpoint", "another_file"}
# Each path given is judged by the module as a program would use it; one process for all.
MANY = """
const { readFile, readdir, stat } = await import("node:fs/promises");
const { verifyExport, verifyProof } = await import(process.argv[2]);
for (const path of JSON.parse(process.argv[1])) {
  let said;
  try {
    said = (await stat(path)).isDirectory()
      ? await verifyExport((name) => readFile(`${path}/${name}`), await readdir(path))
      : await verifyProof(JSON.parse(await readFile(path, "utf8")));
  } catch { said = null; }
  const first = said?.first_bad;
  console.log(JSON.stringify(said && [said.ok ? 0 : 1, first && [first.fault, first.index]]));
}
"""
# Roots of the leaves, then each proof of a place and of growth: what holds, and what does not with one leaf moved.
TREES = """
const { HASHES, Tree, consistent, hex, included, leafOf } = await import(process.argv[2]);
const { kind, count, paths, growths } = JSON.parse(process.argv[1]), hash = HASHES[kind];
const bytes = (text) => Uint8Array.from(Buffer.from(text, "hex")), tree = new Tree(hash), roots = [tree.root()];
const leaves = Array.from({ length: count }, (_, n) => leafOf(hash, new TextEncoder().encode(`leaf${n}`)));
for (const leaf of leaves) { tree.add(leaf); roots.push(tree.root()); }
const at = (n, i, p) => included(hash, leaves[i], i, n, p.map(bytes), roots[n]);
const moved = (n, i, p) => included(hash, leaves[i], (i + 1) % n, n, p.map(bytes), roots[n]);
const grew = (m, n, p) => consistent(hash, m, n, roots[m], roots[n], p.map(bytes));
const forked = (m, n, p) => consistent(hash, m, n, hash(roots[m]), roots[n], p.map(bytes));
console.log(JSON.stringify({
  roots: roots.map(hex), holds: [...paths.map((one) => at(...one)), ...growths.map((one) => grew(...one))],
  fails: [...paths.filter(([n]) => n > 1).map((one) => moved(...one)), ...growths.map((one) => forked(...one))],
}));
"""
needs_node = pytest.mark.skipif(
    NODE is None, reason="no node on this computer; the browser tests judge the same"
)


def node(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(NODE), str(VERIFIER), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def node_says(paths: list[Path]) -> list[tuple[int, tuple[str, int | None] | None]]:
    said = [json.loads(line) for line in script(MANY, json.dumps([*map(str, paths)])).splitlines()]
    return [(UNREADABLE, None) if each is None else (each[0], each[1] and tuple(each[1])) for each in said]


@needs_node
@pytest.mark.parametrize(
    ("kind", "roots"),
    [
        ("sha256", {0: "e3b0c442", 1: "e6c410a9", 3: "f1aed069", 5: "2f4e0d79", 8: "d12334b6"}),
        ("sm3", {0: "1ab21d83", 1: "2add25f7", 3: "b57085cd", 5: "969a012a", 8: "5173a9fb"}),
    ],
)
def test_its_trees_are_those_of_the_specification(kind, roots):
    leaves = [handmade.leaf(f"leaf{n}".encode(), kind) for n in range(21)]
    sizes = range(1, 22)
    asked = {
        "kind": kind,
        "count": 21,
        "paths": [(n, i, hexes(handmade.path(leaves[:n], i, kind))) for n in sizes for i in range(n)],
        "growths": [
            (m, n, hexes(handmade.growth(leaves[:n], m, kind))) for n in sizes for m in range(1, n + 1)
        ],
    }
    said = json.loads(script(TREES, json.dumps(asked)))
    assert said["roots"] == [handmade.root(leaves[:n], kind).hex() for n in range(22)]
    assert {n: said["roots"][n][:8] for n in roots} == roots
    assert all(said["holds"])
    assert not any(said["fails"])


def hexes(parts):
    return [part.hex() for part in parts]


def script(text: str, argument: str) -> str:
    command = [str(NODE), "--input-type=module", "-e", text, argument, VERIFIER.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.fixture(scope="session")
def damaged_exports(tmp_path_factory):
    """Each damage once as it happened and, where that differs, once with a manifest written anew for it."""
    home = tmp_path_factory.mktemp("exports")
    whole = handmade.export(handmade.sample(), home / "whole")
    for change in damages.OF_LINES:
        for seed in SEEDS:
            target = home / f"{change.__name__}-{seed}"
            shutil.copytree(whole, target)
            damages.to_lines(target, change, random.Random(seed))
            if seed != SEEDS[0]:
                handmade.manifest(target)
    for change in damages.OF_FILES:
        for forged in (False, True):
            target = home / f"{change.__name__}-{forged}"
            shutil.copytree(whole, target)
            change(target)
            if forged and "manifest" not in change.__name__:
                handmade.manifest(target)
    return sorted(home.iterdir())


@pytest.fixture(scope="session")
def proofs(tmp_path_factory):
    """The proof of a case, whole and damaged."""
    home = tmp_path_factory.mktemp("proofs")
    whole = handmade.proof(handmade.sample(), "GY-2026-000003")
    for name, each in ({"whole": whole} | damages.to_proof(whole, random.Random(4))).items():
        (home / f"{name}.json").write_text(json.dumps(each, ensure_ascii=False), encoding="utf-8")
    return sorted(home.iterdir())


def test_the_first_verifier_finds_every_damage(damaged_exports):
    assert len(damaged_exports) > 100
    for folder in damaged_exports:
        code, first = judge_export(folder)
        whole = folder.name == "whole" or folder.name.removesuffix("-True") in HARMLESS
        assert (code == WHOLE) == whole, (folder.name, code, first)


def test_the_first_verifier_finds_every_damage_to_a_proof(proofs):
    found = {each.stem: judge_proof(each.read_text(encoding="utf-8"))[0] for each in proofs}
    assert found.pop("whole") == WHOLE
    assert set(found.values()) == {CHANGED, UNREADABLE}


def test_every_fault_that_an_export_can_show_is_among_the_damages(damaged_exports):
    found = {first[0] for _code, first in map(judge_export, damaged_exports) if first}
    shown = "not_canonical chain gap fork time leaf root signature cosignature file"
    assert found == set(shown.split())


@needs_node
def test_under_node_the_second_verifier_judges_every_export_alike(damaged_exports):
    mine = {each.name: judge_export(each) for each in damaged_exports}
    assert dict(zip(mine, node_says(damaged_exports), strict=True)) == mine


@needs_node
@pytest.mark.parametrize("size", sizes("tamper"))
def test_damages_at_random_places_are_found_by_both_at_the_same_place(tmp_path, size, seed, record_property):
    whole, dice = handmade.export(handmade.sample(), tmp_path / "whole"), random.Random(seed)
    assert judge_export(whole)[0] == WHOLE
    damaged = [
        _damaged(whole, tmp_path / f"{number}-{change.__name__}", change, dice)
        for number in range(size["exports"])
        for change in damages.OF_LINES
    ]
    mine = {each.name: judge_export(each) for each in damaged}
    assert {name: code for name, (code, _) in mine.items() if code == WHOLE} == {}
    said = [each for start in range(0, len(damaged), 200) for each in node_says(damaged[start : start + 200])]
    assert dict(zip(mine, said, strict=True)) == mine
    record_property("exports damaged", len(damaged))


def _damaged(whole: Path, target: Path, change, dice: random.Random) -> Path:
    """A copy with that damage and a manifest that agrees with it."""
    shutil.copytree(whole, target)
    damages.to_lines(target, change, dice)
    handmade.manifest(target)
    return target


@needs_node
def test_under_node_the_second_verifier_judges_every_proof_alike(proofs):
    mine = {each.stem: judge_proof(each.read_text(encoding="utf-8")) for each in proofs}
    assert dict(zip(mine, node_says(proofs), strict=True)) == mine


@needs_node
def test_the_exit_codes_are_those_of_the_program(damaged_exports, proofs):
    by_name = {each.stem: each for each in (*damaged_exports, *proofs[:1])}
    assert node(by_name["whole"]).returncode == WHOLE
    assert node(by_name["a_figure-1"]).returncode == CHANGED
    assert node(by_name["no_checkpoint-True"]).returncode == UNREADABLE
    assert node(by_name[proofs[0].stem]).returncode == CHANGED
    missing = node()
    assert (missing.returncode, missing.stdout) == (UNREADABLE, "")
    assert "用法" in missing.stderr


@needs_node
def test_it_names_the_first_bad_event(tmp_path):
    texts = handmade.sample()
    texts[12] = texts[12].replace(b'"10wd"', b'"15wd"')
    said = json.loads(node(handmade.export(texts, tmp_path / "forged")).stdout)
    assert said["first_bad"] == {
        "index": 17,
        "uid": "01930000-0000-7000-8000-000000000018",
        "stream": "case:GY-2026-000002",
        "seq": 4,
        "fault": "chain",
        "why": "prev 不是序号 3 的哈希：这一条或上一条被改过",
    }


@needs_node
def test_a_checkpoint_from_earlier_finds_what_was_signed_anew(tmp_path):
    """The adversary holds the key and rewrote the past from end to end: only whoever kept a checkpoint notices."""
    texts = handmade.sample()
    old = [tmp_path / "june.txt", tmp_path / "july.txt"]
    for file, size in zip(old, (10, 30), strict=True):
        file.write_text(handmade.note(texts[:size], "sha256"), encoding="utf-8")
    assert node(handmade.export(texts, tmp_path / "true"), *old).returncode == WHOLE
    damages.rewritten_to_the_end(texts, random.Random(11))
    forged = handmade.export(texts, tmp_path / "forged")
    assert node(forged).returncode == WHOLE
    said = node(forged, *old)
    first = json.loads(said.stdout)["first_bad"]
    assert (said.returncode, first["fault"]) == (CHANGED, "root")
    assert "前 30 条的根与检查点不符：第 10 条" in first["why"]


@needs_node
def test_a_checkpoint_from_earlier_finds_a_restored_backup(tmp_path):
    texts = handmade.sample()
    kept = tmp_path / "kept.txt"
    kept.write_text(handmade.note(texts, "sha256"), encoding="utf-8")
    said = node(handmade.export(texts[:-9], tmp_path / "restored"), kept)
    assert said.returncode == CHANGED
    assert json.loads(said.stdout)["first_bad"]["fault"] == "rollback"


@needs_node
def test_a_signature_that_it_cannot_compute_is_called_not_checked(tmp_path):
    export = handmade.export(handmade.sample(), tmp_path / "export")
    keys = (export / "keys.txt").read_text(encoding="utf-8").splitlines()
    (export / "keys.txt").write_text("\n".join(keys[:2]) + "\n", encoding="utf-8")
    handmade.manifest(export)
    said = json.loads(node(export).stdout)
    assert said["ok"]
    assert said["witnesses"] == []
    assert said["skipped"] == ["yukuaiban.sample/witness/jiwei 的签名（没有它的公钥）"]


def test_it_is_short_and_needs_nothing():
    lines = VERIFIER.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 300
    assert not [line for line in lines if line.startswith("import ")]
