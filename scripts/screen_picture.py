"""Draws what the app shows as an SVG: every cell of one size, and blocks and lines as shapes.

A terminal draws blocks from edge to edge of its cells. A font leaves a line of the ground between its rows, which
cuts large digits into stripes.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import chain, groupby
from typing import NamedTuple, cast

from rich.cells import cell_len
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.app import App

CELL_WIDTH, CELL_HEIGHT = 10, 20
_FONT = "DejaVu Sans Mono"
_FONT_SIZE = 16.6  # its letters are as wide as a cell
_BASELINE = 15
_MARGIN = 16
_CORNER = 12
# Parts of a cell: from the left, from the top, width, height.
_BLOCKS: dict[str, list[tuple[float, float, float, float]]] = {
    **{char: [(0, 1 - (at + 1) / 8, 1, (at + 1) / 8)] for at, char in enumerate("▁▂▃▄▅▆▇")},
    **{char: [(0, 0, (at + 1) / 8, 1)] for at, char in enumerate("▏▎▍▌▋▊▉")},
    # By the bits left above, right above, left below, right below.
    **{
        char: [(bit % 2 / 2, bit // 2 / 2, 0.5, 0.5) for bit in range(4) if bits >> bit & 1]
        for bits, char in enumerate("▘▝▀▖▌▞▛▗▚▐▜▄▙▟█", start=1)
    },
    "▔": [(0, 0, 1, 1 / 8)],
    "▕": [(7 / 8, 0, 1 / 8, 1)],
}
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_RADIUS = 5
# From the middle of a cell to its sides: left, right, up, down; each with the thickness of the line.
_LINES = {
    "─": (1, 1, 0, 0), "━": (3, 3, 0, 0), "│": (0, 0, 1, 1), "┃": (0, 0, 3, 3), "╸": (3, 0, 0, 0), "╺": (0, 3, 0, 0),
    "┌": (0, 1, 0, 1), "┐": (1, 0, 0, 1), "└": (0, 1, 1, 0), "┘": (1, 0, 1, 0), "├": (0, 1, 1, 1), "┤": (1, 0, 1, 1),
}  # fmt: skip
_ROUND_CORNERS = {"╭": (1, 1), "╮": (-1, 1), "╯": (-1, -1), "╰": (1, -1)}  # where the ends are, across and down


class _Run(NamedTuple):
    """Cells beside each other in one style."""

    column: int
    row: int
    text: str
    style: Style


def screen_svg(app: App[None]) -> str:
    """The screen of a running app."""
    columns, rows = app.size
    ground = app.screen.rich_style.bgcolor
    colour = ground.triplet.hex if ground and ground.triplet else "#101418"
    width, height = columns * CELL_WIDTH + 2 * _MARGIN, rows * CELL_HEIGHT + 2 * _MARGIN
    runs = list(_runs(app))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">',
        f'<rect width="{width}" height="{height}" rx="{_CORNER}" fill="{colour}"/>',
        f'<g transform="translate({_MARGIN} {_MARGIN})" font-family="{_FONT}" font-size="{_FONT_SIZE}">',
        *(_rect(run.column, run.row, cell_len(run.text), _colours(run.style)[1], colour) for run in runs),
        *(part for run in runs for part in _drawn(run)),
        "</g></svg>",
    ]
    return "\n".join(filter(None, parts))


def _runs(app: App[None]) -> Iterator[_Run]:
    # There is no public way to the cells.
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)  # noqa: SLF001
    for row, strips in enumerate(cast("LayoutUpdate", update).strips):
        column = 0
        for segment in chain.from_iterable(strips):
            yield _Run(column, row, segment.text, segment.style or Style())
            column += cell_len(segment.text)


def _colours(style: Style) -> tuple[str, str]:
    """Ink and ground of a style."""
    ink = style.color.triplet.hex if style.color and style.color.triplet else "#e6e6e6"
    ground = style.bgcolor.triplet.hex if style.bgcolor and style.bgcolor.triplet else ""
    return (ground or "#101418", ink) if style.reverse else (ink, ground)


def _rect(column: int, row: int, cells: int, fill: str, besides: str) -> str:
    if not fill or fill == besides:
        return ""
    x, y, width = column * CELL_WIDTH, row * CELL_HEIGHT, cells * CELL_WIDTH
    return f'<rect x="{x}" y="{y}" width="{width}" height="{CELL_HEIGHT}" fill="{fill}" shape-rendering="crispEdges"/>'


def _drawn(run: _Run) -> Iterator[str]:
    ink, _ = _colours(run.style)
    column = run.column
    for is_shape, group in groupby(run.text, key=lambda char: bool(_shapes(char))):
        text = "".join(group)
        if is_shape:
            yield from (
                part for at, char in enumerate(text) for part in _placed(_shapes(char), column + at, run.row, ink)
            )
        elif text.strip():
            yield _text(text, column, run.row, run.style, ink)
        column += cell_len(text)


def _text(text: str, column: int, row: int, style: Style, ink: str) -> str:
    looks = ' font-weight="bold"' * bool(style.bold) + ' text-decoration="underline"' * bool(style.underline)
    looks += ' fill-opacity="0.6"' * bool(style.dim)
    # A letter by itself: in a font in which some are wider than others, those after them would leave their cells.
    places, at = [], column
    for char in text:
        places.append(str(at * CELL_WIDTH))
        at += cell_len(char)
    y = row * CELL_HEIGHT + _BASELINE
    return f'<text xml:space="preserve" x="{" ".join(places)}" y="{y}" fill="{ink}"{looks}>{escape(text)}</text>'


Shape = tuple[str, dict[str, float | str]]


def _placed(shapes: list[Shape], column: int, row: int, ink: str) -> Iterator[str]:
    for name, given in shapes:
        attributes = dict(given)
        colour = f'fill="none" stroke="{ink}"' if name == "path" else f'fill="{ink}" shape-rendering="crispEdges"'
        places = " ".join(f'{key}="{value}"' for key, value in attributes.items())
        yield f'<{name} {places} {colour} transform="translate({column * CELL_WIDTH} {row * CELL_HEIGHT})"/>'


def _shapes(char: str) -> list[Shape]:
    """The shapes of a block or a line in its cell; none for a letter."""
    if char in _BLOCKS:
        width, height = CELL_WIDTH, CELL_HEIGHT
        return [_box(x * width, y * height, across * width, down * height) for x, y, across, down in _BLOCKS[char]]
    if char in _SHADES:
        name, box = _box(0, 0, CELL_WIDTH, CELL_HEIGHT)
        return [(name, {**box, "fill-opacity": _SHADES[char]})]
    if char in _ROUND_CORNERS:
        across, down = _ROUND_CORNERS[char]
        x, y = CELL_WIDTH / 2, CELL_HEIGHT / 2
        arc = f"M{x + across * x},{y} Q{x},{y} {x},{y + down * _RADIUS} V{y + down * y}"
        return [("path", {"d": arc, "stroke-width": 1})]
    return list(_line_shapes(_LINES[char])) if char in _LINES else []


def _line_shapes(thickness: tuple[int, int, int, int]) -> Iterator[Shape]:
    x, y = CELL_WIDTH / 2, CELL_HEIGHT / 2
    left, right, up, down = thickness
    for thick, start, end in ((left, 0.0, x), (right, x, float(CELL_WIDTH))):
        if thick:
            yield _box(start, y - thick / 2, end - start, thick)
    for thick, start, end in ((up, 0.0, y), (down, y, float(CELL_HEIGHT))):
        if thick:
            yield _box(x - thick / 2, start, thick, end - start)


def _box(x: float, y: float, width: float, height: float) -> Shape:
    return "rect", {"x": x, "y": y, "width": width, "height": height}
