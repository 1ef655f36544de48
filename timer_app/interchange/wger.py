"""Reads the routines of wger, as its API gives their structure: days, slots, and numbers for the first week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNT, MAX_DURATION_MS
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import INTERNAL, NOTHING, Node, ledger
from timer_app.interchange.model import (
    PREPARE_MS,
    REST_MS,
    SWITCH_MS,
    Imported,
    ImportedSession,
    Step,
    Work,
    all_sessions,
    superset,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned

NAME = "wger"
TITLE = "wger"

_FAILURE, _SECONDS, _MINUTES, _MAX_REPS = 2, 3, 4, 7
_DISTANCES = {5: "mi", 6: "km", 8: "m"}
_UNIT_MS = {_SECONDS: 1_000, _MINUTES: 60_000}
_CONFIGS = (
    ("set_nr_configs", "max_set_nr_configs"),
    ("repetitions_configs", "max_repetitions_configs"),
    ("weight_configs", "max_weight_configs"),
    ("rest_configs", "max_rest_configs"),
    ("rir_configs", "max_rir_configs"),
)

NUMBERED = N_("the routine has only the number of the exercise; give it a name")
LATER_WEEK = N_("only the first week is used; doses progress from run to run")
REST_DAY = N_("a day of rest is no session")
DATES = N_("for sessions on certain days, write a programme")
DAY_TYPE = N_("a session is done as it is written")
SET_TYPE = N_("there are no kinds of sets")
NO_DOSE = N_("has no number of repetitions, so it waits for you")


def sniff(source: Source) -> bool:
    """Whether it is a routine of wger."""
    root = source.json
    if root is None:
        return False
    days = root.find("days")
    return days is not None and isinstance(days.data, list) and any(day.has("slots") for day in days.data)


def read(source: Source) -> Imported:
    """The days of a routine, each a session."""
    root = source.json
    if root is None:
        return Imported()
    routine = root.name("name", source.stem or TITLE)
    summary = root.text("description")
    root.lose(INTERNAL, "id", "created", "is_template", "is_public")
    root.lose(DATES, "start", "end", "fit_in_week")
    days = root.items("days")
    sessions = list(all_sessions(_day(day, number, summary, source) for number, day in enumerate(days, 1)))
    if len(sessions) == 1:
        sessions[0] = replace(sessions[0], name=routine)
    else:
        sessions = [replace(one, folder=(routine,)) for one in sessions]
    return Imported(tuple(sessions), ledger(root))


def _day(day: Node, number: int, summary: str, source: Source) -> Iterator[ImportedSession]:
    day.lose(INTERNAL, "id", "routine", "config", "need_logs_to_advance")
    day.number("order")
    name = day.name("name", f"Day {number}")
    about = day.text("description")
    if day.flag("is_rest"):
        day.change("is_rest", REST_DAY)
        day.refuse("name", REST_DAY)
        day.refuse("description", REST_DAY)
        day.lose(REST_DAY, "slots", "type")
        return
    day.lose(DAY_TYPE, "type")
    steps = [step for slot in day.items("slots") for step in _slot(slot)]
    if not steps:
        day.refuse("name", NOTHING)
        return
    yield ImportedSession(
        name,
        tuple(steps),
        about or summary,
        source.language,
        prepare_ms=PREPARE_MS,
        rest_ms=REST_MS,
        switch_ms=SWITCH_MS,
    )


def _slot(slot: Node) -> Iterator[Step]:
    slot.lose(INTERNAL, "id", "day", "config")
    slot.number("order")
    comment = slot.text("comment")
    works = [work for entry in slot.items("entries") for work in _entry(entry, comment)]
    if len(works) < 2:  # noqa: PLR2004 - more of them are done in turn
        yield from works
        return
    yield superset(works, 0)


def _entry(entry: Node, comment: str) -> Iterator[Work]:
    entry.lose(INTERNAL, "id", "slot", "order", "config", "class_name")
    entry.lose(SET_TYPE, "type")
    entry.lose(INTERNAL, "repetition_rounding", "weight_rounding")
    own = entry.text("comment")
    name = _exercise_name(entry)
    figures = {
        key: _figures(entry, *keys) for key, keys in zip(("sets", "reps", "load", "rest", "rir"), _CONFIGS, strict=True)
    }
    unit = entry.identifier("repetition_unit", 1)
    sets = _whole(figures["sets"], 1)
    rest = figures["rest"]
    work = Work(name, sets=sets, say=own or comment, rest_ms=_length_ms(rest[0]) if rest else None)
    if load := figures["load"]:
        work = replace(work, load=_load(load, entry.identifier("weight_unit", 1)))
    if rir := figures["rir"]:
        work = replace(work, rir=_effort(rir))
    yield _with_dose(work, figures["reps"], unit, entry)


def _exercise_name(entry: Node) -> str:
    for key in ("exercise_name", "exercise_data", "exercise"):
        inside = entry.find(key)
        if inside is not None and inside.is_table:
            inside.lose(INTERNAL, "id", "uuid")
            return inside.name("name", "Exercise")
        if inside is not None and isinstance(inside.data, str) and inside.data.strip():
            return entry.name(key, "Exercise")
    number = entry.identifier("exercise")
    entry.change("exercise", NUMBERED)
    return f"Exercise {number}"


def _figures(entry: Node, key: str, max_key: str) -> tuple[float, ...]:
    """The number of the first week, or the two ends of its range."""
    ends = [value for value in (_first_value(entry, key), _first_value(entry, max_key)) if value is not None]
    return tuple(sorted(ends))


def _first_value(entry: Node, key: str) -> float | None:
    configs = sorted(entry.items(key), key=lambda config: config.number("iteration", 1))
    found = None
    for index, config in enumerate(configs):
        if index:
            config.forget(LATER_WEEK)
            continue
        config.lose(INTERNAL, "id", "slot_entry")
        if config.raw("operation") in ("r", ""):
            for usual in ("step", "repeat", "requirements"):
                config.flag(usual)
        config.lose(LATER_WEEK, "operation", "step", "repeat", "requirements")
        value = config.number("value")
        found = value if value > 0 else None
    return found


def _with_dose(work: Work, reps: Sequence[float], unit: int, entry: Node) -> Work:
    if unit in (_FAILURE, _MAX_REPS):
        return replace(work, reps=(DoseRange(0, 0, is_open=True),), tempo="free")
    if not reps:
        entry.change("repetition_unit", NO_DOSE)
        return work
    low, high = reps[0], reps[-1]
    if unit in _UNIT_MS:
        ends = [round(min(max(value * _UNIT_MS[unit], 1_000), MAX_DURATION_MS)) for value in (low, high)]
        return replace(work, hold=(DoseRange(ends[0], ends[1]),))
    if unit in _DISTANCES:
        return replace(work, distance=f"{min(low, 1_000):g} {_DISTANCES[unit]}")
    return replace(work, reps=(DoseRange(_count(low), _count(high)),))


def _count(value: float) -> int:
    return int(min(max(value, 1), MAX_COUNT))


def _whole(figures: Sequence[float], default: int) -> int:
    return _count(figures[0]) if figures else default


def _length_ms(seconds: float) -> int:
    return round(min(max(seconds, 0) * 1_000, MAX_DURATION_MS))


def _load(figures: Sequence[float], unit: int) -> str:
    # What is no mass there (the body's weight, plates, speeds) is left to the words of the exercise.
    name = {1: "kg", 2: "lb"}.get(unit, "")
    text, _ = cleaned(f"{min(figures[0], 9_999):g} {name}")
    return text if name else ""


def _effort(figures: Sequence[float]) -> str:
    low, high = (round(min(max(value, 0.0), 10.0) * 2) / 2 for value in (figures[0], figures[-1]))
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"
