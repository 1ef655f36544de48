"""A widget that draws shapes, keeps pictures it has drawn, and sends only the cells that differ."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from timer_app.core.figure_shapes import Box, Shape
from timer_app.tui.widgets.figure_cells import Cell, Grid, Rows, cells
from timer_app.tui.widgets.kept import Kept

LEAST = Size(16, 8)
_KEPT = 256  # pictures; a cycle of ten seconds at eight a second has eighty


class FigureCanvas(Kept):
    """Draws what it is given as large as fits; nothing where there is too little room."""

    DEFAULT_CSS = """
    FigureCanvas {
        & > .figure--near { color: $text-primary; }
        & > .figure--body { color: $text-primary 80%; }
        & > .figure--far { color: $text-primary 50%; }
        & > .figure--thing { color: $text-warning; }
        & > .figure--scene { color: $foreground 50%; }
    }
    """
    COMPONENT_CLASSES = {"figure--near", "figure--body", "figure--far", "figure--thing", "figure--scene"}  # noqa: RUF012 - the screen library declares it so

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's word
        super().__init__(id=id)
        self._rows: Rows = ()
        self._strips: dict[int, Strip] = {}
        self._styles: dict[tuple[str | None, str | None], Style] = {}

    @property
    def has_room(self) -> bool:
        """Whether a figure can be made out in the space there is."""
        return self.size.width >= LEAST.width and self.size.height >= LEAST.height

    def draw(self, shapes: Sequence[Shape], box: Box | None) -> None:
        """Show a picture.

        Args:
            shapes: What is drawn, in order.
            box: What must be seen; `None` for an empty picture.
        """
        rows: Rows = ()
        if box is not None and self.has_room:
            rows = picture(tuple(shapes), Grid.around(box, *self.size), self._is_plain)
        if (changed := changed_cells(self._rows, rows)) is not None:
            self._rows = rows
            self._strips = {}
            self.refresh(changed)

    def notify_style_update(self) -> None:
        """Take the new colours."""
        super().notify_style_update()
        self._strips, self._styles = {}, {}

    def render_line(self, y: int) -> Strip:
        """Row `y` of the picture."""
        if y >= len(self._rows) or len(self._rows[y]) != self.size.width:
            return Strip.blank(self.size.width, self.ink)
        if y not in self._strips:
            self._strips[y] = Strip(self._segments(self._rows[y]), self.size.width)
        return self._strips[y]

    @property
    def _is_plain(self) -> bool:
        """Whether colours cannot tell what is far."""
        return bool(os.environ.get("NO_COLOR")) or self.app.console.color_system is None

    def _segments(self, row: Sequence[Cell]) -> list[Segment]:
        grouped = groupby(row, key=lambda cell: (cell.front, cell.back))
        return [Segment("".join(cell.char for cell in group), self._style(*layers)) for layers, group in grouped]

    def _style(self, front: str | None, back: str | None) -> Style:
        if (front, back) not in self._styles:
            style = self.get_component_rich_style(f"figure--{front}") if front else self.ink
            if back:
                behind = self.get_component_rich_style(f"figure--{back}")
                style += Style(bgcolor=behind.color)
            self._styles[front, back] = style
        return self._styles[front, back]


@lru_cache(maxsize=_KEPT)
def picture(shapes: tuple[Shape, ...], grid: Grid, plain: bool) -> Rows:
    """The cells of shapes; movements come round again, and their pictures are kept."""
    return cells(shapes, grid, plain=plain)


def changed_cells(before: Rows, after: Rows) -> Region | None:
    """The smallest region that covers every cell that differs; `None` where none does."""
    if before == after:
        return None
    height = max(len(before), len(after))
    width = max(len(row) for row in (*before, *after))
    if [len(row) for row in before] != [len(row) for row in after]:
        return Region(0, 0, width, height)
    changed = [y for y in range(height) if before[y] != after[y]]
    spans = [_span(before[y], after[y]) for y in changed]
    left, right = min(span[0] for span in spans), max(span[1] for span in spans)
    return Region(left, changed[0], right - left, changed[-1] - changed[0] + 1)


def _span(one: Sequence[Cell], other: Sequence[Cell]) -> tuple[int, int]:
    differing = [x for x, (a, b) in enumerate(zip(one, other, strict=True)) if a is not b and a != b]
    return differing[0], differing[-1] + 1
