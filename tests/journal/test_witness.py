"""A witness's own part against a log on paper: it signs only what continues what it holds, and keeps what convicts."""

from __future__ import annotations

import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.journal.paperlog import ORIGIN, Answer, Door, PaperLog, evidence, serving
from yukuaiban.core.merkle import BOTH
from yukuaiban.journal.notes import read_note, verify
from yukuaiban.site.witness import memory
from yukuaiban.site.witness.remote import Remote, Trouble
from yukuaiban.site.witness.watching import NotTaken, WitnessRefused, watch

AT = 1790762400
PATIENCE = 120


@pytest.fixture
def door():
    with serving(Door(PaperLog())) as found:
        yield found


@pytest.fixture
def state(tmp_path):
    return tmp_path / "jiwei.json"


def one_pass(door, state, *, seconds=20.0, **more):
    return watch(Remote(door.url, seconds), state, AT, **more)


def held(state):
    return memory.Memory.read(state).pair().size if state.exists() else None


def test_a_first_pass_pins_the_keys_remembers_and_cosigns_both_notes(door, state):
    seen = one_pass(door, state)
    assert (seen.log, seen.before, seen.size, seen.cosigned) == (ORIGIN, 0, 11, True)
    assert seen.witness == "yukuaiban.sample/witness/jiwei"
    kept = memory.Memory.read(state)
    assert kept.keys == {each.name: door.log.key(each) for each in BOTH}
    for each in BOTH:
        assert read_note(kept.notes[each.name]).text == read_note(door.log.note(each)).text
        published = read_note(door.log.note(each))
        assert verify(published, seen.verifier_line)
        assert published.signatures[-1].at == AT
    assert [size for size, _ in door.log.cosignatures] == [11]
    assert stat.S_IMODE(state.with_name("jiwei.json.key").stat().st_mode) == 0o600


def test_a_second_pass_without_news_signs_nothing_again(door, state):
    one_pass(door, state)
    assert not one_pass(door, state).cosigned
    assert len(door.log.cosignatures) == 1


@pytest.mark.parametrize("size", range(1, 9))
def test_a_log_that_only_grew_is_cosigned_from_every_size(door, state, size):
    whole = door.log
    door.log = whole.cut(size)
    one_pass(door, state)
    door.log = whole
    assert one_pass(door, state).before == size
    assert held(state) == 11


def test_two_witnesses_sign_each_with_a_key_of_its_own(door, state, tmp_path):
    first, second = one_pass(door, state), one_pass(door, tmp_path / "shuju.json")
    assert first.verifier_line != second.verifier_line
    for each in BOTH:
        note = read_note(door.log.note(each))
        assert verify(note, first.verifier_line)
        assert verify(note, second.verifier_line)


# -- what convicts a log ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda log: log.rewritten(4), "分叉"),
        (lambda log: log.rewritten(4).grown(b"a", b"b"), "分叉"),
        (lambda log: log.cut(10).grown(b"other", b"b"), "分叉"),
        (lambda log: log.cut(7), "账本变短：原有 11 条，现在只有 7 条，少了 4 条"),
    ],
)
def test_a_fork_or_a_shorter_log_is_not_signed_and_both_notes_are_kept(door, state, spoil, said):
    honest = door.log
    one_pass(door, state)
    before = state.read_bytes()
    door.log = spoil(honest)
    with pytest.raises(WitnessRefused, match=said) as refused:
        one_pass(door, state)
    assert door.log.cosignatures == []
    assert state.read_bytes() == before
    (folder,) = evidence(state)
    assert folder == refused.value.evidence
    for each in BOTH:
        ours, theirs = (
            read_note((folder / f"{side}-{each.name}.txt").read_text()) for side in ("kept", "offered")
        )
        assert verify(ours, honest.key(each))
        assert verify(theirs, honest.key(each))
        assert ours.root != theirs.root
    assert said in (folder / "why.txt").read_text()


def test_the_same_evidence_is_kept_once_and_the_refusal_stays(door, state):
    one_pass(door, state)
    door.log = door.log.cut(3)
    for _ in range(2):
        with pytest.raises(WitnessRefused):
            one_pass(door, state)
    assert len(evidence(state)) == 1


def test_a_log_that_came_back_to_what_was_witnessed_is_signed_again(door, state):
    """As after an old copy that a cache had handed out."""
    whole = door.log
    one_pass(door, state)
    door.log = whole.cut(3)
    with pytest.raises(WitnessRefused):
        one_pass(door, state)
    door.log = whole.grown(b"more")
    assert one_pass(door, state).size == 12


def test_a_log_forked_in_one_hash_alone_is_refused(door, state):
    """SHA-256 goes on as it should, the tree over SM3 is another one."""
    one_pass(door, state)
    good, bad = door.log.grown(b"x"), door.log.rewritten(2).grown(b"x")
    sm3 = BOTH[1]

    def instead(_method: str, target: str) -> Answer | None:
        return (200, {}, bad.note(sm3).encode()) if "sm3.txt" in target else None

    door.log, door.instead = good, instead
    with pytest.raises(WitnessRefused, match=r"分叉.*sm3"):
        one_pass(door, state)


def test_another_key_is_evidence_until_somebody_gives_it_by_hand(door, state):
    one_pass(door, state)
    before = state.read_bytes()
    old = door.log
    door.log = PaperLog(old.texts, seed=b"n" * 32, old_keys=[old.key(each) for each in BOTH])
    with pytest.raises(WitnessRefused, match="换了公钥"):
        one_pass(door, state)
    assert state.read_bytes() == before
    (folder,) = evidence(state)
    assert door.log.key() in (folder / "keys.txt").read_text()
    assert old.key() in (folder / "why.txt").read_text()
    assert one_pass(door, state, given=[door.log.key()]).cosigned
    assert memory.Memory.read(state).keys["sm3"] == door.log.key(BOTH[1])


def test_a_key_given_by_hand_does_not_excuse_a_fork(door, state):
    one_pass(door, state)
    door.log = PaperLog(door.log.rewritten(1).texts, seed=b"n" * 32)
    with pytest.raises(WitnessRefused, match="分叉"):
        one_pass(door, state, given=[door.log.key()])


def test_with_a_key_from_elsewhere_the_first_pass_believes_no_other(door, state):
    stranger = PaperLog(seed=b"s" * 32)
    with pytest.raises(Trouble, match="签名不成立"):
        one_pass(door, state, given=[stranger.key()])
    assert not state.exists()
    assert one_pass(door, state, given=[door.log.key()]).cosigned


# -- what is only trouble ---------------------------------------------------------------------------------------------
def only(path: str, status: int, body: bytes, **headers: str):
    return lambda _method, target: (status, headers, body) if path in target else None


ANOTHER = PaperLog(seed=b"s" * 32)
TROUBLES = {
    "nothing there": (only("sha256.txt", 404, b""), "答复 404"),
    "an error page": (only("sm3.txt", 500, b"<h1>\x1b[2Jfault"), "答复 500"),
    "garbage": (only("sha256.txt", 200, b"\x00garbage"), "检查点读不出"),
    "no text": (only("sha256.txt", 200, b"\xff\xfe"), "UTF-8"),
    "one of another size": (only("sm3.txt", 200, PaperLog().cut(3).note(BOTH[1]).encode()), "条数不同"),
    "the wrong hash": (only("sm3.txt", 200, PaperLog().note(BOTH[0]).encode()), "同一本账本"),
    "a stranger's": (only("sha256.txt", 200, ANOTHER.note(BOTH[0]).encode()), "签名不成立"),
    "an endless one": (only("sha256.txt", 200, b"x" * 1_000_001), "过长"),
    "proof: no JSON": (only("consistency", 200, b"<html>"), "一致性证明读不出"),
    "proof: no list": (only("consistency", 200, b'{"sha256": 1, "sm3": 2}'), "一致性证明读不出"),
    "proof: too deep": (only("consistency", 200, b"[" * 100_000), "一致性证明读不出"),
    "proof: too long": (
        only("consistency", 200, json.dumps({"sha256": ["00" * 32] * 129, "sm3": []}).encode()),
        "一致性证明过长",
    ),
    "sent elsewhere": (only("sha256.txt", 302, b"", Location="http://192.0.2.1/"), "要求转到"),
    "proof from elsewhere": (only("consistency", 301, b"", Location="/proof/keys.txt"), "要求转到"),
}


@pytest.mark.parametrize("kind", TROUBLES)
def test_trouble_changes_nothing_and_signs_nothing(door, state, kind):
    door.log = PaperLog().cut(5)
    one_pass(door, state)
    before, door.log = state.read_bytes(), PaperLog()
    door.instead, said = TROUBLES[kind]
    with pytest.raises(Trouble, match=said) as trouble:
        one_pass(door, state)
    assert "\x1b" not in str(trouble.value)
    assert state.read_bytes() == before
    assert (door.log.cosignatures, evidence(state)) == ([], [])
    assert all("192.0.2.1" not in asked for asked in door.asked)
    door.instead = lambda _method, _target: None
    assert one_pass(door, state).before == 5


def test_an_answer_that_trickles_for_ever_is_cut_off(door, state):
    gone = threading.Event()

    def trickle(handler) -> bool:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while not gone.wait(0.01):
                handler.wfile.write(b"x")
        except OSError:
            gone.set()
        return True

    door.raw = trickle
    with pytest.raises(Trouble, match="没有按时答完"):
        one_pass(door, state, seconds=0.3)
    assert gone.wait(PATIENCE)
    assert not state.exists()


def test_a_log_that_says_nothing_at_all_is_given_up(door, state):
    over = threading.Event()
    door.raw = lambda _handler: over.wait(PATIENCE)
    with pytest.raises(Trouble, match="没有按时答完"):
        one_pass(door, state, seconds=0.2)
    over.set()


def test_nobody_answers(state):
    with pytest.raises(Trouble, match="连不上"):
        watch(Remote("http://127.0.0.1:9"), state, AT)


def test_over_https_a_certificate_that_nobody_vouches_for_is_not_believed(door, state, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with serving(Door(door.log), context) as secret, pytest.raises(Trouble, match=r"连不上.*CERTIFICATE"):
        one_pass(secret, state)
    assert secret.asked == []
    assert not state.exists()


def self_signed(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=9999))
    pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    file = folder / "tls.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + pem)
    return file


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://host", "host", "http://", "http://a:b@host", "http://host:x", "http://h?q"],
)
def test_only_plain_addresses_of_the_web_are_asked(url):
    with pytest.raises(Trouble):
        Remote(url)


def test_a_checkpoint_made_between_the_two_questions_is_asked_for_again(door, state):
    older, times = door.log.cut(10), []

    def instead(_method: str, target: str) -> Answer | None:
        times.append(target)
        return (200, {}, older.note(BOTH[0]).encode()) if len(times) == 1 else None

    door.instead = instead
    assert one_pass(door, state).size == 11


@pytest.mark.parametrize(
    "spoil", [b"", b"{}", b'{"v": 1}', b"\xff", b"[]", b'{"v": 2, "url": "u", "name": "n"}']
)
def test_a_spoiled_state_is_not_taken_for_a_fresh_one(door, state, spoil):
    one_pass(door, state)
    state.write_bytes(spoil)
    with pytest.raises(Trouble, match="不是完好的见证记录"):
        one_pass(door, state)
    assert state.read_bytes() == spoil


def test_a_state_belongs_to_one_log_and_one_name(door, state):
    one_pass(door, state, name="yukuaiban.sample/witness/one")
    with pytest.raises(Trouble, match="名称"):
        one_pass(door, state, name="yukuaiban.sample/witness/two")
    with serving(Door(door.log)) as other, pytest.raises(Trouble, match="网址"):
        one_pass(other, state)


def test_a_witness_key_that_is_none_signs_nothing(door, state):
    state.with_name("jiwei.json.key").write_text("short")
    with pytest.raises(Trouble, match="密钥"):
        one_pass(door, state)
    assert not state.exists()


def test_two_processes_do_not_watch_with_one_state(state):
    with memory.alone(state), pytest.raises(Trouble, match="另一个见证进程"), memory.alone(state):
        pass
    with memory.alone(state):
        pass


def test_what_the_log_does_not_take_is_remembered_and_handed_in_next_time(door, state):
    door.instead = only("cosignatures", 422, "不是登记的见证单位".encode())
    with pytest.raises(NotTaken, match="不是登记的见证单位"):
        one_pass(door, state)
    assert held(state) == 11
    door.instead = lambda _method, _target: None
    seen = one_pass(door, state)
    assert (seen.before, seen.cosigned) == (11, True)


# -- the command ------------------------------------------------------------------------------------------------------
def command(*words: object) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "yukuaiban.site", "journal", "witness", *map(str, words)]
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def run(*words: object) -> tuple[int, str, str]:
    started = command(*words)
    out, err = started.communicate(timeout=PATIENCE)
    return started.returncode, out, err


def test_a_witness_killed_between_its_memory_and_its_answer_answers_in_the_next_pass(door, state):
    asked, over = threading.Event(), threading.Event()

    def hold(handler) -> bool:
        if handler.command == "POST":
            asked.set()
            over.wait(PATIENCE)
        return handler.command == "POST"

    door.raw = hold
    started = command(door.url, "--state", state)
    assert asked.wait(PATIENCE)
    started.send_signal(signal.SIGKILL)
    started.communicate(timeout=PATIENCE)
    over.set()
    assert held(state) == 11
    assert door.log.cosignatures == []
    door.raw = lambda _handler: False
    code, out, err = run(door.url, "--state", state, "--json")
    assert code == 0, err
    assert json.loads(out) | {"key": "", "said": ""} == {
        "ok": True, "log": ORIGIN, "before": 11, "size": 11, "cosigned": True,
        "witness": "yukuaiban.sample/witness/jiwei", "key": "", "said": "",
    }  # fmt: skip
    assert [size for size, _ in door.log.cosignatures] == [11]


def test_the_command_says_a_fork_in_one_sentence_and_exits_1_a_fault_2(door, state):
    door.instead = only("cosignatures", 422, b"not registered")
    code, out, err = run(door.url, "--state", state)
    assert (code, out) == (2, "")
    assert "yukuaiban.sample/witness/jiwei+" in err
    door.log = door.log.rewritten(0)
    code, out, err = run(door.url, "--state", state)
    assert (code, err) == (1, "")
    assert "不予见证：账本分叉" in out
    assert str(evidence(state)[0]) in out
    code, out, err = run("http://127.0.0.1:9", "--state", state, "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["ok"] is False


def test_with_every_it_goes_on_over_trouble_and_stops_at_a_fork(door, state):
    passes = []

    def instead(method: str, _target: str) -> Answer | None:
        if method == "POST":
            passes.append(method)
            door.log = door.log.rewritten(3)
            return 503, {}, b"busy"
        return None

    door.instead = instead
    code, out, _ = run(door.url, "--state", state, "--every", "1", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [("trouble" in each, "refused" in each) for each in told] == [(True, False), (False, True)]
    assert len(passes) == 1
