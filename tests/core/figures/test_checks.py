"""Faults of figures are told with their places, all at once."""

from __future__ import annotations

import pytest

from timer_app.core.diagnostics.problems import LocatedProblem
from timer_app.core.diagnostics.source import parse_toml
from timer_app.core.diagnostics.validate import validate_source
from timer_app.core.session.exercise import ExerciseFile

HEAD = 'schema = 1\n[exercises.a]\nname = "A"\nsay = "Do."\nhold = 3\n[exercises.a.figure]\n'
REPS = HEAD.replace("hold = 3", 'reps = 3\ntempo = [{ name = "up", for = 2 }, { name = "down", for = 2 }]')
POSES = "[exercises.a.figure.poses]\n"
FAULTS = {
    "a pose there is not": (HEAD, 'keys = ["standin"]', '7:9 there is no pose "standin" in this view'),
    "neither keys nor parts": (
        HEAD,
        "mat = true",
        "6:1 a figure has either keys or parts; this one has neither",
    ),
    "parts of a hold": (HEAD, 'parts = { up = "standing" }', "7:11 the exercise has no parts with names"),
    "an unknown part": (
        REPS,
        'parts = { up = "standing", don = "sitting" }',
        '8:28 the exercise has no part "don"',
    ),
    "a part too few": (
        REPS,
        'parts = { up = "standing" }',
        "8:9 the figure lacks parts, or has them in another order",
    ),
    "times that fall": (
        HEAD,
        'keys = [{ pose = "standing", at = 0.5 }, { pose = "sitting", at = 0.2 }]',
        "7:67 is not after the key before it",
    ),
    "a hand that slips": (
        HEAD,
        f'keys = ["all-fours", "y"]\nbase = ["hands"]\n{POSES}y = {{ from = "all-fours", arm = {{ hand = [53, 3] }} }}',
        '10:42 the near-hand slips by 7.0 from "all-fours" to "y"',
    ),
    "a foot out of reach": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", leg = {{ foot = [90, 3] }} }}',
        "9:41 the near-foot does not get there: it is 15.4 too far or too near for its bones",
    ),
    "a knee off the bones": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", leg = {{ foot = [50, 3], knee = [70, 20] }} }}',
        "9:57 the knee is 32.4 from the hip and off the bones by 17.1",
    ),
    "a joint below the floor": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "all-fours", leg = {{ angles = [-90, -90] }} }}',
        "9:5 the near-foot is 17.5 below the floor",
    ),
    "a joint there is not": (HEAD, 'keys = ["standing"]\nbase = ["feed"]', '8:9 there is no joint "feed" in this view'),
    "a thing carried by a joint there is not": (
        HEAD,
        'keys = ["standing"]\nprops = [{ line = [[0, 0]], joint = "near-hend" }]',
        '8:37 there is no joint "near-hend" in this view',
    ),
    "a muscle to a joint there is not": (
        HEAD,
        'keys = ["standing"]\nprops = [{ kind = "muscle", joint = "neck", to = "heat", line = [[0, 0], [0, 0]] }]',
        '8:50 there is no joint "heat" in this view',
    ),
    "a muscle to a joint from nowhere": (
        HEAD,
        'keys = ["standing"]\nprops = [{ kind = "muscle", to = "head", line = [[0, 0], [0, 0]] }]',
        "8:29 to needs a joint and two points",
    ),
    "a thing without a line": (HEAD, 'keys = ["standing"]\nprops = [{ line = [] }]', "8:19 must not be empty"),
    "a limb of the other view": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", left_arm = {{ angles = [0, 0] }} }}',
        "9:26 the side view has no left_arm",
    ),
    "a hand that does not touch what it is held at": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", arm = {{ hand = "head", by = [0, 14] }} }}',
        "9:41 the near-hand does not touch the head: it is 14.0 away",
    ),
    "a ball in the floor": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", ball = [60, 0.5] }}',
        "9:33 the ball is 1.3 below the floor",
    ),
    "a roller in the wall": (
        HEAD,
        f'keys = ["y"]\nwall = 20\n{POSES}y = {{ from = "standing", roller = [21, 40] }}',
        "10:35 the roller is 2.9 inside the wall",
    ),
    "an arrow of one point": (
        HEAD,
        'keys = ["standing"]\nprops = [{ kind = "arrow", line = [[0, 0]] }]',
        "8:35 an arrow needs two points",
    ),
    "a hand nowhere": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", arm = {{ hand = "hed" }} }}',
        '9:41 "hed" is no place for a hand',
    ),
    "a pose of itself": (HEAD, f'keys = ["y"]\n{POSES}y = {{ from = "y" }}', "9:14 comes from itself"),
    "a point too far away": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", pelvis = [47, 430] }}',
        "9:35 430 is too far away",
    ),
    "an arm held twice": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", arm = {{ hand = "hip", angles = [0, 0] }} }}',
        "9:32 is not held in exactly one way",
    ),
}


def check(text: str) -> list[LocatedProblem]:
    source = parse_toml(text, "exercises.toml")
    return source.collected(validate_source(ExerciseFile, source)[1])


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_place(name: str) -> None:
    head, text, reported = FAULTS[name]
    found = check(head + text)
    assert [f"{one.line}:{one.column} {one.message}" for one in found] == [reported]
    assert all(one.allowed for one in found)


def test_all_faults_are_told_at_once() -> None:
    poses = (
        'x = { from = "standing", leg = { foot = [90, 3] } }',
        'y = { from = "all-fours", trunk = -60 }',
        'z = { from = "all-fours", arm = { hand = [5, 90] } }',
    )
    found = check(f'{HEAD}keys = ["x"]\n{POSES}' + "\n".join(poses))
    assert {one.line for one in found} == {9, 10, 11}
