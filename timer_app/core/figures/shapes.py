"""What a picture is made of: thick lines in layers, and the rectangle that is shown."""

from __future__ import annotations

from typing import Literal, NamedTuple

from timer_app.core.figures.model import Point

# A muscle is a tint of the body; a sign, such as an arrow, tells something; a spot is where it hurts.
Layer = Literal["scene", "far", "body", "near", "eye", "muscle", "thing", "sign", "spot"]
Ground = Literal["nothing", "floor", "mat"]


class Shape(NamedTuple):
    """A line as thick as twice its radius with round ends; a single point is a disc.

    Attributes:
        layer: What it is part of.
        points: The line.
        radius: Half its thickness.
        clear: How far around it everything drawn before is taken away.
    """

    layer: Layer
    points: tuple[Point, ...]
    radius: float
    clear: float = 0.0


class Box(NamedTuple):
    """A rectangle, and what it stands on."""

    left: float
    bottom: float
    right: float
    top: float
    ground: Ground = "nothing"
