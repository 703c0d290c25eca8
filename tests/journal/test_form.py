"""The form journal/1 byte for byte: the vectors of the specification, and what has no form."""

from __future__ import annotations

import hashlib
import json
import random
import unicodedata
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yukuaiban.core.canonical import MAX_INTEGER, CanonicalError, canonical, parse, parse_by_encoding
from yukuaiban.journal.event import Actor, Event, compose, hash_of, parse_event
from yukuaiban.journal.sealing import commitment

VECTORS = [
    (
        {"b": 1, "c": [True, None, -7], "a": "限时办"},
        '{"a":"限时办","b":1,"c":[true,null,-7]}',
        "cc876666828f3ffa1c734ea6fc43da5c7540519c3a11406b192fe679e8ff6163",
    ),
    (
        {"aa": 5, "a1": 4, "a": 2, "_": 3, "A": 1},
        '{"A":1,"_":3,"a":2,"a1":4,"aa":5}',
        "30d3fa89802df6da2728b8c34bbd74e9072ded56c623b757a559f7fad2fff13c",
    ),
    (
        {"t": '引号"反斜线\\换行\n制表\t', "u": "\x01\x7f\u2028"},
        '{"t":"引号\\"反斜线\\\\换行\\n制表\\t","u":"\\u0001\x7f\u2028"}',
        "d79af5ead07f9772e3e516dcebbc00d5b55b6e0cdfd571de12199bdfdf020593",
    ),
]
SECRET = "dbde9d62bb858a418765fdf1e8f46e355ff0e85a2199bcc22a384ab36696b917"
FIRST = "3e929214c41313f40325be51b94dd84cfc7e02a6e496211ca4c8d9abbe604602"
SECOND = "664cd6f767ceb45bd889b8c006e748fe5426306bf21a7787d255b95373649a53"
FIRST_TEXT = (
    '{"actor":"staff:u-17","agency":"gy-spj","body":{"limit":"10wd","matter":"M-001","note":"材料齐全"},'
    '"idem":"k-0001","occurred_at":null,"on_behalf_of":null,"prev":null,'
    '"recorded_at":"2026-09-30T09:00:00.000000Z","role":"desk_clerk","schema":1,"second_actor":null,'
    f'"secret":"{SECRET}","seq":1,"source":"web","stream":"case:GY-2026-000001","type":"case.received",'
    '"uid":"01930000-0000-7000-8000-000000000001","v":1}'
)


@pytest.mark.parametrize(("value", "text", "digest"), VECTORS)
def test_canonical_text_and_its_hash(value, text, digest):
    assert canonical(value) == text.encode()
    assert hashlib.sha256(canonical(value)).hexdigest() == digest
    assert parse(text.encode()) == value


def test_the_commitment_to_a_personal_payload():
    payload = canonical({"phone": "13800000000", "contact": "张三"})
    assert commitment(bytes(range(32)), payload).hex() == SECRET


def events() -> tuple[Event, Event]:
    """The two events of the specification."""
    common = {"stream": "case:GY-2026-000001", "actor": Actor("staff:u-17", "gy-spj", "desk_clerk")}
    first = compose(
        **common,
        uid=UUID("01930000-0000-7000-8000-000000000001"),
        seq=1,
        type="case.received",
        source="web",
        recorded_at=datetime(2026, 9, 30, 9, tzinfo=UTC),
        body={"matter": "M-001", "limit": "10wd", "note": "材料齐全"},
        idem="k-0001",
        secret=bytes.fromhex(SECRET),
    )
    second = compose(
        **common,
        uid=UUID("01930000-0000-7000-8000-000000000002"),
        seq=2,
        type="case.admitted",
        source="web",
        recorded_at=datetime(2026, 9, 30, 9, 5, 12, 345678, tzinfo=UTC),
        body={"due": "2026-10-20T09:30:00Z", "limit": "10wd"},
        idem="k-0002",
        prev=first.hash,
    )
    return first, second


def test_two_events_and_their_chain():
    first, second = events()
    assert first.text.decode() == FIRST_TEXT
    assert (len(first.text), first.hash.hex()) == (469, FIRST)
    assert (len(second.text), second.hash.hex()) == (459, SECOND)
    assert second.prev == FIRST
    assert hash_of(first.text) == hashlib.sha256(b"\0" + first.text).digest()


def test_an_event_is_read_back_as_it_was_written():
    for event in events():
        again = Event.from_text(event.text)
        assert again == event
        assert again.text == event.text


# -- any object ------------------------------------------------------------------------------------------------
_TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
_KEY = st.text("ABCXYZabcxyz0189_", min_size=1, max_size=8)
_PLAIN = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | _TEXT
_VALUE = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_KEY, inner, max_size=5),
    max_leaves=20,
)


def plain_json(value: object) -> bytes:
    """What an outsider computes with the standard library."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@settings(max_examples=500, deadline=None)
@given(_VALUE)
def test_canonical_bytes_are_those_of_the_standard_library(value):
    assert canonical(value) == plain_json(value)
    assert parse(canonical(value)) == value


def anything(dice: random.Random, depth: int = 3) -> object:
    kind = dice.randrange(8 if depth else 5)
    if kind < 2:
        return dice.randint(-MAX_INTEGER, MAX_INTEGER)
    if kind < 4:
        letters = [chr(dice.choice((dice.randrange(0x80), dice.randrange(0x4E00, 0x9FA5)))) for _ in range(6)]
        return unicodedata.normalize("NFC", "".join(letters))
    if kind == 4:
        return dice.choice((True, False, None, ""))
    if kind < 7:
        return {f"k{dice.randrange(99)}": anything(dice, depth - 1) for _ in range(dice.randrange(5))}
    return [anything(dice, depth - 1) for _ in range(dice.randrange(5))]


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_thousands_of_seeded_objects_have_the_bytes_of_the_standard_library(count):
    dice = random.Random(20260302)
    for _ in range(count):
        value = anything(dice)
        assert canonical(value) == plain_json(value)


# -- what has no form ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "path", "words"),
    [
        ({"body": {"items": [1, {"price": 2.5}]}}, "body.items[1].price", "float"),
        ({"n": MAX_INTEGER + 1}, "n", "2^53"),
        ({"n": -MAX_INTEGER - 1}, "n", "2^53"),
        ({"a": ["e\u0301"]}, "a[0]", "NFC"),
        ({"a": "\ud800"}, "a", "代理"),
        ({"a": {"名称": 1}}, "a." + ascii("名称"), "键"),
        ({"a": {1: 1}}, "a.1", "键"),
        ({"": 1}, "''", "键"),
        ({"a": datetime(2026, 3, 2, tzinfo=UTC)}, "a", "datetime"),
        ({"a": b"x"}, "a", "bytes"),
        ({"a": {1, 2}}, "a", "set"),
        (float("nan"), "", "float"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_path(value, path, words):
    with pytest.raises(CanonicalError) as refused:
        canonical(value)
    assert refused.value.path == path
    assert words in refused.value.why


def test_too_deep_is_refused_and_never_a_crash():
    value: object = 1
    for _ in range(5_000):
        value = [value]
    with pytest.raises(CanonicalError, match="嵌套"):
        canonical(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":NaN}',
        '{"a":"\\u4e00"}',
        '{"a":"\\/"}',
        '{"a":1}\n',
        "",
        "[" * 100_000,
    ],
)
def test_only_canonical_bytes_are_read(text):
    with pytest.raises(CanonicalError):
        parse(text.encode())


def judged(reader, text: bytes) -> object:
    """What a reader says of a text: its value, `true` told from `1`, or that it is none."""
    try:
        return repr(reader(text))
    except CanonicalError:
        return CanonicalError


@pytest.mark.parametrize(
    "text",
    [
        '{"a":-0}',
        '{"a":0}',
        "-0",
        "[-0]",
        "[01]",
        "[1.0]",
        "1e3",
        "Infinity",
        '{"a":true,"a":false}',
        '{"a":[{"c":1,"b":2}]}',
        '{"a":{"b":":1","c":1,"c":2}}',
        '{"":1}',
        '{"名":1}',
        f"[{MAX_INTEGER}]",
        f"[{MAX_INTEGER + 1}]",
        f"[-{MAX_INTEGER + 1}]",
        '"e\u0301"',
        '"\u0301e"',
        '"\u00e9\u0301"',
        '"a\tb"',
        '"\x01"',
        '"\x7f\u2028\ufeff"',
        '\ufeff"a"',
        '"a" ',
        "[1,]",
        "[" * 32 + "]" * 32,
        "[" * 33 + "]" * 33,
        '{"a":' * 32 + "1" + "}" * 32,
        '{"a":' * 33 + "1" + "}" * 33,
    ],
)
def test_a_doubtful_text_is_judged_the_same_by_the_short_way_and_the_long_one(text):
    assert judged(parse, text.encode()) == judged(parse_by_encoding, text.encode())


_SIGNS = (*'{}[]:,"\\- 0129.eatnu\u0301\n/', "true", "null", '"a":', '"b":', "-0", "\u00e9")


@settings(max_examples=1500, deadline=None)
@given(_VALUE, st.integers(0, 200), st.integers(0, 3), st.sampled_from(_SIGNS))
def test_a_damaged_text_is_judged_the_same_by_the_short_way_and_the_long_one(value, place, gone, put):
    whole = canonical(value).decode()
    text = (whole[: place % (len(whole) + 1)] + put + whole[place % (len(whole) + 1) + gone :]).encode()
    assert judged(parse, text) == judged(parse_by_encoding, text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("v", 2),
        ("v", True),
        ("seq", 0),
        ("seq", "1"),
        ("uid", "01930000-0000-7000-8000-00000000000G"),
        ("stream", "no stream"),
        ("type", "received"),
        ("actor", ""),
        ("source", None),
        ("recorded_at", "2026-09-30T09:00:00Z"),
        ("recorded_at", "2026-13-30T09:00:00.000000Z"),
        ("occurred_at", ""),
        ("body", []),
        ("secret", SECRET.upper()),
        ("prev", "x"),
        ("agency", ""),
    ],
)
def test_a_value_outside_the_form_names_its_key(value, key):
    found = json.loads(FIRST_TEXT) | {key: value}
    with pytest.raises(CanonicalError) as refused:
        parse_event(canonical(found))
    assert refused.value.path == key


def test_an_event_has_exactly_the_keys_of_the_form():
    for found in (json.loads(FIRST_TEXT) | {"more": 1}, {"v": 1}):
        with pytest.raises(CanonicalError, match="journal/1"):
            parse_event(canonical(found))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        compose(
            uid=UUID(int=1),
            stream="system",
            seq=1,
            type="a.b",
            actor=Actor("system:worker"),
            source="worker",
            recorded_at=datetime(2026, 3, 2, 9),
            body={},
        )
