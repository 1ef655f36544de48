"""The keys of a figure in a file: its limbs, poses and things, and the order in which it goes through its poses."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.fields import NotationError
from timer_app.core.fields import types as f
from timer_app.core.fields.types import Strict
from timer_app.core.figures.model import OtherSide, PropKind, View
from timer_app.core.figures.skeleton import HAND_ANCHORS
from timer_app.core.i18n import N_, _

_FARTHEST = 360
_THICKEST = 40
MAX_LINE = 24
MAX_POSES = 24
MAX_KEYS = 24
MAX_PROPS = 24


def _hold(value: object) -> object:
    """A point, or a joint to be held at."""
    if isinstance(value, list):
        return _pair(value)
    if isinstance(value, str) and value in HAND_ANCHORS:
        return value
    meant = nearest(value, HAND_ANCHORS) if isinstance(value, str) else None
    allowed = _("a point such as [60, 2], or one of {joints}").format(joints=", ".join(HAND_ANCHORS))
    raise NotationError(_("{value} is no place for a hand").format(value=quoted(value)), allowed, meant or "")


def _pair(value: object) -> tuple[float, float]:
    allowed = _("two numbers up to {most}, such as [50, 3]").format(most=_FARTHEST)
    if not (isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))):  # noqa: PLR2004 - a pair
        raise NotationError(_("{value} is no pair of numbers").format(value=quoted(value)), allowed)
    for number in value:
        if not abs(number) <= _FARTHEST:  # nan is no place either
            raise NotationError(_("{number} is too far away").format(number=quoted(number)), allowed)
    return float(value[0]), float(value[1])


_SHARES_ALLOWED = N_("two numbers above 0 and up to 1, such as [0.4, 1]")


def _shares(value: object) -> tuple[float, float]:
    pair = _pair(value)
    if all(0 < share <= 1 for share in pair):
        return pair
    raise NotationError(_("{shares} are no shares").format(shares=f"[{pair[0]:g}, {pair[1]:g}]"), _SHARES_ALLOWED)


def _points(value: object) -> object:
    if value == []:
        raise NotationError(_("must not be empty"), _("points such as [[0, 0], [5, 0]], or one for a disc"))
    return f.as_tuple(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PAIR_SCHEMA = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
Pair = Annotated[tuple[float, float], PlainValidator(_pair), WithJsonSchema(_PAIR_SCHEMA)]
Hold = Annotated[
    tuple[float, float] | str,
    PlainValidator(_hold),
    WithJsonSchema({"anyOf": [_PAIR_SCHEMA, {"enum": list(HAND_ANCHORS)}]}),
]
Shares = Annotated[tuple[float, float], PlainValidator(_shares), WithJsonSchema(_PAIR_SCHEMA)]
Number = Annotated[float, Field(ge=-_FARTHEST, le=_FARTHEST)]
Degrees = Annotated[float, Field(ge=-360, le=360)]


def _one_way(given: list[str], end: str, *, lacks_end: bool) -> None:
    """See that a limb is given in one way.

    Raises:
        PydanticCustomError: It is given in none, in two, or with its middle alone.
    """
    if len(given) != 1 or lacks_end:
        allowed = _("either {end}, or angles").format(end=end)
        said = _("needs a point for its end besides its middle") if lacks_end else _("is not held in exactly one way")
        raise PydanticCustomError("limb", said, {"allowed": allowed})


class ArmKeys(Strict):
    """How an arm is held: at a point, through an elbow, or by the directions of its bones."""

    hand: Hold | None = Field(None, description="Where the hand is held: a point, or a joint of the body.")
    by: Pair | None = Field(None, description="How far from that joint.")
    elbow: Pair | None = Field(None, description="Where the elbow is; it must fit the bones.")
    angles: Pair | None = Field(None, description="The directions of the upper arm and the forearm.")
    flip: bool | None = Field(None, description="Bend the elbow to its other side.")
    behind: bool = Field(False, description="Draw it behind the trunk and the head.")
    short: Shares | None = Field(None, description="How long the two bones look where they point at the eye, 0 to 1.")
    thumb: Degrees | None = Field(None, description="Where the thumb points; without it none is drawn.")

    @model_validator(mode="after")
    def _is_settled(self) -> Self:
        given = [key for key in ("hand", "angles") if getattr(self, key) is not None]
        _one_way(given, "hand", lacks_end=self.elbow is not None and not isinstance(self.hand, tuple))
        if self.by is not None and not isinstance(self.hand, str):
            raise PydanticCustomError(
                "by", _("goes with a joint only"), {"allowed": 'hand = "hip"', "key": "by", "part": "key"}
            )
        return self


class LegKeys(Strict):
    """How a leg stands: on a point, through a knee, or by the directions of its bones."""

    foot: Pair | None = Field(None, description="Where the ankle is; 3 is its height on the floor.")
    knee: Pair | None = Field(None, description="Where the knee is; it must fit the bones.")
    angles: Pair | None = Field(None, description="The directions of the thigh and the shin.")
    flip: bool | None = Field(None, description="Bend the knee to its other side.")
    short: Shares | None = Field(None, description="How long the two bones look where they point at the eye, 0 to 1.")
    toes: Degrees | None = Field(None, description="Where the toes point.")

    @model_validator(mode="after")
    def _is_settled(self) -> Self:
        given = [key for key in ("foot", "angles") if getattr(self, key) is not None]
        _one_way(given, "foot", lacks_end=self.knee is not None and self.foot is None)
        return self


_THICK: dict[PropKind, float] = {"thing": 2.4, "muscle": 4.0, "spot": 1.5, "arrow": 1.8, "sign": 1.4}


class PropKeys(Strict):
    """A thing or a sign of one's own: a line with round ends, or a disc."""

    kind: PropKind = Field(
        "thing",
        description="What it means: a thing, a muscle (a tint of the body), a sore spot (a star), an arrow, or a sign.",
    )

    line: Annotated[tuple[Pair, ...], Field(max_length=MAX_LINE), BeforeValidator(_points)] = Field(
        description="Its points, one for a disc; offsets from the joint where it has one."
    )
    thick: Annotated[float, Field(gt=0, le=_THICKEST)] | None = Field(
        None, description="How thick it is; 2.4 for a thing."
    )
    joint: str | None = Field(None, description="The joint that carries it along, such as near-hand.")
    to: str | None = Field(
        None, description="Another joint, with which its last point moves, so that the line spans both."
    )
    front: bool | None = Field(
        None, description="Draw it over the person; if left out, things are behind and all else is in front."
    )

    @property
    def half_thick(self) -> float:
        """Half its thickness."""
        return (self.thick or _THICK[self.kind]) / 2

    @property
    def is_in_front(self) -> bool:
        """Whether it is drawn over the person."""
        return self.kind != "thing" if self.front is None else self.front

    @model_validator(mode="after")
    def _has_points(self) -> Self:
        if self.kind == "arrow" and len(self.line) == 1:
            raise PydanticCustomError(
                "arrow", _("an arrow needs two points"), {"allowed": "line = [[80, 50], [80, 70]]", "key": "line"}
            )
        if self.to is not None and (self.joint is None or len(self.line) == 1):
            raise PydanticCustomError(
                "to",
                _("to needs a joint and two points"),
                {"allowed": 'joint = "neck", to = "head", line = [[0, 0], [0, -5]]', "key": "to", "part": "key"},
            )
        return self


class PoseKeys(Strict):
    """A pose. What it does not say it takes from the pose it comes from."""

    origin: f.Identifier | None = Field(None, alias="from", description="The pose it differs from.")
    move: Pair | None = Field(None, description="By how much that one is moved as a whole, to the right and up.")
    pelvis: Pair | None = Field(None, description="Where the pelvis is.")
    trunk: Degrees | None = Field(None, description="The direction from the pelvis to the neck; 90 is upright.")
    curve: Degrees | None = Field(None, description="By how much the spine bends; round is positive, hollow negative.")
    head: Degrees | None = Field(None, description="By how much the head nods, or tips to the right.")
    chin: Number | None = Field(None, description="How far the head is in front of the neck.")
    turn: Degrees | None = Field(None, description="How far the chest is turned, as seen from the front.")
    bow: Annotated[float, Field(ge=0, le=90)] | None = Field(
        None, description="How far the head is bowed, as seen from the front or the back."
    )
    look: Degrees | None = Field(None, description="How far the nose is turned; 0 is straight ahead.")
    breath: Annotated[float, Field(ge=0, le=1)] | None = Field(None, description="How full the lungs are, 0 to 1.")
    shoulders: Pair | None = Field(None, description="How far the shoulders are moved: forward or outward, and up.")
    arm: ArmKeys | None = Field(None, description="Both arms.")
    near_arm: ArmKeys | None = Field(None, description="The near arm, in the side view.")
    far_arm: ArmKeys | None = Field(None, description="The far arm, in the side view.")
    left_arm: ArmKeys | None = Field(None, description="The arm on the left, in the front view.")
    right_arm: ArmKeys | None = Field(None, description="The arm on the right, in the front view.")
    leg: LegKeys | None = Field(None, description="Both legs.")
    near_leg: LegKeys | None = Field(None, description="The near leg, in the side view.")
    far_leg: LegKeys | None = Field(None, description="The far leg, in the side view.")
    left_leg: LegKeys | None = Field(None, description="The leg on the left, in the front view.")
    right_leg: LegKeys | None = Field(None, description="The leg on the right, in the front view.")
    ball: Pair | None = Field(None, description="The middle of a ball.")
    roller: Pair | None = Field(None, description="The middle of a roller.")


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


class FigureFields(Strict):
    """What a figure consists of, before anything is known of whether it can be drawn."""

    view: View = Field("side", description='From where it is seen: "side", facing right, "front" or "back".')
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
