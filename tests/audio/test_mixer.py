from __future__ import annotations

import threading

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.audio.base import FADE_MS, MIX_RATE, Samples, ms_to_frames
from timer_app.audio.clips import Clip
from timer_app.audio.mixer import KNEE, Mixer, soft_clip

TOTAL = 6_000


def _noise(length: int, seed: int, peak: float = 1.0) -> Clip:
    return Clip(np.random.default_rng(seed).uniform(-peak, peak, length).astype(np.float32))


cues = st.lists(st.tuples(st.integers(0, TOTAL), st.integers(1, 3_000), st.floats(0, 2)), max_size=8)
# Blocks of a single frame are among them, but not alone: those would take long and show no more.
sizes = st.lists(st.integers(1, 1_500), max_size=30).map(lambda drawn: [*drawn, 997])


def _render(mixer: Mixer, until: int, block_sizes: list[int]) -> Samples:
    blocks, number = [], 0
    while mixer.position < until:
        size = min(block_sizes[number % len(block_sizes)], until - mixer.position)
        blocks.append(mixer.render(size))
        number += 1
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _performance(placed: list[tuple[int, int, float]], block_sizes: list[int]) -> Samples:
    """A mix with a change of volume and a cancellation at fixed frames."""
    mixer = Mixer(volume=0.7)
    for seed, (at, length, gain) in enumerate(placed):
        mixer.schedule(_noise(length, seed), at, gain)
    first = _render(mixer, 1_000, block_sizes)
    mixer.volume = 0.3
    second = _render(mixer, 2_500, block_sizes)
    mixer.cancel(from_frame=4_000)
    return np.concatenate([first, second, _render(mixer, TOTAL, block_sizes)])


@given(cues, sizes)
@settings(max_examples=60, deadline=None)
def test_any_block_sizes_give_the_same_samples(placed: list[tuple[int, int, float]], block_sizes: list[int]) -> None:
    assert np.array_equal(_performance(placed, block_sizes), _performance(placed, [TOTAL]))


@given(cues, sizes)
@settings(max_examples=60, deadline=None)
def test_no_sample_leaves_full_scale(placed: list[tuple[int, int, float]], block_sizes: list[int]) -> None:
    assert np.abs(_performance(placed, block_sizes)).max() <= 1


@given(st.integers(0, 120), st.integers(0, 3_000), st.lists(st.integers(40, 1_500), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_what_is_left_of_a_cut_clip_is_the_rest_of_it_faded_in(cut_ms: int, pause: int, block_sizes: list[int]) -> None:
    mixer, clip, cut = Mixer(), _noise(TOTAL, 5, peak=0.8), ms_to_frames(cut_ms)
    mixer.schedule(clip, 0)
    _render(mixer, cut, block_sizes)
    mixer.cancel()
    silent = cut + ms_to_frames(FADE_MS) + pause
    _render(mixer, silent, block_sizes)
    mixer.schedule(clip.starting_at(cut_ms), silent)
    mixed = _render(mixer, silent + TOTAL, block_sizes)
    rest = clip.samples[cut:]
    faded = ms_to_frames(FADE_MS) if cut else 0
    assert np.array_equal(mixed[faded : len(rest)], rest[faded:])
    edge = rest[:faded]
    assert (np.abs(mixed[: len(edge)]) <= np.abs(edge)).all()
    assert not mixed[len(rest) :].any()
    assert not cut or not len(rest) or mixed[0] == 0


@given(sizes)
@settings(deadline=None)
def test_nothing_in_gives_exact_silence(block_sizes: list[int]) -> None:
    assert not _render(Mixer(), TOTAL, block_sizes).any()


def test_a_clip_stands_exactly_at_its_frame_and_is_left_as_it_is() -> None:
    mixer, clip = Mixer(), _noise(500, 1, peak=0.8)
    mixer.schedule(clip, 1_234)
    mixed = mixer.render(3_000)
    assert np.array_equal(mixed[1_234:1_734], clip.samples)
    assert not mixed[:1_234].any()
    assert not mixed[1_734:].any()


def test_clips_that_meet_are_added() -> None:
    mixer, clip = Mixer(), _noise(100, 2, peak=0.3)
    mixer.schedule(clip, 0)
    mixer.schedule(clip, 0, gain=0.5)
    assert np.allclose(mixer.render(100), clip.samples * 1.5)


def test_a_late_clip_begins_at_once_whole_and_its_lateness_is_told() -> None:
    mixer, clip = Mixer(), _noise(100, 3, peak=0.5)
    mixer.render(1_000)
    assert mixer.schedule(clip, 400, key="tick") == 1_000
    assert np.array_equal(mixer.render(100), clip.samples)
    assert [(late.key, late.frames) for late in mixer.late_clips] == [("tick", 600)]


def test_cancel_drops_what_has_not_begun_and_fades_what_sounds() -> None:
    mixer = Mixer()
    steady = Clip(np.full(48_000, 0.5, np.float32))
    mixer.schedule(steady, 0)
    mixer.schedule(steady, 1_000)
    mixer.render(1_000)
    mixer.cancel(fade_ms=30)
    mixed = mixer.render(4_000)
    assert mixed[0] == np.float32(0.5)
    assert (np.diff(mixed[:1_440]) < 0).all()
    assert not mixed[1_440:].any()
    assert mixer.end_frame == 2_440


def test_a_second_cancel_does_not_bring_a_fading_sound_back() -> None:
    mixer = Mixer()
    mixer.schedule(Clip(np.full(48_000, 0.5, np.float32)), 0)
    mixer.render(100)
    mixer.cancel()
    mixer.render(720)
    mixer.cancel()
    mixed = mixer.render(2_000)
    assert mixed[0] <= 0.26
    assert not mixed[720:].any()


def test_what_is_scheduled_after_a_cancel_is_heard() -> None:
    mixer, clip = Mixer(), _noise(100, 4, peak=0.5)
    mixer.render(10)
    mixer.cancel()
    mixer.schedule(clip, 10)
    assert np.array_equal(mixer.render(100), clip.samples)


def test_volume_moves_without_a_step() -> None:
    mixer = Mixer()
    mixer.schedule(Clip(np.full(48_000, 0.5, np.float32)), 0)
    mixer.render(100)
    mixer.volume = 0
    mixed = mixer.render(10_000)
    assert np.abs(np.diff(mixed)).max() < 0.001
    assert mixed[-1] == 0
    mixer.volume = 7
    assert mixer.volume == 1


@settings(deadline=None)
@given(st.lists(st.floats(-50, 50, width=32), max_size=50))
def test_softening_bends_only_what_is_loud_and_keeps_order_and_sign(values: list[float]) -> None:
    before = np.array(values, np.float32)
    after = soft_clip(before.copy())
    quiet = np.abs(before) <= KNEE
    assert np.array_equal(after[quiet], before[quiet])
    assert (np.abs(after) <= 1).all()
    assert (np.sign(after) == np.sign(before)).all()
    assert (np.diff(after[np.argsort(before)]) >= 0).all()


def test_scheduling_from_many_threads_loses_nothing() -> None:
    mixer, clip = Mixer(), Clip(np.full(1, 0.001, np.float32))
    threads = [threading.Thread(target=lambda: [mixer.schedule(clip, 5_000) for _ in range(50)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    early = [mixer.render(10) for _ in range(100)]
    for thread in threads:
        thread.join()
    assert not np.concatenate(early).any()
    mixer.render(4_000)
    assert np.isclose(mixer.render(1)[0], 0.4, atol=1e-3)


def _words(*lengths_ms: int, gap_ms: int = 60) -> Clip:
    """A line of words that sound all the time, with short silences between."""
    parts = [part for ms in lengths_ms for part in (np.full(48 * ms, 0.5), np.zeros(48 * gap_ms))]
    return Clip(np.concatenate(parts).astype(np.float32))


def test_a_word_that_is_being_said_is_finished_and_what_else_sounds_is_not() -> None:
    mixer = Mixer()
    mixer.schedule(_words(400, 300, 300, 300, 300), 0, ducks=True)
    mixer.schedule(Clip(np.full(MIX_RATE * 3, 0.25, np.float32)), 0)
    mixer.render(48 * 200)
    end = mixer.finish_words(0)
    assert end is not None
    assert 48 * 400 <= end <= 48 * 430
    after = np.concatenate([mixer.render(48 * 300), mixer.render(48 * 300)])
    assert after[48 * 40 : 48 * 199].min() == after[48 * 40 : 48 * 199].max() == np.float32(0.5)
    assert not after[48 * 260 :].any()
    assert mixer.finish_words(0) is None


def test_where_the_last_word_is_still_on_its_way_to_the_ear_it_counts_as_being_said() -> None:
    mixer = Mixer()
    mixer.schedule(_words(100), 0, ducks=True)
    mixer.render(48 * 200)
    assert mixer.finish_words(48 * 100) == 48 * 160
    assert mixer.finish_words(48 * 30) is None
