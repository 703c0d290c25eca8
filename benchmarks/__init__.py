"""Benchmarks: one module per area, run by `./ykb bench [AREA ...]`, never as part of the tests.

A module has `run(size: str) -> list[dict]`; `size` is "small" or "full". It first proves its results against
something slow and plainly right (a wrong fast answer is an AssertionError), then times. Every row is a
ratio within one run:

| key | meaning |
| --- | --- |
| case | what was timed, in words |
| n | how many operations one measurement holds |
| seconds | the measurements of the thing itself, in seconds for n operations |
| against | what it is compared with, in words |
| ratio | times faster than, or the share of, what it is compared with; seconds or bytes where the goal is one |
| goal | ">= 300" or "<= 1.2"; None where the figure is context only |

Seeds are fixed and printed by the area where inputs are random.
"""
