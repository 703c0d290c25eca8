"""Named faults without a module of their own here: what each waits for, or where it is proved instead."""

from __future__ import annotations

PENDING = {
    "r11_own_reply_escalates": "appeals: a contact clock that a citizen's message starts and the handler's does not",
    "r21_token_race": "ballots: one-time tokens",
}
ELSEWHERE = {
    "r10_view_shows_nothing": "tests/browser/test_hall_canary.py",
    "r22_cross_agency_leak": "tests/security/test_t00_matrix.py",
}
