"""Accounts and posts: who may give them, what the journal holds, and the separation of duties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import DatabaseError, IntegrityError, transaction

from yukuaiban.core.errors import InputInvalid, NotPermitted
from yukuaiban.journal.reading import events, secret
from yukuaiban.people import access, actions, separation
from yukuaiban.people.access import PostRef, Subject
from yukuaiban.people.models import Post, Staff
from yukuaiban.people.queries import agency_names, holders, names
from yukuaiban.people.roles import ROLES, STAFF_ROLES

GOOD_PASSWORD = "wanghai-4-desks-open"
SECURITY = Subject("staff", "staff:sec", "sec", PostRef("a-hall", "security_admin"))
SYSTEM = Subject("staff", "staff:sys", "sys", PostRef("a-hall", "system_admin"))
CLERK = Subject("staff", "staff:clk", "clk", PostRef("a-hall", "desk_clerk"))


def types(staff):
    return [event.type for event in events(f"person:{staff.uid}")]


# ------------------------------------------------------------------------------------------------ accounts


def test_an_account_is_an_event_without_names(make_staff):
    staff = make_staff("zhang.san")
    (event,) = events(f"person:{staff.uid}")
    assert event.type == "staff.created"
    assert "张" not in event.text.decode()
    assert secret(event.uid) == {"login": "zhang.san", "name": "张三丰"}
    assert not staff.has_usable_password()
    assert staff.must_change_password


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"login": "张三"}, "login", "登录名的写法不对"),
        ({"login": "a"}, "login", "登录名的写法不对"),
        ({"login": "ＴＡＫＥＮ"}, "login", "登录名已有人使用"),
        ({"name": " \u200b "}, "name", "姓名不能为空"),
        ({"password": "short-1"}, "password", "12"),
        ({"password": "12345678901234"}, "password", ""),
        ({"password": "qwerty123456"}, "password", ""),
        ({"password": "clerk.nr-five"}, "password", ""),
    ],
)
def test_what_a_wrong_account_gets(make_staff, pen, values, field, said):
    make_staff("taken")
    given = {"login": "clerk.nr-five", "name": "李四", "password": GOOD_PASSWORD} | values
    with pytest.raises(InputInvalid) as caught:
        actions.create_staff(**given, by=SYSTEM, pen=pen)
    (problem, *_) = caught.value.problems
    assert problem.field == field
    assert said in problem.why
    assert Staff.objects.count() == 1


def test_a_person_signs_in_however_the_name_was_typed(agencies, pen, rf):
    actions.create_staff(login="Zhang-3", name="张三", password=GOOD_PASSWORD, by=SYSTEM, pen=pen)
    staff = Staff.objects.get_by_natural_key("ｚｈａｎｇ-3 ")
    assert staff.login == "zhang-3"
    assert staff.password.startswith("argon2")
    assert authenticate(rf.post("/"), username="ZHANG-3", password=GOOD_PASSWORD) == staff


def test_passwords_are_changed_by_their_owner_or_the_administrator(make_staff, pen):
    staff = make_staff("zhang")
    own = Subject("staff", staff.ref, str(staff.uid), PostRef("a-hall", "desk_clerk"))
    actions.set_password(staff, GOOD_PASSWORD, by=SYSTEM, pen=pen)
    assert staff.must_change_password
    actions.set_password(staff, GOOD_PASSWORD + "!", by=own, pen=pen)
    assert not staff.must_change_password
    assert types(staff) == ["staff.created", "staff.password_set", "staff.password_set"]
    with pytest.raises(NotPermitted, match="由系统管理员办理"):
        actions.set_password(staff, GOOD_PASSWORD, by=CLERK, pen=pen)
    with pytest.raises(InputInvalid):
        actions.set_password(staff, "123", by=own, pen=pen)


@pytest.mark.parametrize("by", [CLERK, SECURITY, access.VISITOR])
def test_only_the_system_administrator_makes_accounts(agencies, pen, by):
    with pytest.raises(NotPermitted, match="建立账号由系统管理员办理"):
        actions.create_staff(login="zhang", name="张三", by=by, pen=pen)


def test_accounts_unused_for_ninety_days_are_locked_and_say_why(make_staff, pen, clock):
    staff = make_staff("zhang")
    clock.append(clock[-1] + timedelta(days=90))
    assert actions.lock_unused(by=access.SYSTEM_WORKER, pen=pen) == 0
    clock.append(clock[-1] + timedelta(seconds=1))
    assert actions.lock_unused(by=access.SYSTEM_WORKER, pen=pen) == 1
    staff.refresh_from_db()
    assert (staff.is_active, staff.locked_reason) == (False, "90 天未使用")
    actions.unlock_staff(staff, by=SECURITY, reason="返岗", pen=pen)
    staff.refresh_from_db()
    assert (staff.is_active, staff.locked_reason) == (True, "")
    assert types(staff) == ["staff.created", "staff.locked", "staff.unlocked"]


def test_the_database_wants_a_reason_for_a_closed_account(make_staff):
    staff = make_staff("zhang")
    with pytest.raises(IntegrityError, match="staff_locked_with_reason"), transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(is_active=False)


# --------------------------------------------------------------------------------------------------- posts


def test_a_post_is_given_with_reason_and_ends_without_being_deleted(make_staff, pen, clock):
    staff = make_staff("zhang")
    post = actions.grant_post(staff, agency="a-market", role="handler", by=SECURITY, reason="新到岗", pen=pen)
    assert holders("handler", agency="a-market", at=clock[-1]) == [staff.ref]
    assert holders("handler", agency="a-market", at=clock[-1] - timedelta(seconds=1)) == []
    clock.append(clock[-1] + timedelta(days=1))
    ended = actions.revoke_post(post, by=SECURITY, reason="调离", pen=pen)
    assert (ended.until, ended.ended_by, ended.ended_reason) == (clock[-1], "staff:sec", "调离")
    assert holders("handler", agency="a-market", at=clock[-1]) == []
    granted, revoked = list(events(f"person:{staff.uid}"))[1:]
    assert granted.body["reason"] == "新到岗"
    assert (granted.actor, granted.agency, granted.role) == ("staff:sec", "a-hall", "security_admin")
    assert revoked.body["role"] == "handler"
    with pytest.raises(InputInvalid, match="已经结束"):
        actions.revoke_post(post, by=SECURITY, reason="再次", pen=pen)


def test_a_post_for_a_time_ends_by_itself(make_staff, pen, clock):
    staff = make_staff("zhang")
    end = clock[-1] + timedelta(days=7)
    actions.grant_post(
        staff, agency="a-hall", role="desk_clerk", by=SECURITY, reason="代班", pen=pen, until=end
    )
    assert holders("desk_clerk", agency="a-hall", at=end - timedelta(seconds=1)) == [staff.ref]
    assert holders("desk_clerk", agency="a-hall", at=end) == []


@pytest.mark.parametrize("by", [CLERK, SYSTEM, access.VISITOR, Subject("staff", "staff:new")])
def test_only_the_security_administrator_grants(make_staff, pen, by):
    staff = make_staff("zhang")
    with pytest.raises(NotPermitted, match="授予或收回岗位由安全管理员办理"):
        actions.grant_post(staff, agency="a-hall", role="handler", by=by, reason="到岗", pen=pen)


def test_nobody_grants_to_oneself(make_staff, pen):
    staff = make_staff("zhang", ("a-hall", "security_admin"))
    own = Subject("staff", staff.ref, str(staff.uid), PostRef("a-hall", "security_admin"))
    with pytest.raises(NotPermitted, match="不能给自己"):
        actions.grant_post(staff, agency="a-hall", role="security_admin", by=own, reason="扩权", pen=pen)
    with pytest.raises(NotPermitted, match="不能给自己"):
        actions.revoke_post(staff.posts.get(), by=own, reason="辞任", pen=pen)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"role": "king"}, "role", "没有角色“king”"),
        ({"role": "visitor"}, "role", "没有角色“visitor”"),
        ({"agency": "nowhere"}, "agency", "没有单位“nowhere”"),
        ({"reason": "  "}, "reason", "须写明理由"),
        ({"reason": "长" * 201}, "reason", "不超过 200 字"),
        ({"agency": "a-town"}, "role", "此人已有这个岗位"),
    ],
)
def test_what_a_wrong_grant_gets(make_staff, pen, values, field, said):
    staff = make_staff("zhang", ("a-town", "handler"))
    given = {"agency": "a-hall", "role": "handler", "reason": "到岗"} | values
    with pytest.raises(InputInvalid) as caught:
        actions.grant_post(staff, **given, by=SECURITY, pen=pen)
    assert (caught.value.problems[0].field, said in caught.value.problems[0].why) == (field, True)
    assert Post.objects.count() == 1


def test_an_end_before_now_is_refused(make_staff, pen, clock):
    with pytest.raises(InputInvalid, match="结束时间不晚于现在"):
        actions.grant_post(
            make_staff("zhang"),
            agency="a-hall",
            role="handler",
            by=SECURITY,
            reason="到岗",
            pen=pen,
            until=clock[-1],
        )


# ------------------------------------------------------------------------------------ separation of duties

PAIRS = [(held, wanted) for held in STAFF_ROLES for wanted in STAFF_ROLES]


def test_business_and_the_three_administrators_exclude_each_other(make_staff, pen):
    people = {role: make_staff(f"holder-{n}", ("a-hall", role)) for n, role in enumerate(STAFF_ROLES)}
    refused = 0
    for held, wanted in PAIRS:
        grant = {"agency": "a-town", "role": wanted, "by": SECURITY, "reason": "兼任", "pen": pen}
        if ROLES[held].duty is ROLES[wanted].duty:
            post = actions.grant_post(people[held], **grant)
            actions.revoke_post(post, by=SECURITY, reason="收回", pen=pen)
        else:
            refused += 1
            with pytest.raises(NotPermitted, match="不能由一人兼任"):
                actions.grant_post(people[held], **grant)
    business = sum(ROLES[role].duty == "business" for role in STAFF_ROLES)
    assert refused == 2 * 3 * business + 3 * 2


def put_past_the_action(staff, role, duty, since, until=None):
    """A post written as somebody with database access would."""
    with transaction.atomic():
        Post.objects.create(
            staff=staff,
            agency_id="a-town",
            role=role,
            duty=duty,
            since=since,
            until=until,
            reason="x",
            granted_by="x",
        )


def test_the_database_refuses_a_second_duty(make_staff, clock):
    staff = make_staff("zhang", ("a-hall", "handler"))
    with pytest.raises(DatabaseError, match=separation.MESSAGE):
        put_past_the_action(staff, "system_admin", "system", clock[-1])
    with pytest.raises(IntegrityError, match="post_duty_of_role"):
        put_past_the_action(staff, "system_admin", "business", clock[-1])
    put_past_the_action(staff, "desk_clerk", "business", clock[-1])


def test_the_database_refuses_a_change_into_a_second_duty(make_staff):
    staff = make_staff("zhang", ("a-hall", "handler"), ("a-town", "handler"))
    with pytest.raises(DatabaseError, match=separation.MESSAGE), transaction.atomic():
        Post.objects.filter(staff=staff, agency_id="a-town").update(role="auditor", duty="audit")


def test_duties_one_after_the_other_are_no_conflict(make_staff, pen, clock):
    staff = make_staff("zhang", ("a-hall", "handler"))
    start = clock[-1]
    clock.append(start + timedelta(days=3))
    actions.revoke_post(staff.posts.get(), by=SECURITY, reason="调离", pen=pen)
    actions.grant_post(staff, agency="a-hall", role="auditor", by=SECURITY, reason="到岗", pen=pen)
    put_past_the_action(staff, "system_admin", "system", start - timedelta(days=9), start)
    with pytest.raises(DatabaseError, match=separation.MESSAGE):
        put_past_the_action(
            staff, "system_admin", "system", start - timedelta(days=9), start + timedelta(seconds=1)
        )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"reason": ""}, "post_with_reason"),
        ({"granted_by": ""}, "post_with_reason"),
        ({"role": "king"}, "post_duty_of_role"),
    ],
)
def test_the_database_holds_the_form_of_a_post(make_staff, change, constraint):
    staff = make_staff("zhang", ("a-hall", "handler"))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        staff.posts.update(**change)


# ------------------------------------------------------------------------------------------------- queries


def test_names_of_people_and_agencies(make_staff):
    staff = make_staff("zhang")
    assert names([staff.ref, "system:worker", "applicant"]) == {staff.ref: "张三丰"}
    assert agency_names()["a-market"] == "区市场监管局"
    assert str(staff) == "张三丰"
