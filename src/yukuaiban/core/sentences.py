"""What the steps of an explanation say, in Chinese and English. A table: add a language as a column."""

from __future__ import annotations

WEEKDAYS = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)

TOTALS = {
    "sum": ("累计 {}", "{} so far"),
    "shift": ("顺延 {}", "moved by {}"),
    "due": ("到期", "due"),
}

SENTENCES = {
    "start_workdays": (
        "起算。时限 {limit}：当日不计入，从下一个工作日起算。",
        "Start. Limit of {limit}: this day does not count, the next working day is day 1.",
    ),
    "start_same_day": (
        "起算。时限当日：到不早于此刻的第一个下班时间为止。",
        "Start. Same-day limit: until the first closing time that is not before this moment.",
    ),
    "start_dates": (
        "起算。时限 {limit}：当日不计入，从次日起算，休息日照计。",
        "Start. Limit of {limit}: this day does not count, the next date is day 1, rest days count.",
    ),
    "start_service": (
        "起算。时限 {limit}：只计开放时段内的时间。",
        "Start. Limit of {limit}: only time inside opening hours counts.",
    ),
    "start_natural": (
        "起算。时限 {limit}：按实际时间连续计算，夜间和休息日照计。",
        "Start. Limit of {limit}: real time counts, through nights and rest days.",
    ),
    "extension": (
        "延期 {added}：时限由 {before} 改为 {after}，从头重新计算。",
        "Extended by {added}: the limit grows from {before} to {after} and is counted anew from the start.",
    ),
    "day_one": ("第 1 日：起算后的第一个工作日。", "Day 1: the first working day after the start."),
    "day_one_make_up": (
        "第 1 日：起算后的第一个工作日，{weekday}调休上班（{name}）。",
        "Day 1: the first working day after the start, a make-up working {weekday} ({name}).",
    ),
    "count": ("计 {amount}。", "{amount} counted."),
    "count_full": ("计 {amount}，满 {limit}。", "{amount} counted, completing {limit}."),
    "make_up": (
        "{weekday}调休上班（{name}），计 1 个工作日。",
        "Make-up working {weekday} ({name}): 1 working day counted.",
    ),
    "skip_rest": ("{names}，休息日不计。", "{names}: rest days, not counted."),
    "same_day": (
        "当日办结：这一天的下班时间不早于起算时刻。",
        "Same day: the closing time of this day is not before the start.",
    ),
    "pause_workdays": (
        "暂停{ground}：{since} 至 {until}，其间 {amount}不计{planned}。",
        "Paused{ground}: {since} to {until}, {amount} not counted{planned}.",
    ),
    "pause_more": ("暂停继续，{amount}不计。", "Still paused, {amount} not counted."),
    "pause_none": (
        "暂停{ground}：{since} 至 {until}，其间没有应计的时间，不顺延{planned}。",
        "Paused{ground}: {since} to {until}, nothing that counts lies inside, so nothing moves{planned}.",
    ),
    "pause_dates": (
        "暂停{ground}：{since} 至 {until}，顺延 {amount}{planned}。",
        "Paused{ground}: {since} to {until}, moved by {amount}{planned}.",
    ),
    "pause_time": (
        "暂停{ground}：{since} 至 {until}，其中应计的 {length}不计{planned}。",
        "Paused{ground}: {since} to {until}, {length} of counting time inside is not counted{planned}.",
    ),
    "pause_landed": (
        "原到期落在暂停期内，改为暂停结束后的第一个下班时间，再顺延 {amount}。",
        "The due fell inside the pause: it becomes the first closing time after it, {amount} more.",
    ),
    "pause_landed_dates": (
        "原到期落在暂停期内，改为暂停结束后工作日的第一个下班时间，再顺延 {amount}。",
        "The due fell inside the pause: it becomes the first closing time on a working day after it, {amount} more.",
    ),
    "count_dates": (
        "连续计 {amount}，最后一日为 {last}。",
        "{amount} in a row, the last day is {last}.",
    ),
    "count_months": ("{limit}后的对应日为 {last}。", "The corresponding day after {limit} is {last}."),
    "count_month_end": (
        "{limit}后的那个月没有 {day} 日，以月末 {last} 为最后一日。",
        "The month after {limit} has no day {day}, so its last day {last} is the last day.",
    ),
    "count_service": ("计 {length}（{hours}）。", "{length} counted ({hours})."),
    "count_service_days": (
        "每日计 {each}（{hours}），共 {length}。",
        "{each} a day ({hours}), {length} in all.",
    ),
    "count_natural": ("连续计 {length}。", "{length} counted without a break."),
    "roll": (
        "最后一日 {last} 不上班（{names}），顺延到下一个工作日 {day}。",
        "The last day {last} is a rest day ({names}) and rolls forward to the next working day {day}.",
    ),
    "closing": ("这一天在 {time} 下班，以此为止。", "The day ends at its closing time {time}."),
    "midnight": ("这一天到 24:00 为止。", "The day ends at 24:00."),
    "land_on_closing": (
        "恰在关门时刻 {time} 计满，就停在这一刻，不跳到下一次开门。",
        "The time is full exactly at the closing {time}: it stays there and does not jump to the next opening.",
    ),
    "provisional": (
        "暂定：{years} 年的日历尚未载入，只按已知的休息日计算；放假安排公布后可能变动。",
        "Provisional: the calendar of {years} is not loaded, only known rest days were used; a notice may move this.",
    ),
    "protected": (
        "新日历会把到期提前到 {new}；已在计时的时限保留较晚的一个。",
        "The new calendar would bring the due forward to {new}; a clock already running keeps the later one.",
    ),
    "fixed": (
        "人工指定的期限，不因暂停、延期或日历变动而移动。",
        "Set by hand: no pause, extension or calendar moves it.",
    ),
    "final": ("到期。此刻之后为超时。", "Due. After this moment it is overdue."),
    "final_expected": (
        "预计到期：暂停仍在进行，按预定结束时间计算。此刻之后为超时。",
        "Expected due: a pause is still open and counts to its planned end. After this moment it is overdue.",
    ),
    "final_in_pause": (
        "到期：最后一个应计的工作日被暂停打断，按顺延的日数落在这一天。此刻之后为超时。",
        "Due: a pause broke into the last day counted, so the due falls on the day it was moved to.",
    ),
    "no_open_time": (
        "从起算之日起 20 年内找不到足够的开放时间，算不出到期时间。",
        "There is not enough open time within 20 years of the start, so there is no due moment.",
    ),
}
PLANNED = ("（结束时间为预定）", " (the end is planned)")
