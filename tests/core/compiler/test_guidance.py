"""What is still said of a session the better it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.compiling import HOLD, Step, heard, plan, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.timeline.model import Timeline

CAUTIONS = ["Stop if it hurts.", "Ask somebody if you are unsure."]
STEPS: tuple[Step, ...] = (
    {
        **HOLD,
        "hold": "60s",
        "say": "Back on the wall.",
        "begin": "At the tone, slide down.",
        "finish": "And slide up.",
        "reminders": ["Heels heavy."],
        "sides": "each",
        "sets": 2,
        "cues": [{"at": "10s", "say": "Easy."}],
    },
    {"name": "Row", "reps": 3, "say": "Elbows close."},
)


def _timeline(times_done: int | None, **changes: Any) -> Timeline:
    planned = replace(plan(), times_done=times_done, fades=True, **changes)
    return compile_session(session(*STEPS, cautions=CAUTIONS), planned).timeline


def _told(timeline: Timeline) -> list[str]:
    return [line.cue.text for line in heard(timeline, "speech")]


def test_before_the_first_run_cautions_are_said_in_full_and_the_tones_explained() -> None:
    opening = _told(_timeline(0))[:4]
    assert opening == ["Test.", *CAUTIONS, "A rising tone begins, a falling tone ends."]


def test_once_they_are_known_cautions_are_one_sentence_and_still_shown() -> None:
    timeline = _timeline(1)
    assert _told(timeline)[:3] == ["Test.", "Pain that is sharp or wrong means stop.", "Squat."]
    assert timeline.phases[0].text == " ".join(CAUTIONS)


def test_where_nobody_knows_how_often_it_was_done_all_is_said_but_what_the_tones_mean() -> None:
    assert _told(_timeline(None))[:4] == ["Test.", *CAUTIONS, "Squat."]


@pytest.mark.parametrize(
    ("times_done", "explained", "reminded"), [(2, True, True), (3, False, True), (9, False, True), (10, False, True)]
)
def test_after_three_records_names_sides_and_reminders_are_left(
    times_done: int, explained: bool, reminded: bool
) -> None:
    told = _told(_timeline(times_done))
    assert ("Back on the wall." in told, "At the tone, slide down." in told) == (explained, explained)
    assert ("Heels heavy." in told) == reminded
    assert {"Squat.", "Left side first.", "Right side.", "Easy.", "And slide up.", "3"} <= set(told)


def test_after_ten_records_hardly_more_than_tones_is_left() -> None:
    told = _told(_timeline(10))
    assert not {"60 seconds.", "Rest.", "The last set is next.", "The last exercise."} & set(told)
    assert len(told) < len(_told(_timeline(3))) < len(_told(_timeline(2)))


@pytest.mark.parametrize("changes", [{"fades": False}, {"verbosity": "brief"}])
def test_nothing_fades_where_that_is_turned_off_or_a_verbosity_asked_for(changes: dict[str, Any]) -> None:
    made, planned = session(*STEPS), replace(plan(), **{"fades": True, **changes})
    known, new = (compile_session(made, replace(planned, times_done=done)).timeline for done in (20, 1))
    assert _told(known) == _told(new)
