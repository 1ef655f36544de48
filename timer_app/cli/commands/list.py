"""`timer-app list`: lists sessions or exercises."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

import click

from timer_app.cli.options import examples
from timer_app.cli.output import echo_drawn, echo_error, is_decorated, slow_progress, terminal_width
from timer_app.cli.resources import active_programme, load_library, load_user_settings
from timer_app.cli.tables import Cell, Column, echo_table, format_table, styled, truncate, wrap_words
from timer_app.core.i18n import N_, _
from timer_app.core.wording.doses import exercise_dose_text
from timer_app.core.wording.formatting import cell_len, joined_by_and, rough_text

if TYPE_CHECKING:
    from timer_app.core.session import Exercise, Phrases
    from timer_app.library import SessionEntry

_EQUIPMENT_CELLS = 24  # on a terminal, to leave room for the purpose
_PURPOSE_CELLS = 24  # with less room, the purpose goes below the name
_NO_EQUIPMENT = N_("nothing")
_HEADING = (N_("NAME"), N_("LENGTH"), N_("EQUIPMENT"), N_("WHAT IT IS FOR"))
_COLUMNS = (
    Column("bold"),
    Column("cyan", right=True),
    Column(wraps=True, most=_EQUIPMENT_CELLS),
    Column(wraps=True),
)
_EXERCISE_COLUMNS = (
    Column("bold"),
    Column(wraps=True),
    Column("cyan", wraps=True),
    Column(wraps=True),
    Column(wraps=True),
)
_Row = tuple[Cell, Cell, Cell, Cell]
_DUE_STYLE, _FAULT_STYLE, _NEEDS_STYLE = "green", "red", "bright_black"


def _heading() -> tuple[str, ...]:
    return tuple(map(_, _HEADING))


@click.command("list", epilog=examples("list", "list --exercises"))
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
    with slow_progress(_("Reading sessions")) as progress:
        entries = sorted(library.entries(progress), key=lambda entry: entry.id not in due)
    rows = [_session_row(entry, due) for entry in entries]
    if (width := terminal_width()) and not _has_room_for_purpose(rows, width):
        _echo_purpose_below_names(rows, width)
    else:
        if width and not is_decorated():
            rows = [
                (name, length, needs._replace(text=truncate(needs.text, _EQUIPMENT_CELLS)), what)
                for name, length, needs, what in rows
            ]
        echo_table([_heading(), *rows], _COLUMNS)
    for notice in library.notices():
        echo_error(notice)


def _list_exercises() -> None:
    """Print a line for each exercise of the catalogue; faults of its files go to standard error."""
    library = load_library(None, load_user_settings())
    phrases = library.phrases(library.language)
    rows = [
        (_("ID"), _("NAME"), _("DOSE"), _("SIDES"), _("EQUIPMENT")),
        *(_exercise_row(*item, phrases) for item in sorted(library.catalogue_in(library.language).items())),
    ]
    echo_table(rows, _EXERCISE_COLUMNS)
    for problem in library.catalogue_problems:
        echo_error(*problem.lines())


def _has_room_for_purpose(rows: Sequence[_Row], width: int) -> bool:
    """Whether the purpose can have a column of its own."""
    before = [(name.text, length.text, truncate(needs.text, _EQUIPMENT_CELLS)) for name, length, needs, _what in rows]
    return width - max(map(cell_len, format_table([_heading()[:3], *before]))) >= _PURPOSE_CELLS


def _echo_purpose_below_names(rows: Sequence[_Row], width: int) -> None:
    heading, *names = format_table([_heading()[:2], *((row[0].text, row[1].text) for row in rows)], width=width)
    echo_drawn(styled(heading, "bold"))
    for line, (name, _length, needs, purpose) in zip(names, rows, strict=True):
        echo_drawn(styled(line, "bold", name.file))
        for part in wrap_words(purpose.text, width - 2):
            echo_drawn(styled(f"  {part}", purpose.style))
        if needs.text:
            for part in wrap_words(_("Needs: {items}").format(items=needs.text), width - 2):
                echo_drawn(styled(f"  {part}", _NEEDS_STYLE))


def _session_row(entry: SessionEntry, due: Container[str] = ()) -> _Row:
    name = Cell(entry.id, file=entry.path)
    if entry.faults:
        fault = _("{name}: cannot be started; {fault}").format(name=entry.name, fault=entry.fault)
        return name, Cell("-"), Cell(""), Cell(fault, _FAULT_STYLE)
    purpose = entry.summary or entry.name
    is_due = entry.id in due
    what = Cell(_("today: {purpose}").format(purpose=purpose), _DUE_STYLE) if is_due else Cell(purpose)
    return name, Cell(rough_text(entry.length_ms)), Cell(_equipment(entry.equipment)), what


def _equipment(names: Sequence[str] | None) -> str:
    return ", ".join(names or ()) or _(_NO_EQUIPMENT)


def _exercise_row(exercise_id: str, exercise: Exercise, phrases: Phrases) -> tuple[str, ...]:
    sides = joined_by_and([phrases.side_name(side) or side for side in exercise.sides or ()])
    return exercise_id, exercise.name, exercise_dose_text(exercise), sides, _equipment(exercise.equipment)
