"""Two offices watch the real site: what they sign is kept, shown, exported and verified; what they catch is caught."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.cast import at
from tests.journal.paperlog import evidence
from tests.journal.pyjudge import WHOLE, judge_export
from tests.journal.site import OFFICES, name_of, officer, registered, sequence, serving
from tests.settled import START, installed_office
from yukuaiban.cases.rebuilding import case_streams, fold_differences
from yukuaiban.core.canonical import canonical, parse
from yukuaiban.core.errors import NotPermitted, Refused
from yukuaiban.core.merkle import BOTH
from yukuaiban.journal import keys, outside, reading, tree, triggers, witnesses
from yukuaiban.journal.event import hash_of
from yukuaiban.journal.models import JournalCosignature, JournalEvent
from yukuaiban.journal.notes import COSIGNATURE, Ed25519Signer, NoteError, cosign, read_note
from yukuaiban.journal.verifying import verify
from yukuaiban.people.witnessing import add_witness, retire_witness
from yukuaiban.site import watchers
from yukuaiban.site.witness.memory import Memory, signer
from yukuaiban.site.witness.remote import Remote
from yukuaiban.site.witness.watching import NotTaken, WitnessRefused, watch
from yukuaiban.web import scope
from yukuaiban.web.witnessed import standings

__all__ = ["installed_office"]

MINUTE = timedelta(minutes=1)
NODE = shutil.which("node")


@pytest.fixture
def office(installed_office, db, monkeypatch):
    """Some work; every page believes that it is the office's moment."""
    office = installed_office
    office.now = at(START)
    monkeypatch.setattr(scope, "now", lambda: office.now)
    office.in_review()
    office.in_review()
    return office


@pytest.fixture
def states(office, tmp_path):
    found = registered(office, tmp_path)
    sequence(office)
    return found


@pytest.fixture
def url(states):
    with serving() as found:
        yield found


def one_pass(url, office, state, **more):
    return watch(Remote(url), state, int(office.now.timestamp()), **more)


def more_work(office):
    office.now += MINUTE
    office.receive()
    return sequence(office)


def verified(**more):
    return verify(folds={"case:": fold_differences}, streams={"case:": case_streams}, **more)


def standing():
    newest = tree.newest()
    return standings([newest])[newest.size]


# -- what is signed ---------------------------------------------------------------------------------------------------
def test_a_checkpoint_is_witnessed_once_two_offices_have_cosigned_both_notes(office, states, url):
    assert standing().by == []
    one_pass(url, office, states["jiwei"])
    assert [(each.office, each.name, each.at) for each in witnesses.cosigned(tree.newest())] == [
        (OFFICES["jiwei"], name_of(states["jiwei"]), office.now.replace(microsecond=0))
    ]
    assert not standing().witnessed
    assert "未满 2 家，现有 1 家" in Client().get("/proof/checkpoints").text
    office.now += MINUTE
    one_pass(url, office, states["shuju"])
    assert standing().witnessed
    page = Client().get("/proof/checkpoints").text
    assert "已见证" in page
    for each in (*OFFICES.values(), "09:01"):
        assert each in page
    assert verified().ok


def test_witnesses_follow_a_growing_journal_and_each_checkpoint_has_its_own_witnesses(office, states, url):
    first = one_pass(url, office, states["jiwei"]).size
    second = more_work(office)
    seen = one_pass(url, office, states["jiwei"])
    assert (seen.before, seen.size, seen.cosigned) == (first, second, True)
    one_pass(url, office, states["shuju"])
    found = witnesses.cosigned_all(tree.latest(2))
    assert {size: len(by) for size, by in found.items()} == {first: 1, second: 2}
    assert verified().ok


def test_cosignatures_go_out_with_exports_and_proofs_and_both_verifiers_hold_them(
    office, states, url, tmp_path
):
    for state in states.values():
        one_pass(url, office, state)
    outside.export(tmp_path / "out")
    names = {name_of(state) for state in states.values()}
    for each in BOTH:
        note = read_note((tmp_path / f"out/checkpoint-{each.name}.txt").read_text())
        assert {each.name for each in note.signatures} - {note.origin} == names
    assert judge_export(tmp_path / "out")[0] == WHOLE
    stream = JournalEvent.objects.filter(stream__startswith="case:").first().stream
    proof = outside.proof(stream)
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    if NODE:
        for target in ("out", "proof.json"):
            told = judged_by_node(tmp_path, target)
            assert (told["ok"], set(told["witnesses"])) == (True, names)
    spoil(tmp_path / "out/checkpoint-sm3.txt", name_of(states["shuju"]))
    assert judge_export(tmp_path / "out")[1] == ("cosignature", None)
    if NODE:
        assert judged_by_node(tmp_path, "out")["faults"]["cosignature"] == 1


def spoil(path, name):
    """Another moment under the same signature."""
    lines = path.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(f"— {name} "))
    lines[at] = lines[at][:-90] + ("A" if lines[at][-90] != "A" else "B") + lines[at][-89:]
    path.write_text("\n".join(lines) + "\n")


def judged_by_node(folder, target, *old):
    line = [NODE, str(outside.VERIFIER), str(folder / target), *map(str, old)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_a_cosignature_that_was_tampered_with_is_found_and_counts_no_longer(office, states, url):
    one_pass(url, office, states["jiwei"])
    row = JournalCosignature.objects.get(digest="sm3")
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_cosignature SET line = replace(line, 'A', 'B') WHERE id = %s", [row.id]
        )
    triggers.install(connection)
    assert verified().faults == {"cosignature": 1}
    assert standing().by == []


def test_whoever_writes_himself_into_the_table_is_no_witness(office, states):
    newest, stranger = tree.newest(), Ed25519Signer("stranger", b"s" * 32, COSIGNATURE)
    for name, text in newest.notes.items():
        line = cosign(read_note(text), stranger, office.now)
        JournalCosignature.objects.create(
            size=newest.size, digest=name, name="stranger", line=line, received_at=office.now
        )
    assert standing().by == []
    assert verified().faults == {"cosignature": 2}


# -- what is refused at the door --------------------------------------------------------------------------------------
def lines(office, who, *, size=None, at=None):
    """The lines of a signer under the newest notes, or under those of another size."""
    newest = tree.newest()
    notes = {name: read_note(text.replace(f"\n{newest.size}\n", f"\n{size or newest.size}\n", 1))
             for name, text in newest.notes.items()}  # fmt: skip
    return {name: cosign(note, who, at or office.now) for name, note in notes.items()}


def hand_in(size, told):
    body = json.dumps({"size": size, "lines": told})
    return Client(enforce_csrf_checks=True).post("/proof/cosignatures", body, content_type="application/json")


def test_only_what_a_registered_witness_signs_under_a_stored_checkpoint_is_taken(office, states):
    size, mine = tree.newest().size, signer(name_of(states["jiwei"]), states["jiwei"])
    same_name = Ed25519Signer(name_of(states["jiwei"]), b"x" * 32, COSIGNATURE)
    stranger = Ed25519Signer("yukuaiban.sample/witness/who", b"x" * 32, COSIGNATURE)
    good = lines(office, mine)
    other = lines(office, signer(name_of(states["shuju"]), states["shuju"]))
    table = [
        (size + 1, lines(office, mine, size=size + 1), "没有签过这个条数"),
        (size - 1, lines(office, mine, size=size - 1), "没有签过这个条数"),
        (0, good, "没有签过这个条数"),
        (size, lines(office, mine, size=size - 1), "不成立"),
        (size, lines(office, same_name), "不成立"),
        (size, lines(office, stranger), "不是本账本登记的见证单位"),
        (size, {"sha256": good["sha256"]}, "各签一行"),
        (size, {"sha256": good["sm3"], "sm3": good["sha256"]}, "不成立"),
        (size, {"sha256": good["sha256"], "sm3": other["sm3"]}, "不是本账本登记"),
        (size, {**good, "sm3": good["sm3"] + "\n" + good["sm3"]}, "须是一行"),
        (size, {**good, "sm3": ""}, "须是一行"),
        (size, {**good, "sm3": "no line"}, "读不出"),
        (size, lines(office, mine, at=office.now + timedelta(hours=2)), "校对时钟"),
        (size, lines(office, mine, at=2**62), "校对时钟"),
    ]
    for given, told, said in table:
        answer = hand_in(given, told)
        assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
        assert said in answer.text, said
    assert not JournalCosignature.objects.exists()
    for _ in range(2):
        assert hand_in(size, good).json() == {"size": size, "witness": name_of(states["jiwei"])}
    assert JournalCosignature.objects.count() == 2


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"size": 3, "lines": 4}', "x" * 20_000, "[" * 9000])
def test_what_is_no_cosignature_is_refused_with_a_sentence(office, states, body):
    answer = Client().post("/proof/cosignatures", body, content_type="application/json")
    assert answer.status_code == 400
    assert "应为 JSON" in answer.text


@pytest.mark.parametrize("query", ["", "?from=0&to=5", "?from=9&to=3", "?from=1&to=99999", "?from=x&to=²"])
def test_there_is_no_proof_for_sizes_that_are_none(office, states, query):
    assert Client().get(f"/proof/consistency{query}").status_code == 404


# -- who is a witness -------------------------------------------------------------------------------------------------
def test_an_office_that_is_not_registered_is_told_so_and_keeps_what_it_saw(office, states, url, tmp_path):
    state = tmp_path / "other.json"
    with pytest.raises(NotTaken, match="不是本账本登记的见证单位"):
        one_pass(url, office, state)
    assert Memory.read(state).pair().size == tree.newest().size


def test_a_retired_witness_signs_nothing_new_and_what_it_signed_stays(office, states, url):
    one_pass(url, office, states["jiwei"])
    old = tree.newest()
    people = {
        "asked_by": officer(office, "sec2", "security_admin"),
        "consented_by": officer(office, "disc", "discipline"),
    }
    retire_witness(name_of(states["jiwei"]), "换人", **people, pen=office.pen, source="console")
    more_work(office)
    with pytest.raises(NotTaken, match="不是本账本登记的见证单位"):
        one_pass(url, office, states["jiwei"])
    assert [each.office for each in witnesses.cosigned(old)] == [OFFICES["jiwei"]]
    assert verified().ok
    with pytest.raises(Refused, match="现在不是"):
        retire_witness(name_of(states["jiwei"]), "再来", **people, pen=office.pen, source="console")


def test_registering_takes_two_people_of_the_right_posts_and_the_key_of_a_witness(office, states):
    security, audit = officer(office, "sec2", "security_admin"), officer(office, "audit2", "auditor")
    line = Ed25519Signer("yukuaiban.sample/witness/third", b"t" * 32, COSIGNATURE).verifier_line()
    refused = [
        (line, security, security, NotPermitted, "不能自己同意"),
        (line, office.rules, audit, NotPermitted, "管规则"),
        (line, security, office.chief, NotPermitted, "陈科长"),
        (keys.own()[0], security, audit, NoteError, "不是见证单位的公钥"),
        ("nothing", security, audit, NoteError, "公钥行"),
        (witnesses.register()[0].key, security, audit, Refused, "已经登记过"),
    ]
    for key, asker, consenter, kind, said in refused:
        with pytest.raises(kind, match=said):
            add_witness(
                "区审计局", key, "见证", asked_by=asker, consented_by=consenter, pen=office.pen, source="web"
            )
    assert len(witnesses.register()) == 2
    add_witness("区审计局", line, "见证", asked_by=security, consented_by=audit, pen=office.pen, source="web")
    event = list(reading.events(witnesses.STREAM))[-1]
    assert (event.type, event.actor, event.second_actor) == ("witness.registered", security.ref, audit.ref)
    assert event.body == {"office": "区审计局", "key": line, "reason": "见证"}
    assert line in Client().get("/proof/keys.txt").text


def test_check_asks_for_witnesses_that_are_too_few_or_have_fallen_silent(office, states, url):
    assert {text for _, text in watchers.standing(office.now)} == set()
    one_pass(url, office, states["jiwei"])
    assert list(watchers.standing(office.now)) == [(False, "区纪委监委在核对")]
    office.now += timedelta(days=2)
    more_work(office)
    assert list(watchers.standing(office.now)) == [
        (True, "区纪委监委已 48 小时没有会签；请询问该单位"),
        (True, "区数据局登记后还没有会签过；请询问该单位"),
    ]
    people = {
        "asked_by": officer(office, "s3", "security_admin"),
        "consented_by": officer(office, "a3", "auditor"),
    }
    retire_witness(name_of(states["shuju"]), "停", **people, pen=office.pen, source="console")
    assert (True, "登记了 1 家，未满 2 家；请按 docs/operations.md 请外单位见证") in list(
        watchers.standing(office.now)
    )


# -- what is caught ---------------------------------------------------------------------------------------------------
def sql(*statements):
    """As an adversary who may change tables, and puts the triggers back."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        for statement, *values in statements:
            cursor.execute(statement, values)
    triggers.install(connection)


def repaint(office):
    """Change the last event of a case, and sequence and sign the whole journal anew with the operator's own key."""
    event = JournalEvent.objects.filter(type="desks.hand_over").first()
    told = parse(bytes(event.text))
    told["body"]["note"] = "改过"
    text = canonical(told)
    sql(
        ("UPDATE journal_event SET text = %s, hash = %s WHERE id = %s", text, hash_of(text), event.id),
        ("DELETE FROM journal_leaf",),
        ("DELETE FROM journal_checkpoint",),
        ("DELETE FROM journal_cosignature",),
    )
    office.now += MINUTE
    return sequence(office)


def test_a_history_rewritten_with_the_own_key_is_refused_by_both_witnesses_and_convicted_by_both_verifiers(
    office, states, url, tmp_path
):
    for state in states.values():
        one_pass(url, office, state)
    more_work(office)
    before = {code: state.read_bytes() for code, state in states.items()}
    repaint(office)
    assert not {"root", "signature", "cosignature", "leaf"} & verified().faults.keys()
    for code, state in states.items():
        with pytest.raises(WitnessRefused, match="分叉") as refused:
            one_pass(url, office, state)
        assert state.read_bytes() == before[code]
        kept = refused.value.evidence / "kept-sha256.txt"
        assert "root" in verified(since=read_note(kept.read_text())).faults
        if NODE:
            out = tmp_path / f"out-{code}"
            outside.export(out)
            assert judged_by_node(out, ".")["ok"]
            assert judged_by_node(out, ".", kept)["faults"] == {"root": 1}
    assert not JournalCosignature.objects.exists()


def test_two_witnesses_who_were_shown_two_histories_convict_the_log_by_holding_their_notes_together(
    office, states, url, tmp_path
):
    """Each was shown a tree that grew rightly for itself."""
    mark = transaction.savepoint()
    repaint(office)
    one_pass(url, office, states["shuju"])
    transaction.savepoint_rollback(mark)
    office.now += MINUTE
    one_pass(url, office, states["jiwei"])
    one, two = (Memory.read(states[code]).pair() for code in OFFICES)
    assert one.size == two.size
    assert one.notes["sha256"].root != two.notes["sha256"].root
    note = two.notes["sha256"]
    assert keys.signed_by_log(note)
    assert "root" in verified(since=note).faults
    if NODE:
        outside.export(tmp_path / "out")
        (tmp_path / "theirs.txt").write_text(two.texts["sha256"])
        assert judged_by_node(tmp_path, "out", tmp_path / "theirs.txt")["faults"] == {"root": 1}
    with pytest.raises(WitnessRefused, match="分叉"):
        one_pass(url, office, states["shuju"])


def test_an_older_copy_that_was_put_back_is_refused_and_the_witness_says_how_much_is_gone(
    office, states, url
):
    mark, size = transaction.savepoint(), tree.newest().size
    larger = more_work(office)
    one_pass(url, office, states["jiwei"])
    transaction.savepoint_rollback(mark)
    with pytest.raises(WitnessRefused, match=f"现在只有 {size} 条，少了 {larger - size} 条"):
        one_pass(url, office, states["jiwei"])
    assert len(evidence(states["jiwei"])) == 1
    assert not JournalCosignature.objects.exists()


def test_the_moment_of_a_cosignature_is_that_of_the_witness(office, states, url):
    moment = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    watch(Remote(url), states["jiwei"], int(moment.timestamp()))
    assert witnesses.cosigned(tree.newest())[0].at == moment
