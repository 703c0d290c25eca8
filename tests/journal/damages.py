"""What may happen to an export or to the proof of a case on its way, by accident or on purpose; all by a seeded die."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

from tests.journal import handmade

Lines = list[bytes]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _anywhere(lines: Lines, dice: random.Random) -> int:
    return dice.randrange(len(lines))


def one_letter(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    text = lines[at].decode()
    places = [place for place, letter in enumerate(text) if letter in LETTERS]
    place = dice.choice(places)
    other = dice.choice([letter for letter in LETTERS if letter != text[place]])
    lines[at] = (text[:place] + other + text[place + 1 :]).encode()


def one_byte(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    data = bytearray(lines[at])
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    lines[at] = bytes(data).replace(b"\n", b" ")


def a_figure(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b'"10wd"', b'"15wd"')


def a_figure_in_the_last_event(lines: Lines, dice: random.Random) -> None:
    lines[-1] = lines[-1].replace(b'"10wd"', b'"15wd"')


def a_space(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b'":', b'": ', 1)


def another_order(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    event = json.loads(lines[at])
    lines[at] = json.dumps(dict(reversed(event.items())), separators=(",", ":"), ensure_ascii=False).encode()


def escaped(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = json.dumps(json.loads(lines[at]), sort_keys=True, separators=(",", ":")).encode()


def no_nfc(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace("材料".encode(), "e\u0301".encode())


def half_a_pair(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace("材料".encode(), b"\\ud83d")


def a_decimal(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b'"schema":1', b'"schema":1.0')


def no_such_day(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b"2026-09-30", b"2026-09-31")


def a_key_more(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b',"v":1}', b',"v":1,"w":1}')


def twice_the_same_key(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines[at] = lines[at].replace(b',"v":1}', b',"v":1,"v":1}')


def one_less(lines: Lines, dice: random.Random) -> None:
    del lines[_anywhere(lines, dice)]


def one_twice(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines.insert(at, lines[at])


def one_invented(lines: Lines, dice: random.Random) -> None:
    at = _anywhere(lines, dice)
    lines.insert(at, handmade.event_text("case:GY-2026-999999", 1, None, serial=999))


def two_swapped(lines: Lines, dice: random.Random) -> None:
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]


def the_end_cut_off(lines: Lines, dice: random.Random) -> None:
    del lines[-dice.randrange(1, 6) :]


def one_stream_left_out(lines: Lines, dice: random.Random) -> None:
    stream = json.loads(dice.choice(lines))["stream"].encode()
    lines[:] = [line for line in lines if stream not in line]


def rewritten_to_the_end(lines: Lines, dice: random.Random) -> None:
    """The careful forger: a figure changed, and every later event of the stream chained anew."""
    at = _anywhere(lines, dice)
    changed = json.loads(lines[at]) | {"body": {"limit": "90wd", "note": "材料齐全"}}
    head = None
    for place, line in enumerate(lines):
        event = changed if place == at else json.loads(line)
        if event["stream"] == changed["stream"]:
            told = event if head is None else event | {"prev": head}
            lines[place] = json.dumps(
                told, sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode()
            head = handmade.leaf(lines[place]).hex()


def time_going_back(lines: Lines, dice: random.Random) -> None:
    """Earlier than the event before, and chained anew."""
    at = dice.randrange(len(lines) // 2, len(lines))
    lines[at] = lines[at].replace(b'"recorded_at":"2026', b'"recorded_at":"2025')


OF_LINES: tuple[Callable[[Lines, random.Random], None], ...] = (
    one_letter,
    one_byte,
    a_figure,
    a_figure_in_the_last_event,
    a_space,
    another_order,
    escaped,
    no_nfc,
    half_a_pair,
    a_decimal,
    no_such_day,
    a_key_more,
    twice_the_same_key,
    one_less,
    one_twice,
    one_invented,
    two_swapped,
    the_end_cut_off,
    one_stream_left_out,
    rewritten_to_the_end,
    time_going_back,
)


def to_lines(folder: Path, change: Callable[[Lines, random.Random], None], dice: random.Random) -> None:
    """Change the events and write one file of them."""
    files = sorted(folder.glob("events-*.jsonl"))
    lines = [line for each in files for line in each.read_bytes().splitlines()]
    change(lines, dice)
    for each in files:
        each.unlink()
    (folder / "events-000000.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def _rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def _note(folder: Path, kind: str = "sha256") -> Path:
    return folder / f"checkpoint-{kind}.txt"


def _texts(folder: Path) -> Lines:
    return [line for each in sorted(folder.glob("events-*.jsonl")) for line in each.read_bytes().splitlines()]


def another_root(folder: Path) -> None:
    _rewrite(_note(folder), _note(folder).read_text().split("\n")[2], base64.b64encode(b"r" * 32).decode())


def another_root_over_sm3(folder: Path) -> None:
    _rewrite(
        _note(folder, "sm3"),
        _note(folder, "sm3").read_text().split("\n")[2],
        base64.b64encode(b"r" * 32).decode(),
    )


def a_larger_size(folder: Path) -> None:
    _rewrite(_note(folder), "\n40\n", "\n41\n")


def a_smaller_size(folder: Path) -> None:
    _rewrite(_note(folder), "\n40\n", "\n39\n")


def size_with_a_nought(folder: Path) -> None:
    _rewrite(_note(folder), "\n40\n", "\n040\n")


def a_stranger_signs(folder: Path) -> None:
    forged = handmade.note(_texts(folder), "sha256", bytes(32), witnessed=False)
    _note(folder).write_text(forged, encoding="utf-8", newline="\n")


def nobody_signs_but_the_witness(folder: Path) -> None:
    text = _note(folder).read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("— yukuaiban.sample/journal")]
    _note(folder).write_text("\n".join(lines), encoding="utf-8", newline="\n")


def no_signature_at_all(folder: Path) -> None:
    text = _note(folder).read_text(encoding="utf-8")
    _note(folder).write_text(text.split("\n\n")[0] + "\n\n", encoding="utf-8", newline="\n")


def the_cosignature_of_another_time(folder: Path) -> None:
    _rewrite(_note(folder), "s2eYkAAAAABqvN2g", "s2eYkAAAAABqvN2h")


def an_older_checkpoint(folder: Path) -> None:
    _note(folder).write_text(handmade.note(_texts(folder)[:-7], "sha256"), encoding="utf-8", newline="\n")


def both_checkpoints_older(folder: Path) -> None:
    for kind in handmade.KINDS:
        older = handmade.note(_texts(folder)[:-7], kind)
        _note(folder, kind).write_text(older, encoding="utf-8", newline="\n")


def one_checkpoint_for_both(folder: Path) -> None:
    _note(folder, "sm3").write_bytes(_note(folder).read_bytes())


def no_checkpoint(folder: Path) -> None:
    _note(folder).unlink()


def no_sm3_checkpoint(folder: Path) -> None:
    _note(folder, "sm3").unlink()


def half_a_checkpoint(folder: Path) -> None:
    _note(folder).write_bytes(_note(folder).read_bytes()[:90])


def no_keys(folder: Path) -> None:
    (folder / "keys.txt").write_text("", encoding="utf-8")


def a_key_of_somebody_else(folder: Path) -> None:
    own = handmade.KEYS[0]
    other = handmade.key_line(own.split("+", maxsplit=1)[0], 1, bytes(32))
    _rewrite(folder / "keys.txt", own, other)


def a_key_with_a_false_number(folder: Path) -> None:
    _rewrite(folder / "keys.txt", "+b58fd98d+", "+b58fd98e+")


def a_file_missing(folder: Path) -> None:
    (folder / "events-000001.jsonl").unlink()


def another_file(folder: Path) -> None:
    (folder / "README.txt").write_text("不必核验\n", encoding="utf-8")


def files_out_of_order(folder: Path) -> None:
    one, other = folder / "events-000000.jsonl", folder / "events-000001.jsonl"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def a_manifest_that_is_none(folder: Path) -> None:
    (folder / "MANIFEST.json").write_text("{", encoding="utf-8")


def a_manifest_of_other_sums(folder: Path) -> None:
    _rewrite(folder / "MANIFEST.json", '"sha256": "', '"sha256": "0')


OF_FILES: tuple[Callable[[Path], None], ...] = (
    another_root,
    another_root_over_sm3,
    a_larger_size,
    a_smaller_size,
    size_with_a_nought,
    a_stranger_signs,
    nobody_signs_but_the_witness,
    no_signature_at_all,
    the_cosignature_of_another_time,
    an_older_checkpoint,
    both_checkpoints_older,
    one_checkpoint_for_both,
    no_checkpoint,
    no_sm3_checkpoint,
    half_a_checkpoint,
    no_keys,
    a_key_of_somebody_else,
    a_key_with_a_false_number,
    a_file_missing,
    another_file,
    files_out_of_order,
    a_manifest_that_is_none,
    a_manifest_of_other_sums,
)


def to_proof(proof: dict[str, Any], dice: random.Random) -> dict[str, dict[str, Any]]:
    """Every kind of damage to the proof of a case, by its name."""
    events, found = proof["events"], {}
    at = dice.randrange(len(events) - 1)

    def damaged(name: str, change: Callable[[dict[str, Any]], object]) -> None:
        found[name] = deepcopy(proof)
        change(found[name])

    def edit(field: str, value: object) -> Callable[[dict[str, Any]], object]:
        return lambda each: each["events"][at].__setitem__(field, value)

    damaged("a figure", edit("text", events[at]["text"].replace("10wd", "15wd")))
    damaged(
        "the last figure",
        lambda each: each["events"][-1].update(text=events[-1]["text"].replace("10wd", "15wd")),
    )
    damaged("another place", edit("index", events[at]["index"] + 1))
    damaged("a place outside", edit("index", 4000))
    damaged("a step less", lambda each: each["events"][at]["proof"]["sha256"].pop())
    damaged("a step more", lambda each: each["events"][at]["proof"]["sha256"].append("00" * 32))
    damaged("another step", lambda each: each["events"][at]["proof"]["sha256"].__setitem__(0, "00" * 32))
    damaged("another step of SM3", lambda each: each["events"][at]["proof"]["sm3"].__setitem__(0, "00" * 32))
    damaged("no steps", lambda each: each["events"][at]["proof"].clear())
    damaged("an event less", lambda each: each["events"].pop(at))
    damaged("no event", lambda each: each["events"].clear())
    damaged("an event twice", lambda each: each["events"].insert(at, events[at]))
    damaged("two swapped", lambda each: each["events"].insert(0, each["events"].pop()))
    damaged("another case", lambda each: each.update(stream="case:GY-2026-000000"))
    damaged("no keys", lambda each: each["keys"].clear())
    damaged("no checkpoint", lambda each: each["checkpoint"].clear())
    damaged(
        "another size",
        lambda each: each["checkpoint"].update(
            sha256=proof["checkpoint"]["sha256"].replace("\n40\n", "\n41\n")
        ),
    )
    damaged("only SM3", lambda each: each["checkpoint"].pop("sha256"))
    return found
