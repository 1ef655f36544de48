"""Sessions to start from: presets, intervals, and exercises of the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timer_app.core.compiler import EstimatedLengths, compile_session
from timer_app.library.library import Library
from timer_app.library.presets import interval_text, preset_names, preset_summaries, preset_text


def checked(path: Path, text: str) -> Library:
    path.write_text(text, encoding="utf-8")
    library = Library.default()
    assert library.check(path) == []
    return library


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_a_session_without_faults_and_says_what_it_is(tmp_path: Path, name: str) -> None:
    checked(tmp_path / f"{name}.toml", preset_text(name))
    assert preset_summaries()[name]


def test_there_is_no_other_preset() -> None:
    with pytest.raises(KeyError):
        preset_text("../../sessions/desk-break")


def test_intervals_say_their_times_as_screens_do() -> None:
    text = interval_text(["Squats"], 90_000, 10_000, 8, 5_000)
    assert 'summary = "8 × 1:30 of work, 10 s of rest"' in text
    assert 'rest = "5s"\nsay = "Get ready."' in text


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.tuples(st.integers(1, 300), st.integers(0, 120), st.integers(1, 8), st.integers(0, 30)),
    names=st.lists(st.sampled_from(["Squats", "Push-ups", "{{Odd}}", "Plank"]), min_size=1, max_size=4),
)
def test_intervals_last_as_long_as_they_are_written(
    tmp_path: Path, names: list[str], numbers: tuple[int, int, int, int]
) -> None:
    work_s, rest_s, rounds, prepare_s = numbers
    text = interval_text(names, work_s * 1_000, rest_s * 1_000, rounds, prepare_s * 1_000)
    path = tmp_path / "intervals.toml"
    path.write_text(text, encoding="utf-8")
    library = Library.default()
    assert [one for one in library.check(path) if one.severity == "error"] == []
    session, _ = library.load(library.find(str(path)))
    timeline = compile_session(session, library.plan(session, EstimatedLengths(), 0.0, 0)).timeline
    works = len(names) * rounds
    assert [phase.duration_ms for phase in timeline.phases if phase.kind == "work"] == [work_s * 1_000] * works
    assert timeline.total_ms == (prepare_s + works * work_s + (works - 1) * rest_s) * 1_000
