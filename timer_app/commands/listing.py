"""Lists of sessions and exercises."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from timer_app import paths
from timer_app.commands.diaries import following
from timer_app.commands.output import tell_all, tell_error, width
from timer_app.commands.sessions import library_in, user_settings
from timer_app.commands.tables import clipped, table
from timer_app.core.amounts import length_text
from timer_app.core.notation import Dose, duration_text
from timer_app.history.store import Store
from timer_app.library import Library, SessionEntry

if TYPE_CHECKING:
    from timer_app.core.exercise import Exercise

_EQUIPMENT_CELLS = 24  # on a terminal; the summary needs room too
_NO_EQUIPMENT = "nothing"


def list_sessions() -> None:
    """Print a line for each session: what to type, how long it takes, what it needs, what it is."""
    library = library_in(None, user_settings())
    due = following(Store(paths.history_file())).due()
    entries = sorted(library.entries(), key=lambda entry: entry.id not in due)
    rows = [("NAME", "LENGTH", "EQUIPMENT", "WHAT IT IS FOR"), *(_session(entry, due) for entry in entries)]
    if (cells := width()) is not None:
        rows = [(name, length, clipped(needs, _EQUIPMENT_CELLS), summary) for name, length, needs, summary in rows]
    tell_all(table(rows, width=cells))
    for notice in library.notices():
        tell_error(notice)


def list_exercises() -> None:
    """Print a line for each exercise of the catalogue; faults of its files are told on standard error."""
    library = Library.default()
    rows = [
        ("ID", "NAME", "DOSE", "SIDES", "EQUIPMENT"),
        *(_exercise(*item) for item in sorted(library.catalogue.items())),
    ]
    tell_all(table(rows, width=width()))
    for problem in library.catalogue_problems:
        tell_error(problem.render())


def _session(entry: SessionEntry, due: Container[str] = ()) -> tuple[str, str, str, str]:
    if entry.faults:
        count = "a fault" if entry.faults == 1 else f"{entry.faults} faults"
        return entry.id, "-", "", f"{entry.name}: cannot be started, it has {count}: timer-app check {entry.id}"
    told = entry.summary or entry.name
    told = f"today: {told}" if entry.id in due else told
    return entry.id, length_text(entry.length_ms), _equipment(entry.equipment), told


def _equipment(names: Sequence[str] | None) -> str:
    return ", ".join(names or ()) or _NO_EQUIPMENT


def _exercise(exercise_id: str, exercise: Exercise) -> tuple[str, ...]:
    sides = " and ".join(exercise.sides or ())
    return exercise_id, exercise.name, ", ".join(_dose(exercise)), sides, _equipment(exercise.equipment)


def _dose(exercise: Exercise) -> Iterator[str]:
    if exercise.hold:
        ends = dict.fromkeys((exercise.hold.low, exercise.hold.high))
        yield " to ".join(map(duration_text, ends))
    if exercise.reps:
        yield f"{_range(exercise.reps)} reps"
    if exercise.flow and exercise.rounds:
        yield f"{_range(exercise.rounds)} rounds"
    if exercise.sets:
        yield f"{_range(exercise.sets)} sets"


def _range(dose: Dose) -> str:
    return "-".join(map(str, dict.fromkeys((dose.low, dose.high))))
