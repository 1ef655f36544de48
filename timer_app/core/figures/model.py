"""A drawn person: its poses, the keys between which it moves, and the things around it.

Lengths are in hundredths of the box, x to the right and y up from the floor. Angles are in degrees, counted
anticlockwise from the right. A figure in the side view faces right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
View = Literal["side", "front", "back"]
PropKind = Literal["thing", "muscle", "spot", "arrow", "sign"]
OtherSide = Literal["mirror", "reverse", "same"]

HEAD = 6.5
NECK = 11.5
TRUNK = 28.0
SHOULDERS = 9.0
HIPS = 4.5
ARM = (16.0, 15.0)
LEG = (22.0, 21.0)
FOOT = 7.0
THUMB = 6.5


@dataclass(frozen=True, slots=True)
class Limb:
    """An arm or a leg.

    Attributes:
        upper: The direction of the bone at the body.
        lower: The direction of the other bone.
        target: Where its end is held; the bones follow. A name means a joint of the body; `None` for free limbs.
        by: How far from that joint.
        bend: On which side of the straight line the elbow or knee lies: 1 anticlockwise, -1 clockwise.
        short: How long its bones look, as shares; a bone that points at the eye looks short.
        behind: It is behind the trunk and the head.
        thumb: Where the thumb of an arm points; `None` for a hand without one.
    """

    upper: float = -90.0
    lower: float = -90.0
    target: Point | str | None = None
    by: Point = (0.0, 0.0)
    bend: int = 1
    short: Point = (1.0, 1.0)
    behind: bool = False
    thumb: float | None = None

    def visible_lengths(self, bones: Point) -> Point:
        """How long the bones look."""
        return bones[0] * self.short[0], bones[1] * self.short[1]


@dataclass(frozen=True, slots=True)
class Pose:
    """A person at one moment.

    Attributes:
        pelvis: Where the trunk begins.
        trunk: The direction from the pelvis to the neck.
        curve: By how much the spine turns on its way, clockwise; in the side view a round back is positive.
        head: By how much the head is turned clockwise out of the line of the neck.
        chin: How far the head is in front of the neck.
        turn: How far the chest is turned towards a side; in the front view it makes the shoulders narrower.
        bow: How far the head is bowed towards the viewer, in the front view.
        look: Where the nose points, from -90 to 90; 0 is straight ahead.
        breath: How full the lungs are, from 0 to 1.
        shoulders: How far they are moved, forward or outward, and up.
        arms: The near and the far one, or the left and the right one.
        legs: The same for the legs.
        toes: Where the toes point.
        ball: The middle of the ball; `None` for none.
        roller: The middle of the roller; `None` for none.
    """

    pelvis: Point
    trunk: float = 90.0
    curve: float = 0.0
    head: float = 0.0
    chin: float = 0.0
    turn: float = 0.0
    bow: float = 0.0
    look: float = 0.0
    breath: float = 0.0
    shoulders: Point = (0.0, 0.0)
    arms: tuple[Limb, Limb] = (Limb(), Limb())
    legs: tuple[Limb, Limb] = (Limb(), Limb())
    toes: Point = (0.0, 0.0)
    ball: Point | None = None
    roller: Point | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A pose, and when it is reached: in parts from the start of a cycle."""

    at: float
    pose: Pose


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing or a sign made of one line with round ends.

    Attributes:
        line: Its points; offsets from the joint where it has one. A single point is a disc.
        radius: Half its thickness.
        joint: The joint that carries it along; `None` for a thing that stays where it is.
        to: Another joint, with which its last point moves; those in between are drawn along.
        front: It is drawn over the person.
        kind: What it means: a thing, a muscle at work, a sore spot, an arrow, or another sign.
    """

    line: tuple[Point, ...]
    radius: float
    joint: str | None = None
    to: str | None = None
    front: bool = False
    kind: PropKind = "thing"


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around the person.

    Attributes:
        wall: Where a wall stands; `None` for none.
        chair: Where the middle of a seat is; `None` for none.
        mat: A mat lies on the floor.
        floor: There is a floor; without one everything is seen from above.
        props: Things of its own.
    """

    wall: float | None = None
    chair: float | None = None
    mat: bool = False
    floor: bool = True
    props: tuple[Prop, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A person who does an exercise.

    Attributes:
        view: From where it is seen.
        start: How it begins to get ready, and how it rests.
        keys: Through which poses it goes and then begins anew, ordered by time; one for a hold without movement.
        length: How many parts a cycle has.
        by_parts: Each part of a rep or flow has its share of the cycle; otherwise it goes evenly over the rep.
        even: It moves on through the keys instead of coming to rest in each.
        other_side: How the second side differs from the first.
        scene: What stands around it.
        close: Only what is above the pelvis is seen, and so larger.
    """

    view: View
    start: Pose
    keys: tuple[Key, ...]
    length: int = 1
    by_parts: bool = False
    even: bool = False
    other_side: OtherSide = "mirror"
    scene: Scene = Scene()
    close: bool = False

    @property
    def poses(self) -> tuple[Pose, ...]:
        """Every pose it takes."""
        return (self.start, *(key.pose for key in self.keys))
