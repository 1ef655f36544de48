"""Draws every pose of every figure of the catalogue on one sheet a file of exercises, for people to look at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

from PIL import Image, ImageDraw

from timer_app.core.figures.drawing import bounding_box, draw_figure
from timer_app.core.figures.model import Figure, Point, Pose
from timer_app.core.figures.shapes import Box, Shape
from timer_app.library.exercises import read_exercise_file
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths
from timer_app.system.files import parse_file, toml_files

PICTURES = Path(__file__).parents[1] / "docs" / "pictures" / "figures"
SIZE, LABEL, FINER = 200, 16, 3
BELOW = 3.0  # the ground and a little more, in units of the figure
BEHIND, FLOOR, WORDS = (18, 20, 26), (90, 98, 108), (225, 228, 232)
COLOURS = {
    "scene": (120, 130, 140),
    "thing": (235, 180, 90),
    "far": (70, 95, 120),
    "body": (120, 190, 240),
    "near": (190, 230, 255),
    "eye": (70, 95, 120),
    "muscle": (215, 105, 110),
    "sign": (130, 205, 120),
    "spot": (255, 90, 90),
}


class Paper:
    """A square picture around the box of a figure."""

    def __init__(self, box: Box) -> None:
        wide, bottom = box.right - box.left, box.bottom - (BELOW if box.ground != "nothing" else 0.0)
        side = max(wide, box.top - bottom)
        left = (box.left + box.right - side) / 2
        self._box = Box(left, bottom, left + side, bottom + side)
        self._scale = SIZE * FINER / side
        self._image = Image.new("RGB", (SIZE * FINER, SIZE * FINER), BEHIND)
        self._pen = ImageDraw.Draw(self._image)

    def draw(self, shape: Shape) -> None:
        """A shape, with room around it where it wants that."""
        if shape.clear:
            self._line(shape.points, shape.radius + shape.clear, BEHIND)
        self._line(shape.points, shape.radius, COLOURS[shape.layer])

    def floor(self) -> None:
        """The ground below everything."""
        self._line(((self._box.left, -2.0), (self._box.right, -2.0)), 1.2, FLOOR)

    def finished(self) -> Image.Image:
        """The picture in its size."""
        return self._image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)

    def _at(self, point: Point) -> Point:
        return (point[0] - self._box.left) * self._scale, (self._box.top - point[1]) * self._scale

    def _line(self, points: tuple[Point, ...], radius: float, colour: tuple[int, int, int]) -> None:
        for x, y in map(self._at, points):
            wide = radius * self._scale
            self._pen.ellipse((x - wide, y - wide, x + wide, y + wide), fill=colour)
        for (x0, y0), (x1, y1) in pairwise(points):
            length = hypot(x1 - x0, y1 - y0) or 1.0
            across, up = -(y1 - y0) / length * radius, (x1 - x0) / length * radius
            corners = ((x0 + across, y0 + up), (x1 + across, y1 + up), (x1 - across, y1 - up), (x0 - across, y0 - up))
            self._pen.polygon([self._at(corner) for corner in corners], fill=colour)


def picture(figure: Figure, pose: Pose) -> Image.Image:
    """A pose of a figure."""
    box = bounding_box(figure)
    paper = Paper(box)
    if box.ground != "nothing":
        paper.floor()
    for shape in draw_figure(figure, pose):
        paper.draw(shape)
    return paper.finished()


def figures_in(path: Path) -> Iterator[tuple[str, Figure]]:
    """The figures of a file of exercises, by the ids of those."""
    found, _ = read_exercise_file(parse_file(path), SoundLibrary.default(), path.parent)
    for name, exercise in (found.exercises if found else {}).items():
        if exercise.figure is not None:
            yield name, exercise.figure.figure


def sheet(figures: list[tuple[str, Figure]]) -> Image.Image:
    """A row for each figure: its start, and then its keys."""
    columns = max(len(figure.poses) for _, figure in figures)
    image = Image.new("RGB", (columns * SIZE, len(figures) * (SIZE + LABEL)), BEHIND)
    pen = ImageDraw.Draw(image)
    for row, (name, figure) in enumerate(figures):
        top = row * (SIZE + LABEL)
        pen.text((4, top + 2), name, fill=WORDS)
        for column, pose in enumerate(figure.poses):
            image.paste(picture(figure, pose), (column * SIZE, top + LABEL))
    return image


def main() -> None:
    """Draw the sheets of the files named, or of all that are shipped."""
    folder = paths.shipped_sessions_dir() / "exercises"
    PICTURES.mkdir(parents=True, exist_ok=True)
    for path in toml_files(folder):
        figures = list(figures_in(path))
        if figures and (len(sys.argv) == 1 or path.stem in sys.argv[1:]):
            sheet(figures).save(PICTURES / f"{path.stem}.png", optimize=True)
            print(PICTURES / f"{path.stem}.png")


if __name__ == "__main__":
    main()
