"""Times, reps and loads as people write them, in whatever spelling a handout has."""

from __future__ import annotations

import re
from decimal import Decimal

from timer_app.core.fields import DoseRange, NotationError
from timer_app.core.fields import load as loads
from timer_app.core.fields.types import MAX_COUNT, MAX_DURATION_MS

_NUMBER = r"\d{1,6}(?:[.,]\d{1,3})?"
_HOUR = r"(?:hours?|hrs?|h|stunden?|std)"
_MINUTE = r"(?:minutes?|minuten?|mins?|min|m|['′])"
SECOND = r"(?:seconds?|sekunden?|secs?|sec|sek|s|[\"″]|'')"
# The unit is not followed by letters: "30 s" is a time, "30 squats" is not.
_END = r"(?![a-zA-Z0-9äöüß])\.?"
_UNITS = rf"{_NUMBER}\s*{_HOUR}{_END}(?:\s*{_NUMBER}\s*{_MINUTE}{_END})?"
_MINUTES = rf"{_NUMBER}\s*{_MINUTE}(?![a-zA-Zäöüß])\.?(?:\s*{_NUMBER}\s*{SECOND}{_END}|\d{{1,2}}(?![\d.,:]))?"
_SECONDS = rf"{_NUMBER}\s*{SECOND}{_END}"
_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?![\d:])"
TIME = rf"(?:{_CLOCK}|{_UNITS}|{_MINUTES}|{_SECONDS})"
_DASH = r"\s*(?:[-‐–—]|to|bis)\s*"
TIME_RANGE = rf"(?:{_NUMBER}{_DASH}{TIME}|{TIME}{_DASH}{TIME}|{TIME})"
COUNT_RANGE = rf"\d{{1,4}}(?:{_DASH}\d{{1,4}})?"

_AMOUNT = re.compile(rf"({_NUMBER})\s*(?:({_HOUR})|({_MINUTE})|({SECOND}))?\.?", re.IGNORECASE)
WAIT_WORDS = (
    r"(?:(?:so\s+viele\s+wie\s+möglich|as\s+many\s+as\s+possible)(?:\s*\(amrap\))?|amrap|max(?:imum)?(?:\s+reps)?"
    r"|(?:(?:to|till|until)\s+)?failure|bis\s+zur\s+erschöpfung)"
)


def written_ms(text: str) -> int | None:
    """The milliseconds of a time in any spelling; a bare number is seconds; `None` for what is none."""
    text = text.strip()
    if re.fullmatch(_CLOCK, text):
        parts = [int(part) for part in text.split(":")]
        seconds = Decimal(sum(part * 60**power for power, part in enumerate(reversed(parts))))
        return _limited_ms(seconds)
    found = list(_AMOUNT.finditer(text))
    if not found or not re.fullmatch(rf"(?:{TIME}|{_NUMBER})", text, re.IGNORECASE):
        return None
    seconds = Decimal()
    last = ""
    for amount in found:
        number = Decimal(amount[1].replace(",", "."))
        unit = "h" if amount[2] else "m" if amount[3] else "s"
        # In 1m30 and 1'30 what follows the minutes are seconds; a double prime may be two single ones.
        seconds += number * {"h": 3_600, "m": 60, "s": 1}[unit if unit != last else "s"]
        last = unit
    return _limited_ms(seconds)


def _limited_ms(seconds: Decimal) -> int:
    return int(min(seconds * 1_000, Decimal(MAX_DURATION_MS)))


def written_hold(text: str, *, is_open: bool = False) -> DoseRange | None:
    """The dose of a hold such as `30 s`, `20-30s` or `1:00`; `None` for what is none, or takes no time."""
    text = text.strip().rstrip(".")
    single = written_ms(text)
    if single is not None:
        return DoseRange(single, single, is_open=is_open) if single else None
    ends = re.split(_DASH, text, maxsplit=1, flags=re.IGNORECASE)
    if len(ends) != 2:  # noqa: PLR2004 - a range has two ends
        return None
    low, high = ends[0].strip(), ends[1].strip()
    high_ms = written_ms(high)
    if re.fullmatch(_NUMBER, low) and (unit := re.search(r"[^\d\s.,:]+\.?$", high)):
        low = f"{low} {unit[0]}"
    low_ms = written_ms(low)
    if low_ms is None or high_ms is None or not min(low_ms, high_ms):
        return None
    return DoseRange(min(low_ms, high_ms), max(low_ms, high_ms), is_open=is_open)


def written_reps(text: str) -> DoseRange | None:
    """The dose of reps such as `12`, `8-12`, `8+` or `AMRAP`; `None` for what is none."""
    text = text.strip().lower()
    if text == "f" or re.fullmatch(WAIT_WORDS, text):
        return DoseRange(0, 0, is_open=True)
    is_open = text.endswith("+")
    ends = [end for end in re.split(_DASH, text.rstrip("+ ")) if end]
    if not 1 <= len(ends) <= 2 or not all(re.fullmatch(r"[0-9]{1,6}", end) for end in ends):  # noqa: PLR2004
        return None
    numbers = sorted(min(int(end), MAX_COUNT) for end in ends)
    return DoseRange(numbers[0], numbers[-1], is_open=is_open) if numbers[0] else None


def written_load(text: str) -> str:
    """A load as sessions write it; empty for what is none."""
    text = re.sub(r"\s+", " ", text.strip().lower()).replace(",", ".")
    text = re.sub(r"(\d)\s*(?:kgs?)\b", r"\1 kg", text)
    text = re.sub(r"(\d)\s*(?:lbs?|pounds?)\b", r"\1 lb", text)
    text = re.sub(r"(\d)\s*%.*$", r"\1 %", text)
    text = "bodyweight" if text in ("bw", "body weight") else text
    try:
        return loads.checked_load(text)
    except NotationError:
        return ""
