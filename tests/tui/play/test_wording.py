from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.viewing import at
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command
from timer_app.core.timeline.dose import Dose, DoseOrigin, SetQuestion
from timer_app.core.timeline.model import Measure, Phase, Timeline
from timer_app.core.wording.formatting import countdown_text
from timer_app.core.wording.phases import position_text
from timer_app.testing import (
    hold,
    measure,
    overrun,
    phase,
    prepare,
    reps,
    rest,
    say,
    self_paced,
    step,
    switch,
    timeline,
    wait,
)
from timer_app.tui.play import wording
from timer_app.tui.play import wording as upcoming


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0"), (7, "7"), (59, "59"), (60, "1:00"), (90, "1:30"), (3_600, "1:00:00"), (3_723, "1:02:03")],
)
def test_seconds_stand_alone_under_a_minute(seconds: int, text: str) -> None:
    assert countdown_text(seconds) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "30"), (1, "30"), (999, "30"), (1_000, "29"), (29_000, "1"), (29_999, "1")]
)
def test_the_time_left_shows_its_last_second_as_one(ms: int, text: str) -> None:
    assert wording.big_time(at(timeline(hold(30_000)), ms).snapshot) == text


@pytest.mark.parametrize(("ms", "text"), [(0, "0"), (999, "0"), (1_000, "1"), (29_999, "29")])
def test_a_hold_may_count_upward(ms: int, text: str) -> None:
    assert wording.big_time(at(timeline(hold(30_000, count_up=True)), ms).snapshot) == text


def test_past_its_time_a_hold_counts_on_with_a_plus() -> None:
    view = at(timeline([hold(10_000), overrun()]), 75_000)
    assert wording.big_time(view.snapshot) == "+1:05"


def test_reps_are_counted_not_timed() -> None:
    run = timeline(reps(10, 1_000, 2_000))
    assert wording.big_time(at(run, 4_500).snapshot) == "2/10"


def test_reps_at_ones_own_pace_count_up_to_the_number() -> None:
    view = at(timeline(self_paced(8)), 0, Command.COUNT_REP, Command.COUNT_REP)
    assert wording.big_time(view.snapshot) == "2/8"
    assert wording.phase_progress(view.snapshot) == 0.25


def test_a_dose_is_named_once() -> None:
    ten, day = Dose("reps", 10), date(2026, 3, 4)
    run = timeline(step("Rows", prepare(5_000), reps(10, 1_000, 2_000), kind="reps", dose=ten))
    assert wording.detail_line(at(run, 0)) == "(10 reps)"
    assert wording.detail_line(at(run, 9_000)) == "Rep 2 of 10"
    origin = DoseOrigin("reps", 10, 15, 0, day, None, "kept")
    grown = replace(run, steps=(replace(run.steps[0], dose_origin=origin),))
    assert wording.detail_line(at(grown, 0)) == "10 reps today: first time, goal 15 reps"
    twice = replace(grown, steps=(replace(grown.steps[0], dose=Dose("reps", 10, 2)),))
    assert wording.detail_line(at(twice, 0)).startswith("(2 × 10 reps)   10 reps today")


def test_rounds_by_one_clock_are_counted_beside_the_time() -> None:
    clock = timeline(step("Cindy", hold(60_000, counts_rounds=True, rounds=3), kind="rounds"))
    view = at(clock, 0, Command.COUNT_ROUND)
    assert wording.big_time(view.snapshot) == "1:00"
    assert wording.detail_line(view) == "1 of 3 rounds done"
    assert wording.hint(view, {}) == "Press Space after each round."
    assert wording.go_label(view) == "Count"
    assert wording.visible_state(view) != wording.visible_state(at(clock, 0))


def test_after_a_pause_three_two_one_is_counted() -> None:
    player = Player(timeline(hold(30_000)))
    player.send(Command.START, 0)
    player.send(Command.PAUSE, 5_000)
    player.send(Command.RESUME, 6_000)
    shown = []
    for ms in (6_000, 7_000, 8_000, 9_000):
        player.advance(ms)
        shown.append(wording.big_time(player.snapshot(ms)))
    assert shown == ["3", "2", "1", "25"]


@given(st.integers(0, 29_999), st.booleans())
def test_the_figure_stands_until_the_moment_told_and_changes_then(ms: int, count_up: bool) -> None:
    run = timeline(hold(30_000, count_up=count_up), rest(10_000))
    view = at(run, ms)
    wait_ms = wording.next_change_ms(view.snapshot)
    assert wait_ms is not None
    assert wording.big_time(at(run, ms + wait_ms - 1).snapshot) == wording.big_time(view.snapshot)
    assert wording.big_time(at(run, ms + wait_ms).snapshot) != wording.big_time(view.snapshot)


def test_a_run_that_stands_has_no_next_change() -> None:
    assert wording.next_change_ms(at(timeline(hold(30_000)), 5_000, Command.PAUSE).snapshot) is None
    assert wording.next_change_ms(at(timeline(wait()), 5_000).snapshot) is None


@pytest.mark.parametrize(
    ("run", "word"),
    [
        (timeline(prepare(5_000)), "PREPARE"),
        (timeline(step("Squat", hold(5_000))), "HOLD"),
        (timeline(step("Squat", hold(5_000, side="left"))), "HOLD LEFT"),
        (timeline(step("Press", self_paced(5), kind="reps")), "WORK"),
        (timeline(step("Cow", hold(5_000, part="Breathe in"), kind="flow")), "BREATHE IN"),
        (timeline(switch(5_000, side="right")), "SWITCH"),
        (timeline(rest(5_000)), "REST"),
        (timeline(wait()), "WAIT"),
        (timeline(measure()), "MEASURE"),
    ],
)
def test_one_word_says_what_to_do(run: Timeline, word: str) -> None:
    assert wording.phase_word(at(run, 0)) == word


def test_a_pause_says_how_to_go_on_with_the_key_it_has_now() -> None:
    view = at(timeline(hold(30_000)), 5_000, Command.PAUSE)
    assert wording.phase_word(view) == "PAUSED"
    assert wording.hint(view, {"go": "x"}) == "Press x to go on. Paused for 0 s."
    assert "slept" in wording.hint(replace(view, slept=True), {})


def asked(key: SetQuestion, planned: str, duration_ms: int | None) -> Phase:
    """A question about a set."""
    about = Measure(key, "How much?", 0, None, "kg", of_set=key, planned=planned)
    return phase("measure", duration_ms, measure=about)


def test_what_the_user_ends_counts_up() -> None:
    assert wording.big_time(at(timeline(hold(None, count_up=True)), 75_400).snapshot) == "1:15"
    more = self_paced(8, is_open_ended=True, reps_before=8)
    assert wording.big_time(at(timeline(more), 0, Command.COUNT_REP).snapshot) == "9/8+"
    assert wording.big_time(at(timeline(self_paced(None, is_open_ended=True)), 0, Command.COUNT_REP).snapshot) == "1"


def test_a_question_about_a_set_is_nothing_to_announce() -> None:
    run = timeline(step("Row", hold(5_000)), asked("load", "20 kg", 5_000), rest(5_000), step("Plank", hold(5_000)))
    assert wording.next_line(at(run, 0)).startswith("Next: Hold")


@pytest.mark.parametrize(
    ("run", "reported"),
    [
        (timeline(wait()), "Press Enter when you are ready."),
        (timeline(measure()), "0 to 10, then Enter; Enter alone passes it over."),
        (timeline(measure("reach", 0, 120, unit="cm")), "0 to 120 cm, then Enter; Enter alone passes it over."),
        (timeline(measure("mood", None, None)), "Type a number and press Enter; Enter alone passes it over."),
        (timeline(self_paced(5)), "Press Space after each rep, Enter when you are done."),
        (timeline(overrun()), "The time is reached. Stay as long as you like, then press Enter."),
        (timeline(hold(5_000)), ""),
        (timeline(self_paced(None, is_open_ended=True)), "Press Space after each rep, Enter to end the set."),
        (timeline(hold(None, count_up=True)), "As long as you can, then press Enter."),
        (timeline(hold(None, distance="400 m")), "Press Enter when you are there."),
        (timeline(asked("load", "20 kg", 10_000)), "A number of kg, then Enter, or wait: 20 kg as planned."),
        (timeline(asked("load", "", 10_000)), "A number of kg, then Enter, or wait: it goes on."),
        (timeline(asked("load", "20 kg", None)), "Type a number and press Enter; Enter alone is as planned."),
    ],
)
def test_what_waits_says_what_to_press(run: Timeline, reported: str) -> None:
    assert wording.hint(at(run, 0), {}) == reported


def test_set_side_rep_and_round_stand_in_one_line_and_single_ones_do_not() -> None:
    full = hold(1_000, set=2, sets=3, side="left", rep=4, reps=10, round=1, rounds=2)
    assert position_text(full) == "Set 2 of 3 · left · rep 4 of 10 · round 1 of 2"
    assert position_text(hold(1_000, set=1, sets=1, round=1, rounds=1)) == ""


def test_what_comes_next_is_something_to_do_not_a_rest() -> None:
    run = timeline(
        step("A", hold(1_000, label="A")),
        rest(1_000),
        step("B", prepare(1_000), hold(1_000, label="B"), dose=Dose("hold", 20_000)),
    )
    assert upcoming.next_line(at(run, 0)) == "Next: B\n20 s"
    assert upcoming.next_line(at(run, 1_500)) == "Next: B\n20 s"


def test_a_step_that_waits_is_announced_by_what_it_asks_for() -> None:
    run = timeline(step("A", hold(1_000)), step("Fetch a pillow.", wait("Fetch a pillow."), kind="wait"))
    assert upcoming.next_line(at(run, 0)) == "Next: Fetch a pillow."


@pytest.mark.parametrize(
    ("run", "label"),
    [(timeline(measure()), "Pause"), (timeline(wait()), "Go on"), (timeline(self_paced(5)), "Count")],
)
def test_the_key_of_the_moment_is_labelled_with_what_it_does(run: Timeline, label: str) -> None:
    assert wording.go_label(at(run, 0)) == label


def test_while_preparing_what_comes_next_is_what_follows_the_exercise() -> None:
    run = timeline(
        step("A", prepare(1_000, label="A"), hold(1_000, label="A", side="left"), hold(1_000, label="A", side="right")),
    )
    assert upcoming.next_line(at(run, 0)) == "Next: A\nRight · 1 s"
    assert upcoming.next_line(at(run, 2_500)) == "Nothing comes after this."


def test_after_the_last_activity_what_is_still_to_come_is_named() -> None:
    closing = replace(say("Done.", 2_000), step=None)
    made = timeline(step("A", hold(1_000)), step("That was hard.", say("That was hard.", 1_000), kind="say"), closing)
    run = replace(made, phases=(*made.phases[:-1], replace(made.phases[-1], step=None)))
    lines = [upcoming.next_line(at(run, ms)) for ms in (0, 1_500, 2_500)]
    assert lines == ["Next: That was hard.", "The end comes next.", "Nothing comes after this."]


@pytest.mark.parametrize(
    ("work", "kind", "word"),
    [
        (hold(1_000), "hold", "HOLD"),
        (hold(1_000, side="left"), "hold", "HOLD LEFT"),
        (hold(1_000, word="Sprint"), "hold", "SPRINT"),
        (hold(1_000, word="Sprint", side="left"), "hold", "SPRINT LEFT"),
        (self_paced(3), "reps", "WORK"),
        (self_paced(3, word="Press"), "reps", "PRESS"),
        (hold(1_000, part="squeeze", rep=1, reps=2), "reps", "SQUEEZE"),
        (hold(1_000, part="squeeze", rep=1, reps=2, word="Row"), "reps", "ROW"),
    ],
)
def test_the_big_word_says_what_the_body_does_or_what_the_author_wants(work: Phase, kind: str, word: str) -> None:
    assert wording.phase_word(at(timeline(step("A", work, kind=kind)), 0)) == word


def test_a_text_that_is_only_the_name_is_not_shown_twice() -> None:
    assert upcoming.instruction(at(timeline(hold(1_000, label="A", text="A")), 0)) == ""
