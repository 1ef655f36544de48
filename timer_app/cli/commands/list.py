"""Lists of sessions and exercises."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from timer_app.cli.context import active_programme, load_library, load_user_settings
from timer_app.cli.output import cell_len, echo_error, echo_lines, format_table, terminal_width, truncate, wrap_words
from timer_app.core.fields.notation import DoseRange, duration_text
from timer_app.core.text.format import length_text
from timer_app.history.store import Store
from timer_app.library.library import Library, SessionEntry
from timer_app.system import paths

if TYPE_CHECKING:
    from timer_app.core.session.exercise import Exercise

_EQUIPMENT_CELLS = 24  # on a terminal; the summary needs room too
_PURPOSE_CELLS = 24  # with less, the purpose goes below the name
_NO_EQUIPMENT = "nothing"
_HEADING = ("NAME", "LENGTH", "EQUIPMENT", "WHAT IT IS FOR")

_Row = tuple[str, str, str, str]


def list_sessions() -> None:
    """Print what to type for each session, how long it takes, what it needs, and what it is for."""
    library = load_library(None, load_user_settings())
    due = active_programme(Store(paths.history_file())).due_sessions()
    entries = sorted(library.entries(), key=lambda entry: entry.id not in due)
    rows = [_HEADING, *(_session_row(entry, due) for entry in entries)]
    room = terminal_width()
    echo_lines(format_table(rows) if room is None else _fit_to_width(rows, room))
    for notice in library.notices():
        echo_error(notice)


def list_exercises() -> None:
    """Print a line for each exercise of the catalogue; faults of its files are told on standard error."""
    library = Library.default()
    rows = [
        ("ID", "NAME", "DOSE", "SIDES", "EQUIPMENT"),
        *(_exercise_row(*item) for item in sorted(library.catalogue.items())),
    ]
    echo_lines(format_table(rows, width=terminal_width()))
    for problem in library.catalogue_problems:
        echo_error(problem.render())


def _fit_to_width(rows: Sequence[_Row], room: int) -> Iterator[str]:
    """The rows in columns, or with the purpose below the name where a column has no room for it."""
    clear = [(name, length, truncate(needs, _EQUIPMENT_CELLS), purpose) for name, length, needs, purpose in rows]
    before = max(cell_len(line) for line in format_table([row[:3] for row in clear]))
    return format_table(clear, width=room) if room - before >= _PURPOSE_CELLS else _purpose_below_names(rows, room)


def _purpose_below_names(rows: Sequence[_Row], room: int) -> Iterator[str]:
    heading, *names = format_table([row[:2] for row in rows], width=room)
    yield heading
    for line, (_, _, needs, purpose) in zip(names, rows[1:], strict=True):
        yield line
        for text in (purpose, f"Needs: {needs}" if needs else ""):
            yield from (f"  {part}" for part in wrap_words(text, room - 2))


def _session_row(entry: SessionEntry, due: Container[str] = ()) -> _Row:
    if entry.faults:
        count = "a fault" if entry.faults == 1 else f"{entry.faults} faults"
        return entry.id, "-", "", f"{entry.name}: cannot be started, it has {count}: timer-app check {entry.id}"
    told = entry.summary or entry.name
    told = f"today: {told}" if entry.id in due else told
    return entry.id, length_text(entry.length_ms), _equipment(entry.equipment), told


def _equipment(names: Sequence[str] | None) -> str:
    return ", ".join(names or ()) or _NO_EQUIPMENT


def _exercise_row(exercise_id: str, exercise: Exercise) -> tuple[str, ...]:
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


def _range(dose: DoseRange) -> str:
    return "-".join(map(str, dict.fromkeys((dose.low, dose.high))))
