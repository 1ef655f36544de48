"""What the coach chooses to say in the silence of work and rests, and how it chooses."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compiling import FILLERS, HOLD, Step, compiled, heard, phases, plan, said, session, words
from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.pools import APART_MS, WordPools
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.library import phrases as phrase_book

PHRASES = phrase_book.phrases("en")
BREATH = set(PHRASES.breathe)
STILL: Step = {"name": "Rest pose", "hold": "4m", "marks": "none", "say": "Let the floor carry you."}


def _work(step: Step, **more: Any) -> Phase:
    return next(phase for phase in phases(step, **more) if phase.kind == "work")


def _longest_silence_ms(phase: Phase) -> int:
    spoken = [(0, 0), *((cue.offset_ms, cue.end_ms) for cue in phase.cues if cue.kind == "speech")]
    return max(after[0] - before[1] for before, after in pairwise([*spoken, (phase.duration_ms or 0, 0)]))


@given(st.integers(0, 9), st.lists(st.integers(0, 40_000), max_size=40))
def test_no_wording_is_chosen_twice_within_two_minutes(seed: int, steps_ms: list[int]) -> None:
    pools, at_ms, chosen = WordPools(seed), 0, []
    for step_ms in steps_ms:
        at_ms += step_ms
        chosen.append((at_ms, pools.choose(PHRASES.halfway, at_ms)))
    for wording in PHRASES.halfway:
        times_ms = [said_ms for said_ms, one in chosen if one == wording]
        assert all(after - before >= APART_MS for before, after in pairwise(times_ms))


def _told(timeline: Timeline) -> list[str]:
    return [line.cue.text for line in heard(timeline, "speech")]


def test_the_same_choice_gives_the_same_words_and_another_one_others() -> None:
    made, planned = session({**HOLD, "sets": 4}), plan()
    one, same, other = (compile_session(made, replace(planned, wording=n)).timeline for n in (5, 5, 6))
    assert _told(one) == _told(same) != _told(other)


def test_half_of_each_hold_is_told_in_other_words_and_with_a_tone_alone_once_all_have_been_said() -> None:
    made = [phase for phase in phases({**HOLD, "hold": "20s", "sets": 7, "rest": "2s"}) if phase.kind == "work"]
    told = [[line for line in said(phase) if line in PHRASES.halfway] for phase in made]
    assert [lines[0] for lines in told[:5]] == list(PHRASES.halfway)
    assert told[5] == []


def test_a_hold_has_one_reminder_and_a_long_one_three_and_none_twice_in_two_minutes() -> None:
    reminders = ["Heels heavy.", "Knees easy.", "Look ahead.", "Blades down."]
    assert said(_work({**HOLD, "reminders": reminders}))[0] == "Heels heavy."
    told = [[line for line in said(phase) if line in reminders] for phase in phases({**STILL, "reminders": reminders})]
    assert told[1] == ["Heels heavy.", "Knees easy.", "Look ahead."]
    alone = phases({**HOLD, "sets": 3, "reminders": ["Heels heavy."]})
    assert sum("Heels heavy." in said(phase) for phase in alone) == 1


def test_the_coach_does_not_say_in_a_hold_what_the_author_says_in_it() -> None:
    for line in (*PHRASES.company, *PHRASES.encourage, *PHRASES.breathe[1:2]):
        told = said(_work({**STILL, "hold": "3m", "company": "often", "cues": [{"at": "100s", "say": line}]}))
        assert told.count(line) == 1


def test_reminders_keep_away_from_what_the_author_says() -> None:
    cues = [{"at": f"{at}s", "say": "Easy."} for at in (4, 8, 12, 16, 20, 24)]
    assert "Heels heavy." not in said(_work({**HOLD, "reminders": ["Heels heavy."], "cues": cues}))


def test_reminders_and_encouragement_have_their_place_between_the_numbers_of_slow_reps() -> None:
    step: Step = {"name": "Row", "reps": 10, "tempo": "2-3", "reminders": ["Elbows close."]}
    made = [phase for phase in phases(step) if phase.kind == "work"]
    assert [phase.rep for phase in made if "Elbows close." in said(phase)] == [5]
    assert [phase.rep for phase in made if set(said(phase)) & set(PHRASES.encourage)] == [8]


@pytest.mark.parametrize(
    "step",
    [
        {"say": "Breathe out, and stay empty."},
        {"cues": [{"at": "10s", "say": "Inhale."}]},
        {"name": "Breath-hold"},
    ],
)
def test_where_the_author_speaks_of_breathing_the_coach_does_not(step: Step) -> None:
    assert BREATH & set(said(_work({**HOLD, "hold": "3m"})))
    spoken = [line for phase in phases({**HOLD, "hold": "3m", **step}) for line in said(phase)]
    assert not BREATH & set(spoken)
    assert not any("breaths" in line for line in spoken)


def test_a_hold_in_which_something_is_asked_is_not_encouraged_nor_told_in_breaths() -> None:
    step = {**HOLD, "cues": [{"at": "6s", "say": "Does it pull?"}]}
    spoken = [line for phase in phases(step) for line in said(phase)]
    assert not set(PHRASES.encourage) & set(spoken)
    assert "30 seconds." in spoken


@pytest.mark.parametrize(("company", "silence_ms"), [("some", 25_000), ("often", 15_000), (None, 25_000)])
def test_a_sign_of_life_breaks_a_long_silence_in_holds_and_rests(company: str | None, silence_ms: int) -> None:
    defaults = {"company": company} if company else {}
    made = phases(STILL, {"rest": "3m"}, {"measure": "pain"}, defaults=defaults)
    assert all(_longest_silence_ms(phase) <= silence_ms for phase in made if phase.kind in {"work", "rest"})
    assert "Half a minute left." in said(made[1])


@pytest.mark.parametrize(("company", "silence_ms"), [("some", 25_000), ("often", 15_000)])
@pytest.mark.parametrize(("every", "rounds"), [("1m", 15), ("90s", 10)])
def test_it_breaks_the_silence_of_the_rests_of_timed_rounds_too(
    company: str, silence_ms: int, every: str, rounds: int
) -> None:
    # What is said to get ready within a round takes of its rest, and how long that is nobody knows before.
    steps = [{"name": "Plank", "hold": "10s"}, {"name": "Bridge", "hold": "5s", "say": "Slowly. " * 40}]
    for inner, *after in (steps[:1],), (steps, HOLD), (steps, {"measure": "pain"}):
        timed = {"every": every, "rounds": rounds, "steps": inner}
        timeline = compiled(timed, *after, defaults={"company": company}).timeline
        silences_ms = [_longest_silence_ms(phase) for phase in timeline.phases if phase.until_ms is not None]
        assert len(silences_ms) == rounds
        assert max(silences_ms) <= silence_ms


def test_company_displaces_nothing_where_the_rest_of_a_round_turns_out_shorter() -> None:
    block = {"every": "2m", "rounds": 2, "steps": [{"name": "Burpee", "reps": 8, "tempo": "free"}]}
    kept, alone = (compiled(block, defaults={"company": one}).timeline for one in ("often", "none"))
    fillers = {*FILLERS, "1 minute left.", "Half a minute left."}
    for wait_ms in range(1_000, 119_000, 250):
        with_company, without = (
            next(phase for phase in timeline.without_open_phases(wait_ms).phases if phase.until_ms is not None)
            for timeline in (kept, alone)
        )
        assert [line for line in said(with_company) if line not in fillers] == said(without)


def test_a_change_of_sides_has_a_reminder_where_the_author_says_nothing_else_and_there_is_time() -> None:
    step: Step = {**HOLD, "sides": "each", "switch": "12s", "reminders": ["Heels heavy.", "Your {side} knee easy."]}
    changes: list[tuple[Step, list[str]]] = [
        (step, ["Let go slowly.", "Right side.", "Your right knee easy."]),
        ({**step, "reminders": ["Heels heavy."]}, ["Let go slowly.", "Right side."]),
        ({**step, "reminders": []}, ["Let go slowly.", "Right side."]),
        ({**step, "switch": "6s"}, ["Let go slowly.", "Right side."]),
        ({**step, "second_side": "Turn over."}, ["Right side.", "Turn over."]),
    ]
    for one, told in changes:
        (change,) = (phase for phase in phases(one) if phase.kind == "switch")
        assert words(change) == told


def test_without_company_it_is_silent() -> None:
    made = phases({**STILL, "company": "none"}, {"rest": "3m", "company": "none"}, {"measure": "pain"})
    assert "2 minutes left." not in said(made[1])
    assert not FILLERS & set(said(made[2]))
    assert _longest_silence_ms(made[2]) > 150_000


def test_company_of_the_settings_holds_where_the_session_says_nothing() -> None:
    made, planned = session({**STILL, "hold": "60s"}), plan()
    lines = [len(_told(compile_session(made, replace(planned, company=one)).timeline)) for one in ("none", "often")]
    assert lines[0] < lines[1]


def test_in_brief_only_the_author_s_reminders_are_said() -> None:
    work = _work({**STILL, "reminders": ["Heels heavy."]}, verbosity="brief")
    assert [line for line in said(work) if not line.isdigit()] == ["Heels heavy."] * 2


def test_a_hold_that_counts_upward_has_no_silence_to_fill() -> None:
    work = _work({**HOLD, "count": "up", "reminders": ["Heels heavy."]})
    assert all(line.isdigit() for line in said(work))


def test_halves_of_holds_and_of_the_session_are_not_told_close_to_each_other() -> None:
    timeline = compiled({**HOLD, "sets": 12, "rest": "20s"}).timeline
    spoken = list(heard(timeline, "speech"))
    half = next(line for line in spoken if line.cue.text == PHRASES.session_half)
    halves = [line for line in spoken if line.cue.text in PHRASES.halfway]
    assert all(line.end_ms + 10_000 <= half.at_ms or half.end_ms + 10_000 <= line.at_ms for line in halves)
