"""Music in the mix: its level over time, stepping back for the voice, and what meets what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audio.music_files import Steady
from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.clips import Clip
from timer_app.audio.mixer import Mixer
from timer_app.audio.music import DUCK_ATTACK_MS, DUCK_DB, DUCK_HOLD_MS, DUCK_RELEASE_MS

TOTAL = 24_000
LEVEL = 0.25
DUCKED = LEVEL * 10 ** (DUCK_DB / 20)


def _ms(milliseconds: float) -> int:
    return round(milliseconds * MIX_RATE / 1_000)


def _render(mixer: Mixer, until: int, sizes: list[int]) -> Samples:
    blocks, number = [np.zeros(0, np.float32)], 0
    while mixer.position < until:
        size = min(sizes[number % len(sizes)], until - mixer.position)
        blocks.append(mixer.render(size))
        number += 1
    return np.concatenate(blocks)


def _playing(source: Steady | None = None) -> Mixer:
    """A mixer whose music is at full level from the first frame on."""
    mixer = Mixer()
    mixer.play_music(source or Steady(LEVEL))
    mixer.set_music_level(1, 0)
    return mixer


Line = tuple[int, int, bool]
lines = st.lists(st.tuples(st.integers(0, TOTAL), st.integers(1, 9_000), st.booleans()), max_size=5)
moves = st.lists(st.tuples(st.integers(0, TOTAL), st.sampled_from([0.0, 0.4, 1.0]), st.integers(0, 500)), max_size=5)


def _performance(spoken: list[Line], levels: list[tuple[int, float, int]], sizes: list[int]) -> Samples:
    mixer = Mixer(volume=0.9)
    mixer.play_music(Steady())
    noise = np.random.default_rng(1)
    for at, length, ducks in spoken:
        mixer.schedule(Clip(noise.uniform(-1, 1, length).astype(np.float32)), at, ducks=ducks)
    for at, level, fade_ms in sorted(levels):
        mixer.set_music_level(level, fade_ms, at)
    first = _render(mixer, 12_000, sizes)
    mixer.cancel()
    return np.concatenate([first, _render(mixer, TOTAL, sizes)])


@given(lines, moves, st.lists(st.integers(30, 5_000), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_any_block_sizes_give_the_same_samples_with_music(
    spoken: list[Line], levels: list[tuple[int, float, int]], sizes: list[int]
) -> None:
    whole = _performance(spoken, levels, [TOTAL])
    assert np.array_equal(_performance(spoken, levels, sizes), whole)
    assert np.abs(whole).max() <= 1


@given(st.floats(0, 4), st.floats(0, 4), st.floats(0, 4))
@settings(max_examples=20, deadline=None)
def test_no_sample_leaves_full_scale_where_tone_voice_and_music_meet(tone: float, voice: float, music: float) -> None:
    mixer = Mixer()
    mixer.play_music(Steady(1.0), gain=music)
    mixer.set_music_level(1, 0)
    loud = Clip(np.ones(2_000, np.float32))
    mixer.schedule(loud, 100, tone)
    mixer.schedule(loud, 100, voice, ducks=True)
    assert np.abs(mixer.render(4_000)).max() <= 1


def test_silent_music_is_silence() -> None:
    assert not _playing(Steady(0.0)).render(10_000).any()


def test_music_is_silent_and_not_read_until_it_is_given_a_level() -> None:
    mixer, source = Mixer(), Steady(LEVEL)
    mixer.play_music(source)
    assert not mixer.render(10_000).any()
    assert source.taken == 0


def test_music_steps_back_under_the_voice_and_comes_back_smoothly() -> None:
    mixer = _playing()
    mixer.schedule(Clip(np.zeros(_ms(1_000), np.float32)), _ms(500), ducks=True)
    heard = mixer.render(_ms(3_000 + DUCK_HOLD_MS))
    begins, ends = _ms(500), _ms(1_500 + DUCK_HOLD_MS)
    assert heard[begins - 1] == np.float32(LEVEL)
    assert heard[begins] < LEVEL
    assert heard[begins + _ms(DUCK_ATTACK_MS) - 1] == pytest.approx(DUCKED, rel=1e-4)
    assert heard[ends - 1] == pytest.approx(DUCKED, rel=1e-4)
    assert (np.diff(heard[ends : ends + _ms(DUCK_RELEASE_MS)]) > 0).all()
    assert heard[ends + _ms(DUCK_RELEASE_MS) - 1] == pytest.approx(LEVEL, rel=1e-4)
    assert np.abs(np.diff(heard)).max() < 1e-4


def test_music_does_not_step_back_for_tones() -> None:
    mixer = _playing()
    mixer.schedule(Clip(np.zeros(_ms(500), np.float32)), 0)
    assert (mixer.render(_ms(500)) == np.float32(LEVEL)).all()


def test_a_line_that_is_cancelled_lets_the_music_come_back() -> None:
    mixer = _playing()
    mixer.schedule(Clip(np.zeros(_ms(10_000), np.float32)), 0, ducks=True)
    mixer.render(_ms(1_000))
    mixer.cancel()
    assert mixer.render(_ms(1_000 + DUCK_HOLD_MS))[-1] == np.float32(LEVEL)


def test_music_stays_down_through_a_countdown() -> None:
    mixer = _playing()
    for second in (1_000, 2_000, 3_000):
        mixer.schedule(Clip(np.zeros(_ms(350), np.float32)), _ms(second), ducks=True)
    heard = np.concatenate([mixer.render(_ms(700)) for _ in range(9)])
    down = heard[_ms(1_000 + DUCK_ATTACK_MS) : _ms(3_350 + DUCK_HOLD_MS)]
    assert down.max() == pytest.approx(DUCKED, rel=1e-4)
    assert heard[-1] == np.float32(LEVEL)


def test_a_pause_holds_the_music_where_it_is() -> None:
    source = Steady()
    mixer = _playing(source)
    mixer.render(10_000)
    mixer.set_music_level(0, 100)
    assert not mixer.render(20_000)[_ms(100) :].any()
    assert source.taken == 10_000 + _ms(100)
    mixer.set_music_level(1, 0)
    assert mixer.render(1)[0] == np.float32((10_000 + _ms(100)) * 1e-5)


def test_a_level_is_reached_in_its_time_without_a_step() -> None:
    mixer = _playing()
    mixer.set_music_level(0.4, 1_000, at_frame=5_000)
    heard = mixer.render(5_000 + _ms(1_000) + 10)
    assert heard[4_999] == np.float32(LEVEL)
    assert heard[-1] == pytest.approx(0.4 * LEVEL)
    assert np.abs(np.diff(heard)).max() < 1e-5


def test_a_later_order_takes_the_place_of_what_was_to_come() -> None:
    mixer = _playing()
    mixer.set_music_level(0, 0, at_frame=5_000)
    mixer.set_music_level(0.5, 0, at_frame=2_000)
    heard = mixer.render(10_000)
    assert heard[1_999] == np.float32(LEVEL)
    assert (heard[2_000:] == np.float32(LEVEL / 2)).all()


def test_the_volume_is_that_of_everything() -> None:
    mixer = _playing()
    mixer.volume = 0
    assert mixer.render(MIX_RATE)[-1] == 0


@pytest.mark.parametrize("block", [97, 1_024, MIX_RATE])
def test_music_that_is_replaced_fades_out_below_the_other_and_is_given_back(block: int) -> None:
    first, second = Steady(0.1), Steady(0.2)
    mixer = _playing(first)
    begun = mixer.render(block)
    mixer.play_music(second)
    mixer.set_music_level(1, 500)
    heard = np.concatenate([begun, *(mixer.render(block) for _ in range(2 * MIX_RATE // block))])
    assert np.abs(np.diff(heard)).max() < 1e-4
    assert heard[-1] == np.float32(0.2)
    assert (first.closed, second.closed) == (True, False)


def test_music_that_ends_before_the_run_does_fades_out() -> None:
    first = Steady(0.1)
    mixer = _playing(first)
    mixer.render(1_000)
    mixer.play_music(None)
    assert not first.closed
    heard = mixer.render(2 * MIX_RATE)
    assert np.abs(np.diff(heard)).max() < 1e-4
    assert (heard[-1], first.closed) == (0, True)


def test_all_music_is_given_back_in_the_end() -> None:
    first, second = Steady(0.1), Steady(0.2)
    mixer = _playing(first)
    mixer.play_music(second)
    mixer.close()
    assert (first.closed, second.closed) == (True, True)
    assert not mixer.render(1_000).any()
