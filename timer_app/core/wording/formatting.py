"""Words for amounts: counts, lengths, clock times and days."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from timer_app.core.i18n import _, date_text, ngettext, weekday_name, with_decimal_sign

_SECOND_MS, _MINUTE_MS = 1_000, 60_000
_MINUTE_S, _HOUR_S = 60, 3_600


# By the unit in the singular; whole texts, since languages differ in how many forms a noun has after a number.
_COUNTED: Mapping[str, Callable[[int], str]] = {
    "rep": lambda count: ngettext("{count} rep", "{count} reps", count),
    "round": lambda count: ngettext("{count} round", "{count} rounds", count),
    "step": lambda count: ngettext("{count} step", "{count} steps", count),
    "set": lambda count: ngettext("{count} set", "{count} sets", count),
    "session": lambda count: ngettext("{count} session", "{count} sessions", count),
    "minute": lambda count: ngettext("{count} minute", "{count} minutes", count),
    "day": lambda count: ngettext("{count} day", "{count} days", count),
    "week": lambda count: ngettext("{count} week", "{count} weeks", count),
    "record": lambda count: ngettext("{count} record", "{count} records", count),
    "file": lambda count: ngettext("{count} file", "{count} files", count),
    "damaged file": lambda count: ngettext("{count} damaged file", "{count} damaged files", count),
    "fault": lambda count: ngettext("{count} fault", "{count} faults", count),
    "more fault": lambda count: ngettext("{count} more fault", "{count} more faults", count),
    "error": lambda count: ngettext("{count} error", "{count} errors", count),
    "warning": lambda count: ngettext("{count} warning", "{count} warnings", count),
}


def count_text(count: int, unit: str) -> str:
    """`1 rep`, `2 reps`: a number with its unit, which is given in the singular, as in the table above."""
    return _COUNTED[unit](count).format(count=count)


def number_text(value: float) -> str:
    """`12.5`, `3`."""
    return with_decimal_sign(f"{value:g}")


def with_unit(value: float, unit: str) -> str:
    """`12.5 cm`, or `3` where the unit is empty."""
    return f"{number_text(value)} {unit}" if unit else number_text(value)


def with_side(name: str, side: str | None) -> str:
    """`Neck, left`, or `Neck` where there is no side."""
    return f"{name}, {side}" if side else name


def question_subject(area: str, side: str) -> str:
    """The subject of a question about pain: `Neck, left`, or `Overall` where it names neither an area nor a side."""
    return with_side(area, side) if area else side.capitalize() or _("Overall")


def cell_len(text: str) -> int:
    """How many terminal cells a text takes."""
    return len(text) if text.isascii() else sum(char_cells(character) for character in text)


def char_cells(character: str) -> int:
    """How many terminal cells a character takes: 0, 1 or 2."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def joined_by_and(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:  # noqa: PLR2004 - what is joined
        return "".join(items)
    return _("{items} and {last}").format(items=", ".join(items[:-1]), last=items[-1])


def joined_by_or(items: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(items) < 2:  # noqa: PLR2004 - what is joined
        return "".join(items)
    return _("{items} or {last}").format(items=", ".join(items[:-1]), last=items[-1])


def equipment_text(equipment: Iterable[str]) -> str:
    """`You need: mat, wall`; empty where nothing is needed."""
    items = ", ".join(equipment)
    return _("You need: {items}").format(items=items) if items else ""


def length_text(ms: int) -> str:
    """A length rounded to seconds: `30 s`, `1:30`."""
    return _rounded_text(ms, _SECOND_MS)


def exact_length_text(ms: int) -> str:
    """A length rounded to tenths of a second: `1.5 s`, `30 s`."""
    return _rounded_text(ms, 100)


def _rounded_text(ms: int, grain_ms: int) -> str:
    from timer_app.core.fields import duration_text  # the list of sessions is drawn before it is loaded

    return with_decimal_sign(duration_text((max(0, ms) + grain_ms // 2) // grain_ms * grain_ms))


def whole_minutes(ms: int) -> int:
    """The nearest number of whole minutes; half a minute counts as one."""
    return (ms + _MINUTE_MS // 2) // _MINUTE_MS


def rough_text(ms: int) -> str:
    """A length to choose by: seconds below a minute, at least `1 s`; whole minutes from there on."""
    seconds = max(1, (ms + _SECOND_MS // 2) // _SECOND_MS)
    return f"{seconds} s" if seconds * _SECOND_MS < _MINUTE_MS else f"{whole_minutes(ms)} min"


def clock_text(ms: int) -> str:
    """A moment of a run as a clock shows it: `0:06`, `12:30`, `1:02:03`; a second counts once it is over."""
    seconds = max(0, ms) // _SECOND_MS
    return countdown_text(seconds) if seconds >= _MINUTE_S else f"0:{seconds:02}"


def countdown_text(seconds: int) -> str:
    """Seconds as a countdown shows them: `45`, `1:30`, `1:02:03`."""
    minutes, rest = divmod(seconds, _MINUTE_S)
    if seconds >= _HOUR_S:
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes else str(rest)


def day_text(day: date) -> str:
    """`5 Mar 2026`."""
    return date_text(day, f"{day.day} {day:%b %Y}")


def weekday_text(day: date) -> str:
    """`Monday`."""
    return weekday_name(day, f"{day:%A}")


def short_weekday_text(day: date) -> str:
    """`Mon`."""
    return date_text(day, f"{day:%a}", "E")


def short_month_text(day: date) -> str:
    """`Mar`."""
    return date_text(day, f"{day:%b}", "MMM")


def short_day_text(day: date) -> str:
    """`5 Mar`."""
    return date_text(day, f"{day.day} {day:%b}", "MMMd")


def day_and_month_text(day: date) -> str:
    """`5 March`."""
    return date_text(day, f"{day.day} {day:%B}", "MMMMd")
