"""What a file may say about a figure, and how that becomes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from timer_app.core.diagnostics.problems import nearest, quoted
from timer_app.core.fields import types as f
from timer_app.core.fields.types import Strict
from timer_app.core.figures.builder import build_figure
from timer_app.core.figures.checks import FigureProblem
from timer_app.core.figures.model import Figure, OtherSide, View
from timer_app.core.figures.pose_schema import Number, PoseKeys, PropKeys

MAX_POSES = 24
MAX_KEYS = 24
MAX_PROPS = 24


class KeyPoint(Strict):
    """A pose that is reached at a time of one's own."""

    pose: f.Identifier = Field(description="The pose.")
    at: Annotated[float, Field(ge=0, le=1)] = Field(description="When: 0 to 1 of the part, or of the whole cycle.")


def _as_list(value: object) -> object:
    return f.filled_tuple([value] if isinstance(value, str | dict) else value)


_AS_WRITTEN = f.Identifier | KeyPoint | list[f.Identifier | KeyPoint]
PoseSequence = Annotated[
    tuple[KeyPoint | f.Identifier, ...],
    Field(max_length=MAX_KEYS),
    BeforeValidator(_as_list, json_schema_input_type=_AS_WRITTEN),
]


class FigureKeys(Strict):
    """A drawn person who does the exercise along."""

    view: View = Field("side", description='From where it is seen: "side", facing right, or "front".')
    start: f.Identifier | None = Field(None, description="The pose before the work; the first key if left out.")
    keys: PoseSequence | None = Field(None, description="The poses of a hold or of a whole rep, in order.")
    parts: Annotated[dict[f.Name, PoseSequence], Field(min_length=1, max_length=f.MAX_PARTS)] | None = Field(
        None, description="The poses that each part of a tempo or flow leads to, by the part's name."
    )
    even: bool = Field(False, description="Go through the keys without coming to rest in each, as in a circle.")
    other_side: OtherSide = Field("mirror", description="How the second side is drawn.")
    base: f.Names = Field((), description="Joints that stay where they are in all keys, such as hands and feet.")
    wall: Number | None = Field(None, description="Where a wall stands.")
    chair: Number | None = Field(None, description="Where the middle of a seat is, 24 above the floor.")
    floor: bool = Field(True, description="There is a floor; without one the figure is seen from above.")
    close: bool = Field(False, description="Show only what is above the pelvis, and so larger.")
    mat: bool = Field(False, description="A mat lies on the floor.")
    props: Annotated[tuple[PropKeys, ...], Field(max_length=MAX_PROPS), BeforeValidator(f.as_tuple)] = Field(
        (), description="Things of its own, such as a cushion or a band, in the order in which they are drawn."
    )
    poses: Annotated[dict[f.Identifier, PoseKeys], Field(max_length=MAX_POSES)] = Field(
        {}, description="Poses by name; ready-made ones need not be given."
    )

    @field_validator("keys", "parts")
    @classmethod
    def _in_order(
        cls, value: PoseSequence | dict[str, PoseSequence] | None
    ) -> PoseSequence | dict[str, PoseSequence] | None:
        for name, keys in (value or {}).items() if isinstance(value, dict) else ((None, value or ()),):
            place = _first_out_of_order(keys)
            if place is not None:
                at = (place, "at") if name is None else (name, place, "at")
                raise PydanticCustomError(
                    "order", "is not after the key before it", {"allowed": "times that rise", "key": list(at)}
                )
        return value

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if (self.keys is None) == (self.parts is None):
            found = "has neither" if self.keys is None else "has both"
            context = {"allowed": "keys for a hold or a whole rep, or parts for a tempo or flow with names"}
            raise PydanticCustomError("keys", f"a figure has either keys or parts; this one {found}", context)
        _figure, faults = self.built
        if faults:
            raise ValidationError.from_exception_data("figure", [_told(fault) for fault in faults])
        return self

    @cached_property
    def built(self) -> tuple[Figure | None, tuple[FigureProblem, ...]]:
        """The figure, and everything that is wrong with it."""
        return build_figure(self)

    @property
    def figure(self) -> Figure:
        """The figure; a file that was read has only figures without faults."""
        figure, _ = self.built
        if figure is None:
            raise AssertionError("a figure with faults was let through")
        return figure

    def check_parts(self, names: Sequence[str]) -> None:
        """See that it has the parts of its exercise.

        Args:
            names: Those of the tempo or flow; none where it has no named parts.

        Raises:
            PydanticCustomError: It has others.
        """
        if self.parts is None or tuple(self.parts) == tuple(names):
            return
        own = tuple(self.parts)
        strange = next((name for name in own if name not in names), None)
        allowed = f"the parts in their order: {', '.join(names)}" if names else "keys instead of parts"
        if strange is None:
            raise PydanticCustomError(
                "parts",
                "the figure lacks parts, or has them in another order",
                {"allowed": allowed, "key": ["figure", "parts"]},
            )
        said = f"the exercise has no part {quoted(strange)}" if names else "the exercise has no parts with names"
        meant = nearest(strange, names) or ""
        context = {"allowed": allowed, "suggestion": meant, "key": ["figure", "parts", strange], "part": "key"}
        raise PydanticCustomError("parts", said, context)


def _first_out_of_order(keys: Sequence[str | KeyPoint]) -> int | None:
    before = -1.0
    for index, key in enumerate(keys):
        if isinstance(key, KeyPoint):
            if key.at <= before:
                return index
            before = key.at
    return None


def _told(fault: FigureProblem) -> InitErrorDetails:
    context = {"allowed": fault.allowed, "suggestion": fault.suggestion, "part": fault.part}
    error = PydanticCustomError("figure", fault.message.replace("{", "(").replace("}", ")"), context)
    return InitErrorDetails(type=error, loc=fault.path, input=None)
