"""Parses how loads and efforts are written in files: "20 kg", "2 x 12 kg", "bodyweight + 5 kg", "red band", "70 %"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from timer_app.core.diagnostics import kind_of, quoted
from timer_app.core.fields.notation import NotationError
from timer_app.core.fields.template import clean_text
from timer_app.core.i18n import N_, _

MAX_LOAD = 60  # characters
MAX_SUGGESTED = 1_000
LOAD_ALLOWED = N_(
    '"20 kg", "2 x 12 kg", "bodyweight + 5 kg", "70 %", words such as "red band", or a range such as "20-30 kg"'
)
INCREMENT_ALLOWED = N_('an amount such as "2.5 kg"')
RPE_ALLOWED = N_('a number from 1 to 10 such as 8, or a range such as "7-8"')
RIR_ALLOWED = N_('a number from 0 to 10 such as 2, or a range such as "1-2"')

_UNITS = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    "g": "g",
    "%": "%",
}
_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,3})?"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_MEASURED = re.compile(
    rf"(?P<before>(?:.*?[^\w.,-])?)(?P<low>{_NUMBER})(?:\s*[-–]\s*(?P<high>{_NUMBER}))?\s*(?P<unit>{_UNIT})(?P<after>(?!\w).*)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?<=[0-9]) ?[x×] ?(?=[0-9])")
_BARE = re.compile(rf"{_NUMBER}(?:\s*[-–]\s*{_NUMBER})?")
_EFFORT = re.compile(r"([0-9]{1,2}(?:[.,]5)?)(?:\s*[-–]\s*([0-9]{1,2}(?:[.,]5)?))?")


@dataclass(frozen=True, slots=True)
class Load:
    """What is lifted, worn or pulled: an amount with words around it, or words alone.

    Attributes:
        before: The words before the amount, such as `2 x `; all of a load in words alone.
        low: The amount; `None` for words alone.
        high: The high end of a range; the same as `low` without one.
        unit: `kg`, `lb`, `g` or `%`; empty for words alone.
        after: The words after the unit, such as ` in each hand`.
    """

    before: str
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    after: str = ""

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.low != self.high

    def with_amount(self, amount: Decimal) -> Load:
        """The same with one amount."""
        return Load(self.before, amount, amount, self.unit, self.after)

    def at(self, level: float, increment: Decimal | None = None) -> Load:
        """The same at `level` of its range, from 0 to 1, in whole increments from the low end on."""
        if self.low is None or self.high is None or self.low == self.high:
            return self
        grain = increment or Decimal(1)
        steps = (Decimal(str(level)) * (self.high - self.low) / grain).quantize(Decimal(1), ROUND_HALF_UP)
        return self.with_amount(min(self.high, self.low + steps * grain))

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return self.before
        high = f"-{amount_text(self.high)}" if self.is_range else ""
        return f"{self.before}{amount_text(self.low)}{high} {self.unit}{self.after}"


def amount_text(amount: Decimal) -> str:
    """`20`, `22.5`: without zeros that say nothing."""
    return f"{amount.normalize():f}"


def parse_load(value: object) -> Load:
    """The load meant by a text.

    Raises:
        NotationError: It is no text, a number without a unit, too long, or a range from high to low.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        suggestion = f"{value:g} kg" if 0 < value < MAX_SUGGESTED else ""
        raise NotationError(
            _("{value} does not say what it weighs").format(value=quoted(value)), LOAD_ALLOWED, suggestion
        )
    if not isinstance(value, str):
        raise NotationError(_("must be a load, not {value}").format(value=kind_of(value)), LOAD_ALLOWED)
    text = _TIMES.sub(" x ", clean_text(value, ()))
    if len(text) > MAX_LOAD:
        raise NotationError(_("has more than {most} characters").format(most=MAX_LOAD), LOAD_ALLOWED)
    if _BARE.fullmatch(text):
        raise NotationError(
            _("{text} does not say what it weighs").format(text=quoted(text)), LOAD_ALLOWED, f"{text} kg"
        )
    found = _MEASURED.fullmatch(text)
    if found is None:
        return Load(text)
    low = _decimal(found["low"])
    high = low if found["high"] is None else _decimal(found["high"])
    if high < low:
        raise NotationError(_("{value} is a range from high to low").format(value=quoted(value)), LOAD_ALLOWED)
    return Load(found["before"], low, high, _UNITS[found["unit"].lower()], found["after"])


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def checked_load(value: object) -> str:
    """A load as it is shown.

    Raises:
        NotationError: As `parse_load`.
    """
    return str(parse_load(value))


def has_words(load: str) -> bool:
    """Whether a load has words that another language has other words for."""
    parsed = parse_load(load)
    return any(map(str.isalpha, parsed.before.removesuffix("x ") + parsed.after))


def checked_increment(value: object) -> str:
    """By how much a load grows at once, as it is shown.

    Raises:
        NotationError: It is no amount above zero with a unit, or more than an amount.
    """
    if not isinstance(value, str):
        raise NotationError(
            _("must be by how much the load grows, not {value}").format(value=kind_of(value)), INCREMENT_ALLOWED
        )
    try:
        parsed = parse_load(value)
    except NotationError as error:
        raise NotationError(error.reason, INCREMENT_ALLOWED, error.suggestion) from None
    if parsed.low is None or parsed.before or parsed.after or parsed.is_range:
        raise NotationError(_("{value} is no amount").format(value=quoted(value)), INCREMENT_ALLOWED)
    if not parsed.low:
        raise NotationError(_("{value} is nothing").format(value=quoted(value)), INCREMENT_ALLOWED)
    return str(parsed)


def _parse_effort(value: object, least: int, allowed: str) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10  # noqa: PLR2004
    text = f"{value:g}" if is_number else value.strip() if isinstance(value, str) else ""
    found = _EFFORT.fullmatch(text)
    if found is None:
        is_figure = isinstance(value, int | float | str) and not isinstance(value, bool)
        wrong = (
            _("{value} is not an effort").format(value=quoted(value))
            if is_figure
            else _("must be an effort, not {value}").format(value=kind_of(value))
        )
        raise NotationError(wrong, allowed)
    low = _decimal(found[1])
    high = low if found[2] is None else _decimal(found[2])
    if not least <= low <= high <= 10:  # noqa: PLR2004 - said in the message
        raise NotationError(_("{value} is not an effort").format(value=quoted(value)), allowed)
    return amount_text(low) if low == high else f"{amount_text(low)}-{amount_text(high)}"


def checked_rpe(value: object) -> str:
    """A rating of perceived exertion from 1 to 10 as it is shown, `8` or `7-8`.

    Raises:
        NotationError: It is none.
    """
    return _parse_effort(value, 1, RPE_ALLOWED)


def checked_rir(value: object) -> str:
    """How many reps are to be left in reserve, from 0 to 10, as it is shown: `2` or `1-2`.

    Raises:
        NotationError: It is none.
    """
    return _parse_effort(value, 0, RIR_ALLOWED)
