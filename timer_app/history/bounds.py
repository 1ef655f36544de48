"""The bounds of every column of a record: what an import accepts, and what readers make of a row beyond them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

from timer_app.core.constraints import MAX_NOTE, MAX_SPEED, VERBOSITIES
from timer_app.core.diagnostics import printable, quoted
from timer_app.core.diagnostics.safe_text import refused_character
from timer_app.core.fields import NotationError
from timer_app.core.fields.load import parse_load

_DAY_S = 86_400
_LAST_DAY: Final = date(2199, 12, 31).toordinal() - date(1970, 1, 1).toordinal()
_LAST_MS = (_LAST_DAY + 1) * _DAY_S * 1_000 - 1
_MAX_RUN_MS = 366 * _DAY_S * 1_000  # sums of very many records still fit in a column
_MAX_ZONE_MIN = 24 * 60 - 1
_MAX_COUNT = 10_000_000
_MAX_ANSWER = 1e9
_MAX_DISTANCE_MM = 1_000_000_000
_MAX_CHARS = 4_096
_MAX_JSON_CHARS = 100_000
_MAX_TEXT_CHARS = 10_000_000

_Check = Callable[[Any], None]
"""Returns if a value is accepted, and raises a `ValueError` that says why it is not."""


def check_row(table: str, values: object) -> dict[str, Any]:
    """A row as it may be stored.

    Raises:
        ValueError: It is no object, a column is missing or unknown, or a value is out of its bounds.
    """
    if not isinstance(values, dict):
        raise ValueError(f"{table}: {quoted(values)} is no object")  # noqa: TRY004 - a fault of the file, like the others
    columns = COLUMNS[table]
    if unknown := next((name for name in values if name not in columns), None):
        raise ValueError(f"{table}: there is no column, as {quoted(unknown)} is no name of a column")
    if missing := next((name for name in columns if name not in values and name not in _OPTIONAL), None):
        raise ValueError(f"{table}: '{missing}' is missing")
    for name, value in values.items():
        try:
            columns[name](value)
        except ValueError as error:
            raise ValueError(f"{table}: {name} {error}") from None
    return values


def exportable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an import accepts it: a file may have been called anything, and earlier versions refused less."""
    return {
        name: printable(value) if isinstance(value, str) and refused_character(value, breaks=False) else value
        for name, value in row.items()
    }


def check_text(value: object) -> str:
    """The text of a session file as it may be stored.

    Raises:
        ValueError: It is no text, too long, or not to be encoded.
    """
    if not isinstance(value, str):
        raise ValueError(f"text must be a text, not {quoted(value)}")  # noqa: TRY004 - a fault of the file
    if len(value) > _MAX_TEXT_CHARS:
        raise ValueError(f"text is too long: at most {_MAX_TEXT_CHARS:,} characters are allowed")
    _refuse_surrogates(value)
    return value


def check_days(record: Mapping[str, Any], parts: Mapping[str, list[dict[str, Any]]]) -> None:
    """Return if all days are the one on which the record began, or next to it.

    Raises:
        ValueError: One is not.
    """
    began = (record["started_ms"] // 1_000 + record["zone_min"] * 60) // _DAY_S
    days = [record["day"], *(part["day"] for rows in parts.values() for part in rows if "day" in part)]
    wrong = next((day for day in days if abs(day - began) > 1), None)
    if wrong is not None:
        raise ValueError(f"records: day {wrong} is not the day of started_ms, which is {began}")


def moment(started_ms: int, zone_min: int) -> datetime:
    """A moment in its time zone; what no calendar has becomes the nearest one within bounds."""
    zone = timezone(timedelta(minutes=min(max(zone_min, -_MAX_ZONE_MIN), _MAX_ZONE_MIN)))
    return datetime.fromtimestamp(min(max(started_ms, 0), _LAST_MS) / 1_000, UTC).astimezone(zone)


def day_within(number: int) -> int:
    """The number of a day, or that of the nearest day within bounds; the week of day 0 began before it."""
    return min(max(number, -7), _LAST_DAY)


def read_options(text: str) -> dict[str, Any]:
    """The options of a record; empty if they are none with which a run can be taken up again."""
    try:
        _options(text)
    except ValueError:
        return {}
    return dict(json.loads(text))


def _whole(least: int, most: int, *, optional: bool = False) -> _Check:
    def check(value: object) -> None:
        if value is None and optional:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"must be a whole number, not {quoted(value)}")  # noqa: TRY004 - a fault of the file
        if not least <= value <= most:
            raise ValueError(f"is too {'large' if value > most else 'small'}: {least:,} to {most:,} is allowed")

    return check


def _number(least: float, most: float, *, optional: bool = False) -> _Check:
    def check(value: object) -> None:
        if value is None and optional:
            return
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise ValueError(f"must be a number, not {quoted(value)}")
        if not least <= value <= most:
            raise ValueError(f"is too {'large' if value > most else 'small'}: {least:g} to {most:g} is allowed")

    return check


def _words(most: int = _MAX_CHARS, *, optional: bool = False) -> _Check:
    def check(value: object) -> None:
        if value is None and optional:
            return
        if not isinstance(value, str):
            raise ValueError(f"must be a text, not {quoted(value)}")  # noqa: TRY004 - a fault of the file
        if len(value) > most:
            raise ValueError(f"is too long: at most {most:,} characters are allowed")
        _refuse_surrogates(value)
        if reason := refused_character(value, breaks=False):
            raise ValueError(reason)

    return check


def _load(value: object) -> None:
    """Check a load, which may be none."""
    _words(_MAX_LOAD_CHARS)(value)
    try:
        if value:
            parse_load(value)
    except NotationError:
        raise ValueError(f"is no load, such as 20 kg: {quoted(value)}") from None


def _null_load(value: object) -> None:
    if value is not None:
        _load(value)


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("has half of a character, which cannot be stored") from None


def _one_of(*names: str) -> _Check:
    def check(value: object) -> None:
        if value not in names:
            raise ValueError(f"must be one of {', '.join(names)}, not {quoted(value)}")

    return check


def _id(value: object) -> None:
    is_id = isinstance(value, str) and value.isascii() and value.replace("-", "").isalnum()
    if not is_id or len(str(value)) > _MAX_ID_CHARS:
        raise ValueError(f"must be 1 to {_MAX_ID_CHARS} letters, digits and hyphens, not {quoted(value)}")


def _sides(value: object) -> None:
    found = _json(value)
    if not isinstance(found, list) or not all(isinstance(side, str) for side in found):
        raise ValueError("must be a list of texts in JSON")


def _options(value: object) -> None:
    found = _json(value)
    if not isinstance(found, dict):
        raise ValueError("must be an object in JSON")  # noqa: TRY004 - a fault of the file
    for name, check in _OPTION_CHECKS.items():
        if found.get(name) is not None:
            _check_option(name, check, found[name])
    _by_step("doses", found.get("doses", {}), _check_stored_dose)
    _by_step("variants", found.get("variants", {}), _TEXT)
    left_out = found.get("left_out", [])
    if not isinstance(left_out, list):
        raise ValueError("left_out must be a list")  # noqa: TRY004 - a fault of the file
    for step in left_out:
        _check_option("left_out", _whole(0, 10**_MAX_STEP_DIGITS), step)


def _by_step(name: str, found: object, check: _Check) -> None:
    """See that an option has a value for each of some steps."""
    if not isinstance(found, dict):
        raise ValueError(f"{name} must be an object")  # noqa: TRY004 - a fault of the file
    for step, value in found.items():
        if not (step.isascii() and step.isdigit() and len(step) <= _MAX_STEP_DIGITS):
            raise ValueError(f"{name} has {quoted(step)}, which is no number of a step")
        _check_option(name, check, value)


def _check_stored_dose(dose: object) -> None:
    """The dose of a step: an amount, a list of those of each set, or either with the loads."""
    amounts, loads = dose, None
    if isinstance(dose, dict) and set(dose) == {"amounts", "loads"}:
        amounts, loads = dose["amounts"], dose["loads"]
        if not isinstance(loads, list) or not 0 < len(loads) <= _MAX_LISTED_SETS:
            raise ValueError("must have a list of loads")
    for amount in amounts if isinstance(amounts, list) and 0 < len(amounts) <= _MAX_LISTED_SETS else [amounts]:
        _whole(0, _MAX_RUN_MS)(amount)
    for load in loads or ():
        _load(load)


def _check_option(name: str, check: _Check, value: object) -> None:
    try:
        check(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def _json(value: object) -> object:
    _words(_MAX_JSON_CHARS)(value)
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None


_MAX_ID_CHARS = 64
_MAX_STEP_DIGITS = 7
_MAX_LISTED_SETS = 100
_MAX_LOAD_CHARS = 100
_OPTION_CHECKS: Final[dict[str, _Check]] = {
    "level": _number(0, 1),
    "seed": _whole(0, 2**63 - 1),
    "speed": _number(0, MAX_SPEED),
    "verbosity": _one_of(*VERBOSITIES),
    "times_done": _whole(0, 2**31),
    "wording": _whole(0, 2**32 - 1),
    "changed": _whole(0, 1),
}

_TEXT, _NULL_TEXT = _words(), _words(optional=True)
_COUNT, _NULL_COUNT = _whole(0, _MAX_COUNT), _whole(0, _MAX_COUNT, optional=True)
_LENGTH, _NULL_LENGTH = _whole(0, _MAX_RUN_MS), _whole(0, _MAX_RUN_MS, optional=True)
_OFFSET, _NULL_OFFSET = _whole(-_MAX_RUN_MS, _MAX_RUN_MS), _whole(-_MAX_RUN_MS, _MAX_RUN_MS, optional=True)
_MOMENT, _NULL_MOMENT = _whole(0, _LAST_MS), _whole(0, _LAST_MS, optional=True)
_DAY, _FLAG = _whole(0, _LAST_DAY), _whole(0, 1)
_NULL_DISTANCE, _NULL_EFFORT = _whole(0, _MAX_DISTANCE_MM, optional=True), _number(0, 10, optional=True)

_OPTIONAL: Final = frozenset(
    # Columns that are younger than the first export, or may be null.
    {
        *("rounds", "area", "ended_ms", "step", "planned_hold_ms", "planned_reps", "planned_rounds"),
        "note",
        *("planned_load", "planned_effort", "planned_distance_mm", "load", "rpe", "rir"),
    }
)
COLUMNS: Final[dict[str, dict[str, _Check]]] = {
    "records": {
        "id": _id,
        **dict.fromkeys(("device", "session", "name", "path", "text_sha256", "shape", "language"), _TEXT),
        "options": _options,
        "started_ms": _MOMENT,
        "zone_min": _whole(-_MAX_ZONE_MIN, _MAX_ZONE_MIN),
        "day": _DAY,
        "ended_ms": _NULL_MOMENT,
        "ending": _one_of("running", "finished", "finished early", "given up", "broken off"),
        **dict.fromkeys(("planned_ms", "left_ms", "spent_ms", "paused_ms", "work_ms"), _LENGTH),
        "reps": _COUNT,
        "phase": _COUNT,
        "step": _NULL_COUNT,
        "counted": _COUNT,
        "changed_ms": _MOMENT,
        "note": _words(MAX_NOTE),
    },
    "steps": {
        "number": _COUNT,
        "day": _DAY,
        **dict.fromkeys(("exercise", "name", "kind", "dose"), _TEXT),
        "planned_hold_ms": _NULL_LENGTH,
        "planned_reps": _NULL_COUNT,
        "planned_rounds": _NULL_COUNT,
        "planned_load": _load,
        "planned_effort": _TEXT,
        "planned_distance_mm": _NULL_DISTANCE,
        "planned_sets": _COUNT,
        "sides": _sides,
        "held_ms": _LENGTH,
        **dict.fromkeys(("reps", "rounds", "sets", "skipped", "repeated"), _COUNT),
        "added_ms": _OFFSET,
    },
    "sets": {
        **dict.fromkeys(("number", "step", "unit", "set"), _COUNT),
        **dict.fromkeys(("exercise", "kind", "side"), _TEXT),
        "planned_hold_ms": _NULL_LENGTH,
        "planned_reps": _NULL_COUNT,
        "planned_load": _load,
        "planned_distance_mm": _NULL_DISTANCE,
        "load": _null_load,
        "rpe": _NULL_EFFORT,
        "rir": _NULL_EFFORT,
        "day": _DAY,
        "began_ms": _OFFSET,
        "held_ms": _LENGTH,
        "reps": _COUNT,
        "done": _FLAG,
        "repeated": _FLAG,
    },
    "pauses": {"number": _COUNT, "began_ms": _OFFSET, "ended_ms": _NULL_OFFSET},
    "answers": {
        "phase": _COUNT,
        "step": _COUNT,
        **dict.fromkeys(("key", "name", "side", "unit"), _TEXT),
        "area": _NULL_TEXT,
        "value": _number(-_MAX_ANSWER, _MAX_ANSWER),
        "at_ms": _OFFSET,
    },
}
"""What each column of each table accepts. `record`, which joins a part to its record, is not in the lines."""
