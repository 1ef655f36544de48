from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.audio.calibration import BEAT_MS, TAPS_NEEDED, TAPS_WANTED, LatencyEstimate, estimate_latency

BEATS_MS = [5_000.0 + number * BEAT_MS for number in range(TAPS_WANTED)]


def test_even_taps_tell_their_offset_exactly() -> None:
    assert estimate_latency(BEATS_MS, [at_ms + 180 for at_ms in BEATS_MS]) == LatencyEstimate(180, 0, 16, 0)


def test_who_taps_ahead_of_the_beat_has_an_offset_below_nothing() -> None:
    found = estimate_latency(BEATS_MS, [at_ms - 40 for at_ms in BEATS_MS])
    assert found is not None
    assert found.offset_ms == -40


def test_a_key_pressed_twice_counts_once() -> None:
    taps_ms = [at_ms + late_ms for at_ms in BEATS_MS for late_ms in (90, 130)]
    assert estimate_latency(BEATS_MS, taps_ms) == LatencyEstimate(90, 0, 16, 0)


@pytest.mark.parametrize("count", range(TAPS_NEEDED))
def test_too_few_taps_tell_nothing(count: int) -> None:
    assert estimate_latency(BEATS_MS, BEATS_MS[:count]) is None


def test_taps_outside_of_the_beats_tell_nothing() -> None:
    assert estimate_latency(BEATS_MS, [at_ms - 60_000 for at_ms in BEATS_MS]) is None


@given(
    offset_ms=st.floats(-150, 600),
    jitter_ms=st.lists(st.floats(-30, 30), min_size=TAPS_WANTED, max_size=TAPS_WANTED),
    slips=st.dictionaries(st.integers(0, TAPS_WANTED - 1), st.floats(-250, 749), max_size=3),
    missed=st.sets(st.integers(0, TAPS_WANTED - 1), max_size=4),
)
def test_a_few_slips_and_missed_beats_do_not_move_the_result(
    offset_ms: float, jitter_ms: list[float], slips: dict[int, float], missed: set[int]
) -> None:
    taps_ms = [
        beat_ms + slips.get(number, offset_ms + jitter_ms[number])
        for number, beat_ms in enumerate(BEATS_MS)
        if number not in missed
    ]
    found = estimate_latency(BEATS_MS, taps_ms)
    assert found is not None
    assert abs(found.offset_ms - offset_ms) <= 30 + 1e-6
    assert found.used + found.dropped == len(taps_ms)


def test_the_margin_holds_in_about_nineteen_cases_of_twenty() -> None:
    chance = random.Random(7)  # noqa: S311 - a made-up hand
    held = 0
    for _ in range(400):
        found = estimate_latency(BEATS_MS, [at_ms + chance.gauss(150, 25) for at_ms in BEATS_MS])
        assert found is not None
        held += abs(found.offset_ms - 150) <= found.margin_ms
    assert 0.88 <= held / 400 <= 0.99
