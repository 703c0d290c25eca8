"""`./ykb import`: the JSON of the contract, exit codes, and that nothing is lost."""

from __future__ import annotations

import csv
import json

import pytest

from tests.shared_data import shared
from yukuaiban.journal.reading import events
from yukuaiban.measures.desks.models import Matter
from yukuaiban.people.enterprises import ENTERPRISES
from yukuaiban.people.models import Enterprise

pytestmark = pytest.mark.django_db

GOOD = "91110000600037341L"
TABLE = f"""统一社会信用代码,企业名称,住所,联系电话
{GOOD},望海食品有限公司,港城大道 1 号,
９１３２０７０７ＭＡ１ＡＢＣＤＥ０Ｇ,望海机械厂,,

91320707MA1ABCDE0X,写错的,,
,老王菜摊,东港市场 3 号,138 0000 1234
N2320707MA1ABC238Y,榆丰合作社,,12345
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "企业.csv"
    path.write_text(TABLE, encoding="gb18030")
    return path


def test_good_rows_are_stored_and_refused_rows_come_back_with_their_reason(office, ykb, table) -> None:
    code, out, _ = ykb("import", "enterprises", table, "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["read"], found["stored"], found["duplicates"]) == (5, 3, 0)
    assert [(each["row"], each["column"]) for each in found["refused"]] == [(5, "uscc"), (7, "phone")]
    assert "应为 G" in found["refused"][0]["why"]
    assert "服务热线" in found["refused"][1]["why"]
    with table.with_name("企业.refused.csv").open(encoding="utf-8-sig") as file:
        back = list(csv.DictReader(file))
    assert [row["企业名称"] for row in back] == ["写错的", "榆丰合作社"]
    assert Enterprise.objects.get(uscc=None).unverified
    assert Enterprise.objects.get(name="望海机械厂").warnings != []


def test_the_same_file_twice_stores_nothing_twice(office, ykb, table) -> None:
    ykb("import", "enterprises", table)
    code, out, _ = ykb("import", "enterprises", table, "--json")
    found = json.loads(out)
    assert (code, found["stored"], found["duplicates"], len(found["refused"])) == (1, 0, 3, 2)
    assert Enterprise.objects.count() == 3


def test_a_dry_run_tells_the_same_and_stores_nothing(office, ykb, table) -> None:
    code, out, _ = ykb("import", "enterprises", table, "--dry-run", "--json")
    assert (code, json.loads(out)["stored"]) == (1, 3)
    assert not Enterprise.objects.exists()
    assert list(events(ENTERPRISES)) == []
    assert not table.with_name("企业.refused.csv").exists()


def test_a_map_file_names_the_columns_of_a_foreign_list(office, ykb, tmp_path) -> None:
    (tmp_path / "list.csv").write_text(f"code,title\n{GOOD},望海\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text('[columns]\nuscc = "code"\nname = "title"\n', encoding="utf-8")
    code, out, _ = ykb("import", "enterprises", tmp_path / "list.csv", "--map", tmp_path / "map.toml")
    assert (code, out.splitlines()[0]) == (0, "读 1 行，存入 1 行，重复 0 行，退回 0 行。")
    assert Enterprise.objects.get().name == "望海"


@pytest.mark.parametrize("what", ["enterprises", "matters"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        ("甲,乙\n1,2\n".encode(), "没有找到列"),
        (b"name,uscc\n", "没有数据行"),
        (b"\xff\xfe\x00name", "既不是 UTF-8 也不是 GBK"),
        (b'name,uscc\n"open', "不是合法的 CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_2(
    office, ykb, tmp_path, what, content, said
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    code, out, err = ykb("import", what, path, "--json")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err
    assert "x.csv" in err


def test_matters_of_a_small_list_arrive_in_the_register(office, ykb, tmp_path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "code,name,agency,statutory_limit,statutory_unit,committed_limit,committed_unit\n"
        "X-1,开办饭店,市场监管局,20,工作日,5,工作日\n"
        "X-2,没有单位,,20,工作日,5,工作日\n",
        encoding="utf-8",
    )
    code, out, _ = ykb("import", "matters", path, "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["read"], found["stored"]) == (2, 1)
    assert [(each["row"], each["column"]) for each in found["refused"]] == [(3, "agency")]
    assert Matter.objects.get(code="X-1").name == "开办饭店"


def test_real_credit_codes_are_told_apart_by_their_check_digit(office, ykb) -> None:
    path = shared("identity/uscc.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = [line for line, row in enumerate(rows, 2) if row["check_digit_ok"] != "True"]
    code, out, _ = ykb("import", "enterprises", path, "--json", "--dry-run")
    found = json.loads(out)
    assert code == 1
    assert [each["row"] for each in found["refused"]] == wrong
    assert found["stored"] + found["duplicates"] == len(rows) - len(wrong)
