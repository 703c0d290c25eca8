"""Supervision (督查督办): orders on any case with a clock; the worker proposes by triggers, people decide."""
