"""`./ykb import index`: a tree as a whole or not at all, with the JSON of every import."""

from __future__ import annotations

import json

import pytest

from tests.cast import HALL
from yukuaiban.measures.demonstration.models import IndexEdition, Leaf
from yukuaiban.packs import load
from yukuaiban.people.district import installed

pytestmark = pytest.mark.django_db

SAID = (
    "--batch",
    "2026",
    "--name",
    "示范创建",
    "--source",
    "方案",
    "--since",
    "2025-01-01",
    "--until",
    "2026-12-31",
)
EXAMPLE = "demonstration/index.csv"


def run(ykb, path, *more):
    code, out, err = ykb("import", "index", path, *SAID, "--agency", HALL, "--json", *more)
    return code, json.loads(out) if out.strip().startswith("{") else out + err


def test_the_example_of_the_fictional_district_is_imported_once(office, ykb) -> None:
    path = load(installed().root).root / EXAMPLE
    code, found = run(ykb, path, "--dry-run")
    assert (code, found["read"], found["stored"], found["refused"]) == (0, 31, 31, [])
    assert not IndexEdition.objects.exists()
    assert run(ykb, path)[0] == 0
    assert Leaf.objects.count() == 18
    code, said = run(ykb, path)
    assert code == 2
    assert "已经导入" in str(said)


def test_a_wrong_tree_is_refused_with_its_rows_and_nothing_is_stored(office, ykb, tmp_path) -> None:
    path = tmp_path / "index.csv"
    path.write_text("编号,级别,内容,权重\n1,1,a,100\n1.1,2,b,40\n1.2,2,c,50\nx,9,d,\n", encoding="utf-8")
    code, found = run(ykb, path)
    assert (code, found["read"], found["stored"]) == (1, 4, 0)
    assert [(each["row"], each["column"]) for each in found["refused"]] == [(5, "级别"), (2, "权重")]
    assert not IndexEdition.objects.exists()
