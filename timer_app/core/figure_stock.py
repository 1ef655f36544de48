"""Ready-made poses, in the notation of files: what most exercises begin from."""

from __future__ import annotations

from functools import cache
from typing import Any

from timer_app.core.figure import View
from timer_app.core.figure_pose_keys import PoseKeys

_SIDE: dict[str, dict[str, Any]] = {
    "standing": {"pelvis": [50, 45.5], "trunk": 91, "arm": {"angles": [-92, -84]}, "leg": {"foot": [50, 3]}},
    "sitting": {
        "pelvis": [46, 28],
        "trunk": 90,
        "arm": {"hand": [60, 32]},
        "leg": {"foot": [67, 3]},
    },
    "long-sitting": {
        "pelvis": [30, 6],
        "trunk": 92,
        "arm": {"hand": [52, 11]},
        "leg": {"foot": [72.5, 4], "toes": 80},
    },
    "all-fours": {
        "pelvis": [33, 25.5],
        "trunk": 17,
        "arm": {"hand": [60, 2.5]},
        "leg": {"knee": [34, 3.5], "foot": [13, 3], "toes": 180},
    },
    "push-up": {
        "pelvis": [46.5, 23],
        "trunk": 20,
        "arm": {"hand": [72, 2.5]},
        "leg": {"foot": [7, 7], "toes": -75},
    },
    "lying-back": {
        "pelvis": [50, 6],
        "trunk": 180,
        "head": 0,
        "arm": {"angles": [-6, 0]},
        "leg": {"foot": [78, 3]},
    },
    "lying-front": {
        "pelvis": [46, 6],
        "trunk": 0,
        "head": 4,
        "arm": {"angles": [182, 180]},
        "leg": {"angles": [181, 183], "toes": 188},
    },
}
_FRONT: dict[str, dict[str, Any]] = {
    "standing": {"pelvis": [50, 45.5], "arm": {"angles": [-99, -93]}, "leg": {"foot": [43, 3], "toes": 206}},
    "sitting": {
        "pelvis": [50, 28],
        "arm": {"hand": [40, 27]},
        "leg": {"foot": [42, 3], "short": [0.35, 0.95], "toes": 206},
    },
    "lying-front": {
        "pelvis": [50, 52],
        "arm": {"angles": [-100, -93]},
        "leg": {"angles": [-94, -91], "toes": -90},
    },
}
STOCK: dict[View, dict[str, dict[str, Any]]] = {"side": _SIDE, "front": _FRONT}


@cache
def stock(view: View, name: str) -> PoseKeys | None:
    """The ready-made pose of that name; `None` where there is none."""
    keys = STOCK[view].get(name)
    return None if keys is None else PoseKeys.model_validate(keys)
