"""Policy files: what is read, and the complaint that every mistake gets, with file and line."""

from __future__ import annotations

import pytest

from yukuaiban.core.errors import PackInvalid
from yukuaiban.people.policy import OWN_FILE, Relation, read_policy
from yukuaiban.people.roles import ROLES

GOOD = """\
# A room with two pages.
[[operation]]
name = "case_page"
methods = ["GET"]
allow = [
    { role = ["handler", "desk_clerk"], relation = ["own", "agency"] },
    { role = "oversight", relation = "other_agency" },
]
object = "case"
conceal = true
fields = "case_staff"

[[operation]]
name = "calculator"
methods = ["GET", "POST"]
allow = "public"
second_person = "outside_agency_if_late"
"""


@pytest.fixture
def policy_file(tmp_path):
    """Writes `room/permissions.toml` and gives its path."""

    def write(text, room="room"):
        path = tmp_path / room / "permissions.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complaints(*paths, routes=None):
    with pytest.raises(PackInvalid) as caught:
        read_policy(paths, routes=routes)
    return [str(problem) for problem in caught.value.problems]


def test_entries_are_read(policy_file):
    policy = read_policy([policy_file(GOOD)])
    page, calculator = policy.operations["case_page"], policy.operations["calculator"]
    assert page.methods == {"GET", "HEAD"}
    assert page.grants == {
        ("handler", "own"),
        ("handler", "agency"),
        ("desk_clerk", "own"),
        ("desk_clerk", "agency"),
        ("oversight", "other_agency"),
    }
    assert (page.object, page.conceal, page.fields, page.file, page.line) == (
        "case",
        True,
        "case_staff",
        "room/permissions.toml",
        2,
    )
    assert calculator.word == "public"
    assert calculator.second_person == "outside_agency_if_late"


def test_several_files_make_one_policy(policy_file):
    other = '[[operation]]\nname = "queue"\nmethods = ["GET"]\nallow = "staff"\n'
    policy = read_policy([policy_file(GOOD), policy_file(other, "measure"), OWN_FILE])
    assert set(policy.operations) == {"case_page", "calculator", "queue"}


MASK = '[[mask_set]]\nname = "m"\n[[mask_set.rule]]\n'
ENTRY = '[[operation]]\nname = "x"\nmethods = ["GET"]\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (ENTRY + 'allow = [{ role = "king", relation = "own" }]', 4, "没有角色“king”；可用：visitor、"),
        (
            ENTRY + 'allow = [{ role = "handler", relation = "friend" }]',
            4,
            "没有关系“friend”；可用：own、agency",
        ),
        (ENTRY + 'allow = [{ role = "handler" }]', 4, "许可的一项应为"),
        (ENTRY + 'allow = [{ role = "handler", relation = "own", when = "noon" }]', 4, "许可的一项应为"),
        (ENTRY + 'allow = [{ role = [], relation = "own" }]', 4, "角色应为文字或文字的列表"),
        (ENTRY + 'allow = "everybody"', 4, "没有许可词“everybody”；可用：public、staff、procedure"),
        (ENTRY + 'allow = "staff"\nobject = "case"', 4, "有对象的操作不能写 staff"),
        (ENTRY + "allow = []", 4, "没有写明许可谁"),
        (ENTRY, 1, "没有写明许可谁"),
        ('[[operation]]\nname = "x"\nmethods = ["FETCH"]\nallow = "public"', 3, "没有方法“FETCH”"),
        ('[[operation]]\nname = "x"\nallow = "public"', 1, "方法应为文字或文字的列表"),
        ('[[operation]]\nmethods = ["GET"]\nallow = "public"', 1, "操作缺少名称"),
        (ENTRY + 'allow = "public"\ncolour = "red"', 5, "不认识“colour”"),
        (ENTRY + 'allow = "public"\nsecond_person = "mother"', 5, "没有第二人规则“mother”"),
        (ENTRY + 'allow = "public"\nfields = "nobody_wrote_it"', 1, "没有名为“nobody_wrote_it”的脱敏表"),
        (ENTRY + 'allow = "public"\n' + ENTRY + 'allow = "public"', 5, "“x”写了两次"),
        ("[[rule]]\n", None, "不认识“rule”"),
        ('[[operation]]\nname = "x', None, "不是有效的 TOML"),
        ('[[mask_set]]\nname = "case_staff"\n', 1, "名称“case_staff”缺失或重复"),
        (
            MASK + 'field = "shoe"\nrole = "handler"\nrelation = "own"\nlevel = "some"\nsize = 3',
            4,
            "没有字段“shoe”",
        ),
        (
            MASK + 'field = "name"\nrole = "handler"\nrelation = "own"\nlevel = "reveal"',
            7,
            "没有脱敏程度“reveal”；可用：none、partial、hidden",
        ),
    ],
)
def test_complaints_name_file_line_and_the_way_out(policy_file, text, line, said):
    found = complaints(policy_file(text))
    place = "room/permissions.toml" if line is None else f"room/permissions.toml:{line}："
    assert any(said in each and each.startswith(place) for each in found), found


def test_all_complaints_come_at_once(policy_file):
    text = ENTRY + 'allow = "nobody"\nconceal = true\ncolour = 1\nsecond_person = "x"'
    other = ENTRY.replace('"x"', '"y"') + 'allow = [{ role = "king", relation = "friend" }]'
    assert len(complaints(policy_file(text), policy_file(other, "measure"))) == 5


def test_a_missing_file_stops_the_start(tmp_path):
    assert "权限文件不存在" in complaints(tmp_path / "web" / "permissions.toml")[0]


def test_routes_and_entries_must_meet(policy_file):
    found = complaints(policy_file(GOOD), routes={"case_page", "sign_in"})
    assert found == [
        "room/permissions.toml:13：没有名为“calculator”的操作；请改成路由的名称，或删去这一条",
        "路由“sign_in”没有写入权限文件；请在所在模块的 permissions.toml 中加一条 [[operation]]",
    ]
    assert read_policy([policy_file(GOOD)], routes={"case_page", "calculator"})


def test_mask_sets_of_the_platform_follow_the_table_of_the_specification():
    policy = read_policy([])

    def level(kind, role, relation, *, is_open=True, mask_set="case_staff"):
        rule = policy.mask_rule(mask_set, kind, role=role, relation=relation, is_open=is_open)
        return (rule.level.value, rule.reveal) if rule else None

    assert level("name", "handler", "agency") == ("none", False)
    assert level("name", "handler", "agency", is_open=False) == ("partial", True)
    assert level("name", "oversight", "other_agency") == ("partial", False)
    assert level("phone", "oversight", "other_agency") is None
    assert level("phone", "desk_clerk", "agency") == ("partial", True)
    assert level("resident_id", "applicant", "own") == ("partial", False)
    assert level("resident_id", "coordinator", "other_agency") is None
    assert level("name", "auditor", "agency") is None
    for role in ROLES:
        for relation in Relation:
            for kind in ("phone", "resident_id", "address"):
                assert level(kind, role, relation, mask_set="public") is None
