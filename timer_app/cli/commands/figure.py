"""`timer-app figure`: previews the figure of an exercise, or those of a session."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import FAULT, PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import echo, echo_error, echo_lines, is_interactive
from timer_app.cli.parameters import ExerciseParam
from timer_app.cli.resources import find_session, load_library, load_session, load_user_settings
from timer_app.core.diagnostics import LocatedProblem, nearest, quoted
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.core.figures import Figure
    from timer_app.core.timeline import Phase, Timeline

_GAP = "  "
_CELLS = (24, 12)  # of a pose in a row of poses
_READY_MS = 4_000
_HOLD_MS = 8_000
_OPEN_MS = 8_000
_REPS = 2


@click.command(epilog=examples("figure wall-squat", "figure wall-squat --once"))
@click.argument("name", type=ExerciseParam())
@click.option("--once", is_flag=True, help="Print the key poses beside one another.")
@click.option("--reduced", is_flag=True, help="Only key poses, with no movement between them.")
def figure(name: str, *, once: bool, reduced: bool) -> None:
    """Show how an exercise is drawn.

    NAME is one that `list --exercises` shows, or a path to a session. Without a terminal, key poses are printed.
    """
    timeline = _timeline(name)
    if once or not is_interactive():
        for step_name, drawn in {step.name: step.figure for step in timeline.steps if step.figure}.items():
            echo(step_name)
            echo_lines(row.rstrip() for row in _side_by_side(drawn, shutil.get_terminal_size().columns))
        return
    from timer_app.tui import FigurePreview

    FigurePreview(shorten_timeline(timeline), reduced=reduced).run()


def _timeline(name: str) -> Timeline:
    """The timeline of a session of that exercise alone, or of the session in that file."""
    from timer_app.core.compiler import compile_session
    from timer_app.core.session.model import Session

    library = load_library(None, load_user_settings())
    if Path(name).suffix == ".toml":
        session = load_session(library, find_session(library, name))
    else:
        _check_name(library.catalogue, library.catalogue_problems, name)
        session = Session.model_validate({"schema": 1, "name": "Figure", "steps": [{"exercise": name}]})
    lengths = library.estimated_lengths(session.sound.theme)
    timeline = compile_session(session, library.plan(session, lengths)).timeline
    if not any(step.figure for step in timeline.steps):
        raise CommandError(
            f"{PROGRAM}: " + _("{name} has no figure; docs/figures.md tells how to draw one").format(name=quoted(name)),
            FAULT,
        )
    return timeline


def _check_name(catalogue: Collection[str], problems: Iterable[LocatedProblem], name: str) -> None:
    """Check that the exercise exists; if not, print the faults of files that may define it."""
    if name in catalogue:
        return
    for problem in problems:
        echo_error(*problem.lines())
    near = nearest(name, catalogue)
    hint = _('did you mean "{near}"?').format(near=near) if near else _("`timer-app list --exercises` shows all")
    raise CommandError(
        f"{PROGRAM}: " + _("there is no exercise {name}; {hint}").format(name=quoted(name), hint=hint), USAGE
    )


def shorten_timeline(timeline: Timeline) -> Timeline:
    """The phases in which a figure moves, none longer than needed to see it, and a few reps of the first set."""
    moving = (phase for phase in timeline.phases if phase.kind in {"prepare", "switch", "work"})
    return replace(
        timeline, phases=tuple(_shorten_phase(phase) for phase in moving if _is_early(phase) and phase.step is not None)
    )


def _is_early(phase: Phase) -> bool:
    repeated = phase.rep or (phase.round if phase.part_number else None) or 1
    return repeated <= _REPS and (phase.set or 1) == 1


def _shorten_phase(phase: Phase) -> Phase:
    if phase.kind != "work":
        return replace(phase, duration_ms=_READY_MS, cues=())
    if phase.part_number:
        return replace(phase, cues=())
    longest_ms = _OPEN_MS if phase.duration_ms is None else min(_HOLD_MS, phase.duration_ms)
    return replace(phase, duration_ms=longest_ms, cues=())


def _side_by_side(figure: Figure, width: int) -> Iterator[str]:
    """The start and every key of a figure as rows of text, as many in a row as fit."""
    from timer_app.core.figures import bounding_box, draw_figure
    from timer_app.tui import Grid, rasterize

    columns, rows = _CELLS
    grid = Grid.around(bounding_box(figure), columns, rows)
    pictures = [rasterize(draw_figure(figure, pose), grid, plain=True) for pose in dict.fromkeys(figure.poses)]
    abreast = max(1, (width + len(_GAP)) // (columns + len(_GAP)))
    for first in range(0, len(pictures), abreast):
        group = pictures[first : first + abreast]
        for y in range(rows):
            yield _GAP.join("".join(cell.char for cell in picture[y]) for picture in group)
