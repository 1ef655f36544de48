"""What is heard is what the player tells, whoever presses what and however irregularly the run is looked at."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.random_runs import Press, cues_of, timelines, users
from timer_app.core.player.conductor import MAX_CUE_LATENESS_MS, SCHEDULE_AHEAD_MS, Conductor
from timer_app.core.player.events import Event
from timer_app.core.player.player import Player
from timer_app.core.player.states import IllegalTransitionError
from timer_app.core.timeline.model import Timeline
from timer_app.testing import ManualClock, RecordingSink, Scheduled

looks = st.lists(
    st.sampled_from([1, 16, 250, 400, 1_100, SCHEDULE_AHEAD_MS + MAX_CUE_LATENESS_MS]), min_size=1, max_size=12
)
rates = st.sampled_from([0.5, 1, 2, 4, 60])
rule = settings(deadline=None, max_examples=80)


def conduct(conductor: Conductor, clock: ManualClock, user: list[Press], looks_ms: list[int]) -> list[Event]:
    """Everything told while the user presses and the run is looked at after `looks_ms` of real time, in turn."""
    reported, turn = [], 0
    for press in user:
        left_ms = press.after_ms
        while left_ms > 0:
            look_ms = max(1, int(looks_ms[turn % len(looks_ms)] * clock.rate))
            clock.advance(min(left_ms, look_ms))
            left_ms, turn = left_ms - look_ms, turn + 1
            reported += conductor.tick()
        try:
            reported += conductor.send(press.command, press.amount, press.value)
        except IllegalTransitionError as refusal:
            reported += refusal.due_events
    return reported + conductor.tick()


@rule
@given(timelines(), users(), looks, rates)
def test_exactly_what_the_player_tells_is_heard_at_its_moment(
    timeline: Timeline, user: list[Press], looks_ms: list[int], rate: float
) -> None:
    clock = ManualClock(rate=rate)
    sink = RecordingSink(clock)
    reported = conduct(Conductor(Player(timeline), clock, sink), clock, user, looks_ms)
    expected = [Scheduled(due.cue.content, clock.machine_ms(due.due_ms)) for due in cues_of(reported)]
    now_ms = clock.machine_ms(clock.now_ms())
    heard = [cue for cue in sink.heard if cue.at_ms <= now_ms and not cue.from_ms]
    assert sorted(heard, key=repr) == sorted(expected, key=repr)


@rule
@given(timelines(), users(), looks, rates, st.sampled_from([50, 450]))
def test_an_output_that_is_filled_ahead_gets_nothing_twice_and_nothing_late(
    timeline: Timeline, user: list[Press], looks_ms: list[int], rate: float, latency_ms: int
) -> None:
    clock = ManualClock(rate=rate)
    sink = RecordingSink(clock, latency_ms)
    player = Player(timeline, guard_ms=int(latency_ms * rate))
    reported = conduct(Conductor(player, clock, sink), clock, user, looks_ms)
    expected = [Scheduled(due.cue.content, clock.machine_ms(due.due_ms)) for due in cues_of(reported)]
    heard = [cue for cue in sink.heard if not cue.from_ms]
    assert all(heard.count(cue) <= max(1, expected.count(cue)) for cue in heard)
    assert all(heard.count(cue) >= expected.count(cue) for cue in expected)
