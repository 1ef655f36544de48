"""Draws a pose of a figure as an SVG element for paper: dark on white, sharp at any size."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from timer_app.core.figures import Box, Figure, Layer, Point, Pose, Shape, bounding_box, draw_figure

PAPER = "#ffffff"
_BELOW = 3.0  # the ground, and a little more
_FLOOR = "#b8bfc6"
_MAT = "#8fb7a3"
# Printers have no background: what is near is dark, what is far is light, and signs stand out in grey print too.
COLOURS: dict[Layer, str] = {
    "scene": "#9aa3ab",
    "far": "#b3c3d2",
    "body": "#5f7f9c",
    "near": "#34536f",
    "eye": "#ffffff",
    "muscle": "#c9674f",
    "thing": "#c8902f",
    "sign": "#2f7d4f",
    "spot": "#c0392b",
}


def figure_svg(figure: Figure, pose: Pose, label: str) -> str:
    """A pose as an SVG element.

    Args:
        figure: Whose pose it is.
        pose: The pose.
        label: What it shows, for those who do not see it.
    """
    box = bounding_box(figure)
    bottom = box.bottom - (_BELOW if box.ground != "nothing" else 0.0)
    width, height = box.right - box.left, box.top - bottom
    parts = list(_ground(box))
    for shape in draw_figure(figure, pose):
        parts += _drawn(shape, box.top)
    view = " ".join(f"{number:.1f}" for number in (box.left, 0.0, width, height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="{view}" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(parts)}</svg>'
    )


def _ground(box: Box) -> Iterator[str]:
    if box.ground != "nothing":
        colour = _MAT if box.ground == "mat" else _FLOOR
        yield _line(((box.left, -2.0), (box.right, -2.0)), 1.2, colour, box.top)


def _drawn(shape: Shape, top: float) -> Iterator[str]:
    if shape.clear:
        yield _line(shape.points, shape.radius + shape.clear, PAPER, top)
    yield _line(shape.points, shape.radius, COLOURS[shape.layer], top)


def _line(points: tuple[Point, ...], radius: float, colour: str, top: float) -> str:
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle cx="{x:.1f}" cy="{top - y:.1f}" r="{radius:.1f}" fill="{colour}"/>'
    path = " ".join(f"{x:.1f},{top - y:.1f}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{2 * radius:.1f}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )
