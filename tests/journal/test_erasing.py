"""Personal payloads: sealed beside their event, erased without breaking the chain."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.db import connection

from tests.cast import Office
from yukuaiban.cases.rebuilding import fold_differences
from yukuaiban.core.errors import InputInvalid, Refused
from yukuaiban.journal import reading
from yukuaiban.journal.erasing import erase
from yukuaiban.journal.event import PAYLOAD_ERASED, SYSTEM, Actor
from yukuaiban.journal.models import JournalSecret
from yukuaiban.journal.sealing import SealBroken, seal, unseal
from yukuaiban.journal.verifying import verify

OFFICER = Actor("staff:s-9", "sp-0001", "system_admin")
GROUND = "个人信息保护法第四十七条"
NAME, PHONE = "江苏渔海养殖有限公司", "19900001234"


def first_event(case):
    return next(reading.events(f"case:{case.number}"))


def everything_in_the_journal() -> bytes:
    """Every byte of the two tables."""
    found = b""
    with connection.cursor() as cursor:
        for columns in ("text, type, source FROM journal_event", "salt, payload FROM journal_secret"):
            cursor.execute(f"SELECT {columns}")
            for row in cursor.fetchall():
                found += b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in row)
    return found


def test_a_payload_is_in_no_event_and_lies_sealed(office: Office):
    case = office.receive()
    assert reading.secret(first_event(case).uid)["phone"] == PHONE
    for word in (NAME, PHONE):
        assert word.encode() not in everything_in_the_journal()
        assert json.dumps(word).strip('"').encode() not in everything_in_the_journal()


def test_erasure_takes_salt_and_payload_and_leaves_the_chain_whole(office: Office):
    case = office.in_review()
    event = first_event(case)
    erase(event.uid, ground=GROUND, actor=OFFICER, pen=office.pen)
    assert reading.secret(event.uid) is None
    assert not JournalSecret.objects.filter(event_uid=event.uid).exists()
    assert first_event(case).secret == event.secret
    noted = list(reading.events(SYSTEM))[-1]
    assert (noted.type, noted.body["event"], noted.body["ground"]) == (PAYLOAD_ERASED, str(event.uid), GROUND)
    report = verify(folds={"case:": fold_differences})
    assert report.ok
    assert report.erased == 1


def test_what_is_gone_or_never_was_is_refused(office: Office):
    event = first_event(office.receive())
    erase(event.uid, ground=GROUND, actor=OFFICER, pen=office.pen)
    for uid in (event.uid, UUID(int=5)):
        with pytest.raises(Refused, match="没有个人信息"):
            erase(uid, ground=GROUND, actor=OFFICER, pen=office.pen)


def test_an_erasure_names_its_ground(office: Office):
    event = first_event(office.receive())
    with pytest.raises(InputInvalid, match="删除依据"):
        erase(event.uid, ground=" ", actor=OFFICER, pen=office.pen)
    assert reading.secret(event.uid) is not None


def test_a_seal_opens_only_whole_and_for_its_own_event():
    sealed = seal("王海".encode(), bound_to=b"one")
    assert unseal(sealed, bound_to=b"one") == "王海".encode()
    for broken, bound in (
        (sealed, b"two"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"one"),
        (b"\x02" + sealed[1:], b"one"),
        (b"", b"one"),
    ):
        with pytest.raises(SealBroken):
            unseal(broken, bound_to=bound)
