"""What differs between two sessions, in words and as data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.wording.difference import (
    SessionContent,
    StepContent,
    compare_sessions,
    content_lines,
    difference_lines,
    difference_to_dict,
)

NAMES = st.sampled_from(["Wall squat", "Curl", "Cat and cow", "Row"])
DOSES = st.sampled_from(["30 s", "2 × 20 s each side", "10 reps", ""])
STEPS = st.lists(st.builds(StepContent, NAMES, DOSES), max_size=5).map(tuple)
LINES = st.lists(st.sampled_from(["Go.", "Half way.", "Breathe out."]), unique=True, max_size=3).map(tuple)
MUSCLES = st.dictionaries(st.sampled_from(["trapezius", "rhomboids"]), st.integers(1_000, 90_000))
CONTENTS = st.builds(
    SessionContent, st.just("Mine"), st.integers(0, 900_000), st.integers(0, 90_000), MUSCLES, STEPS, LINES
)


@given(CONTENTS, CONTENTS)
def test_all_steps_and_lines_of_both_are_accounted_for_in_their_order(
    before: SessionContent, after: SessionContent
) -> None:
    difference = compare_sessions(before, after)
    assert tuple(old for old, _ in difference.steps if old) == before.steps
    assert tuple(new for _, new in difference.steps if new) == after.steps
    kept = [line for line in before.lines if line not in difference.lines_lost]
    assert sorted([*kept, *difference.lines_gained]) == sorted(after.lines)


@given(CONTENTS, CONTENTS)
def test_the_other_way_round_what_was_lost_is_gained(before: SessionContent, after: SessionContent) -> None:
    there, back = compare_sessions(before, after), compare_sessions(after, before)
    assert there.lines_lost == back.lines_gained
    assert there.is_empty == back.is_empty
    for key in ("total_ms", "work_ms"):
        assert difference_to_dict(there)[key] == difference_to_dict(back)[key][::-1]


@given(CONTENTS)
def test_a_session_does_not_differ_from_itself(content: SessionContent) -> None:
    assert list(difference_lines(compare_sessions(content, content))) == [("", "No difference.")]


def test_what_changes_is_told_in_words() -> None:
    before = SessionContent(
        "Back",
        600_000,
        90_000,
        {"trapezius": 60_000},
        (StepContent("Squat", "30 s"), StepContent("Row", "8 reps")),
        ("Go.",),
    )
    after = SessionContent(
        "Back",
        480_000,
        80_000,
        {"rhomboids": 50_000},
        (StepContent("Squat", "20 s"), StepContent("Curl", "")),
        ("Now.",),
    )
    assert [f"{sign} {line}" for sign, line in difference_lines(compare_sessions(before, after))] == [
        "~ Length: 10:00 -> 8:00 (-2:00)",
        "~ Work: 1:30 -> 1:20 (-10 s)",
        "~ rhomboids: 0 s -> 50 s (+50 s)",
        "~ trapezius: 1:00 -> 0 s (-1:00)",
        "~ Squat: 30 s -> 20 s",
        "- Row: 8 reps",
        "+ Curl",
        "- “Go.”",
        "+ “Now.”",
    ]
    assert list(content_lines(before))[:2] == ["Back, 10:00", "Work: 1:30"]
