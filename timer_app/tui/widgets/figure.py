"""The animated figure: caches frames, and updates only the rows that differ."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.timer import Timer

from timer_app.core.figures import Box, FigureState, Shape, bounding_box, is_animated, moves_only_breath, shapes_at
from timer_app.core.figures import Figure as Person
from timer_app.core.player import figure_at, figure_state_at
from timer_app.core.player.states import State
from timer_app.tui.play.pacer import FRAME_MS, is_pacer_moving
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.figure_cells import LAYER_ORDER, Cell, Grid, Rows, rasterize

MIN_SIZE = Size(16, 8)
_PICTURES_CACHED = 256  # pictures; a cycle of ten seconds at eight a second has eighty


class FigureCanvas(CachedWidget):
    """Draws what it is given as large as fits; nothing where there is too little room."""

    DEFAULT_CSS = """
    FigureCanvas {
        & > .figure--near { color: $text-primary; }
        & > .figure--body { color: $text-primary 80%; }
        & > .figure--far { color: $text-primary 50%; }
        & > .figure--thing { color: $text-warning; }
        & > .figure--eye { color: $text-primary 50%; }
        & > .figure--muscle { color: $text-error 75%; }
        & > .figure--spot { color: $text-error; }
        & > .figure--sign { color: $text-success; }
        & > .figure--scene { color: $foreground 50%; }
    }
    """
    COMPONENT_CLASSES = {f"figure--{layer}" for layer in LAYER_ORDER}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._rows: Rows = ()
        self._styles: dict[tuple[str | None, str | None], Style] = {}

    @property
    def has_room(self) -> bool:
        """Whether a figure can be made out in the space there is."""
        return self.size.width >= MIN_SIZE.width and self.size.height >= MIN_SIZE.height

    def draw(self, shapes: Sequence[Shape], box: Box | None) -> None:
        """Show a picture.

        Args:
            shapes: What is drawn, in order.
            box: The area that must be visible; `None` for an empty picture.
        """
        rows: Rows = ()
        if box is not None and self.has_room:
            rows = render_picture(tuple(shapes), Grid.around(box, *self.size), self._is_plain)
        if (changed := changed_rows(self._rows, rows)) is not None:
            self._rows = rows
            self.refresh(changed)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}

    def render_line(self, y: int) -> Strip:
        if y >= len(self._rows) or len(self._rows[y]) != self.size.width:
            return Strip.blank(self.size.width, self.own_style)
        return Strip(self._segments(self._rows[y]), self.size.width)

    def row_cache_key(self, y: int) -> Hashable | None:
        return self._rows[y] if y < len(self._rows) else None

    @property
    def _is_plain(self) -> bool:
        """Whether colours cannot tell what is far."""
        return bool(os.environ.get("NO_COLOR")) or self.app.console.color_system is None

    def _segments(self, row: Sequence[Cell]) -> list[Segment]:
        grouped = groupby(row, key=lambda cell: (cell.front, cell.back))
        return [Segment("".join(cell.char for cell in group), self._style(*layers)) for layers, group in grouped]

    def _style(self, front: str | None, back: str | None) -> Style:
        if (front, back) not in self._styles:
            style = self.get_component_rich_style(f"figure--{front}") if front else self.own_style
            if back:
                behind = self.get_component_rich_style(f"figure--{back}")
                style += Style(bgcolor=behind.color)
            self._styles[front, back] = style
        return self._styles[front, back]


@lru_cache(maxsize=_PICTURES_CACHED)
def render_picture(shapes: tuple[Shape, ...], grid: Grid, plain: bool) -> Rows:
    """The cells of shapes; movements repeat, so their pictures are cached."""
    return rasterize(shapes, grid, plain=plain)


def changed_rows(before: Rows, after: Rows) -> Region | None:
    """The smallest region of whole rows that covers all that differ; `None` where none does.

    Whole rows are cached and sent as they are; a part of a row is cut out each time.
    """
    if before == after:
        return None
    height = max(len(before), len(after))
    width = max(len(row) for row in (*before, *after))
    if [len(row) for row in before] != [len(row) for row in after]:
        return Region(0, 0, width, height)
    changed = [y for y in range(height) if before[y] != after[y]]
    return Region(0, changed[0], width, changed[-1] - changed[0] + 1)


CALM_FRAME_MS = 500  # of a breath, which is slow and shows in few cells
_MOMENTS_CACHED = 256  # moments; a cycle of ten seconds at eight a second has eighty
_ANIMATED_STATES = (State.RUNNING, State.WAITING)


class FigureView(FigureCanvas):
    """Draws the figure of the step that runs; blank where it has none.

    Args:
        id: The widget's name in style sheets.
        reduced: Only key poses are shown, and nothing moves between them.
        speed: How much faster than real the run's time passes.
        clock: Tells the seconds that pass between two views.
    """

    view: reactive[RunView | None] = reactive(None, repaint=False)
    reduced: reactive[bool] = reactive(False, repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - textual's word
        reduced: bool = False,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(FigureView.reduced, reduced)
        self.speed = speed
        self._clock = clock
        self._view_time_s = 0.0
        self._timer: Timer | None = None
        self._person: Person | None = None
        self._box: Box | None = None
        self._shapes: LRUCache[tuple[FigureState, bool], tuple[Shape, ...]] = LRUCache(_MOMENTS_CACHED)

    def watch_view(self, before: RunView | None, view: RunView | None) -> None:
        """Do what the run does; in the middle of a movement the next frame comes by itself."""
        self._view_time_s = self._clock()
        person = None if view is None else figure_at(view.timeline, view.snapshot.index)
        if person is not self._person:
            self._person = person
            self._box = None if person is None else bounding_box(person)
            self._shapes.clear()
        if self._timer is None or not _is_continuation(before, view):
            self.draw_frame()

    def watch_reduced(self) -> None:
        """Move, or move no more."""
        self.draw_frame()

    def on_resize(self) -> None:
        """Draw as large as there is room now."""
        self.draw_frame()

    def draw_frame(self) -> None:
        """Draw the moment, and come back for the next one while something moves."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        moment = self._moment()
        if self._person is None or moment is None or not self.has_room:
            self.draw((), None)
            return
        self.draw(self._shapes_at(self._person, moment), self._box)
        if self._is_animated and not self._is_pacer_driven and is_animated(self._person, moment, reduced=self.reduced):
            wait_ms = CALM_FRAME_MS if moves_only_breath(self._person, moment) else FRAME_MS
            self._timer = self.set_timer(wait_ms / 1_000, self.draw_frame)

    @property
    def is_calm(self) -> bool:
        """Whether nothing but the breath moves now."""
        moment = self._moment()
        return self._person is not None and moment is not None and moves_only_breath(self._person, moment)

    def _shapes_at(self, person: Person, moment: FigureState) -> tuple[Shape, ...]:
        """The shapes of a moment; every breath and every rep comes to the same ones."""
        key = (moment, self.reduced)
        shapes = self._shapes.get(key)
        if shapes is None:
            self._shapes[key] = shapes = shapes_at(person, moment, reduced=self.reduced)
        return shapes

    @property
    def _is_animated(self) -> bool:
        return self.view is not None and self.view.snapshot.state in _ANIMATED_STATES

    @property
    def _is_pacer_driven(self) -> bool:
        """Whether each frame comes with a view, so that it is drawn together with the pacer."""
        return self.view is not None and is_pacer_moving(self.view.snapshot, reduced=self.reduced)

    def _moment(self) -> FigureState | None:
        """What the figure does now; between two views its time goes on by itself, a frame at a time."""
        if self.view is None:
            return None
        snapshot = self.view.snapshot
        since_ms = (self._clock() - self._view_time_s) * 1_000 * self.speed if self._is_animated else 0.0
        elapsed_ms = round((snapshot.elapsed_ms + since_ms) / FRAME_MS) * FRAME_MS
        if snapshot.duration_ms is not None:
            elapsed_ms = min(elapsed_ms, snapshot.duration_ms)
        return figure_state_at(self.view.timeline, snapshot.index, elapsed_ms, snapshot.duration_ms)


def _is_continuation(before: RunView | None, after: RunView | None) -> bool:
    """Whether nothing happened between two views but the passing of time."""
    if before is None or after is None:
        return False
    one, other = before.snapshot, after.snapshot
    same = before.timeline is after.timeline and (one.index, one.state) == (other.index, other.state)
    return same and one.elapsed_ms <= other.elapsed_ms and one.duration_ms == other.duration_ms
