"""What is exported is what is heard: the same samples as live, each cue at its frame, in constant memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audio.music_files import Steady
from tests.audio.sound_servers import HandOutput
from tests.export.recordings import (
    CLICK,
    TIMELINE,
    BareRun,
    cue_frames,
    decoded,
    offline_run,
    onsets,
    rendered,
)
from timer_app.audio.base import MIX_RATE, AudioError, Samples, ms_to_frames
from timer_app.audio.clips import Clip
from timer_app.audio.mixer_sink import MixerSink
from timer_app.audio.sink import MissedCue
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import Cue, CueContent, Timeline, content_text
from timer_app.export.encoders import FORMATS, Tags, open_encoder
from timer_app.system.files import atomic_write
from timer_app.testing import hold, line, say, sound, timeline

BLOCK_MS = 10


def test_every_cue_begins_at_its_frame_and_none_is_late() -> None:
    offline = offline_run(TIMELINE)
    samples = rendered(offline)
    assert onsets(samples) == cue_frames(TIMELINE)
    assert not offline.sink.mixer.late_clips
    assert len(samples) == ms_to_frames(TIMELINE.total_ms)


CUES = st.lists(st.tuples(st.integers(0, 2_999), st.sampled_from(["low", "high", "Rest."])), max_size=8)


@settings(deadline=None, max_examples=20)
@given(st.lists(CUES, min_size=1, max_size=3), st.integers(1, 999), st.sampled_from([1.0, 0.7]))
def test_the_file_is_sample_for_sample_what_a_device_is_given(
    phases: list[list[tuple[int, str]]], odd_ms: int, volume: float
) -> None:
    """Whatever overlaps what: clips of several lengths, music that steps back for lines, levels that move."""
    made = timeline(*(hold(2_000 + odd_ms, *_cues(cues, 2_000 + odd_ms)) for cues in phases))
    offline = offline_run(made, _clips, volume)
    offline.sink.mixer.play_music(Steady())
    offline.sink.set_music_level(1.0, 200, 300)
    exported = rendered(offline)
    live = _played_live(made, volume)
    assert np.array_equal(live[: len(exported)], exported)


def _cues(cues: list[tuple[int, str]], duration_ms: int) -> list[Cue]:
    unique = sorted({(offset_ms, content) for offset_ms, content in cues if offset_ms < duration_ms})
    return [line(at, what, length_ms=10) if what == "Rest." else sound(at, what) for at, what in unique]


def _clips(content: CueContent) -> Clip:
    frames, height = {"low": (700, 0.3), "high": (4_801, -0.6), "Rest.": (30_000, 0.4)}[content_text(content)]
    return Clip(np.linspace(height, height / 3, frames, dtype=np.float32))


def _played_live(made: Timeline, volume: float) -> Samples:
    """The run through the live sink, on a device that asks for a block whenever it has played one.

    What it returns begins at the first sample of the session.
    """
    clock, device = ManualClock(), HandOutput(latency_ms=40, block_ms=BLOCK_MS)
    sink = MixerSink(device, _clips, now_ms=lambda: float(clock.now_ms()), volume=volume)
    sink.mixer.play_music(Steady())
    live = BareRun(made, sink, clock)
    heard = []
    start_ms = 1_000 + sink.latency_ms  # the device runs for a second before the session starts, as in the app
    while clock.now_ms() < start_ms + made.total_ms + 1_000:
        if clock.now_ms() == 1_000:
            live.conductor.send(Command.START)
            sink.set_music_level(1.0, 200, start_ms + 300)
        live.conductor.tick()
        heard.append(device.ask(ms_to_frames(BLOCK_MS)))
        clock.advance(BLOCK_MS)
    return np.concatenate(heard)[ms_to_frames(start_ms - device.latency_ms) :]


def test_a_sound_longer_than_the_session_is_heard_to_its_end() -> None:
    long_clip = Clip(np.full(3 * MIX_RATE, 0.5, np.float32))
    made = timeline(hold(2_000, sound(1_500, "gong")))
    samples = rendered(offline_run(made, lambda _content: long_clip))
    assert len(samples) == ms_to_frames(4_500)
    assert samples[-1] != 0


def test_a_cue_without_a_sound_is_told_and_the_others_are_heard() -> None:
    def clips(content: CueContent) -> Clip | None:
        if content == "broken":
            raise AudioError("not a PCM WAV file")
        return None if content == "lost" else CLICK

    made = timeline(hold(4_000, sound(0, "broken"), sound(1_000, "lost"), sound(2_000, "tick")))
    offline = offline_run(made, clips)
    assert onsets(rendered(offline)) == [ms_to_frames(2_000)]
    assert list(offline.sink.missed_cues) == [
        MissedCue("broken", 0, "not a PCM WAV file"),
        MissedCue("lost", 1_000, "no clip"),
    ]


def test_what_is_cancelled_is_not_heard() -> None:
    offline = offline_run(TIMELINE)
    offline.sink.schedule("tick", 100)
    offline.sink.cancel()
    assert not offline.output.render(MIX_RATE).any()


@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_a_lossless_file_decoded_again_has_each_onset_at_its_frame(tmp_path: Path, ending: str) -> None:
    path = _written(tmp_path / f"out.{ending}")
    samples = decoded(str(path))
    assert onsets(samples) == cue_frames(TIMELINE)
    assert len(samples) == ms_to_frames(TIMELINE.total_ms)


@pytest.mark.parametrize("ending", ["m4a", "mp3", "opus"])
def test_a_lossy_file_decoded_again_has_each_onset_within_5_ms(tmp_path: Path, ending: str) -> None:
    loud = np.abs(decoded(str(_written(tmp_path / f"out.{ending}")))) > 0.2
    for frame in cue_frames(TIMELINE):
        before, after = loud[max(0, frame - 4_000) : max(0, frame - 240)], loud[frame : frame + 240]
        assert not before.any()
        assert after.any()


def _written(path: Path) -> Path:
    with atomic_write(path) as file:
        encoder = open_encoder(file, FORMATS[path.suffix[1:]], Tags("Clicks"))
        for samples in offline_run(TIMELINE).render_blocks():
            encoder.write(samples)
        encoder.close()
    return path


def test_an_hour_does_not_sit_in_memory(tmp_path: Path) -> None:
    minute = say("Word.", 60_000)
    made = timeline(*[replace(minute, cues=(*minute.cues, sound(30_000)))] * 60)
    with (tmp_path / "hour.wav").open("w+b") as file:
        encoder = open_encoder(file, FORMATS["wav"], Tags("Hour"))
        tracemalloc.start()
        try:
            for samples in offline_run(made).render_blocks():
                encoder.write(samples)
            encoder.close()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 3_000_000
