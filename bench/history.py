"""Time that the views of a history of 100,000 records take."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from timing import median_ms, row

from timer_app.core.session.exercise import DoseKey
from timer_app.core.training.assessment import Question
from timer_app.history import stats
from timer_app.history.database import open_to_write, transaction
from timer_app.history.earlier_results import completed_runs, past_doses, past_measurements
from timer_app.history.run_log import day_of, epoch_ms
from timer_app.history.schema import MIGRATIONS
from timer_app.history.store import Store
from timer_app.history.views import VIEWS, Period, recorded_sessions
from timer_app.history.writer import PRIMARY_KEYS, ColumnValue, HistoryRow, write_rows

RECORDS, STEPS, EXERCISES, LATELY = 100_000, 6, 34, 20
PAIN = ("pain", "Pain", "")
FIRST = datetime(1996, 1, 1, 7, tzinfo=UTC)
APART = timedelta(hours=2, minutes=40)  # thirty years of them


def bench_history() -> None:
    """Ask for every view, and for all else that a run or a screen wants to know; each is wanted within 100 ms."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "history" / "history.db")
        _fill(store.path)
        last = FIRST + RECORDS * APART
        row("size of the file", f"{store.path.stat().st_size / 1_000_000:.0f} MB", f"{RECORDS:,} records")
        views: dict[str, Callable[[], object]] = {
            "the latest 20 records": lambda: store.entries(limit=20),
            "what was done recently": store.recently_done,
            "runs that were cut off": lambda: store.unfinished(last),
            "days": lambda: store.query(stats.days),
            "weeks": lambda: store.query(stats.weeks),
            "exercises": lambda: store.query(stats.exercises),
            "best sets": lambda: store.query(stats.bests),
            "pain before and after": lambda: store.query(stats.answer_pairs),
            "streak": lambda: store.query(lambda base: stats.streak(base, date(2026, 6, 1))),
        }
        scopes = {
            "a year": Period(last.date(), 52),
            "all the time": Period(last.date(), None),
            "a year of one session": Period(last.date(), 52, "s1"),
            "all the time of one session": Period(last.date(), None, "s1"),
        }
        for told, scope in scopes.items():
            for one in VIEWS:
                views[f"{one.id}, {told}"] = partial(store.query, partial(one.load, period=scope))
        views["a page of records far back"] = lambda: store.entries(limit=200, skip=2_000)
        views["a page of records of one session"] = lambda: store.entries(limit=200, session="s1")
        views["one record"] = lambda: store.full_record("r99999")
        views["which sessions there are"] = lambda: store.query(recorded_sessions)
        views |= _asked_by_runs(store, last.date())
        for name, view in views.items():
            row(name, f"{median_ms(view):.1f} ms", "100 ms wanted")
        for version in (1, len(MIGRATIONS) - 1):
            row(f"migration from version {version}", f"{_migration_s(store.path, version):.1f} s", "a bar is shown")


def _migration_s(present: Path, version: int) -> float:
    """How long it takes to migrate a file of an older version with the same records."""
    path = present.with_name(f"version-{version}.db")
    with closing(open_to_write(path, MIGRATIONS[:version])) as base:
        base.execute("ATTACH ? AS present", (str(present),))
        with transaction(base):
            for table in PRIMARY_KEYS:
                names = ", ".join(f'"{column[1]}"' for column in base.execute(f"PRAGMA main.table_info({table})"))
                base.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM present.{table}")  # noqa: S608 - names of ours
    began_s = time.perf_counter()
    open_to_write(path).close()
    return time.perf_counter() - began_s


def _asked_by_runs(store: Store, today: date) -> dict[str, Callable[[], object]]:
    """What is asked before a session, for its doses, and after it, for the summary."""
    exercises: set[tuple[str, DoseKey]] = {(f"exercise-{number}", "hold") for number in range(EXERCISES)}
    sessions, year_ago = [f"s{number}" for number in range(8)], today - timedelta(weeks=52)
    asked: dict[str, list[Question]] = {
        "pain": [Question("pain", "", "")],
        "both sides": [Question("reach", "reach", side) for side in ("left", "right")],
        "what is asked since lately": [Question("new", "new", side) for side in ("left", "right")],
        "what was never asked": [Question("never", "never", "")],
    }
    steps = [f"Exercise {number}" for number in range(EXERCISES)]
    return {
        "doses that grow, of every exercise": lambda: store.query(
            partial(past_doses, exercises=exercises, today=today)
        ),
        **{
            f"earlier times of {told}": partial(
                store.query, partial(past_measurements, questions=questions, steps=(), record="r99999")
            )
            for told, questions in asked.items()
        },
        "tender spots of every exercise": lambda: store.query(
            partial(past_measurements, questions=(), steps=steps, record="r99999")
        ),
        "tender spots of what was never done": lambda: store.query(
            partial(past_measurements, questions=(), steps=["Never"], record="r99999")
        ),
        "a programme of eight sessions over a year": lambda: store.query(
            partial(completed_runs, sessions=sessions, since=year_ago)
        ),
    }


def _fill(path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - the same history every time
    with closing(open_to_write(path)) as base, transaction(base):
        write_rows(base, [HistoryRow("texts", {"sha256": "t", "text": "schema = 1"})])
        for number in range(RECORDS):
            write_rows(base, _record(number, chance))


def _record(number: int, chance: random.Random) -> Iterator[HistoryRow]:
    start, name = FIRST + number * APART, f"r{number}"
    begun = {"started_ms": epoch_ms(start), "zone_min": 0, "day": day_of(start), "ended_ms": epoch_ms(start) + 900_000}
    spent = {"planned_ms": 900_000, "left_ms": 0, "spent_ms": 900_000, "paused_ms": 0, "work_ms": 360_000, "reps": 30}
    of = {
        "session": f"s{number % 8}",
        "name": f"S{number % 8}",
        "path": "",
        "text_sha256": "t",
        "shape": "",
        "options": "{}",
    }
    rest: dict[str, ColumnValue] = {
        "id": name,
        "device": "d",
        "language": "en",
        "shape": "",
        "options": "{}",
        "phase": 0,
        "counted": 0,
        "changed_ms": epoch_ms(start),
    }
    yield HistoryRow("records", {**rest, **of, **begun, **spent, "ending": "finished"})
    for step in range(STEPS):
        yield from _step(name, step, day_of(start), chance)
    reach = [("reach", "Reach", side) for side in ("left", "right")]
    new = [("new", "New", side) for side in ("left", "right") if number > RECORDS - LATELY]
    for phase, (key, called, side) in enumerate([PAIN, *reach, *new, PAIN]):
        asked: dict[str, ColumnValue] = {
            "record": name,
            "phase": phase,
            "step": 0,
            "key": key,
            "name": called,
            "area": "" if key == "pain" else key,
            "side": side,
        }
        yield HistoryRow("answers", {**asked, "value": float(chance.randrange(11)), "unit": "", "at_ms": phase})


def _step(record: str, step: int, day: int, chance: random.Random) -> Iterator[HistoryRow]:
    number, held_ms = chance.randrange(EXERCISES), chance.randrange(20, 61) * 1_000
    of: dict[str, ColumnValue] = {
        "record": record,
        "number": step,
        "day": day,
        "exercise": f"exercise-{number}",
        "kind": "hold",
    }
    names: dict[str, ColumnValue] = {
        "name": f"Exercise {number}",
        "dose": "",
        "sides": "[]",
        "planned_sets": 1,
        "planned_hold_ms": 30_000,
    }
    counts: dict[str, ColumnValue] = {
        "held_ms": held_ms,
        "reps": 5,
        "sets": 1,
        "skipped": 0,
        "repeated": number % 2,
        "added_ms": 0,
    }
    yield HistoryRow("steps", {**of, **names, **counts})
    done: dict[str, ColumnValue] = {
        "step": step,
        "unit": step,
        "set": 1,
        "side": "",
        "began_ms": 0,
        "held_ms": held_ms,
        "reps": 0,
    }
    yield HistoryRow("sets", {**of, **done, "done": 1, "repeated": 0})
