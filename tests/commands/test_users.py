"""`./ykb user`: accounts and posts from the console, journaled, with the separation of duties."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cast import FARM, HALL, at
from yukuaiban.journal.reading import events
from yukuaiban.people.models import Post, Staff

pytestmark = pytest.mark.django_db
WORD = "long-enough-and-odd-9\n"


def trail(login: str) -> list[str]:
    return [event.type for event in events(f"person:{Staff.objects.get(login=login).uid}")]


def test_the_first_administrator_of_a_fresh_installation(office, ykb) -> None:
    assert ykb("user", "add", "Admin1", "管理员", stdin=WORD)[0] == 0
    words = ("user", "grant", "admin1", "system_admin", HALL, "--reason", "首任")
    assert ykb(*words, "--until", "2026-12-31")[0] == 0
    staff = Staff.objects.get(login="admin1")
    assert staff.check_password(WORD.strip())
    assert staff.must_change_password
    post = Post.objects.get(staff=staff)
    assert (post.role, post.agency_id, post.reason) == ("system_admin", HALL, "首任")
    assert post.until == at("2027-01-01T00:00")
    assert trail("admin1") == ["staff.created", "post.granted"]
    (made, _) = events(f"person:{staff.uid}")
    assert made.source == "console"
    assert WORD.strip().encode() not in made.text


def test_an_agency_and_a_role_may_be_named_in_words(office, ykb) -> None:
    ykb("user", "add", "li", "李四", "--no-password")
    assert not Staff.objects.get(login="li").has_usable_password()
    name = Post.objects.get(staff=office.staff("handler")).agency.name
    assert ykb("user", "grant", "li", "经办人", name, "--reason", "到岗")[0] == 0
    assert Post.objects.get(staff__login="li").agency_id == FARM


def test_a_password_is_reset_and_must_be_changed_again(office, ykb) -> None:
    code, _, err = ykb("user", "password", "xiaoyu", stdin=WORD)
    assert (code, "下次登录须改" in err) == (0, True)
    staff = office.staff("xiaoyu")
    assert staff.check_password(WORD.strip())
    assert staff.must_change_password
    assert trail("xiaoyu")[-1] == "staff.password_set"


def test_an_account_is_locked_and_opened_with_a_reason(office, ykb) -> None:
    assert ykb("user", "lock", "xiaoyu", "--reason", "离岗")[0] == 0
    assert not office.staff("xiaoyu").is_active
    assert "已停用（离岗）" in ykb("user", "list")[1]
    assert ykb("user", "unlock", "xiaoyu", "--reason", "返岗")[0] == 0
    assert office.staff("xiaoyu").is_active
    assert trail("xiaoyu")[-2:] == ["staff.locked", "staff.unlocked"]


def test_a_post_is_taken_back_from_now_on(office, ykb) -> None:
    office.now += timedelta(days=1)
    assert ykb("user", "revoke", "xiaoyu", "desk_clerk", HALL, "--reason", "调岗")[0] == 0
    assert Post.objects.get(staff__login="xiaoyu").until == office.now
    code, _, err = ykb("user", "revoke", "xiaoyu", "desk_clerk", HALL, "--reason", "调岗")
    assert (code, "没有这个岗位" in err) == (2, True)


def test_the_list_tells_every_account_with_its_posts(office, ykb) -> None:
    found = {each["login"]: each for each in json.loads(ykb("user", "list", "--json")[1])}
    assert set(found) == set(office.people)
    assert found["xiaoyu"]["posts"] == [{"role": "desk_clerk", "agency": HALL, "until": None}]
    assert "小榆" in ykb("user", "list")[1]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (("add", "xiaoyu", "小榆"), WORD, "登录名已有人使用"),
        (("add", "new", "新人"), "short\n", "密码"),
        (("add", "new", "新人"), "", "没有密码"),
        (("add", "new"), WORD, "缺少参数"),
        (("grant", "xiaoyu", "system_admin", HALL, "--reason", "兼"), "", "互斥"),
        (("grant", "xiaoyu", "handler", HALL), "", "缺少选项 --reason"),
        (("grant", "xiaoyu", "king", HALL, "--reason", "r"), "", "handler（经办人）"),
        (("grant", "xiaoyu", "handler", "nix", "--reason", "r"), "", "没有单位"),
        (("grant", "nobody", "handler", HALL, "--reason", "r"), "", "没有账号"),
        (("grant", "xiaoyu", "handler", HALL, "--reason", "r", "--until", "soon"), "", "请写成 2026-12-31"),
        (("grant", "xiaoyu", "handler", HALL, "--reason", "r", "--until", "2026-01-01"), "", "不晚于现在"),
        (("password", "nobody"), WORD, "没有账号"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(office, ykb, words, stdin, said) -> None:
    before = Staff.objects.count(), Post.objects.count()
    code, out, err = ykb("user", *words, stdin=stdin)
    assert (code, out) == (2, "")
    assert said in err
    assert (Staff.objects.count(), Post.objects.count()) == before
