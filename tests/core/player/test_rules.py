"""Rules that hold for every timeline, every user and every way of asking."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.random_runs import Press, cues_of, obey, presses, run, timelines, users
from timer_app.core.player import events as ev
from timer_app.core.player.lookahead import shifted_cues
from timer_app.core.player.player import Player
from timer_app.core.player.states import (
    TIMED_TRANSITIONS,
    TRANSITIONS,
    Command,
    IllegalTransitionError,
    Snapshot,
    State,
)
from timer_app.core.timeline.model import Timeline

settles = st.sampled_from([0, 200, 450])
strides = st.lists(st.sampled_from([1, 17, 150, 333, 500, 901]), min_size=1, max_size=20).filter(
    lambda ms: max(ms) > 100
)


def events_do_not_depend_on_how_often_the_player_is_asked(
    timeline: Timeline, user: list[Press], settle_ms: int, strides_ms: list[int]
) -> None:
    often, reported, now_ms = Player(timeline, settle_ms), [], 0
    for press in [*user, Press(30_000, Command.START)]:
        until_ms, stride = now_ms + press.after_ms, 0
        while now_ms < until_ms:
            now_ms = min(until_ms, now_ms + strides_ms[stride % len(strides_ms)])
            reported += often.advance(now_ms)
            stride += 1
        if press.after_ms < 30_000:
            reported += obey(often, press, now_ms)
    assert reported == run(Player(timeline, settle_ms), user)


def due_moments_never_decrease_and_never_lie_ahead(timeline: Timeline, user: list[Press], settle_ms: int) -> None:
    player, now_ms, last_ms = Player(timeline, settle_ms), 0, 0
    for press in user:
        now_ms += press.after_ms
        for event in obey(player, press, now_ms):
            assert last_ms <= event.due_ms <= now_ms
            last_ms = event.due_ms


def every_phase_that_ends_has_started_and_only_one_is_open(
    timeline: Timeline, user: list[Press], settle_ms: int
) -> None:
    begun: int | None = None
    for event in run(Player(timeline, settle_ms), user):
        match event:
            case ev.PhaseStarted():
                assert begun is None
                begun = event.index
            case ev.PhaseEnded():
                assert begun == event.index
                assert event.done_ms >= 0
                begun = None
            case ev.RepCounted() | ev.Measured():
                assert begun == event.index


def a_run_that_resumes_was_paused(timeline: Timeline, user: list[Press], settle_ms: int) -> None:
    paused = False
    for event in run(Player(timeline, settle_ms), user):
        if isinstance(event, ev.Paused):
            paused = True
        elif isinstance(event, ev.Resumed):
            assert paused
            paused = False
        elif isinstance(event, ev.CueDue) and event.index is not None:
            assert not paused


def left_alone_the_phases_add_up_and_every_cue_comes_once_at_its_place(timeline: Timeline) -> None:
    closed = timeline.without_open_phases(2_000)
    reported = run(Player(closed), [Press(0, Command.START)], closed.total_ms)
    ended = [event for event in reported if isinstance(event, ev.PhaseEnded)]
    assert [event.done_ms for event in ended] == [phase.duration_ms for phase in closed.phases]
    assert reported[-1] == ev.Finished(closed.total_ms, early=False)
    expected = [
        ev.CueDue(start_ms + cue.offset_ms, index, cue)
        for index, (phase, start_ms) in enumerate(zip(closed.phases, closed.starts_ms, strict=True))
        for cue in phase.cues
    ]
    assert cues_of(reported) == expected


def the_forecast_is_what_is_then_told(
    timeline: Timeline, user: list[Press], settle_ms: int, after_ms: int, window_ms: int
) -> None:
    player, now_ms = Player(timeline, settle_ms), 0
    for press in user:
        now_ms += press.after_ms
        obey(player, press, now_ms)
    from_ms = now_ms + after_ms
    foretold_all = player.upcoming(0, from_ms + window_ms)
    foretold = player.upcoming(from_ms, from_ms + window_ms)
    reported = cues_of(player.advance(from_ms + window_ms - 1))
    assert foretold_all == reported
    assert foretold == [cue for cue in reported if cue.due_ms >= from_ms]


def the_forecast_in_pieces_loses_and_doubles_nothing(
    timeline: Timeline, user: list[Press], pieces_ms: list[int]
) -> None:
    player, now_ms = Player(timeline), 0
    for press in user:
        now_ms += press.after_ms
        obey(player, press, now_ms)
    foretold, from_ms = [], now_ms
    for piece_ms in pieces_ms:
        foretold += player.upcoming(from_ms, from_ms + piece_ms)
        from_ms += piece_ms
    assert foretold == player.upcoming(now_ms, from_ms)


def reach(moves: dict[State, tuple[State, ...]], start: State) -> set[State]:
    """Every state that `start` can become by itself, however often."""
    reached, fresh = {start}, [start]
    while fresh:
        following = [state for state in moves.get(fresh.pop(), ()) if state not in reached]
        reached.update(following)
        fresh += following
    return reached


def commands_and_time_move_a_run_only_as_the_tables_say(timeline: Timeline, user: list[Press], settle_ms: int) -> None:
    player, now_ms = Player(timeline, settle_ms), 0
    for press in user:
        now_ms += press.after_ms
        before = player.state
        player.advance(now_ms)
        assert player.state in reach(TIMED_TRANSITIONS, before)
        before = player.state
        try:
            player.send(press.command, now_ms, press.amount, press.value)
        except IllegalTransitionError:
            assert player.state is before
        else:
            assert player.state in TRANSITIONS[before][press.command]


def a_refused_command_changes_nothing(timeline: Timeline, user: list[Press], last: Press, settle_ms: int) -> None:
    player, other, now_ms = Player(timeline, settle_ms), Player(timeline, settle_ms), 0
    for press in [*user, last]:
        now_ms += press.after_ms
        reported = other.advance(now_ms)
        try:
            other.send(press.command, now_ms, press.amount, press.value)
        except IllegalTransitionError as refusal:
            due_again = refusal.due_events
        else:
            obey(player, press, now_ms)
            continue
        assert due_again == []
        assert player.advance(now_ms) == reported
        assert player.snapshot(now_ms) == other.snapshot(now_ms)
        assert player.upcoming(0, now_ms + 20_000) == other.upcoming(0, now_ms + 20_000)


def check(observed: Snapshot, timeline: Timeline, settle_ms: int) -> None:
    assert observed.phase is timeline.phases[observed.index]
    assert observed.elapsed_ms >= 0
    if observed.phase.is_open:
        assert observed.remaining_ms is None
        assert observed.duration_ms is None
    else:
        assert observed.remaining_ms is not None
        assert observed.remaining_ms >= 0
        assert observed.elapsed_ms + observed.remaining_ms == observed.duration_ms
    longest_ms = max(timeline.resume_lead_in.duration_ms, timeline.repeat_lead_in.duration_ms)
    assert 0 <= observed.lead_in_ms <= longest_ms
    assert observed.lead_in_ms == 0 or observed.state is State.LEAD_IN
    assert 0 <= observed.session_elapsed_ms <= timeline.total_ms
    assert observed.session_remaining_ms >= 0
    assert observed.counted_reps >= 0
    if observed.phase.counts_rounds:
        assert observed.phase.rounds is None or observed.counted_reps <= observed.phase.rounds
    else:
        assert observed.phase.is_open_ended or observed.counted_reps <= (observed.phase.reps or 0)
    assert not observed.repeats_set or observed.phase.kind == "work"
    assert (observed.state is State.WAITING) <= observed.phase.is_open
    assert settle_ms >= 0


def a_snapshot_is_always_sound_even_of_a_player_that_was_not_asked_for_a_while(
    timeline: Timeline, user: list[Press], settle_ms: int, late_ms: int
) -> None:
    player, now_ms = Player(timeline, settle_ms), 0
    for press in user:
        now_ms += press.after_ms
        check(player.snapshot(now_ms), timeline, settle_ms)
        obey(player, press, now_ms)
        check(player.snapshot(now_ms), timeline, settle_ms)
        check(player.snapshot(now_ms + late_ms), timeline, settle_ms)


def the_next_change_is_foretold(timeline: Timeline, user: list[Press], settle_ms: int) -> None:
    player, now_ms = Player(timeline, settle_ms), 0
    for press in user:
        now_ms += press.after_ms
        obey(player, press, now_ms)
    player.advance(now_ms)
    change_ms = player.next_change_ms()
    until_ms = now_ms + 60_000 if change_ms is None else change_ms - 1
    turns = (ev.PhaseStarted, ev.PhaseEnded, ev.Resumed, ev.Finished)
    assert not [event for event in player.advance(until_ms) if isinstance(event, turns)]
    assert change_ms is None or [event for event in player.advance(change_ms) if isinstance(event, turns)]


@settings(max_examples=100)
@given(
    timeline=timelines(),
    user=users(),
    settle_ms=settles,
    strides_ms=strides,
    last=presses(),
    window=st.tuples(st.integers(0, 12_000), st.integers(1, 9_000)),
    pieces_ms=st.lists(st.integers(0, 4_000), max_size=10),
    late_ms=st.integers(0, 3_000),
)
def test_what_holds_for_every_run(
    *,
    timeline: Timeline,
    user: list[Press],
    settle_ms: int,
    strides_ms: list[int],
    last: Press,
    window: tuple[int, int],
    pieces_ms: list[int],
    late_ms: int,
) -> None:
    events_do_not_depend_on_how_often_the_player_is_asked(timeline, user, settle_ms, strides_ms)
    due_moments_never_decrease_and_never_lie_ahead(timeline, user, settle_ms)
    every_phase_that_ends_has_started_and_only_one_is_open(timeline, user, settle_ms)
    a_run_that_resumes_was_paused(timeline, user, settle_ms)
    left_alone_the_phases_add_up_and_every_cue_comes_once_at_its_place(timeline)
    the_forecast_is_what_is_then_told(timeline, user, settle_ms, *window)
    the_forecast_in_pieces_loses_and_doubles_nothing(timeline, user, pieces_ms)
    commands_and_time_move_a_run_only_as_the_tables_say(timeline, user, settle_ms)
    a_refused_command_changes_nothing(timeline, user, last, settle_ms)
    a_snapshot_is_always_sound_even_of_a_player_that_was_not_asked_for_a_while(timeline, user, settle_ms, late_ms)
    the_next_change_is_foretold(timeline, user, settle_ms)


@settings(max_examples=60)
@given(timelines(), st.data())
def test_after_adding_time_no_line_is_cut_by_the_end_or_run_into_by_another(
    timeline: Timeline, data: st.DataObject
) -> None:
    closed = [phase for phase in timeline.phases if not phase.is_open]
    assume(closed)
    phase = data.draw(st.sampled_from(closed))
    assert phase.duration_ms is not None
    extra_ms = data.draw(st.integers(-phase.duration_ms, 20_000))
    moved = shifted_cues(phase, extra_ms)
    assert all(0 <= at_ms < phase.duration_ms + extra_ms for at_ms, _ in moved)
    assert [at_ms for at_ms, _ in moved] == sorted(at_ms for at_ms, _ in moved)
    spoken = [(at_ms, at_ms + cue.length_ms) for at_ms, cue in moved if cue.kind == "speech"]
    assert all(end_ms <= start_ms for (_, end_ms), (start_ms, _) in pairwise(spoken))
    assert all(end_ms <= phase.duration_ms + extra_ms for _, end_ms in spoken)
    if extra_ms >= 0:
        sounds = [cue for cue in phase.cues if cue.kind == "sound"]
        assert sorted(sounds, key=repr) == sorted((cue for _, cue in moved if cue.kind == "sound"), key=repr)
