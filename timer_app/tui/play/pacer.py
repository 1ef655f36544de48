"""The pacer: a dome that swells and sinks with a breath or a tempo, drawn to an eighth of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi, sin, sqrt
from typing import Literal

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from timer_app.core.player.states import Snapshot, State
from timer_app.core.timeline import Phase, Timeline
from timer_app.tui.context import DisplayOptions
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.text_layout import centre_in_width

PacerMove = Literal["up", "stay", "down", "both"]

_PACED_STATES = (State.RUNNING, State.LEAD_IN, State.PAUSED)
# A tempo without a breath swells first, unless its first part is called so.
_LOWERING_PARTS = frozenset({"down", "lower", "sink", "bend", "runter", "ab", "senken", "absenken"})
_BREATH_MOVES: dict[str, PacerMove] = {"in": "up", "out": "down", "hold": "stay"}
# By how many parts there are: the second of three, and the second and fourth of four, are held.
_DEFAULT_MOVES: dict[int, tuple[PacerMove, ...]] = {
    1: ("both",),
    2: ("up", "down"),
    3: ("up", "stay", "down"),
    4: ("up", "stay", "down", "stay"),
}
_OPPOSITE_MOVES: dict[PacerMove, PacerMove] = {"up": "down", "down": "up", "stay": "stay", "both": "both"}
_SECOND_MS = 1_000
FRAME_MS = 125  # between two pictures of what moves; a second is a whole number of them
LEVEL_STEPS = 64  # between sunk and swollen


@dataclass(frozen=True, slots=True)
class PacerState:
    """The pacer at one moment.

    Attributes:
        word: What to do now.
        seconds: What is left of it; the last second is 1.
        level: From 0 (sunk) to 1 (swollen).
    """

    word: str
    seconds: int
    level: float


def pacer_state(view: RunView, *, in_whole_seconds: bool = False) -> PacerState | None:
    """The pacer of a view; `None` where nothing is paced.

    Args:
        view: The run.
        in_whole_seconds: The level moves once a second instead of gliding.
    """
    snapshot, phase = view.snapshot, view.snapshot.phase
    length_ms, left_ms = snapshot.duration_ms, snapshot.remaining_ms
    if not is_paced(phase) or snapshot.state not in _PACED_STATES or not length_ms or left_ms is None:
        return None
    seconds = -(-left_ms // _SECOND_MS)
    done_ms = max(0, length_ms - seconds * _SECOND_MS) if in_whole_seconds else snapshot.elapsed_ms
    return PacerState(phase.part, seconds, level_at(view.timeline, snapshot.index, done_ms / length_ms))


def is_pacer_moving(snapshot: Snapshot, *, reduced: bool) -> bool:
    """Whether the pacer is on its way from one second to the next, and what moves is drawn along with it."""
    return snapshot.state is State.RUNNING and not reduced and is_paced(snapshot.phase)


def is_paced(phase: Phase) -> bool:
    """Whether a phase is a part of a tempo or of a flow."""
    return phase.kind == "work" and bool(phase.part) and not phase.is_open


def level_at(timeline: Timeline, index: int, part: float) -> float:
    """How swollen the pacer is after `part` (0 to 1) of phase `index`."""
    parts, here = cycle_parts(timeline, index)
    moves = pacer_moves(parts)
    if moves[here] == "both":
        return sin(pi * part)
    start, end = _levels(moves)[here : here + 2]
    return start + (end - start) * _ease_in_out(part)


def cycle_parts(timeline: Timeline, index: int) -> tuple[tuple[Phase, ...], int]:
    """The parts of the rep or round that phase `index` belongs to, and its place among them."""
    phases = timeline.phases
    first = last = index
    while first > 0 and _is_same_cycle(phases[first - 1], phases[index]):
        first -= 1
    while last + 1 < len(phases) and _is_same_cycle(phases[last + 1], phases[index]):
        last += 1
    return phases[first : last + 1], index - first


def _is_same_cycle(one: Phase, other: Phase) -> bool:
    return (one.unit, one.rep, one.round) == (other.unit, other.rep, other.round)


def pacer_moves(parts: tuple[Phase, ...]) -> tuple[PacerMove, ...]:
    """Which way the pacer goes in each part: with the breath where there is one, else by the order of the parts."""
    if len(parts) > 1 and any(part.breath for part in parts):
        return tuple(_BREATH_MOVES.get(part.breath or "hold", "stay") for part in parts)
    moves = _DEFAULT_MOVES.get(len(parts)) or tuple("down" if number % 2 else "up" for number in range(len(parts)))
    if parts[0].part.casefold() in _LOWERING_PARTS:
        return tuple(_OPPOSITE_MOVES[way] for way in moves)
    return moves


def _levels(moves: tuple[PacerMove, ...]) -> list[float]:
    """The level at the start of each part and at the end of the last; a cycle begins where its first move can go."""
    first_move = next((way for way in moves if way != "stay"), "up")
    levels = [1.0 if first_move == "down" else 0.0]
    for way in moves:
        levels.append(levels[-1] if way == "stay" else float(way == "up"))
    return levels


def _ease_in_out(part: float) -> float:
    """Slow at both ends, as breath is."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)


_EIGHTH_BLOCKS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8
_MIN_HEIGHT_SHARE = 0.1  # how much of the full height is left when it is sunk, so that it never vanishes
_MIN_WIDTH_SHARE = 0.6  # width of the sunk dome by that of the swollen one


@lru_cache(maxsize=128)  # two breaths
def breath_shape(level: float, columns: int, rows: int) -> tuple[str, ...]:
    """Half an ellipse in the middle of so many cells, as large as `level` (0 to 1) says."""
    level = min(1.0, max(0.0, level))
    height = max(1.0, rows * _EIGHTHS * (_MIN_HEIGHT_SHARE + (1 - _MIN_HEIGHT_SHARE) * level))
    half_width = columns / 2 * (_MIN_WIDTH_SHARE + (1 - _MIN_WIDTH_SHARE) * level)
    heights = [_column_eighths(column, columns, half_width, height) for column in range(columns)]
    return tuple("".join(_cell(each - (rows - 1 - row) * _EIGHTHS) for each in heights) for row in range(rows))


def _column_eighths(column: int, columns: int, half_width: float, height: float) -> int:
    """By how many eighths the dome rises over the ground in a column."""
    along = (column + 0.5 - columns / 2) / half_width
    return round(height * sqrt(1 - along * along)) if abs(along) < 1 else 0


def _cell(eighths: int) -> str:
    return _EIGHTH_BLOCKS[min(_EIGHTHS, max(0, eighths))]


_MAX_COLUMNS = 64  # a wider shape is no easier to follow, and costs more to draw


class Pacer(CachedWidget):
    """Draws the pace of what runs.

    Args:
        options: Whether it glides or goes in steps of a second.
        id: The widget's name in style sheets.
    """

    # The dome is darker than the time above it, which is read first.
    DEFAULT_CSS = "Pacer > .pacer--dome { color: $foreground 35%; }"
    COMPONENT_CLASSES = {"pacer--dome"}

    def __init__(self, options: DisplayOptions, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._options = options
        self._pacer_state: PacerState | None = None
        self._rows: tuple[str, ...] = ()
        self._rows_key: tuple[object, ...] = ()
        self._dome_style: Style | None = None

    @property
    def text(self) -> str:
        """The word and the seconds."""
        return f"{self._pacer_state.word} · {self._pacer_state.seconds}" if self._pacer_state else ""

    def show_view(self, view: RunView) -> None:
        """Move along; where only some rows change, only those are drawn again."""
        before, words = self._rows, self.text
        self._pacer_state = pacer_state(view, in_whole_seconds=self._options.reduced_motion)
        self._update_rows()
        changed = [y for y, rows in enumerate(zip(before, self._rows, strict=False)) if rows[0] != rows[1]]
        if len(before) != len(self._rows):
            self.refresh()
        elif changed:
            self.refresh(Region(0, changed[0], self.size.width, changed[-1] - changed[0] + 1))
        if words != self.text:
            self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def _update_rows(self) -> None:
        columns, rows = min(self.size.width, _MAX_COLUMNS), self.size.height - 1
        drawn_for = (columns, rows, self._pacer_state and round(self._pacer_state.level * LEVEL_STEPS))
        if drawn_for != self._rows_key:
            self._rows_key = drawn_for
            level = round(self._pacer_state.level * LEVEL_STEPS) / LEVEL_STEPS if self._pacer_state else 0.0
            self._rows = breath_shape(level, columns, rows) if self._pacer_state and rows > 0 < columns else ()

    def row_cache_key(self, y: int) -> str:
        return self._rows[y] if y < len(self._rows) else self.text

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        self._update_rows()
        if y == height - 1:
            return Strip([Segment(centre_in_width(self.text, width), self.own_style)], width)
        row = self._rows[y] if y < len(self._rows) else ""
        if self._dome_style is None:
            self._dome_style = self.get_component_rich_style("pacer--dome")
        return Strip([Segment(centre_in_width(row, width), self._dome_style)], width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._dome_style = None
