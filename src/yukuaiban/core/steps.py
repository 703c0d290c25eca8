"""Steps of an explanation as values, and how they are told in Chinese and English.

Building the steps and telling them are two jobs: page, command line and API each show the same values in their
own way. A step keeps what its sentence needs as plain facts; `text` is the Chinese sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from yukuaiban.core.limits import Limit, Unit, plain
from yukuaiban.core.moments import HOUR, MINUTE, SECOND
from yukuaiban.core.sentences import PLANNED, SENTENCES, TOTALS, WEEKDAYS

Place = date | datetime


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in microseconds, told as hours, minutes and seconds."""

    micros: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday by name; Monday is 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Aside:
    """Words in brackets behind another word, told only if there are any."""

    text: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Whether the end of a pause is only planned, told only if it is."""

    yes: bool


Fact = str | int | Place | Limit | Length | Weekday | Aside | Planned | tuple["Fact", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sum.

    `amount` is what this line adds to the count (or, for `pause`, to the due), `total` the count so far: working
    days or days as they are, service and natural time in minutes. `start` and `end` are dates where whole days
    count, else local moments.
    """

    code: str
    start: Place
    end: Place
    amount: Decimal | int | None
    text: str
    total: Decimal | int | None = None
    unit: Unit | None = None
    said: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def as_json(self) -> dict[str, str | int | None]:
        """The step as plain values: code, from, to, amount, text."""
        amount = self.amount
        whole = int(amount) if amount is not None and amount == int(amount) else None
        return {
            "code": self.code,
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "amount": whole if whole is not None or amount is None else plain(Decimal(amount)),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """A step as told: when, what, and the running total."""

    code: str
    when: str
    sentence: str
    total: str


def tell(steps: Iterable[Step], lang: str = "zh") -> list[Line]:
    """The steps as lines of a table in Chinese (`zh`) or English (`en`)."""
    return [Line(step.code, when(step, lang), sentence(step, lang), total(step, lang)) for step in steps]


def render(steps: Iterable[Step], lang: str = "zh") -> list[str]:
    """The steps as lines of text: date range, sentence, running total."""
    gap = "　" if lang == "zh" else "  "
    return [
        gap.join(part for part in (line.when, line.sentence, line.total) if part)
        for line in tell(steps, lang)
    ]


def sentence(step: Step, lang: str = "zh") -> str:
    """What happens in this step, in one sentence."""
    return said(step.said, step.facts, lang) if step.said and lang != "zh" else step.text


def said(name: str, facts: Mapping[str, Fact], lang: str = "zh") -> str:
    """The sentence of that name with its facts filled in."""
    pattern = SENTENCES[name][lang == "en"]
    return pattern.format(**{key: shown(value, lang) for key, value in facts.items()})


def when(step: Step, lang: str = "zh") -> str:
    """The dates or moments of a step; the year stands at the first and last line only.

    Moments are told to the minute. Seconds stand only where the sum needs them and they are not zero: where time
    is counted, and at the start of a limit of the same day, which a closing time is compared with.
    """
    full = step.code in ("start", "final")
    first, last = (
        (step.start, step.end) if _to_the_second(step) else (to_minute(step.start), to_minute(step.end))
    )
    start = _place(first, lang, full)
    if first == last:
        return start
    same_day = isinstance(first, datetime) and isinstance(last, datetime) and first.date() == last.date()
    end = clock_words(last) if same_day and isinstance(last, datetime) else _place(last, lang, full)
    return f"{start} 至 {end}" if lang == "zh" else f"{start} to {end}"


def total(step: Step, lang: str = "zh") -> str:
    """The running total after the step, or what it adds to the due."""
    if step.code == "final":
        return TOTALS["due"][lang == "en"]
    value = step.amount if step.code == "pause" else step.total
    if value is None or step.unit is None:
        return ""
    amount = amount_text(value, step.unit, lang)
    return TOTALS["shift" if step.code == "pause" else "sum"][lang == "en"].format(amount)


def amount_text(value: Decimal | int, unit: Unit, lang: str = "zh") -> str:
    """An amount of a step in words: days as days, time as hours and minutes."""
    if unit.timed:
        return _length(int((Decimal(value) * MINUTE).to_integral_value()), lang)
    if lang == "zh":
        return f"{value} 日"
    return Limit(Decimal(value), unit).exact(lang)


def shown(value: Fact, lang: str) -> str:
    """A fact in words."""
    match value:
        case Limit():
            return value.exact(lang)
        case Length():
            return _length(value.micros, lang)
        case Weekday():
            return WEEKDAYS[value.number - 1][lang == "en"]
        case Aside():
            brackets = ("（{}）", " ({})")[lang == "en"]
            return brackets.format(value.text) if value.text else ""
        case Planned():
            return PLANNED[lang == "en"] if value.yes else ""
        case datetime():
            return f"{value:%m-%d} {clock_words(value)}"
        case date():
            return f"{value:%m-%d}"
        case tuple():
            return ("、" if lang == "zh" else ", ").join(shown(each, lang) for each in value)
        case _:
            return str(value)


def moment_words(at: datetime, lang: str = "zh") -> str:
    """`2026-10-09 周五 17:30` for a local moment."""
    return _place(to_minute(at), lang, full=True)


def to_minute(place: Place) -> Place:
    """The minute in which a moment lies; a date is a date."""
    return place.replace(second=0, microsecond=0) if isinstance(place, datetime) else place


def clock_words(at: datetime) -> str:
    """`17:30`, and `17:30:20` or `17:30:20.5` where it is not a whole minute."""
    if not (at.second or at.microsecond):
        return f"{at:%H:%M}"
    return f"{at:%H:%M:%S.%f}".rstrip("0").rstrip(".") if at.microsecond else f"{at:%H:%M:%S}"


def _to_the_second(step: Step) -> bool:
    """Whether the sum needs the seconds of the step's moments."""
    return step.unit is None or step.unit.timed or step.said == "start_same_day"


def _place(place: Place, lang: str, full: bool) -> str:  # noqa: FBT001 - with or without the year
    weekday = WEEKDAYS[place.weekday()][lang == "en"]
    day = f"{place:%Y-%m-%d}" if full else f"{place:%m-%d}"
    if isinstance(place, datetime):
        return f"{day} {weekday} {clock_words(place)}" if full else f"{day} {clock_words(place)}"
    return f"{day} {weekday}"


def _length(micros: int, lang: str) -> str:
    hours, rest = divmod(micros, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    names = ("小时", "分", "秒") if lang == "zh" else ("h", "min", "s")
    amounts = (str(hours), str(minutes), plain(Decimal(rest) / SECOND))
    parts = [f"{amount} {name}" for amount, name in zip(amounts, names, strict=True) if amount != "0"]
    return " ".join(parts) or f"0 {names[1]}"
