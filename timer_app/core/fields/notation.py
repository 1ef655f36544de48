"""Parses how durations, counts, doses, tempos and cue positions are written in files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from timer_app.core.diagnostics import kind_of, quoted
from timer_app.core.diagnostics.problems import allowed_text
from timer_app.core.i18n import N_, _

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
MAX_DURATION_MS = 24 * HOUR_MS
MAX_COUNT = 1_000
MAX_TEMPO_PART_MS = MINUTE_MS
MIN_EVERY_MS = SECOND_MS
MIN_TELL_MS = 5 * SECOND_MS

DURATION_ALLOWED = N_('seconds such as 30 or "30s", "1:30", "1m30s"')
DURATION_DOSE_ALLOWED = N_('seconds such as 30 or "30s", "1:30", "1m30s", or a range such as "20-30s"')
COUNT_DOSE_ALLOWED = N_('a whole number from 1 to 1000, or a range such as "10-15"')  # MAX_COUNT
TEMPO_ALLOWED = N_('two to four numbers of seconds such as "1-3-2", or "30X0" as trainers write it')
TELL_TIME_ALLOWED = N_('"every 30s", or "never"')
CUE_POSITION_ALLOWED = N_('"start", "end", a fraction such as "1/2", "20s", "-10s" or "every 15s"')

TIME_OF_DAY_ALLOWED = N_('hours and minutes such as "07:30" or "18:00"')
_TIME_OF_DAY = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DAY_HOURS, _HOUR_MINUTES = 24, 60
_UNITS_MS = {"h": HOUR_MS, "m": MINUTE_MS, "s": SECOND_MS, "ms": 1}
_SMALLER_UNIT = {"h": "m", "m": "s"}
_LONGEST_TEXT = 40
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_BARE = re.compile(_NUMBER)
_CLOCK = re.compile(r"(?:(?P<h>[0-9]+):)?(?P<m>[0-9]+):(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)")
_WITH_UNITS = re.compile(
    rf"(?:(?P<h>{_NUMBER})\s*h)?\s*(?:(?P<m>{_NUMBER})\s*m(?!s))?\s*"
    rf"(?:(?P<s>{_NUMBER})\s*s)?\s*(?:(?P<ms>{_NUMBER})\s*ms)?"
)
_ONE_UNIT = re.compile(rf"{_NUMBER}\s*(h|ms|m|s)")
_RANGE = re.compile(r"\s*[-–]\s*")
_COUNT = re.compile(r"[0-9]+")
_TRAINERS = re.compile(r"[0-9X]{3,4}")
_FAST, _FAST_S = "X", 1
_FRACTION = re.compile(r"([0-9]+)\s*/\s*([0-9]+)")
_EVERY = re.compile(r"every\s+(.+)", re.IGNORECASE)


class NotationError(ValueError):
    """A value that does not say what it should.

    Attributes:
        reason: What is wrong, one line.
        allowed: What may be written instead; empty where the reason says it.
        suggestion: What was probably meant; empty if nothing is similar.
    """

    def __init__(self, reason: str, allowed: str = "", suggestion: str = "") -> None:
        self.reason = reason
        self.allowed = allowed
        self.suggestion = suggestion
        meant = _('did you mean "{suggestion}"?').format(suggestion=suggestion) if suggestion else ""
        super().__init__(
            "; ".join(
                filter(None, (reason, allowed and _("allowed: {what}").format(what=allowed_text(allowed)), meant))
            )
        )


@dataclass(frozen=True, slots=True)
class DoseRange:
    """How much is to be done: a range, whose ends are equal where only one figure was given.

    Attributes:
        low: The low end, in milliseconds or a count.
        high: The high end, at least `low`.
        grain: What lies between is rounded to multiples of this from `low` on.
        is_open: It is the least, and the user ends the set; with ends of 0, it is as much as one can.
        unit: In which a distance is written; empty for everything else.
    """

    low: int
    high: int
    grain: int = 1
    is_open: bool = False
    unit: str = ""

    def at(self, level: float) -> int:
        """The dose at `level`, from 0 (low end) to 1 (high end), half a grain rounded up.

        Raises:
            ValueError: The level lies outside 0 to 1.
        """
        if not 0 <= level <= 1:
            raise ValueError(_("a level must be from 0 to 1"))
        if not level or self.low == self.high:
            return self.low  # as for most doses, and decimals take a while
        grains = Decimal(str(level)) * (self.high - self.low) / self.grain
        return self.low + self.grain * _rounded(grains)


def _rounded(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))  # quantize refuses what has more digits than its precision


_SPELLED_UNITS = (
    (re.compile(r"(?<=\d),(?=\d)"), "."),
    (re.compile(r"\s*(?:hours?|hrs?|stunden?|std)\b\.?"), "h"),
    (re.compile(r"\s*(?:minutes?|minuten?|mins?)\b\.?"), "m"),
    (re.compile(r"\s*(?:seconds?|sekunden?|secs?|sek)\b\.?"), "s"),
)


_COUNTED = re.compile(
    r"([1-9]\d{0,2}(?:-[1-9]\d{0,2})?)\s*(?:[x×]|times|reps?|sets?|rounds?|wdh\.?|wiederholungen|mal|sätze|runden)",
    re.IGNORECASE,
)


def parse_duration_ms(value: object) -> int:
    """Milliseconds meant by `30`, `30.5`, `"30s"`, `"1.5s"`, `"1:30"`, `"0:90"`, `"1:02:03"`, `"1m30s"` or `"500ms"`.

    Raises:
        NotationError: It is none of these, negative, not finite, or longer than 24 hours.
    """
    try:
        return _duration_ms(value, DURATION_ALLOWED)
    except NotationError as error:
        raise _with_units(error, value, DURATION_ALLOWED, lambda text: _duration_ms(text, "")) from None


def _with_units(error: NotationError, value: object, allowed: str, parse: Callable[[str], object]) -> NotationError:
    """The error with what was probably meant, where a unit is only spelled otherwise, as in "30 sec"."""
    if error.suggestion or not isinstance(value, str) or len(value) > 2 * _LONGEST_TEXT:
        return error
    meant = value.strip().lower()
    for spelled, unit in _SPELLED_UNITS:
        meant = spelled.sub(unit, meant)
    meant = re.sub(r"(?<=[hms])\s+(?=\d)", "", meant)
    with suppress(NotationError):
        parse(meant)
        return NotationError(_("{value} is not a duration").format(value=quoted(value)), allowed, meant)
    return error


def _duration_ms(value: object, allowed: str) -> int:
    if isinstance(value, str):
        seconds = _text_seconds(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = _number_seconds(value)
    else:
        raise NotationError(_("must be a duration, not {value}").format(value=kind_of(value)), allowed)
    if seconds is None:
        raise NotationError(_("{value} is not a duration").format(value=quoted(value)), allowed)
    if seconds * SECOND_MS > MAX_DURATION_MS:
        raise NotationError(_("{value} is longer than 24 hours").format(value=quoted(value)))
    return _rounded(seconds * SECOND_MS)


def _number_seconds(value: float) -> Decimal | None:
    if value < 0:
        raise NotationError(_("a duration cannot be negative, {value} is").format(value=quoted(value)))
    # A number of a thousand digits cannot be converted, and a few hours too many say the same.
    capped = min(value, MAX_DURATION_MS)
    return None if math.isnan(capped) else Decimal(str(capped))


def _text_seconds(text: str) -> Decimal | None:
    if len(text) > _LONGEST_TEXT:
        return None
    if text.startswith("-") and _text_seconds(text[1:].lstrip()) is not None:
        raise NotationError(_("a duration cannot be negative, {text} is").format(text=quoted(text)))
    if _BARE.fullmatch(text):
        return Decimal(text)
    found = _CLOCK.fullmatch(text) or _WITH_UNITS.fullmatch(text.lower())
    parts = {unit: number for unit, number in found.groupdict().items() if number} if found else {}
    if not parts:
        return None
    return sum((Decimal(number) * _UNITS_MS[unit] for unit, number in parts.items()), Decimal()) / SECOND_MS


def format_duration_ms(duration_ms: int) -> str:
    """A duration as authors write it: `"30s"`, `"1.5s"`, `"1:30"`, `"1:02:03"`; `parse_duration_ms` reads it back."""
    seconds, rest_ms = divmod(duration_ms, SECOND_MS)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{rest_ms:03}".rstrip("0") if rest_ms else ""
    if hours:
        return f"{hours}:{minutes:02}:{seconds:02}{fraction}"
    return f"{minutes}:{seconds:02}{fraction}" if minutes else f"{seconds}{fraction}s"


def duration_text(duration_ms: int) -> str:
    """A duration for reading: `20 s`, `1.5 s`, `1:30`, `1:02:03`."""
    written = format_duration_ms(duration_ms)
    return written if ":" in written else f"{written[:-1]} s"


def parse_time_of_day(value: object) -> time:
    """The time of day meant by `"7:30"`, `"07:30"` or the time 07:30:00 of TOML; whole minutes.

    Raises:
        NotationError: It is none of these.
    """
    if isinstance(value, time) and value == value.replace(second=0, microsecond=0, tzinfo=None):
        return value
    found = _TIME_OF_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or int(found[1]) >= _DAY_HOURS or int(found[2]) >= _HOUR_MINUTES:
        said = quoted(value) if isinstance(value, str) else kind_of(value)
        raise NotationError(_("{said} is not a time of day").format(said=said), TIME_OF_DAY_ALLOWED)
    return time(int(found[1]), int(found[2]))


def parse_duration_dose(value: object) -> DoseRange:
    """The dose meant by a duration or a range of two, such as `"20-30s"`, `"1-2m"` or `"0:30-1:00"`; in milliseconds.

    Raises:
        NotationError: It is not a duration or range, or its low end does not come first.
    """
    try:
        return _duration_dose(value)
    except NotationError as error:
        raise _with_units(error, value, DURATION_DOSE_ALLOWED, _duration_dose) from None


def _duration_dose(value: object) -> DoseRange:
    low, high = _range_ends(value)
    if isinstance(low, str) and isinstance(high, str):
        low, high = _share_unit(low, high)
    low_ms, high_ms = (_duration_ms(end, DURATION_DOSE_ALLOWED) for end in (low, high))
    whole = low_ms % SECOND_MS == 0 and high_ms % SECOND_MS == 0
    return _ordered(value, DoseRange(low_ms, high_ms, SECOND_MS if whole else 1))


def _range_ends(value: object) -> tuple[object, object]:
    """Both ends of a range; the value itself twice where it is none."""
    if not isinstance(value, str) or len(value) > 2 * _LONGEST_TEXT:
        return value, value
    ends = _RANGE.split(value.strip())
    is_range = len(ends) == 2 and all(ends)  # noqa: PLR2004 - a range has two ends
    return (ends[0], ends[1]) if is_range else (value, value)


def _share_unit(low: str, high: str) -> tuple[str, str]:
    """Give a low end without a unit that of the high end: in "1-2m" both are minutes."""
    bare_low, bare_high = _BARE.fullmatch(low), _BARE.fullmatch(high)
    if bool(bare_low) == bool(bare_high):
        return low, high
    unit = _ONE_UNIT.fullmatch(high.lower())
    if bare_low and unit:
        _refuse_doubtful_unit(low, high, unit[1])
        return low + unit[1], high
    raise NotationError(
        _("{value} needs the unit at both ends").format(value=quoted(f"{low}-{high}")), _('such as "45s-1m30s"')
    )


def _refuse_doubtful_unit(low: str, high: str, unit: str) -> None:
    """Ask for the unit of a bare low end where that of the high end would put it last: "30-1m" may well start at 30 s.

    Raises:
        NotationError: With the next smaller unit it would be a range.
    """
    smaller = _SMALLER_UNIT.get(unit)
    number, most = Decimal(low), _duration_ms(high, DURATION_DOSE_ALLOWED)
    if smaller and number * _UNITS_MS[smaller] <= most < number * _UNITS_MS[unit]:
        written = quoted(f"{low}-{high}")
        raise NotationError(
            _("{written} does not say what {low} is").format(written=written, low=low),
            _("a unit at both ends"),
            f"{low}{smaller}-{high}",
        )


def _ordered(value: object, dose: DoseRange) -> DoseRange:
    if dose.low <= dose.high:
        return dose
    low, high = _RANGE.split(str(value).strip())
    raise NotationError(
        _("{value} is a range from high to low").format(value=quoted(value)), suggestion=_turned(low, high)
    )


def _turned(low: str, high: str) -> str:
    """A range the right way round, its unit still last: "30-20s" becomes "20-30s"."""
    unit = _ONE_UNIT.fullmatch(high.lower())
    if unit and _BARE.fullmatch(low):
        return f"{high[: -len(unit[1])].rstrip()}-{low}{unit[1]}"
    return f"{high}-{low}"


def parse_count_dose(value: object) -> DoseRange:
    """The dose meant by `10`, `"10"` or `"10-15"`.

    Raises:
        NotationError: It is not a whole number or range from 1 to 1000, or its low end does not come first.
    """
    low, high = _range_ends(value)
    try:
        return _ordered(value, DoseRange(_count(low), _count(high)))
    except NotationError as error:
        meant = _COUNTED.fullmatch(value.strip()) if isinstance(value, str) else None
        if meant is None:
            raise
        wrong = _("{value} is not a count").format(value=quoted(value))
        raise NotationError(wrong, error.allowed, meant[1]) from None


def _count(value: object) -> int:
    number = _as_count(value)
    if number is None:
        is_figure = isinstance(value, str | float) and not isinstance(value, bool)
        wrong = (
            _("{value} is not a count").format(value=quoted(value))
            if is_figure
            else _("must be a count, not {value}").format(value=kind_of(value))
        )
        raise NotationError(wrong, COUNT_DOSE_ALLOWED)
    if not 1 <= number <= MAX_COUNT:
        raise NotationError(
            (_("{value} is too many") if number > 1 else _("{value} is too few")).format(value=quoted(value)),
            COUNT_DOSE_ALLOWED,
        )
    return number


def _as_count(value: object) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        return int(text) if len(text) <= _LONGEST_TEXT and _COUNT.fullmatch(text) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


TempoStart = Literal["lift", "lower"]


@dataclass(frozen=True, slots=True)
class NumberedTempo:
    """A tempo in numbers.

    Attributes:
        lengths_ms: How long the parts of a rep last; a part may be 0.
        starts: With what a rep starts, where the notation says so; `None` for numbers with hyphens.
        written: The tempo as it was written.
    """

    lengths_ms: tuple[int, ...]
    starts: TempoStart | None = None
    written: str = ""


def parse_tempo(value: object) -> NumberedTempo:
    """The parts of a rep from a text such as `"1-3-2"`, `"1.5-3"`, or as trainers write it, `"3111"` or `"30X0"`.

    Trainers begin with lowering; X is as fast as possible, for which a second is planned.

    Raises:
        NotationError: It is not two to four numbers, a part is longer than a minute, or all are 0.
    """
    if not isinstance(value, str):
        is_trainers = isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 9_999  # noqa: PLR2004 - three or four digits
        suggestion = str(value) if is_trainers else ""
        raise NotationError(_("must be a tempo, not {value}").format(value=kind_of(value)), TEMPO_ALLOWED, suggestion)
    text = value.strip().upper()
    is_trainers = _TRAINERS.fullmatch(text) is not None
    parts = list(text) if is_trainers else _RANGE.split(text) if len(value) <= _LONGEST_TEXT else []
    fast = [part == _FAST for part in parts]
    numbers = [str(_FAST_S) if is_fast else part for part, is_fast in zip(parts, fast, strict=True)]
    if not 2 <= len(parts) <= 4 or not all(map(_BARE.fullmatch, numbers)):  # noqa: PLR2004 - said in the message
        raise NotationError(_("{value} is not a tempo").format(value=quoted(value)), TEMPO_ALLOWED)
    lengths_ms = tuple(_rounded(Decimal(part) * SECOND_MS) for part in numbers)
    if max(lengths_ms) > MAX_TEMPO_PART_MS:
        raise NotationError(_("{value} has a part longer than a minute").format(value=quoted(value)))
    if not any(lengths_ms):
        raise NotationError(_("{value} takes no time").format(value=quoted(value)), TEMPO_ALLOWED)
    return NumberedTempo(lengths_ms, "lower" if is_trainers or any(fast) else None, value.strip())


CuePositionKind = Literal["start", "end", "fraction", "after", "before_end", "every"]


@dataclass(frozen=True, slots=True)
class CuePosition:
    """Where in a phase a cue belongs.

    Attributes:
        kind: `start`; `end` (the cue finishes as the phase does); `fraction` of the phase; `after` some time;
            `before_end`, so long before it; or `every` so often.
        ms: The time of the last three; 0 for the others.
        fraction: The elapsed share, above 0 and below 1; 0 for the other kinds.
    """

    kind: CuePositionKind
    ms: int = 0
    fraction: Fraction = Fraction(0)

    def offsets(self, duration_ms: int) -> list[tuple[int, bool]]:
        """Where this falls in a phase of `duration_ms`, in order; empty where it falls outside.

        Returns:
            Pairs of an offset, at least 0 and below `duration_ms`, and whether it belongs to the end of the phase
            and moves along when time is added. `end` gives the last millisecond: who places the cue knows its
            length and moves it forward so that it finishes there.
        """
        from_end = self.kind in {"end", "before_end"}
        return [(at_ms, from_end) for at_ms in self._moments(duration_ms) if 0 <= at_ms < duration_ms]

    def _moments(self, duration_ms: int) -> range | tuple[int, ...]:
        match self.kind:
            case "start" | "after":
                return (self.ms,)
            case "end":
                return (duration_ms - 1,)
            case "fraction":
                return (int(duration_ms * self.fraction),)
            case "before_end":
                return (duration_ms - self.ms,)
            case "every":
                return range(self.ms, duration_ms, self.ms)


def parse_cue_position(value: object) -> CuePosition:
    """The cue position meant by `"start"`, `"end"`, `"1/2"`, `"20s"` or `20`, `"-10s"` or `-10`, or `"every 15s"`.

    Raises:
        NotationError: It is none of these, a fraction not between 0 and 1, or a time too small to have a meaning.
    """
    if isinstance(value, str):
        return _text_place(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _before_end(-value) if value < 0 else CuePosition("after", _duration_ms(value, CUE_POSITION_ALLOWED))
    raise NotationError(_("must be a place in time, not {value}").format(value=kind_of(value)), CUE_POSITION_ALLOWED)


def _text_place(text: str) -> CuePosition:
    match text.lower():
        case "start":
            return CuePosition("start")
        case "end":
            return CuePosition("end")
    if found := _FRACTION.fullmatch(text[:_LONGEST_TEXT]):
        return _fraction(text, int(found[1]), int(found[2]))
    if found := _EVERY.fullmatch(text):
        return _every(text, _duration_ms(found[1], CUE_POSITION_ALLOWED))
    if not text.lstrip("-")[:1].isdigit():
        raise NotationError(_("{text} is not a place in time").format(text=quoted(text)), CUE_POSITION_ALLOWED)
    if text.startswith("-"):
        return _before_end(text[1:])
    return CuePosition("after", _duration_ms(text, CUE_POSITION_ALLOWED))


def _fraction(text: str, above: int, below: int) -> CuePosition:
    if not 0 < above < below:
        raise NotationError(_("{text} is not between 0 and 1").format(text=quoted(text)), CUE_POSITION_ALLOWED)
    return CuePosition("fraction", fraction=Fraction(above, below))


def _every(text: str, every_ms: int) -> CuePosition:
    if every_ms < MIN_EVERY_MS:
        raise NotationError(_("{text} is too often").format(text=quoted(text)), _("once a second or less often"))
    return CuePosition("every", every_ms)


def _before_end(value: float | str) -> CuePosition:
    before_ms = _duration_ms(value, CUE_POSITION_ALLOWED)
    if before_ms == 0:
        raise NotationError(_("a place 0 seconds before the end is the end itself"), suggestion="end")
    return CuePosition("before_end", before_ms)


def parse_tell_time(value: object) -> int:
    """How often the time left is told, in milliseconds, from `"every 30s"`; 0 for `"never"`.

    Raises:
        NotationError: It is neither, or more often than every five seconds.
    """
    if not isinstance(value, str):
        raise NotationError(
            _("must be how often the time is told, not {value}").format(value=kind_of(value)), TELL_TIME_ALLOWED
        )
    text = value.strip()
    if text.lower() == "never":
        return 0
    found = _EVERY.fullmatch(text[:_LONGEST_TEXT])
    if found is None:
        raise NotationError(
            _("{text} does not say how often the time is told").format(text=quoted(text)), TELL_TIME_ALLOWED
        )
    every_ms = _duration_ms(found[1], TELL_TIME_ALLOWED)
    if every_ms < MIN_TELL_MS:
        raise NotationError(_("{text} is too often").format(text=quoted(text)), _("every five seconds or less often"))
    return every_ms
