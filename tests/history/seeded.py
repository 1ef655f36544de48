"""A history of eight weeks that is the same every time: three sessions a week, and pain that goes down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from timer_app.history.database import open_to_write, transaction
from timer_app.history.run_log import day_of, epoch_ms
from timer_app.history.writer import ColumnValue, HistoryRow, write_rows

TODAY = date(2026, 3, 5)  # a Thursday
NOW = datetime(2026, 3, 5, 18, tzinfo=UTC)
_FIRST = datetime(2026, 1, 12, 7, 30, tzinfo=UTC)  # a Monday
_DAYS = (0, 1, 3)
_EXERCISES = (("wall-squat", "Wall squat", "hold"), ("push-up", "Push-up", "reps"))


@dataclass(frozen=True)
class Done:
    """A session that was done.

    Attributes:
        number: Which one it is, from 0.
        started: When.
        session: The session's name.
        minutes: How long it took.
        pain: Before and after.
    """

    number: int
    started: datetime
    session: str
    minutes: int
    pain: tuple[int, int]


def eight_weeks() -> Iterator[Done]:
    """What was done, oldest first."""
    for number in range(8 * len(_DAYS)):
        week, place = divmod(number, len(_DAYS))
        name = "Desk break" if place == 1 else "Upper-back release"
        before = 7 - number // 6
        yield Done(
            number,
            _FIRST + timedelta(weeks=week, days=_DAYS[place]),
            name,
            5 + 10 * (place != 1) + week,
            (before, max(0, before - 2 + number % 2)),
        )


def fill(path: Path) -> None:
    """Write the eight weeks into the history at `path`."""
    with closing(open_to_write(path)) as base, transaction(base):
        write_rows(base, [HistoryRow("texts", {"sha256": "t", "text": "schema = 1"})])
        for done in eight_weeks():
            write_rows(base, _rows(done))


def _rows(done: Done) -> Iterator[HistoryRow]:
    record, day = f"{done.number:04x}aaaa", day_of(done.started)
    spent_ms = done.minutes * 60_000
    held_ms, reps = 20_000 + 1_000 * done.number, 8 + done.number // 3
    of: dict[str, ColumnValue] = {
        "id": record,
        "device": "d",
        "session": done.session.lower().replace(" ", "-"),
        "name": done.session,
        "path": "",
        "text_sha256": "t",
        "shape": "",
        "language": "en",
        "options": "{}",
        "started_ms": epoch_ms(done.started),
        "zone_min": 0,
        "day": day,
        "ended_ms": epoch_ms(done.started) + spent_ms,
        "ending": "given up" if done.number == 20 else "finished",
        "planned_ms": spent_ms,
        "left_ms": 0,
        "spent_ms": spent_ms,
        "paused_ms": 0,
        "work_ms": 2 * held_ms + 30_000,
        "reps": reps,
        "phase": 0,
        "counted": 0,
        "changed_ms": epoch_ms(done.started),
    }
    yield HistoryRow("records", of)
    for number, (exercise, name, kind) in enumerate(_EXERCISES):
        amount = (2 * held_ms, 0) if kind == "hold" else (30_000, reps)
        yield from _step(record, day, number, (exercise, name, kind), amount)
    for phase, value in ((0, done.pain[0]), (9, done.pain[1])):
        asked: dict[str, ColumnValue] = {
            "key": "pain",
            "name": "Pain",
            "side": "",
            "value": float(value),
            "unit": "",
        }
        yield HistoryRow("answers", {"record": record, "phase": phase, "step": 0, "at_ms": phase, **asked})


def _step(
    record: str, day: int, number: int, what: tuple[str, str, str], amount: tuple[int, int]
) -> Iterator[HistoryRow]:
    exercise, name, kind = what
    held_ms, reps = amount
    sets = 2 if kind == "hold" else 1
    of: dict[str, ColumnValue] = {"record": record, "number": number, "day": day, "exercise": exercise, "kind": kind}
    dose = "2 × 30 s" if kind == "hold" else "12 reps"
    counts: dict[str, ColumnValue] = {"held_ms": held_ms, "reps": reps, "sets": sets, "skipped": 0, "repeated": 0}
    yield HistoryRow(
        "steps", {**of, "name": name, "dose": dose, "sides": "[]", "planned_sets": sets, "added_ms": 0, **counts}
    )
    for place in range(sets):
        done: dict[str, ColumnValue] = {"held_ms": held_ms // sets, "reps": reps, "done": 1, "repeated": 0}
        when: dict[str, ColumnValue] = {"step": number, "unit": place, "set": place + 1, "side": "", "began_ms": 0}
        yield HistoryRow("sets", {**of, "number": 10 * number + place, **when, **done})
