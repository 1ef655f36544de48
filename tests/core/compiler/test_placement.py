"""Where lines find their place, and who gives way to whom."""

from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compiling import PlainLengths, lines, said, sounds
from timer_app.core.compiler.draft import Draft, DraftLine, DroppedLine, PhaseTemplate, Priority, Tone
from timer_app.core.compiler.placement import (
    SENTENCE_MARGINS,
    BusyTimes,
    Interval,
    place_drafts,
    place_lead_in,
    total_ms,
)
from timer_app.core.timeline.model import Phase
from timer_app.core.timeline.utterance import DEFAULT_MANNER, SpeechTiming, Utterance

# A line takes 50 ms a character, and its beat comes after 80 ms.
TEN = "0123456789"


def _draft(*wanted: DraftLine | Tone, durations_ms: tuple[int | None, ...] = (10_000,), grows: bool = False) -> Draft:
    blanks = [
        PhaseTemplate(partial(Phase, "work", "Test", step=0, unit=0), duration_ms) for duration_ms in durations_ms
    ]
    draft = Draft(blanks, grows=grows)
    draft.lines += [one for one in wanted if isinstance(one, DraftLine)]
    draft.tones += [one for one in wanted if isinstance(one, Tone)]
    return draft


def _placed(
    *wanted: DraftLine | Tone, durations_ms: tuple[int | None, ...] = (10_000,)
) -> tuple[tuple[Phase, ...], list[str]]:
    phases, dropped = place_drafts([_draft(*wanted, durations_ms=durations_ms)], PlainLengths())
    return phases, [missed.text for missed in dropped]


def test_lines_without_a_place_follow_one_another_as_listed_after_the_opening_sound() -> None:
    (phase,), _ = _placed(
        Tone("end"), DraftLine(TEN, Priority.NEXT), DraftLine("abcde", Priority.SIDE), DraftLine("fgh", Priority.NEXT)
    )
    assert lines(phase) == {TEN: 700, "abcde": 1_450, "fgh": 1_950}


def test_the_more_important_line_is_kept_where_there_is_no_room_for_all_and_the_order_stays() -> None:
    long = "x" * 90
    (phase,), dropped = _placed(
        DraftLine(long, Priority.SETS), DraftLine(TEN * 4, Priority.NEXT), DraftLine(TEN * 8, Priority.SIDE)
    )
    assert said(phase) == [TEN * 4, TEN * 8]
    assert dropped == [long]


def test_a_line_of_low_rank_still_comes_first_where_it_is_listed_first() -> None:
    (phase,), _ = _placed(DraftLine("first", Priority.PART), DraftLine("second", Priority.COUNTDOWN))
    assert said(phase) == ["first", "second"]


def test_a_queued_line_goes_around_one_that_has_its_place() -> None:
    (phase,), _ = _placed(
        DraftLine(TEN * 2, Priority.AUTHOR, 500), DraftLine(TEN, Priority.NEXT), DraftLine("abc", Priority.NEXT)
    )
    assert lines(phase) == {TEN * 2: 500, TEN: 1_750, "abc": 2_500}


def test_a_line_with_a_place_goes_around_a_queued_one_of_higher_rank_if_it_may_be_late() -> None:
    (phase,), dropped = _placed(
        DraftLine(TEN * 4, Priority.SIDE),
        DraftLine("late", Priority.PART, 1_000, slack_ms=1_500),
        DraftLine("never", Priority.PART, 1_000, slack_ms=999),
    )
    assert lines(phase) == {TEN * 4: 0, "late": 2_250}
    assert dropped == ["never"]


def test_the_shorter_form_is_said_where_only_that_fits_and_only_one_of_them() -> None:
    wanted = DraftLine(TEN * 6, Priority.NEXT, 8_000, shorter=(TEN * 5, TEN, "0"))
    (phase,), (shortened,) = place_drafts([_draft(wanted)], PlainLengths())
    assert lines(phase) == {TEN: 8_000}
    reason = "it is too long for the time left there"
    assert shortened == DroppedLine(TEN * 6, 0, (), reason, 8_000, replacement=TEN)
    (phase,), _ = _placed(DraftLine("fits", Priority.NEXT, shorter=("f",)))
    assert said(phase) == ["fits"]


def test_a_beat_falls_on_its_place_and_words_on_the_beat_may_touch() -> None:
    counted = [DraftLine(TEN * 2, Priority.COUNT, second * 1_000, on_beat=True) for second in (1, 2, 3)]
    (phase,), dropped = _placed(*counted)
    assert [cue.offset_ms for cue in phase.cues] == [920, 1_920, 2_920]
    assert dropped == []


def test_a_beat_that_would_lie_before_the_phase_is_left_out() -> None:
    _, dropped = _placed(DraftLine("1", Priority.COUNT, 0, on_beat=True))
    assert dropped == ["1"]


@pytest.mark.parametrize(
    ("line", "reason", "at_ms"),
    [
        (DraftLine("x", Priority.AUTHOR, 10_000), "it falls outside its phase", None),
        (DraftLine("x", Priority.AUTHOR, 10_001, from_end=True), "it falls outside its phase", None),
        (DraftLine(TEN, Priority.AUTHOR, 9_600), "it is too long for the time left there", 9_600),
        (DraftLine(TEN, Priority.AUTHOR, 400, from_end=True), "it is too long for the time left there", 9_600),
        (DraftLine(TEN, Priority.PART, 3_000, deadline_ms=3_400), "it is too long for the time left there", 3_000),
        (DraftLine(TEN, Priority.PART, 500), "something else is being said there", 500),
        (DraftLine("x" * 200, Priority.PART), "there is no time left for it", None),
        (DraftLine("x" * 200, Priority.AUTHOR, as_late_as_possible=True), "there is no time left for it", None),
    ],
)
def test_a_line_without_room_is_given_back_with_the_reason(line: DraftLine, reason: str, at_ms: int | None) -> None:
    there = DraftLine(TEN * 2, Priority.COUNTDOWN, 0, origin=("steps", 0))
    _, dropped = place_drafts([_draft(durations_ms=(1_000,)), _draft(there, line)], PlainLengths())
    assert dropped == (DroppedLine(line.text, 1, (), reason, at_ms),)


def test_the_place_of_a_line_without_room_counts_from_the_start_of_its_phase() -> None:
    there, line = DraftLine(TEN * 2, Priority.COUNTDOWN, 6_000), DraftLine(TEN, Priority.PART, 6_500)
    _, dropped = place_drafts([_draft(there, line, durations_ms=(2_000, 4_000, 3_000))], PlainLengths())
    assert [(missed.phase, missed.at_ms) for missed in dropped] == [(2, 500)]


def test_a_line_of_several_phases_runs_over_and_is_given_to_the_one_it_begins_in() -> None:
    phases, _ = _placed(
        DraftLine(TEN * 4, Priority.AUTHOR, 1_500),
        DraftLine("2", Priority.COUNT, 5_000, on_beat=True),
        Tone("tick", 2_000),
        durations_ms=(2_000, 3_000, 2_000),
    )
    assert [lines(phase) for phase in phases] == [{TEN * 4: 1_500}, {"2": 2_920}, {}]
    assert [sounds(phase) for phase in phases] == [[], [(0, "tick")], []]


def test_a_missed_line_of_several_phases_is_told_for_the_one_it_was_wanted_in() -> None:
    draft = _draft(DraftLine(TEN * 20, Priority.PART, 2_500, origin=("a",)), durations_ms=(2_000, 3_000, 2_000))
    assert [missed.phase for missed in place_drafts([_draft(), draft], PlainLengths())[1]] == [2]


def test_as_late_as_possible_is_before_what_is_said_at_the_end() -> None:
    (phase,), _ = _placed(
        DraftLine(TEN, Priority.AUTHOR, as_late_as_possible=True),
        DraftLine(TEN * 2, Priority.COUNTDOWN, 1_000, from_end=True),
    )
    assert lines(phase)[TEN] == 9_000 - 250 - 500


def test_sounds_stand_before_words_that_begin_with_them_and_outside_sounds_are_left_out() -> None:
    (phase,), _ = _placed(
        DraftLine("x", Priority.PART, 60, follows_tone=True), Tone("tick", 60), Tone("set", 10_000), Tone("set", -5)
    )
    assert [cue.text for cue in phase.cues] == ["tick", "x"]


def test_an_open_phase_has_room_without_end() -> None:
    (phase,), dropped = _placed(
        DraftLine("x" * 900, Priority.SETS), DraftLine("9", Priority.COUNT, 99_000), durations_ms=(None,)
    )
    assert (lines(phase), dropped) == ({"x" * 900: 0, "9": 99_000}, [])


def test_a_phase_grows_in_whole_seconds_until_its_lines_and_its_countdown_fit() -> None:
    draft = _draft(
        Tone("end"),
        DraftLine(TEN * 3, Priority.INSTRUCTION),
        DraftLine(TEN, Priority.INSTRUCTION),
        durations_ms=(1_000,),
        grows=True,
    )
    draft.count_down(3)
    assert total_ms([draft], PlainLengths()) == 7_000
    (phase,), dropped = place_drafts([draft], PlainLengths())
    assert (phase.duration_ms, dropped) == (7_000, ())
    assert said(phase) == [TEN * 3, TEN, "3", "2", "1"]


def test_a_phase_that_grows_takes_a_second_at_least() -> None:
    (phase,), _ = place_drafts([_draft(durations_ms=(0,), grows=True)], PlainLengths())
    assert phase.duration_ms == 1_000


def test_each_line_is_measured_once() -> None:
    class Counting(PlainLengths):
        asked = 0

        def speech(self, line: Utterance, /) -> SpeechTiming:
            Counting.asked += 1
            return super().speech(line)

    place_drafts([_draft(DraftLine("same", Priority.SIDE), grows=True) for _ in range(50)], Counting())
    assert Counting.asked == 1


def test_cues_of_a_lead_in_are_in_order_with_their_beats_in_place() -> None:
    made = place_lead_in(
        [DraftLine("2", Priority.COUNTDOWN, 2_000, on_beat=True), DraftLine("Go.", Priority.SIDE, 0)],
        DEFAULT_MANNER,
        [1_000],
        PlainLengths(),
    )
    assert [(cue.text, cue.offset_ms) for cue in made] == [("Go.", 0), ("tick", 1_000), ("2", 1_920)]


def _longest_silence_ms(busy: list[Interval], first_ms: int, last_ms: int) -> int:
    longest_ms, free_ms = 0, first_ms
    for begins_ms, ends_ms in [*sorted(busy), (last_ms, last_ms)]:
        longest_ms = max(longest_ms, min(begins_ms, last_ms) - free_ms)
        free_ms = max(free_ms, ends_ms + SENTENCE_MARGINS.after_ms)
    return longest_ms


_END_MS = 10_000


@given(
    st.lists(st.integers(0, _END_MS + 500), max_size=40, unique=True),
    st.randoms(use_true_random=False),
    st.lists(st.tuples(st.integers(0, _END_MS), st.integers(0, _END_MS) | st.just(_END_MS)), min_size=1, max_size=5),
)
def test_the_longest_silence_is_known_while_lines_are_added(
    edges: list[int], order: random.Random, asked: list[tuple[int, int]]
) -> None:
    edges.sort()
    lines = list(zip(edges[::2], edges[1::2], strict=False))
    order.shuffle(lines)
    busy = BusyTimes(_END_MS)
    for count, line in enumerate(lines):
        busy.add(line)
        for first_ms, last_ms in asked:
            expected_ms = _longest_silence_ms(lines[: count + 1], first_ms, last_ms)
            assert busy.longest_silence_ms(first_ms, last_ms) == expected_ms


def test_lines_that_lack_time_cost_no_more_each_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    look = BusyTimes._free_ms

    def look_and_tell(busy: BusyTimes, at: int) -> int:
        looked_at.append(at)
        return look(busy, at)

    monkeypatch.setattr(BusyTimes, "_free_ms", look_and_tell)

    def looks_a_line(seconds: int) -> float:
        looked_at.clear()
        wanted = [DraftLine(TEN * 3, Priority.AUTHOR, at * 1_000) for _ in range(3) for at in range(seconds)]
        _, dropped = _placed(*wanted, durations_ms=(seconds * 1_000,))
        assert len(dropped) > seconds
        return len(looked_at) / len(wanted)

    assert looks_a_line(1_000) < 2 * looks_a_line(50)
