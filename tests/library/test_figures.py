"""Figures in files: faults with their places, and those that are shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.library.places import Place
from timer_app.core.compile import compile_session
from timer_app.core.figure_moment import figure_at, moment_at
from timer_app.core.model import Session
from timer_app.core.timeline import Timeline
from timer_app.library import Library

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
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
    "a limb of the other view": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", left_arm = {{ angles = [0, 0] }} }}',
        "9:26 the side view has no left_arm",
    ),
    "a hand nowhere": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", arm = {{ hand = "hed" }} }}',
        '9:41 "hed" is no place for a hand',
    ),
    "a pose of itself": (HEAD, f'keys = ["y"]\n{POSES}y = {{ from = "y" }}', "9:14 comes from itself"),
    "an arm held twice": (
        HEAD,
        f'keys = ["y"]\n{POSES}y = {{ from = "standing", arm = {{ hand = "hip", angles = [0, 0] }} }}',
        "9:32 is not held in exactly one way",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_place(name: str, place: Place) -> None:
    head, text, told = FAULTS[name]
    found = place.library().check(place.write("exercises.toml", head + text))
    assert [f"{one.line}:{one.column} {one.message}" for one in found] == [told]
    assert all(one.allowed for one in found)


def test_all_faults_are_told_at_once(place: Place) -> None:
    poses = (
        'x = { from = "standing", leg = { foot = [90, 3] } }',
        'y = { from = "all-fours", trunk = -60 }',
        'z = { from = "all-fours", arm = { hand = [5, 90] } }',
    )
    found = place.library().check(place.write("exercises.toml", f'{HEAD}keys = ["x"]\n{POSES}' + "\n".join(poses)))
    assert {one.line for one in found} == {9, 10, 11}


@pytest.mark.parametrize("text", re.findall(r"```toml\n(schema = 1\n.*?)```", PAGE, re.DOTALL))
def test_an_example_of_the_page_checks_clean(text: str, place: Place) -> None:
    assert place.library().check(place.write("example.toml", text)) == []


def timeline_of(name: str, **step: object) -> Timeline:
    library = Library.default()
    session = Session.model_validate({"schema": 1, "name": "A", "steps": [{"exercise": name, **step}]})
    return compile_session(session, library.plan(session, library.estimated_lengths("calm"))).timeline


def _work(timeline: Timeline) -> list[int]:
    return [index for index, phase in enumerate(timeline.phases) if phase.kind == "work"]


def test_the_part_of_a_flow_is_known_on_the_timeline() -> None:
    timeline = timeline_of("cat-cow")
    cat, cow, again = _work(timeline)[:3]
    assert [moment_at(timeline, index, 2_000, 4_000).part for index in (cat, cow, again)] == [0, 1, 0]
    assert moment_at(timeline, cow, 2_000, 4_000).rep_fraction == 0.75
    figure = figure_at(timeline, cat)
    assert figure is not None
    assert figure.by_parts


def test_a_step_with_other_parts_goes_evenly_over_them() -> None:
    parts = [{"name": "All", "for": "6s"}]
    library = Library.default()
    step = {"exercise": "cat-cow", "flow": parts, "rounds": 2}
    session = Session.model_validate({"schema": 1, "name": "A", "steps": [step]}, strict=False)
    timeline = compile_session(session, library.plan(session, library.estimated_lengths("calm"))).timeline
    figure = figure_at(timeline, _work(timeline)[0])
    assert figure is not None
    assert not figure.by_parts


def test_what_is_before_work_shows_that_work() -> None:
    timeline = timeline_of("wall-squat")
    doing = [moment_at(timeline, index, 0, phase.duration_ms).doing for index, phase in enumerate(timeline.phases)]
    figures = [figure_at(timeline, index) is not None for index in range(len(timeline.phases))]
    assert doing == ["neutral", "ready", "hold", "neutral"]
    assert figures == [True, True, True, False]


def test_a_side_view_faces_the_side_that_is_worked_and_a_front_view_is_mirrored_for_the_right() -> None:
    for name, turned in (("ball-upper-trapezius", [True, False]), ("upper-trapezius-stretch", [False, True])):
        timeline = timeline_of(name)
        assert [moment_at(timeline, index, 0, 1_000).mirrored for index in _work(timeline)] == turned


def test_sides_of_an_authors_own_are_not_mirrored_but_go_the_way_round() -> None:
    timeline = timeline_of("arm-circles")
    moments = [moment_at(timeline, index, 0, 1_000) for index in _work(timeline)]
    assert {moment.second for moment in moments} == {False, True}
    assert not any(moment.mirrored for moment in moments)
