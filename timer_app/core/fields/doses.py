"""Parses the doses of sets as people write them: "30s", "8-12", open upward ("8+", "max"), and distances ("400 m")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from timer_app.core.diagnostics import kind_of, quoted
from timer_app.core.fields.notation import (
    COUNT_DOSE_ALLOWED,
    DURATION_DOSE_ALLOWED,
    DoseRange,
    NotationError,
    parse_count_dose,
    parse_duration_dose,
)
from timer_app.core.i18n import N_, _

HOLD_ALLOWED = N_(
    'seconds such as 30 or "30s", "1:30", "1m30s", or a range such as "20-30s", "30s+", or "max" for as long as one can'
)
REPS_ALLOWED = N_('a whole number from 1 to 1000, or a range such as "10-15", "8+" for so many or more, or "max"')
DISTANCE_ALLOWED = N_('a distance such as "400 m", "1.5 km" or "1 mi", or a range such as "400-800 m"')
MAX_DISTANCE_MM = 1_000_000_000
MAX_DISTANCE_TEXT = "1,000 km"
MM: dict[str, Decimal] = {
    "m": Decimal(1_000),
    "km": Decimal(1_000_000),
    "mi": Decimal(1_609_344),
    "yd": Decimal("914.4"),
}

_UNITS = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "k"), "km"),
    **dict.fromkeys(("mi", "mile", "miles"), "mi"),
    **dict.fromkeys(("yd", "yds", "yard", "yards"), "yd"),
}
_NUMBER = r"[0-9]{1,7}(?:[.,][0-9]{1,3})?"
_DISTANCE = re.compile(rf"({_NUMBER})\s*(?:[-–]\s*({_NUMBER}))?\s*([a-z]+)", re.IGNORECASE)
_MOST = "max"
_MOST_ELSEWHERE = frozenset(("amrap", "maximum", "failure", "to failure", "until failure", "as many as possible", "∞"))


def parse_hold_dose(value: object) -> DoseRange:
    """The dose of a hold in milliseconds; open upward for `"30s+"`, and from 0 on for `"max"`.

    Raises:
        NotationError: It is none.
    """
    return _open_dose(value, parse_duration_dose, HOLD_ALLOWED)


def parse_reps_dose(value: object) -> DoseRange:
    """The dose of reps; open upward for `"8+"`, and from 0 on for `"max"`.

    Raises:
        NotationError: It is none.
    """
    return _open_dose(value, parse_count_dose, REPS_ALLOWED)


def _open_dose(value: object, parse: Callable[[object], DoseRange], allowed: str) -> DoseRange:
    text = value.strip().lower() if isinstance(value, str) else ""
    if text == _MOST:
        return DoseRange(0, 0, is_open=True)
    try:
        if text.endswith("+"):
            return replace(parse(text[:-1]), is_open=True)
        return parse(value)
    except NotationError as error:
        # What is allowed of a dose in general lacks what is allowed here.
        known = {COUNT_DOSE_ALLOWED, DURATION_DOSE_ALLOWED}
        suggestion = _MOST if text in _MOST_ELSEWHERE else error.suggestion
        raise NotationError(error.reason, allowed if error.allowed in known else error.allowed, suggestion) from None


def parse_distance_dose(value: object) -> DoseRange:
    """The dose meant by a distance, in millimetres, with the unit in which it is written.

    Raises:
        NotationError: It is no distance with a unit, zero, too long, or a range from high to low.
    """
    if not isinstance(value, str):
        is_metres = isinstance(value, int) and not isinstance(value, bool) and 0 < value < MAX_DISTANCE_MM
        suggestion = f"{value} m" if is_metres else ""
        raise NotationError(
            _("must be a distance, not {value}").format(value=kind_of(value)), DISTANCE_ALLOWED, suggestion
        )
    found = _DISTANCE.fullmatch(value.strip())
    unit = _UNITS.get(found[3].lower()) if found else None
    if found is None or unit is None:
        raise NotationError(_("{value} is not a distance").format(value=quoted(value)), DISTANCE_ALLOWED)
    low, high = (_millimetres(number, unit) for number in (found[1], found[2] or found[1]))
    if low > high:
        raise NotationError(_("{value} is a range from high to low").format(value=quoted(value)), DISTANCE_ALLOWED)
    if not low:
        raise NotationError(_("a distance must be above zero"), DISTANCE_ALLOWED)
    if high > MAX_DISTANCE_MM:
        raise NotationError(_("{value} is longer than {most}").format(value=quoted(value), most=MAX_DISTANCE_TEXT))
    return DoseRange(low, high, distance_grain_mm(unit), unit=unit)


def _millimetres(number: str, unit: str) -> int:
    return int((Decimal(number.replace(",", ".")) * MM[unit]).quantize(Decimal(1), ROUND_HALF_UP))


def distance_grain_mm(unit: str) -> int:
    """What distances in that unit are rounded to: a metre, ten yards, a tenth of a kilometre or mile."""
    return int({"m": MM["m"], "yd": MM["yd"] * 10}.get(unit, MM[unit] / 10))


def distance_number(amount_mm: int, unit: str) -> str:
    """How many of that unit a distance is: `400`, `1.5`."""
    number = (amount_mm / MM[unit]).quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return f"{number:f}"


def distance_text(amount_mm: int, unit: str) -> str:
    """A distance for reading: `400 m`, `1.5 km`."""
    return f"{distance_number(amount_mm, unit or 'm')} {unit or 'm'}"
