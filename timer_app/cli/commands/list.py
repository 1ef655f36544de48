"""`timer-app list`: lists sessions or exercises."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from timer_app.cli.output import echo_error, echo_lines, format_table, terminal_width, truncate, wrap_words
from timer_app.cli.resources import active_programme, load_library, load_user_settings
from timer_app.core.diagnostics import command_text
from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import cell_len, joined_by_and, length_text
from timer_app.library import Library, SessionEntry

if TYPE_CHECKING:
    from timer_app.core.fields import DoseRange
    from timer_app.core.session import Exercise, SetDoses

_EQUIPMENT_CELLS = 24  # on a terminal, to leave room for the purpose
_PURPOSE_CELLS = 24  # with less room, the purpose goes below the name
_NO_EQUIPMENT = N_("nothing")

_Row = tuple[str, str, str, str]


@click.command("list")
@click.option("--exercises", is_flag=True, help="The exercises of the catalogue instead.")
def list_(*, exercises: bool) -> None:
    """List the sessions: shipped ones and your own."""
    if exercises:
        _list_exercises()
    else:
        list_sessions()


def list_sessions() -> None:
    """Print the name, length, equipment and purpose of each session, those that are due today first."""
    library = load_library(None, load_user_settings())
    due = active_programme().due_sessions()
    entries = sorted(library.entries(), key=lambda entry: entry.id not in due)
    heading = (_("NAME"), _("LENGTH"), _("EQUIPMENT"), _("WHAT IT IS FOR"))
    rows = [heading, *(_session_row(entry, due) for entry in entries)]
    width = terminal_width()
    echo_lines(format_table(rows) if width is None else _fit_to_width(rows, width))
    for notice in library.notices():
        echo_error(notice)


def _list_exercises() -> None:
    """Print a line for each exercise of the catalogue; faults of its files go to standard error."""
    library = Library.default()
    rows = [
        (_("ID"), _("NAME"), _("DOSE"), _("SIDES"), _("EQUIPMENT")),
        *(_exercise_row(*item) for item in sorted(library.catalogue.items())),
    ]
    echo_lines(format_table(rows, width=terminal_width()))
    for problem in library.catalogue_problems:
        echo_error(*problem.lines())


def _fit_to_width(rows: Sequence[_Row], width: int) -> Iterator[str]:
    """The rows in columns, or with the purpose below the name where its column would be too narrow."""
    shortened = [(name, length, truncate(needs, _EQUIPMENT_CELLS), purpose) for name, length, needs, purpose in rows]
    before = max(cell_len(line) for line in format_table([row[:3] for row in shortened]))
    if width - before >= _PURPOSE_CELLS:
        return format_table(shortened, width=width)
    return _purpose_below_names(rows, width)


def _purpose_below_names(rows: Sequence[_Row], width: int) -> Iterator[str]:
    heading, *names = format_table([row[:2] for row in rows], width=width)
    yield heading
    for line, (_name, _length, needs, purpose) in zip(names, rows[1:], strict=True):
        yield line
        for text in (purpose, _("Needs: {items}").format(items=needs) if needs else ""):
            yield from (f"  {part}" for part in wrap_words(text, width - 2))


def _session_row(entry: SessionEntry, due: Container[str] = ()) -> _Row:
    if entry.faults:
        text = ngettext(
            "{name}: cannot be started, it has a fault: {command}",
            "{name}: cannot be started, it has {count} faults: {command}",
            entry.faults,
        )
        command = command_text("check", entry.id)
        return entry.id, "-", "", text.format(name=entry.name, count=entry.faults, command=command)
    purpose = entry.summary or entry.name
    purpose = _("today: {purpose}").format(purpose=purpose) if entry.id in due else purpose
    return entry.id, length_text(entry.length_ms), _equipment(entry.equipment), purpose


def _equipment(names: Sequence[str] | None) -> str:
    return ", ".join(names or ()) or _(_NO_EQUIPMENT)


def _exercise_row(exercise_id: str, exercise: Exercise) -> tuple[str, ...]:
    sides = joined_by_and(exercise.sides or ())
    return exercise_id, exercise.name, ", ".join(_dose(exercise)), sides, _equipment(exercise.equipment)


def _dose(exercise: Exercise) -> Iterator[str]:
    from timer_app.core.fields import duration_text
    from timer_app.core.fields.doses import distance_text

    if exercise.hold:
        yield ", ".join(_range(hold, duration_text, " to ") for hold in _each_set(exercise.hold))
    if exercise.distance:
        distances = _each_set(exercise.distance)
        yield ", ".join(_range(one, partial(distance_text, unit=one.unit), " to ") for one in distances)
    if exercise.reps:
        yield _("{amounts} reps").format(amounts=", ".join(map(_range, _each_set(exercise.reps))))
    if exercise.flow and exercise.rounds:
        yield _("{amounts} rounds").format(amounts=_range(exercise.rounds))
    if exercise.flow and exercise.within:
        yield _range(exercise.within, duration_text, " to ")
    if exercise.sets:
        yield _("{amounts} sets").format(amounts=_range(exercise.sets))
    if exercise.load:
        yield ", ".join(exercise.load) if isinstance(exercise.load, tuple) else exercise.load


def _each_set(doses: SetDoses | None) -> tuple[DoseRange, ...]:
    """The dose of each set where they are listed, else the one of all."""
    return doses if isinstance(doses, tuple) else () if doses is None else (doses,)


def _range(dose: DoseRange, text: Callable[[int], str] = str, to: str = "-") -> str:
    """Both ends of a dose; `max` for as much as one can, and `8+` for so much or more."""
    if dose.is_open and not dose.high:
        return _("max")
    return to.join(map(text, dict.fromkeys((dose.low, dose.high)))) + ("+" if dose.is_open else "")
