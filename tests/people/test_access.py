"""Who may do what, and the reason that goes with every answer."""

from __future__ import annotations

import itertools

import pytest

from yukuaiban.people import access
from yukuaiban.people.access import PostRef, Subject, decide, may_act, relation_of, shown, visible_agencies
from yukuaiban.people.policy import METHODS, Relation, read_policy
from yukuaiban.people.roles import ROLES, Duty, Sight

TEXT = """\
[[operation]]
name = "portal"
methods = ["GET"]
allow = "public"

[[operation]]
name = "notices"
methods = ["GET"]
allow = "staff"

[[operation]]
name = "case_page"
methods = ["GET"]
allow = [
    { role = ["desk_clerk", "handler", "agency_leader"], relation = ["own", "agency"] },
    { role = ["oversight", "coordinator"], relation = ["own", "agency", "other_agency", "other_town"] },
]
object = "case"
conceal = true

[[operation]]
name = "case_act"
methods = ["POST"]
allow = "procedure"
object = "case"

[[operation]]
name = "grants"
methods = ["GET", "POST"]
allow = [{ role = "security_admin", relation = "none" }]
"""
NAMES = {"a-hall": "区行政审批局", "a-market": "区市场监管局"}
FACTS = {
    "receiving_agency": "a-hall",
    "handling_agency": "a-market",
    "supporting_agencies": ["a-farm", "a-town"],
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    path = tmp_path_factory.mktemp("room") / "permissions.toml"
    path.write_text(TEXT, encoding="utf-8")
    return read_policy([path])


def staff(role, agency="a-market", *, ref="staff:1", below=(), also=()):
    """Somebody who acts in one post and holds those in `also`, too."""
    post = PostRef(agency, role, below=frozenset(below))
    return Subject("staff", ref, "1", post, (post, *also))


def subject_of_role(role):
    return Subject(role, role) if ROLES[role].duty is Duty.OUTSIDE else staff(role)


# ------------------------------------------------------------------------------------------- operations

ALL_CELLS = list(itertools.product(ROLES, Relation))


def expected(operation, role, relation):
    """The allowed cells of TEXT, told a second time and another way."""
    sight = ROLES[role].sight
    insider = ROLES[role].duty is not Duty.OUTSIDE
    narrow = relation in {"own", "agency"}
    wide = relation in {"own", "agency", "other_agency", "other_town"}
    return {
        "portal": True,
        "notices": insider,
        "case_page": (role in {"desk_clerk", "handler", "agency_leader"} and narrow)
        or (role in {"oversight", "coordinator"} and wide),
        "case_act": {
            Sight.NOTHING: False,
            Sight.OWN: relation in {"own", "none"},
            Sight.AGENCY: narrow or relation == "none",
            Sight.TREE: narrow or relation == "none",
            Sight.ALL: wide or relation == "none",
        }[sight],
        "grants": role == "security_admin" and relation == "none",
    }[operation]


@pytest.mark.parametrize("operation", ["portal", "notices", "case_page", "case_act", "grants"])
def test_every_role_in_every_relation_with_every_method(rules, operation):
    methods = rules.operations[operation].methods
    for role, relation in ALL_CELLS:
        subject = subject_of_role(role)
        for method in METHODS:
            verdict = decide(subject, operation, method, relation, rules=rules)
            allowed = method in methods and expected(operation, role, relation)
            assert verdict.allowed is allowed, (operation, role, relation, method)
            assert verdict.reason.endswith("。")
            assert (verdict.answer == access.OK) is allowed


def test_what_is_not_written_is_denied(rules):
    for role, relation in ALL_CELLS:
        verdict = decide(subject_of_role(role), "unknown", "GET", relation, rules=rules)
        assert not verdict.allowed
        assert verdict.answer == 404


@pytest.mark.parametrize(
    ("subject", "operation", "method", "relation", "answer", "said"),
    [
        (access.VISITOR, "case_page", "GET", "other_agency", 401, "请先登录"),
        (staff("handler"), "case_page", "GET", "other_agency", 404, "“经办人”不办理其他单位的办件"),
        (staff("handler"), "case_act", "POST", "other_agency", 403, "“经办人”不办理其他单位的办件"),
        (staff("oversight"), "case_act", "POST", "deleted", 404, "没有这个办件"),
        (staff("oversight"), "case_act", "POST", "accused", 403, "被反映单位是本单位"),
        (staff("system_admin"), "case_page", "GET", "agency", 404, "不属于“系统管理员”的职责"),
        (staff("system_admin"), "case_act", "POST", "agency", 404, "不属于“系统管理员”的职责"),
        (staff("handler"), "grants", "GET", "none", 404, "不属于“经办人”的职责"),
        (staff("handler"), "case_page", "PUT", "own", 405, "不接受 PUT，只接受 GET、HEAD"),
        (Subject("staff", "staff:2"), "case_page", "GET", "own", 404, "还没有岗位"),
        (access.CONSOLE, "case_page", "GET", "own", 404, "还没有岗位"),
    ],
)
def test_refusals_say_why(rules, subject, operation, method, relation, answer, said):
    verdict = decide(subject, operation, method, relation, rules=rules)
    assert (verdict.allowed, verdict.answer) == (False, answer)
    assert said in verdict.reason


def test_a_new_account_without_posts_may_use_what_all_staff_may(rules):
    assert decide(Subject("staff", "staff:2"), "notices", "GET", rules=rules).allowed


def test_an_unknown_relation_is_a_fault(rules):
    with pytest.raises(ValueError, match="friend"):
        decide(staff("handler"), "case_page", "GET", "friend", rules=rules)


def test_without_a_policy_nothing_is_decided(monkeypatch):
    monkeypatch.setattr(access, "_INSTALLED", {})
    with pytest.raises(RuntimeError, match="no access policy"):
        decide(access.VISITOR, "portal", "GET")


# -------------------------------------------------------------------------------------------- relations


@pytest.mark.parametrize(
    ("subject", "options", "relation"),
    [
        (staff("handler"), {}, "agency"),
        (staff("handler"), {"handler": "staff:1"}, "own"),
        (staff("handler"), {"handler": "staff:2"}, "agency"),
        (staff("desk_clerk", "a-hall"), {}, "agency"),
        (staff("handler", "a-town"), {}, "agency"),
        (staff("handler", "a-tax"), {}, "other_agency"),
        (staff("town_officer", "a-tax"), {"towns": {"a-town"}}, "other_town"),
        (staff("agency_leader", "a-top", below=["a-market"]), {}, "agency"),
        (staff("handler", "a-top", below=["a-market"]), {}, "other_agency"),
        (staff("handler"), {"deleted": True, "handler": "staff:1"}, "deleted"),
        (staff("handler"), {"accused": {"a-market"}, "handler": "staff:1"}, "accused"),
        (staff("oversight", "a-tax"), {"accused": {"a-market"}}, "other_agency"),
        (Subject("applicant", "applicant", cases=frozenset({"7"})), {"number": "7"}, "own"),
        (Subject("applicant", "applicant", cases=frozenset({"7"})), {"number": "8"}, "other_agency"),
        (Subject("applicant", "applicant"), {}, "other_agency"),
        (access.VISITOR, {}, "other_agency"),
        (Subject("staff", "staff:1"), {"handler": "staff:1"}, "other_agency"),
    ],
)
def test_relation_to_a_case(subject, options, relation):
    assert relation_of(subject, FACTS, **options) == relation


@pytest.mark.parametrize(
    ("subject", "seen"),
    [
        (staff("handler"), {"a-market"}),
        (staff("agency_leader", below=["a-branch"]), {"a-market", "a-branch"}),
        (staff("handler", below=["a-branch"]), {"a-market"}),
        (staff("oversight"), None),
        (staff("coordinator"), None),
        (staff("auditor"), set()),
        (staff("officer"), set()),
        (access.VISITOR, set()),
    ],
)
def test_lists_show_the_same_agencies(subject, seen):
    assert visible_agencies(subject) == seen


# ------------------------------------------------------------------------------------- actions on a case


@pytest.mark.parametrize(
    ("subject", "by", "handler"),
    [
        (staff("handler"), ["handling_agency.handler"], ""),
        (staff("handler"), ["handling_agency.handler"], "staff:1"),
        (staff("agency_leader"), ["handling_agency.agency_leader"], "staff:2"),
        (staff("desk_clerk", "a-hall"), ["handling_agency.handler", "receiving_agency.desk_clerk"], ""),
        (staff("handler", "a-town"), ["supporting_agencies.handler"], ""),
        (staff("oversight", "a-tax"), ["any.oversight"], "staff:2"),
        (staff("handler", "a-tax"), ["any.handler"], "staff:2"),
        (access.SYSTEM_WORKER, [], ""),
        (access.SYSTEM_IMPORT, ["any.desk_clerk"], ""),
    ],
)
def test_whom_a_procedure_lets_act(subject, by, handler):
    verdict = may_act(subject, by, FACTS, handler=handler, names=NAMES)
    assert verdict.allowed
    assert verdict.reason


LEADER = PostRef("a-market", "agency_leader")


@pytest.mark.parametrize(
    ("subject", "by", "said"),
    [
        (staff("handler", "a-tax"), ["handling_agency.handler"], "由区市场监管局经办人办理，不在您的单位。"),
        (
            staff("desk_clerk", "a-hall"),
            ["handling_agency.handler", "any.oversight"],
            "由区市场监管局经办人、督查室办理，您现在的岗位是“窗口人员”。",
        ),
        (
            staff("agency_leader", "a-top", below=["a-market"]),
            ["handling_agency.agency_leader"],
            "由区市场监管局单位负责人办理，不在您的单位。",
        ),
        (
            staff("handler", ref="staff:3", also=[LEADER]),
            ["handling_agency.agency_leader"],
            "请先在页首切换到“区市场监管局 单位负责人”岗位，再办理。",
        ),
        (staff("handler", ref="staff:3"), ["handling_agency.handler"], "已交由本单位指定的经办人办理"),
        (staff("handler"), ["lead_agency.handler"], "由承办单位经办人办理，不在您的单位。"),
        (staff("handler"), [], "此项由系统到时自动办理。"),
        (staff("handler"), ["applicant"], "由申请人办理，您现在的岗位是“经办人”。"),
        (Subject("staff", "staff:5"), ["handling_agency.handler"], "您的账号还没有岗位。"),
        (access.VISITOR, ["handling_agency.handler"], "请先登录。"),
    ],
)
def test_a_refusal_says_whose_it_is(subject, by, said):
    verdict = may_act(subject, by, FACTS, handler="staff:9", names=NAMES)
    assert not verdict.allowed
    assert said in verdict.reason


def test_names_are_read_when_nobody_brings_them(agencies):
    verdict = may_act(staff("handler", "a-hall"), ["handling_agency.handler"], FACTS)
    assert verdict.reason == "由区市场监管局经办人办理，不在您的单位。"


@pytest.mark.parametrize(
    ("by", "number", "allowed"),
    [
        (["applicant"], "7", True),
        (["applicant"], "8", False),
        (["any.desk_clerk", "applicant"], "", True),
        (["handling_agency.handler"], "7", False),
    ],
)
def test_applicants_act_on_their_own_cases(by, number, allowed):
    applicant = Subject("applicant", "applicant", cases=frozenset({"7"}))
    verdict = may_act(applicant, by, FACTS, number=number, names=NAMES)
    assert verdict.allowed is allowed
    assert verdict.reason


# ------------------------------------------------------------------------------------------------ masks


@pytest.mark.parametrize(
    ("subject", "relation", "is_open", "name"),
    [
        (staff("handler"), "agency", True, "张三丰"),
        (staff("handler"), "agency", False, "张**"),
        (staff("oversight"), "other_agency", True, "张**"),
        (staff("auditor"), "agency", True, "***"),
        (access.VISITOR, "other_agency", True, "***"),
    ],
)
def test_a_name_is_shown_by_role_relation_and_state(rules, subject, relation, is_open, name):
    found = shown(
        "case_staff", "name", "张三丰", subject=subject, relation=relation, is_open=is_open, rules=rules
    )
    assert found == name


def test_the_actor_of_the_journal_is_the_post_held_then():
    actor = staff("handler").actor()
    assert (actor.ref, actor.agency, actor.role) == ("staff:1", "a-market", "handler")
    assert access.CONSOLE.actor().ref == "system:console"
