"""What a figure does follows from the place on the timeline; shipped exercises are the examples."""

from __future__ import annotations

import pytest

from tests.core.compiling import plan
from timer_app.core.compiler.compile import compile_session
from timer_app.core.figures.animation import FigureState, pose_at
from timer_app.core.figures.model import Pose
from timer_app.core.figures.skeleton import solve_pose
from timer_app.core.player.figure_moment import figure_at, figure_state_at
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Timeline
from timer_app.library import exercises as catalogue
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths

SHIPPED = catalogue.read_catalogue([paths.shipped_sessions_dir() / "exercises"], SoundLibrary(())).exercises


def timeline_of(name: str, **step: object) -> Timeline:
    data = {"schema": 1, "name": "A", "steps": [{"exercise": name, **step}]}
    return compile_session(Session.model_validate(data), plan(catalogue=SHIPPED)).timeline


def _work(timeline: Timeline) -> list[int]:
    return [index for index, phase in enumerate(timeline.phases) if phase.kind == "work"]


def test_the_part_of_a_flow_is_known_on_the_timeline() -> None:
    timeline = timeline_of("cat-cow")
    cat, cow, again = _work(timeline)[:3]
    assert [figure_state_at(timeline, index, 2_000, 4_000).part for index in (cat, cow, again)] == [0, 1, 0]
    assert figure_state_at(timeline, cow, 2_000, 4_000).rep_fraction == 0.75
    figure = figure_at(timeline, cat)
    assert figure is not None
    assert figure.by_parts


def test_a_step_with_other_parts_goes_evenly_over_them() -> None:
    timeline = timeline_of("cat-cow", flow=[{"name": "All", "for": "6s"}], rounds=2)
    figure = figure_at(timeline, _work(timeline)[0])
    assert figure is not None
    assert not figure.by_parts


def test_what_is_before_work_shows_that_work() -> None:
    timeline = timeline_of("wall-squat")
    doing = [
        figure_state_at(timeline, index, 0, phase.duration_ms).activity for index, phase in enumerate(timeline.phases)
    ]
    figures = [figure_at(timeline, index) is not None for index in range(len(timeline.phases))]
    assert doing == ["neutral", "ready", "hold", "neutral"]
    assert figures == [True, True, True, False]


def test_a_side_view_faces_the_side_that_is_worked_and_a_front_view_is_mirrored_for_the_right() -> None:
    for name, turned in (("ball-upper-trapezius", [True, False]), ("upper-trapezius-stretch", [False, True])):
        timeline = timeline_of(name)
        assert [figure_state_at(timeline, index, 0, 1_000).mirrored for index in _work(timeline)] == turned


def test_sides_of_an_authors_own_are_not_mirrored_but_go_the_way_round() -> None:
    timeline = timeline_of("arm-circles")
    moments = [figure_state_at(timeline, index, 0, 1_000) for index in _work(timeline)]
    assert {moment.is_second_side for moment in moments} == {False, True}
    assert not any(moment.mirrored for moment in moments)


def _around(name: str, *, second: bool) -> list[Pose]:
    """The poses of one circle, in tenths of its parts."""
    exercise = SHIPPED[name]
    assert exercise.figure is not None
    figure = exercise.figure.figure
    moments = (
        FigureState("cycle", part=part, fraction=tenth / 10, is_second_side=second)
        for part in (0, 1)
        for tenth in range(10)
    )
    return [pose_at(figure, moment) for moment in moments]


@pytest.mark.parametrize(("second", "way"), [(False, 1), (True, -1)])
def test_circles_of_the_shoulders_go_forward_over_the_top_and_then_backward(second: bool, way: int) -> None:
    places = [solve_pose("side", pose).joints["near-shoulder"] for pose in _around("shoulder-circles", second=second)]
    top = max(range(len(places)), key=lambda index: places[index][1])
    assert way * (places[(top + 2) % len(places)][0] - places[top - 2][0]) > 0


@pytest.mark.parametrize(("second", "way"), [(False, 1), (True, -1)])
def test_circles_of_the_arms_go_towards_the_eye_over_the_top_and_then_away(second: bool, way: int) -> None:
    poses = _around("arm-circles", second=second)
    heights = [solve_pose("front", pose).joints["left-hand"][1] for pose in poses]
    top = heights.index(max(heights))
    assert way * (poses[top - 2].arms[0].short[0] - poses[(top + 2) % len(poses)].arms[0].short[0]) > 0


def test_every_shipped_exercise_has_a_figure() -> None:
    assert [name for name, exercise in SHIPPED.items() if exercise.figure is None] == []
