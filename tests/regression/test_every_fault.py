"""Every fault that deadline systems are known for is a module, is proved elsewhere, or says what it waits for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.regression.pending import ELSEWHERE, PENDING

HERE = Path(__file__).parent
FAULTS = [
    "m01_pause_wall_clock",
    "m02_pause_lost_on_rule_change",
    "m03_day_is_24_business_hours",
    "m04_received_outside_hours",
    "m05_warning_across_night",
    "m06_alarm_at_midnight",
    "m07_new_holiday_ignored",
    "m08_empty_calendar",
    "m09_no_lunch",
    "m10_one_deadline_wins",
    "m11_resume_variants",
    "m12_zone_drift",
    "m13_calendar_ignored",
    "m14_late_extension",
    "m15_rule_change_hits_old_cases",
    "r01_pause_then_change_limit",
    "r02_weekend_pause",
    "r03_alarm_inverse",
    "r04_red_while_paused",
    "r05_fixed_moved",
    "r06_mail_every_run",
    "r07_opened_on_holiday",
    "r08_foreign_feed",
    "r09_disabled_rule_lives",
    "r10_view_shows_nothing",
    "r11_own_reply_escalates",
    "r12_stale_column",
    "r13_dead_worker",
    "r14_duplicates_and_dst",
    "r15_two_workers",
    "r16_job_stuck_doing",
    "r17_killed_while_sending",
    "r18_notice_before_commit",
    "r19_event_lost",
    "r20_odd_weeks",
    "r21_token_race",
    "r22_cross_agency_leak",
    "r23_formula_in_csv",
    "r24_recompute_is_an_event",
    "r25_row_stuck_weeks",
]
MODULES = sorted(path.stem.removeprefix("test_") for path in HERE.glob("test_[mr][0-9][0-9]_*.py"))


def test_each_fault_has_exactly_one_place():
    assert len(FAULTS) == 40
    assert sorted([*MODULES, *PENDING, *ELSEWHERE]) == sorted(FAULTS)


@pytest.mark.parametrize("path", ELSEWHERE.values())
def test_what_is_proved_elsewhere_is_there(path):
    assert (HERE.parents[1] / path).is_file()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_its_fault_in_one_sentence_and_tests_it(name):
    tree = ast.parse((HERE / f"test_{name}.py").read_text(encoding="utf-8"))
    said = ast.get_docstring(tree) or ""
    assert said.endswith(".")
    assert "\n" not in said
    assert any(isinstance(each, ast.FunctionDef) and each.name.startswith("test_") for each in tree.body)
