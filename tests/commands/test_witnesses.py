"""`journal witnesses`: two people register and retire a witness from the console, each with a password."""

from __future__ import annotations

import json

import pytest

from tests.cast import OVERSIGHT, PASSWORD
from yukuaiban.journal.notes import COSIGNATURE, Ed25519Signer
from yukuaiban.people.access import CONSOLE
from yukuaiban.people.actions import create_staff, grant_post

NAME = "yukuaiban.sample/witness/jiwei"
LINE = Ed25519Signer(NAME, b"w" * 32, COSIGNATURE).verifier_line()
BOTH = f"{PASSWORD}\n{PASSWORD}\n"
PEOPLE = ("--reason", "年度见证", "--by", "sec", "--with", "aud")


@pytest.fixture(autouse=True)
def officers(office):
    for login, role in (("sec", "security_admin"), ("aud", "auditor")):
        staff = create_staff(login=login, name=login, by=CONSOLE, pen=office.pen, password=PASSWORD)
        grant_post(staff, agency=OVERSIGHT, role=role, by=CONSOLE, reason="到岗", pen=office.pen)


def listed(ykb):
    code, out, err = ykb("journal", "witnesses", "list", "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_witness_is_registered_listed_and_retired(ykb):
    code, _, err = ykb("journal", "witnesses", "add", "区纪委监委", LINE, *PEOPLE, stdin=BOTH)
    assert (code, "已登记 区纪委监委" in err) == (0, True)
    assert [(each["office"], each["name"], each["key"], each["until"]) for each in listed(ykb)] == [
        ("区纪委监委", NAME, LINE, None)
    ]
    assert "区纪委监委  自 2026-03-02 09:00，在用" in ykb("journal", "witnesses", "list")[1]
    code, _, err = ykb("journal", "witnesses", "retire", NAME, *PEOPLE, stdin=BOTH)
    assert (code, "已停用" in err) == (0, True)
    assert listed(ykb)[0]["until"] is not None
    assert "2026-03-02 09:00 停用" in ykb("journal", "witnesses", "list")[1]


@pytest.mark.parametrize(
    ("line", "people", "typed", "said"),
    [
        (LINE, PEOPLE, f"{PASSWORD}\nwrong\n", "aud：没有这个账号、账号已停用或密码不对"),
        (LINE, PEOPLE, "", "sec：没有这个账号、账号已停用或密码不对"),
        (LINE, (*PEOPLE[:-1], "sec"), BOTH, "提出的人不能自己同意"),
        (LINE, ("--reason", "r", "--by", "aud", "--with", "sec"), BOTH, "aud"),
        (LINE, ("--reason", " ", *PEOPLE[2:]), BOTH, "请写明理由"),
        ("no-key", PEOPLE, BOTH, "公钥行"),
    ],
    ids=["wrong password", "no password", "one person", "posts the wrong way round", "no reason", "no key"],
)
def test_what_is_refused_registers_nobody_and_says_why(ykb, line, people, typed, said):
    code, out, err = ykb("journal", "witnesses", "add", "区纪委监委", line, *people, stdin=typed)
    assert (code, out) == (2, "")
    assert said in err
    assert listed(ykb) == []
