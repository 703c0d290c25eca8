"""Measuring: jobs in turn, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Job = Callable[[], object]


def in_turn(
    jobs: Mapping[str, Job], repeats: int, *, clock: Callable[[], float] = time.process_time
) -> dict[str, list[float]]:
    """Seconds of every job in each of `repeats` rounds, after one round that is not counted.

    `process_time` (computing) by default; give `perf_counter` where disks or other processes are waited for.
    """
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(repeats + 1):
        for name, job in jobs.items():
            gc.collect()
            began = clock()
            job()
            if number:
                seconds[name].append(clock() - began)
    return seconds


def median(seconds: Sequence[float]) -> float:
    """The median, never zero (a clock may be too coarse for a very short job)."""
    return max(statistics.median(seconds), 1e-9)


def percentile(seconds: Sequence[float], percent: int) -> float:
    """The smallest measurement that so many per cent do not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * percent // 100) - 1)]
