"""A widget that draws shapes, keeps pictures it has drawn, and sends only the rows that differ."""

from __future__ import annotations

import os
from collections.abc import Hashable, Sequence
from functools import lru_cache
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from timer_app.core.figures.drawing import Box, Shape
from timer_app.tui.widgets.figure_cells import Cell, Grid, Rows, cells
from timer_app.tui.widgets.kept import Kept

LEAST = Size(16, 8)
_PICTURES_CACHED = 256  # pictures; a cycle of ten seconds at eight a second has eighty


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
        if (changed := changed_rows(self._rows, rows)) is not None:
            self._rows = rows
            self.refresh(changed)

    def notify_style_update(self) -> None:
        """Take the new colours."""
        super().notify_style_update()
        self._styles = {}

    def render_line(self, y: int) -> Strip:
        """Row `y` of the picture."""
        if y >= len(self._rows) or len(self._rows[y]) != self.size.width:
            return Strip.blank(self.size.width, self.ink)
        return Strip(self._segments(self._rows[y]), self.size.width)

    def look(self, y: int) -> Hashable | None:
        """The cells of a row."""
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
            style = self.get_component_rich_style(f"figure--{front}") if front else self.ink
            if back:
                behind = self.get_component_rich_style(f"figure--{back}")
                style += Style(bgcolor=behind.color)
            self._styles[front, back] = style
        return self._styles[front, back]


@lru_cache(maxsize=_PICTURES_CACHED)
def picture(shapes: tuple[Shape, ...], grid: Grid, plain: bool) -> Rows:
    """The cells of shapes; movements come round again, and their pictures are kept."""
    return cells(shapes, grid, plain=plain)


def changed_rows(before: Rows, after: Rows) -> Region | None:
    """The smallest region of whole rows that covers all that differ; `None` where none does.

    Whole rows can be kept and sent as they are; a piece of one is cut out anew each time.
    """
    if before == after:
        return None
    height = max(len(before), len(after))
    width = max(len(row) for row in (*before, *after))
    if [len(row) for row in before] != [len(row) for row in after]:
        return Region(0, 0, width, height)
    changed = [y for y in range(height) if before[y] != after[y]]
    return Region(0, changed[0], width, changed[-1] - changed[0] + 1)
