"""`journal export` and `journal prove` give an outsider what both verifiers call whole, and nothing personal."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.journal.pyjudge import CHANGED, WHOLE, judge_export, judge_proof
from yukuaiban.journal import sequencing
from yukuaiban.site import home

NODE = shutil.which("node")


@pytest.fixture
def sequenced(office, tmp_path):
    """A case with its path behind it, in the tree and under a checkpoint."""
    case = office.in_review(applicant="张三丰", phone="13912345678")
    office.at("2026-03-02T09:05")
    while sequencing.advance(office.now, memory=home.signed_note(tmp_path)).more:
        pass
    return case


def by_node(*paths):
    return subprocess.run([NODE, *map(str, paths)], capture_output=True, text=True, check=False).returncode


def test_an_export_is_whole_and_holds_nothing_personal(ykb, sequenced, tmp_path):
    out = tmp_path / "journal"
    code, _, err = ykb("journal", "export", "--out", out)
    assert code == 0, err
    assert {path.name for path in out.iterdir()} == {
        "MANIFEST.json", "README.txt", "checkpoint-sha256.txt", "checkpoint-sm3.txt",
        "events-000000.jsonl", "keys.txt", "verify.mjs",
    }  # fmt: skip
    assert judge_export(out)[0] == WHOLE
    everything = "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert "张三丰" not in everything
    assert "13912345678" not in everything
    events = out / "events-000000.jsonl"
    events.write_text(
        events.read_text(encoding="utf-8").replace("desks.admit", "desks.adm1t"), encoding="utf-8"
    )
    assert judge_export(out)[0] == CHANGED
    if NODE:
        assert by_node(out / "verify.mjs", out) == CHANGED


def test_a_folder_that_holds_something_is_refused_and_left_as_it_was(ykb, sequenced, tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    code, out, err = ykb("journal", "export", "--out", tmp_path)
    assert (code, out) == (2, "")
    assert "不是空的" in err
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".txt"] == ["mine.txt"]


def test_a_proof_of_a_case_is_whole_and_a_changed_one_is_not(ykb, sequenced, tmp_path):
    out = tmp_path / "proof.json"
    code, _, err = ykb("journal", "prove", sequenced.number, "--out", out)
    assert code == 0, err
    proof = json.loads(out.read_text(encoding="utf-8"))
    assert judge_proof(json.dumps(proof))[0] == WHOLE
    assert len(proof["events"]) == 3
    if NODE:
        verifier = home.PROJECT / "src/yukuaiban/journal/verify.mjs"
        assert by_node(verifier, out) == WHOLE
    proof["events"][0]["text"] = proof["events"][0]["text"].replace("desks.receive", "desks.recieve")
    assert judge_proof(json.dumps(proof))[0] == CHANGED


def test_a_case_that_does_not_exist_and_a_journal_without_a_checkpoint_are_refused(ykb, office, tmp_path):
    for words in (("prove", "320707001220260302000177"), ("export",)):
        code, out, err = ykb("journal", *words, "--out", tmp_path / "new")
        assert (code, out) == (2, "")
        assert "还没有签过检查点" in err
