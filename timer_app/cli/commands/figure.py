"""Previews the figures of exercises."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from timer_app.cli.context import find_session, load_library, load_session, load_user_settings
from timer_app.cli.errors import FAULT, PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo, echo_error, echo_lines, is_interactive
from timer_app.core.compiler.compile import compile_session
from timer_app.core.diagnostics.problems import LocatedProblem, nearest, quoted
from timer_app.core.figures.drawing import bounding_box, draw_figure
from timer_app.core.figures.model import Figure
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Phase, Timeline

_GAP = "  "
_CELLS = (24, 12)  # of a pose in a row of poses
_READY_MS = 4_000
_HOLD_MS = 8_000
_OPEN_MS = 8_000
_REPS = 2


class NamedFigure(NamedTuple):
    """A figure and what it is called."""

    name: str
    figure: Figure


def preview_figures(name: str, *, once: bool, reduced: bool) -> None:
    """Show the figure of an exercise, or those of a session's file.

    Args:
        name: The id of an exercise, or a path to a file of sessions.
        once: Print the key poses instead of moving; done by itself where there is no terminal.
        reduced: Only key poses, without movement between them.

    Raises:
        CommandError: There is no such exercise, or it has no figure.
    """
    timeline = _timeline(name)
    if once or not is_interactive():
        for shown in _figures(timeline):
            echo(shown.name)
            echo_lines(row.rstrip() for row in side_by_side(shown.figure, shutil.get_terminal_size().columns))
        return
    from timer_app.tui.figure_preview import FigurePreview

    FigurePreview(shorten_timeline(timeline), reduced=reduced).run()


def _timeline(name: str) -> Timeline:
    """What is shown: a session of that exercise alone, or the one in that file."""
    library = load_library(None, load_user_settings())
    if Path(name).suffix == ".toml":
        session = load_session(library, find_session(library, name))
    else:
        _check_name(library.catalogue, library.catalogue_problems, name)
        session = Session.model_validate({"schema": 1, "name": "Figure", "steps": [{"exercise": name}]})
    lengths = library.estimated_lengths(session.sound.theme)
    timeline = compile_session(session, library.plan(session, lengths)).timeline
    if not any(step.figure for step in timeline.steps):
        raise CommandError(f"{PROGRAM}: {quoted(name)} has no figure; docs/figures.md tells how to draw one", FAULT)
    return timeline


def _check_name(catalogue: Collection[str], problems: Iterable[LocatedProblem], name: str) -> None:
    """See that there is such an exercise; if not, faults of files that may have it are told."""
    if name in catalogue:
        return
    for problem in problems:
        echo_error(problem.render())
    near = nearest(name, catalogue)
    hint = f'did you mean "{near}"?' if near else "`timer-app list --exercises` shows all"
    raise CommandError(f"{PROGRAM}: there is no exercise {quoted(name)}; {hint}", USAGE)


def _figures(timeline: Timeline) -> Iterator[NamedFigure]:
    """Every figure of the session, once."""
    named = {step.name: step.figure for step in timeline.steps if step.figure}
    return (NamedFigure(name, figure) for name, figure in named.items())


def shorten_timeline(timeline: Timeline) -> Timeline:
    """The phases in which a figure moves, none longer than is needed to see it, and a few reps of each set."""
    kept = (phase for phase in timeline.phases if phase.kind in {"prepare", "switch", "work"})
    return replace(
        timeline, phases=tuple(_shorten_phase(phase) for phase in kept if _is_early(phase) and phase.step is not None)
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


def side_by_side(figure: Figure, width: int) -> Iterator[str]:
    """The start and every key of a figure as rows of text, as many beside one another as fit."""
    from timer_app.tui.widgets.figure_cells import Grid, rasterize

    columns, rows = _CELLS
    grid = Grid.around(bounding_box(figure), columns, rows)
    pictures = [rasterize(draw_figure(figure, pose), grid, plain=True) for pose in dict.fromkeys(figure.poses)]
    abreast = max(1, (width + len(_GAP)) // (columns + len(_GAP)))
    for first in range(0, len(pictures), abreast):
        group = pictures[first : first + abreast]
        for y in range(rows):
            yield _GAP.join("".join(cell.char for cell in picture[y]) for picture in group)
