"""Reading a plan of 200,000 characters, against nothing but passing over its characters (the floor).

The text is made up here: marked blocks, numbered items with clauses of owners, dates and numbers, full and half width,
some of it without line ends. Its reading is proved by counting what was put in.
"""

from __future__ import annotations

import random
from functools import partial
from typing import Any

from benchmarks._timing import in_turn, median
from yukuaiban.plans.reading import faults, read_plan

SEED = 20260218
LENGTH = 200_000
SECONDS = 2.0
_AGENCIES = ("政法委", "科技局", "住建局", "行政审批局", "文化和旅游局", "各镇（园区）", "生态环境局")
_WORDS = "推进改革完善机制优化流程加强培训提升质效健全制度强化监管拓展场景落实清单压实责任"


def run(size: str) -> list[dict[str, Any]]:
    """All rows of the area."""
    print(f"seed {SEED}; {LENGTH} characters")
    rounds = 9 if size == "full" else 5
    raw, items, owners = made_up(LENGTH, SEED)
    found = read_plan(raw)
    assert faults(raw, found) == [], "something is lost"
    assert len(found.undertakings) == items, f"{len(found.undertakings)} items of {items}"
    assert sum(len(item.agencies) for item in found.undertakings) == owners, "owners are missing"
    times = in_turn({"read": partial(read_plan, raw), "floor": partial(_pass_over, raw)}, rounds)
    return [
        {
            "case": "read a plan of 200,000 characters, of the 2 seconds allowed",
            "n": LENGTH,
            "seconds": times["read"],
            "against": "2 s",
            "ratio": median(times["read"]) / SECONDS,
            "goal": "<= 1",
        },
        {
            "case": "the same, of passing over its characters",
            "n": LENGTH,
            "seconds": times["read"],
            "against": "a loop over the text",
            "ratio": median(times["read"]) / median(times["floor"]),
            "goal": None,
        },
    ]


def made_up(length: int, seed: int) -> tuple[str, int, int]:
    """A text of at least `length` characters, cut after an item, with its counts of items and owners."""
    dice = random.Random(seed)
    parts, items, owners, written = ["为做好工作，制定本方案。\n一、重点任务\n"], 0, 0, 0
    while written < length:
        items += 1
        names = dice.sample(_AGENCIES, dice.randint(1, 5))
        owners += len(names)
        part = f"{(items - 1) % 900 + 1}.{_sentences(dice)}（责任单位：{'、'.join(names)}）" + dice.choice(
            ["\n", ""]
        )
        if items % 900 == 0:
            part += "二、重点任务\n"
        parts.append(part)
        written += len(part)
    return "".join(parts), items, owners


def _sentences(dice: random.Random) -> str:
    words = ["".join(dice.choices(_WORDS, k=dice.randint(6, 30))) for _ in range(dice.randint(2, 6))]
    month, share = dice.randint(1, 12), dice.randint(1, 99)
    return f"{'，'.join(words)}。{month}月底前完成清单，覆盖率达到{share}%以上。"


def _pass_over(raw: str) -> int:
    return sum(1 for char in raw if not char.isspace())
