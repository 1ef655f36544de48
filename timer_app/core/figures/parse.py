"""Checks the keys of a figure as they are read, and builds the figure that is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Self

from pydantic import ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.figures.builder import build_figure
from timer_app.core.figures.checks import FigureProblem
from timer_app.core.figures.model import Figure
from timer_app.core.figures.schema import FigureFields, KeyPoint, PoseSequence
from timer_app.core.i18n import _


class FigureKeys(FigureFields):
    """A drawn person who does the exercise along."""

    @field_validator("keys", "parts")
    @classmethod
    def _in_order(
        cls, value: PoseSequence | dict[str, PoseSequence] | None
    ) -> PoseSequence | dict[str, PoseSequence] | None:
        for name, keys in (value or {}).items() if isinstance(value, dict) else ((None, value or ()),):
            index = _first_out_of_order(keys)
            if index is not None:
                at = (index, "at") if name is None else (name, index, "at")
                raise PydanticCustomError(
                    "order", _("is not after the key before it"), {"allowed": _("times that rise"), "key": list(at)}
                )
        return value

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if (self.keys is None) == (self.parts is None):
            said = (
                _("a figure has either keys or parts; this one has neither")
                if self.keys is None
                else _("a figure has either keys or parts; this one has both")
            )
            allowed = _("keys for a hold or a whole rep, or parts for a tempo or flow with names")
            raise PydanticCustomError("keys", said, {"allowed": allowed})
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
        allowed = (
            _("the parts in their order: {names}").format(names=", ".join(names))
            if names
            else _("keys instead of parts")
        )
        if strange is None:
            raise PydanticCustomError(
                "parts",
                _("the figure lacks parts, or has them in another order"),
                {"allowed": allowed, "key": ["figure", "parts"]},
            )
        said = (
            _("the exercise has no part {strange}").format(strange=quoted(strange))
            if names
            else _("the exercise has no parts with names")
        )
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
