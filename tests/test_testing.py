from __future__ import annotations

import timer_app.testing as parts
from timer_app.core.player.conductor import CueSink
from timer_app.core.timeline.utterance import Utterance
from timer_app.testing import (
    Cancelled,
    ManualClock,
    RecordingSink,
    Scheduled,
    hold,
    overrun,
    reps,
    rest,
    sound,
    step,
    timeline,
)


def test_everything_it_offers_is_there() -> None:
    assert all(hasattr(parts, name) for name in parts.__all__)


def test_a_sink_notes_every_call_in_order() -> None:
    clock = ManualClock(rate=2)
    sink: CueSink = RecordingSink(clock, latency_ms=10)
    sink.schedule("tick", 30.0)
    clock.advance(100)
    sink.cancel(keep_sounding=True)
    sink.close()
    assert isinstance(sink, RecordingSink)
    assert sink.calls == [Scheduled("tick", 30.0), Cancelled(50.0, keep_sounding=True)]
    assert sink.closed
    assert sink.latency_ms == 10


def test_what_had_begun_before_a_cancellation_was_heard_and_the_rest_was_not() -> None:
    clock = ManualClock()
    sink = RecordingSink(clock, latency_ms=50)
    for at_ms in (140, 100, 160):
        sink.schedule("tick", at_ms)
    clock.advance(100)
    sink.cancel(keep_sounding=True)
    assert [cue.at_ms for cue in sink.heard] == [100, 140]
    sink.cancel()
    assert [cue.at_ms for cue in sink.heard] == [100]


def test_without_a_clock_a_cancellation_takes_back_everything_before_it() -> None:
    sink = RecordingSink()
    sink.schedule(Utterance("Rest"), 5)
    sink.cancel()
    sink.schedule(Utterance("Go"), 9)
    assert sink.heard == [Scheduled(Utterance("Go"), 9)]


def test_a_timeline_numbers_its_steps_and_units() -> None:
    made = timeline(step("Plank", hold(1_000), rest(500), [hold(1_000), overrun()]), rest(2_000), reps(2, 100, 200))
    assert [phase.step for phase in made.phases] == [0, 0, 0, 0, 1, 2, 2, 2, 2]
    assert [phase.unit for phase in made.phases] == [0, 1, 2, 2, 3, 4, 4, 4, 4]
    assert [info.name for info in made.steps] == ["Plank", "Rest", "Reps"]
    assert [(phase.rep, phase.reps) for phase in made.phases[5:]] == [(1, 2), (1, 2), (2, 2), (2, 2)]


def test_cues_may_be_given_in_any_order() -> None:
    assert [cue.offset_ms for cue in hold(5_000, sound(3_000), sound(1_000)).cues] == [1_000, 3_000]
