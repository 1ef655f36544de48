from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.audio.stream_clock import StreamClock

RATE = 48_000


def _asks(
    seconds: float,
    *,
    block: int = 2_400,
    begun_ms: float = 5_000,
    jitter_ms: float = 0,
    rate: float = RATE,
    seed: int = 1,
) -> Iterator[tuple[float, int]]:
    """The moments at which a device asks that fills four blocks at once and then keeps pace."""
    chance = np.random.default_rng(seed)
    for number in range(int(seconds * RATE / block)):
        earliest_ms = begun_ms + max(0, number - 4) * block * 1000 / rate
        yield earliest_ms + (float(chance.random()) * jitter_ms if number > 4 else 0), number * block


def _heard_ms(clock: StreamClock, at_ms: float, *, block: int = 2_400, begun_ms: float = 5_000) -> float:
    """How far from `at_ms` the frame that the clock names is asked for, without jitter."""
    return begun_ms + (clock.frame_at(at_ms) - 4 * block) * 1000 / RATE - at_ms


@given(st.integers(0, 10_000), st.floats(0, 8))
@settings(max_examples=30, deadline=None)
def test_jitter_of_the_device_moves_the_line_by_less_than_it_measures(seed: int, jitter_ms: float) -> None:
    clock = StreamClock(RATE)
    for now_ms, frames in _asks(8, jitter_ms=jitter_ms, seed=seed):
        clock.observe(now_ms, frames)
    assert abs(_heard_ms(clock, 20_000)) < 0.1 + jitter_ms / 3
    assert clock.jumps == 0


def test_cues_close_together_keep_their_distance_whatever_the_device_does() -> None:
    clock, lines = StreamClock(RATE), []
    for now_ms, frames in _asks(30, block=21_600, jitter_ms=18):
        clock.observe(now_ms, frames)
        lines.append(clock.origin_ms)
    steps = [abs(later - earlier) for earlier, later in pairwise(lines[5:])]
    assert max(steps) < 0.12


def test_the_burst_at_the_beginning_is_told_from_the_pace_after_it() -> None:
    clock = StreamClock(RATE)
    settled = []
    for now_ms, frames in _asks(2):
        clock.observe(now_ms, frames)
        settled.append(clock.is_stable)
    assert settled[:5] == [False] * 5
    assert settled[-1]
    assert abs(_heard_ms(clock, 9_000)) < 0.1


@pytest.mark.parametrize("parts_per_million", [-200, -50, 50, 200])
def test_drift_is_followed(parts_per_million: int) -> None:
    clock, rate = StreamClock(RATE), RATE * (1 + parts_per_million / 1e6)
    for now_ms, frames in _asks(600, jitter_ms=3, rate=rate):
        clock.observe(now_ms, frames)
    begun_ms = 5_000 - 4 * 2_400 * 1000 / rate
    now_ms = 600_000
    asked_ms = begun_ms + clock.frame_at(now_ms) * 1000 / rate
    assert abs(asked_ms - now_ms) < 3
    assert clock.jumps == 0


@pytest.mark.parametrize("parts_per_million", [-100, 100])
def test_a_card_that_drifts_for_an_hour_never_takes_a_cue_two_milliseconds_from_its_place(
    parts_per_million: int,
) -> None:
    clock, rate, block = StreamClock(RATE), RATE * (1 + parts_per_million / 1e6), 4_800
    begun_ms = 5_000 - 4 * block * 1000 / rate
    errors_ms = []
    for now_ms, frames in _asks(3_600, block=block, jitter_ms=1, rate=rate):
        clock.observe(now_ms, frames)
        if now_ms > 7_000:
            errors_ms.append(abs(begun_ms + clock.frame_at(now_ms + 500) * 1000 / rate - now_ms - 500))
    assert max(errors_ms) < 2
    assert clock.jumps == 0


@pytest.mark.parametrize("gap_ms", [30, 104, 900])
def test_a_stream_that_ran_dry_is_noticed_within_two_seconds(gap_ms: int) -> None:
    clock = StreamClock(RATE)
    for now_ms, frames in _asks(30, jitter_ms=2):
        dry_ms = gap_ms if now_ms > 20_000 else 0
        clock.observe(now_ms + dry_ms, frames)
        if 22_100 < now_ms < 22_200:
            assert abs(_heard_ms(clock, 23_000) + gap_ms) < 3
    assert clock.jumps == 1


def test_a_single_late_call_moves_nothing() -> None:
    clock = StreamClock(RATE)
    for now_ms, frames in _asks(20):
        clock.observe(now_ms + (180 if frames == 2_400 * 200 else 0), frames)
    assert clock.jumps == 0
    assert abs(_heard_ms(clock, 26_000)) < 0.1


def test_after_a_long_stop_the_line_is_learnt_again() -> None:
    clock = StreamClock(RATE)
    for now_ms, frames in _asks(10):
        clock.observe(now_ms, frames)
    clock.observe(60_000, 480_000)
    assert not clock.is_stable
    assert clock.frame_at(60_000) == 480_000


def test_what_fills_the_buffer_does_not_count_where_the_device_begins_to_play_later() -> None:
    clock, pause_ms = StreamClock(RATE), 70
    for again in (0, 1):
        if again:
            clock.restart()
            assert not clock.is_stable
        for now_ms, frames in _asks(1.5, begun_ms=5_000 + again * 1_500, block=480):
            late_ms = pause_ms if frames > 4 * 480 else 0
            clock.observe(now_ms + late_ms, frames)
        assert clock.is_learnt
        assert abs(clock.origin_ms - (5_000 + again * 1_500 + pause_ms - 40)) < 0.1
