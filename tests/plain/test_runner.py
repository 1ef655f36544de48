from __future__ import annotations

import os
import pty
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

import pytest

from tests.plain.plain_runs import FakeLiveRun, SleepyStage, Typist, play
from timer_app.core.player.states import State
from timer_app.core.timeline.dose import Dose, DoseOrigin
from timer_app.core.timeline.model import Cue, JumpRule, Measure, Phase, StepInfo, Timeline
from timer_app.core.timeline.utterance import Utterance
from timer_app.core.wording.formatting import clock_text, length_text
from timer_app.plain.line_input import LineReader
from timer_app.plain.runner import PlainRun

if TYPE_CHECKING:
    from timer_app.run.live import LiveRun

PREPARE = Phase(
    "prepare", "Wall squat", 6_000, 0, 0, text="Back flat on the wall.", cues=(Cue(0, Utterance("Wall squat."), 900),)
)
HOLD = Phase(
    "work",
    "Wall squat",
    30_000,
    0,
    1,
    set=1,
    sets=2,
    side="left",
    cues=(
        Cue(0, "start", 500),
        Cue(15_000, Utterance("Halfway."), 700),
        Cue(27_000, Utterance("3"), 400, from_end=True),
    ),
)
REST = Phase("rest", "Rest", 10_000, None, 2, up_next="Heel raise", cues=(Cue(0, Utterance("Rest."), 400),))
WAIT = Phase("wait", "Wait", None, 1, 3, text="Fetch the roller.")
ASK = Phase("measure", "Pain", None, 2, 4, text="How strong?", measure=Measure("pain", "How strong?", 0, 10))
FREE = Phase("work", "Heel raise", None, 3, 5, self_paced=True, reps=2)
STEPS = (
    StepInfo("Wall squat", "hold", Dose("hold", 30_000, 2, sides=("left", "right"))),
    StepInfo("Wait", "wait"),
    StepInfo("Pain", "measure"),
    StepInfo("Heel raise", "reps", Dose("reps", 2)),
)
GROWN = DoseOrigin("hold", 30_000, 40_000, 3_000, date(2026, 3, 4), date(2026, 3, 2), "grown")


def timeline(*phases: Phase) -> Timeline:
    return Timeline("Short one", phases, STEPS)


def tempo(reps: int) -> list[Phase]:
    return [
        Phase("work", "Blade squeeze", 1_000, 3, 9, part=part, rep=rep, reps=reps)
        for rep in range(1, reps + 1)
        for part in ("squeeze", "hold")
    ]


def test_a_hold_is_told_with_its_time_its_place_and_what_the_coach_adds() -> None:
    played = play(timeline(PREPARE, HOLD, REST), answers=False)
    assert played.status == 0
    assert played.reported == [
        "   0:00  PREPARE   Wall squat: Back flat on the wall.  (6 s)",
        "   0:06  HOLD      Wall squat, left, set 1 of 2  (30 s)",
        "   0:21  COACH     Halfway.",
        "   0:36  REST      next: Heel raise  (10 s)",
        "   0:46  FINISHED  Short one",
        "Time: 46 s, 30 s of it at work.",
        "  Wall squat: 1 set (left), 30 s (planned: 2 × 30 s each side)",
    ]


def test_a_dose_that_grows_is_explained_when_it_is_prepared_for_and_in_the_summary() -> None:
    steps = (replace(STEPS[0], dose_origin=GROWN), *STEPS[1:])
    played = play(replace(timeline(PREPARE, HOLD, PREPARE), steps=steps), answers=False)
    assert played.lines("DOSE") == ["Wall squat: 30 s today (+3 s since Monday)"]
    assert played.reported[-1] == "  Wall squat: 30 s today (+3 s since Monday)"


def test_reps_at_a_tempo_are_one_line_and_one_for_each_rep() -> None:
    played = play(timeline(*tempo(2)), answers=False)
    assert played.lines("REPS") == ["Blade squeeze: 2 reps  (4 s)"]
    assert played.lines("REP") == ["1 of 2", "2 of 2"]


def test_a_rep_at_a_tempo_is_printed_as_it_begins_like_the_voice_says_its_number() -> None:
    played = play(timeline(*tempo(2)), answers=False)
    assert [line.split()[0] for line in played.reported if " REP " in line] == ["0:00", "0:02"]


def test_a_single_rep_or_round_is_told_as_one() -> None:
    assert play(timeline(*tempo(1)), answers=False).lines("REPS") == ["Blade squeeze: 1 rep  (2 s)"]
    cat = Phase("work", "Cat-cow", 4_000, 0, 0, part="Cat", round=1, rounds=1)
    assert play(timeline(cat), answers=False).lines("FLOW") == ["Cat-cow: 1 round  (4 s)"]


def test_the_parts_of_a_flow_are_told_one_by_one() -> None:
    parts = [
        Phase("work", "Cat-cow", 4_000, 0, 0, part=part, text=text, round=number, rounds=2)
        for number in (1, 2)
        for part, text in (("Cat", "Round your back."), ("Cow", "Sink."))
    ]
    played = play(timeline(*parts), answers=False)
    assert played.lines("FLOW") == ["Cat-cow: 2 rounds  (16 s)"]
    assert played.lines("PART") == ["Cat: Round your back.  (4 s)", "Cow: Sink.  (4 s)", "Cat  (4 s)", "Cow  (4 s)"]


def test_an_instruction_is_told_once_in_a_run() -> None:
    again = replace(PREPARE, unit=7, round=2, rounds=2)
    played = play(timeline(PREPARE, HOLD, again), answers=False)
    assert played.lines("PREPARE") == ["Wall squat: Back flat on the wall.  (6 s)", "Wall squat, round 2 of 2  (6 s)"]


def test_a_rest_tells_what_it_is_for_and_what_follows() -> None:
    own = replace(REST, text="Shake it out.")
    between = replace(REST, text="The exercise's instruction.", up_next="Wall squat", set=2, sets=2, side="left")
    played = play(timeline(own, between, replace(REST, up_next="")), answers=False)
    assert played.lines("REST") == [
        "Shake it out. next: Heel raise  (10 s)",
        "next: Wall squat, left, set 2 of 2  (10 s)",
        "Rest  (10 s)",
    ]


def test_a_rest_that_is_all_the_time_to_get_ready_explains_what_follows() -> None:
    work = replace(HOLD, text="Back flat on the wall.", unit=9)
    steps = (replace(STEPS[0], dose_origin=GROWN), *STEPS[1:])
    made = replace(timeline(replace(REST, up_next="Wall squat"), work), steps=steps)
    played = play(made, answers=False)
    assert played.lines("REST") == ["next: Wall squat, left, set 1 of 2: Back flat on the wall.  (10 s)"]
    assert played.lines("DOSE") == ["Wall squat: 30 s today (+3 s since Monday)"]


def test_work_that_begins_without_any_time_to_get_ready_is_explained_as_it_begins() -> None:
    work = replace(HOLD, text="Back flat on the wall.", word="Stay")
    played = play(timeline(work, replace(work, unit=3, set=2)), answers=False)
    assert played.lines("STAY") == ["Wall squat, left, set 1 of 2  (30 s)", "Wall squat, left, set 2 of 2  (30 s)"]
    assert played.lines("COACH").count("Back flat on the wall.") == 1


def test_a_rest_between_rounds_names_the_place_of_what_follows_not_its_own() -> None:
    between = replace(REST, round=2, rounds=2)
    inner = replace(PREPARE, unit=7, label="Heel raise", round=1, rounds=3)
    assert play(timeline(between, inner), answers=False).lines("REST") == ["next: Heel raise, round 1 of 3  (10 s)"]


def test_a_question_about_a_side_names_the_side() -> None:
    played = play(timeline(replace(ASK, side="left", duration_ms=1_000)), answers=False)
    assert played.lines("ASK") == ["Left: How strong?  (goes on by itself after 1 s)"]


def test_a_hold_past_its_time_goes_on_until_it_is_ended() -> None:
    over = replace(HOLD, duration_ms=None, overrun=True, cues=())
    played = play(timeline(HOLD, over), [(42_000, "")])
    assert (
        played.lines("HOLD")[1] == "Wall squat, left, set 1 of 2: past its time, as long as you like  (Enter goes on)"
    )
    assert played.live_run.recorder.record.work_ms == 42_000


def test_steps_that_wait_go_on_by_what_is_typed() -> None:
    typed = [(2_000, ""), (3_000, "7"), (4_000, ""), (5_000, "")]
    played = play(timeline(WAIT, ASK, FREE), typed)
    assert played.status == 0
    assert played.lines("WAIT") == ["Fetch the roller.  (Enter goes on)"]
    assert played.lines("ASK") == ["How strong?  (0 to 10; Enter passes it over)"]
    assert played.lines("ANSWER") == ["7"]
    assert played.lines("REPS") == ["Heel raise: 2 reps at your own pace  (Enter counts one)"]
    assert played.lines("REP") == ["1 of 2", "2 of 2"]
    assert played.live_run.recorder.record.answers[0].value == 7
    assert played.reported[-1] == "  Pain: 7"


ABOUT = Measure("load", "With which load?", 0, None, "kg", of_set="load", planned="20 kg")


def test_a_question_about_a_set_goes_on_as_planned_by_itself() -> None:
    played = play(
        timeline(HOLD, replace(ASK, measure=ABOUT, text=ABOUT.prompt, duration_ms=10_000), WAIT), [(50_000, "")]
    )
    assert played.lines("ASK") == [
        "With which load?  (a number kg; Enter for as planned; it goes on as planned, 20 kg, after 10 s)"
    ]
    assert played.lines("ANSWER") == ["as planned"]


def test_work_that_the_user_ends_says_how() -> None:
    most = replace(FREE, reps=None, is_open_ended=True, load="20 kg")
    more = replace(FREE, reps=8, is_open_ended=True, reps_before=8, unit=6)
    run = Phase("work", "Run", None, 3, 7, distance="400 m")
    hang = Phase("work", "Hang", None, 3, 8, count_up=True, effort="RPE 9")
    played = play(timeline(most, more, run, hang), [(1_000, ""), (2_000, "n"), (3_000, "n"), (4_000, ""), (5_000, "")])
    assert played.lines("REPS") == [
        "Heel raise: as many reps as you can, 20 kg at your own pace  (Enter counts one, n ends the set)",
        "Heel raise: 8 reps or more at your own pace  (Enter counts one, n ends the set)",
    ]
    assert played.lines("GO") == ["Run: 400 m  (Enter says that you are there)"]
    closed = play(timeline(run).without_open_phases(2_000), answers=False)
    assert closed.lines("GO") == ["Run: 400 m  (goes on by itself after 2 s)"]
    assert played.lines("HOLD") == ["Hang, RPE 9: as long as you can  (Enter ends it)"]


def test_a_set_that_is_paced_at_first_says_that_it_may_have_more() -> None:
    paced = [Phase("work", "Push-up", 3_000, 3, 6, rep=number, reps=2) for number in (1, 2)]
    more = replace(FREE, label="Push-up", step=3, reps=2, is_open_ended=True, reps_before=2, unit=6)
    run = timeline(*paced, more)
    assert play(run, [(7_000, "n")]).lines("REPS") == [
        "Push-up: 2 reps or more  (6 s)",
        "Push-up: as many more as you can  (Enter counts one, n ends the set)",
    ]
    assert play(run.without_open_phases(2_000), answers=False).lines("REPS")[0] == "Push-up: 2 reps or more  (6 s)"


def test_a_number_out_of_range_is_refused_and_asked_again() -> None:
    played = play(timeline(ASK), [(1_000, "11"), (2_000, "")])
    assert played.lines("REFUSED") == ["The answer is a number from 0 to 10."]
    assert played.lines("ANSWER") == ["passed over"]


def test_where_nobody_can_answer_a_step_that_waits_goes_on_and_says_so() -> None:
    closed = timeline(WAIT, ASK, FREE).without_open_phases(2_000)
    played = play(closed, answers=False)
    assert played.status == 0
    assert played.lines("WAIT") == ["Fetch the roller.  (goes on by itself after 2 s)"]
    assert played.lines("ASK") == ["How strong?  (goes on by itself after 2 s)"]
    assert played.lines("REPS") == ["Heel raise: 2 reps at your own pace  (goes on by itself after 2 s)"]


def test_pausing_and_going_on_is_told() -> None:
    played = play(timeline(HOLD), [(5_000, ""), (9_000, "p")])
    assert played.lines("PAUSED") == ["Enter goes on"]
    assert played.lines("READY") == ["Wall squat, in 3 s"]
    assert "   0:12  GOING ON" in played.reported
    assert played.reported[-2] == "Time: 37 s, 30 s of it at work, 7 s paused."


def test_added_time_and_a_set_once_more_are_told() -> None:
    played = play(timeline(HOLD), [(5_000, "+"), (6_000, "-5"), (7_000, "o"), (8_000, "o")])
    assert played.lines("TIME") == ["10 s more", "5 s less"]
    assert played.lines("AGAIN") == ["this set will be repeated", "this set will not be repeated"]


def test_leaving_a_set_says_how_long_it_was_done() -> None:
    played = play(timeline(HOLD, REST), [(12_000, "n")])
    assert played.lines("LEFT") == ["Wall squat, left, set 1 of 2, after 12 s"]
    assert "ended early" in played.reported[-1]


def test_giving_up_ends_with_130_and_a_summary() -> None:
    played = play(timeline(HOLD), [(12_000, "q")])
    assert played.status == 130
    assert played.lines("GIVEN UP") == ["Short one"]
    assert played.reported[-2] == "Time: 12 s, 12 s of it at work."


def test_finishing_early_is_no_giving_up() -> None:
    played = play(timeline(HOLD, REST), [(12_000, "f")])
    assert played.status == 0
    assert played.lines("FINISHED") == ["Short one, before its end"]


def test_help_steps_sound_and_volume_can_be_asked_for() -> None:
    played = play(
        timeline(HOLD), [(1_000, "?"), (2_000, "j"), (3_000, "m"), (4_000, "m"), (5_000, "v 30"), (6_000, "x")]
    )
    assert "  f, finish        finish here" in played.reported
    assert "    4  Heel raise (2 reps)" in played.reported
    assert played.lines("SOUND") == ["off", "on"]
    assert played.lines("VOLUME") == ["30 percent"]
    assert len(played.lines("PARDON")) == 1


def test_the_steps_are_listed_with_what_all_rounds_of_their_block_make() -> None:
    plan = timeline(HOLD)
    in_rounds = replace(
        plan, steps=tuple(replace(step, planned=step.dose and step.dose.times(3)) for step in plan.steps)
    )
    assert "    4  Heel raise (3 × 2 reps)" in play(in_rounds, [(1_000, "j")]).reported


def test_jumping_goes_to_the_step_that_is_listed_under_that_number() -> None:
    played = play(timeline(HOLD, WAIT, FREE), [(1_000, "j 4"), (2_000, "j 9"), (3_000, ""), (4_000, "")])
    assert len(played.lines("REPS")) == 1
    assert len(played.lines("WAIT")) == 0
    assert played.lines("REFUSED") == ["Not now: “jump to a step” — there is no such step in this run."]


def test_notices_of_the_stage_are_told_once() -> None:
    live_run = FakeLiveRun(timeline(HOLD))
    live_run.notices = ["No sound: nothing to play it on; going on silently."]
    played = play(live_run.timeline, live_run=live_run)
    assert played.lines("NOTICE") == ["No sound: nothing to play it on; going on silently."]


def test_preparing_the_voice_is_told_once_and_can_be_given_up() -> None:
    busy = "Preparing the voice: 1 of 4 lines are ready."
    assert play(timeline(HOLD), live_run=FakeLiveRun(timeline(HOLD), busy=5)).reported.count(busy) == 1
    played = play(timeline(HOLD), [(20, "q")], live_run=FakeLiveRun(timeline(HOLD), busy=500))
    assert played.status == 130
    assert played.lines("HOLD") == []


@pytest.mark.parametrize("answers", [True, False])
def test_a_run_that_slept_is_paused_and_goes_on_by_itself_only_where_nobody_can_say_so(answers: bool) -> None:
    typed = [(80_000, "")] if answers else []
    played = play(timeline(HOLD), typed, answers=answers, live_run=SleepyStage(timeline(HOLD)))
    assert len(played.lines("PAUSED")) == 1
    assert "slept" in played.lines("NOTICE")[0]
    assert played.status == 0
    assert played.live_run.recorder.record.work_ms == 30_000
    assert (played.live_run.clock.now_ms() > 100_000) is answers


def test_a_run_interrupted_from_outside_is_given_up_even_if_its_output_is_gone() -> None:
    live_run = FakeLiveRun(timeline(HOLD))

    def gone(_line: str) -> None:
        raise BrokenPipeError

    run = PlainRun(cast("LiveRun", live_run), gone, Typist(live_run.clock), answers=False)
    with pytest.raises(BrokenPipeError):
        run.play()
    run.abort()
    assert live_run.conductor.player.state is State.ABORTED


def test_a_run_that_is_cut_off_keeps_what_was_done_and_does_not_end() -> None:
    live_run, reported = FakeLiveRun(timeline(HOLD)), list[str]()

    def interrupted(limit_ms: float) -> str | None:
        if live_run.clock.now_ms() >= 12_000:
            live_run.clock.advance(30_000)
            raise KeyboardInterrupt
        return Typist(live_run.clock)(limit_ms)

    run = PlainRun(cast("LiveRun", live_run), reported.append, interrupted, answers=False)
    with pytest.raises(KeyboardInterrupt):
        run.play()
    run.suspend()
    assert reported[-1].split() == ["CUT", "OFF", "Short", "one"]
    assert not live_run.conductor.player.state.is_over
    assert live_run.recorder.record.ending == "running"


def test_times_read_like_a_clock_and_lengths_like_a_plan() -> None:
    assert [clock_text(ms) for ms in (0, 6_999, 90_000, 3_600_000, 36_061_000)] == [
        "0:00",
        "0:06",
        "1:30",
        "1:00:00",
        "10:01:01",
    ]
    assert [length_text(ms) for ms in (0, 400, 1_500, 59_499, 59_500, 90_000)] == [
        "0 s",
        "0 s",
        "2 s",
        "59 s",
        "1:00",
        "1:30",
    ]


def received(inbox: LineReader) -> str | None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if (line := inbox(20)) is not None:
            return line
    return None


def test_the_inbox_gives_lines_typed_at_a_terminal_and_takes_its_end_for_giving_up() -> None:
    keyboard, terminal = pty.openpty()
    try:
        inbox = LineReader(terminal)
        assert inbox(1) is None
        os.write(keyboard, b"n\n\n+3")
        assert [received(inbox), received(inbox)] == ["n", ""]
        os.write(keyboard, b"0\n")
        assert received(inbox) == "+30"
        os.write(keyboard, b"\x04")
        assert received(inbox) == "q"
    finally:
        os.close(keyboard)
        os.close(terminal)


def test_an_inbox_without_a_terminal_only_waits() -> None:
    began = time.monotonic()
    assert LineReader(None)(30) is None
    assert time.monotonic() - began >= 0.029


def test_rounds_by_one_clock_are_counted_with_enter_and_summed_up() -> None:
    clock = Phase("work", "Cindy", 60_000, 0, 0, counts_rounds=True, rounds=3)
    played = play(timeline(clock), [(10_000, ""), (20_000, "")])
    assert played.lines("ROUNDS") == ["Cindy: 3 rounds, within 1:00  (Enter counts one)"]
    assert played.lines("ROUND") == ["1 of 3 done", "2 of 3 done"]
    assert played.live_run.recorder.record.steps[0].rounds == 2


def test_a_rest_to_the_end_of_its_round_is_printed_without_a_length_that_may_not_be_true() -> None:
    played = play(timeline(HOLD, replace(REST, until_ms=40_000), HOLD), answers=False)
    assert played.lines("REST") == ["next: Heel raise, left, set 1 of 2  (to the end of the round)"]


def test_an_answer_that_leads_on_says_where_to() -> None:
    asked = replace(ASK, measure=Measure("pain", "How strong?", 0, 10, jumps=(JumpRule(3, 6, 10),)), step=2)
    played = play(timeline(asked, HOLD, REST, FREE), [(1_000, "8"), (3_000, "q")])
    assert played.lines("GO ON") == ["with Heel raise, by your answer"]


def test_another_variant_is_asked_for_in_words() -> None:
    played = play(timeline(HOLD), [(5_000, "easier"), (6_000, "harder")])
    assert played.lines("VARIANT") == ["easier", "harder"]


def test_the_instruction_is_said_again_on_request() -> None:
    played = play(timeline(HOLD), [(5_000, "i"), (6_000, "explain")])
    assert played.lines("EXPLAIN") == ["Stand tall."] * 2
