"""What is exported is what is heard: the same samples as live, each cue at its frame, in constant memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.audio.sound_servers import HandOutput
from tests.export.recordings import (
    CLICK,
    TIMELINE,
    BareStage,
    a_click,
    blocks,
    cue_frames,
    decoded,
    onsets,
)
from timer_app.audio.clips import Clip
from timer_app.audio.frames import MIX_RATE, AudioError, ms_to_frames
from timer_app.audio.live_sink import LiveSink
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import CueContent
from timer_app.export.encoders import FORMATS, Tags, open_encoder
from timer_app.export.render import OfflineSink
from timer_app.system.files import atomic_write
from timer_app.testing import hold, say, sound, timeline

BLOCK_MS = 10


def test_every_cue_begins_at_its_frame_and_none_is_late() -> None:
    sink = OfflineSink(a_click)
    samples = np.concatenate(list(blocks(TIMELINE, sink)))
    assert onsets(samples) == cue_frames(TIMELINE)
    assert not sink.mixer.late_clips
    assert len(samples) == ms_to_frames(TIMELINE.total_ms)


def test_the_file_is_sample_for_sample_what_a_device_is_given() -> None:
    samples = np.concatenate(list(blocks(TIMELINE, OfflineSink(a_click, 0.7))))
    live = _played_live()
    begin = onsets(live)[0]
    assert np.array_equal(live[begin : begin + len(samples)], samples[onsets(samples)[0] :][: len(live) - begin])
    assert len(live) - begin >= len(samples)


def _played_live() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The run through the live sink, on a device that asks for a block whenever it has played one."""
    clock, device = ManualClock(), HandOutput(latency_ms=40, block_ms=BLOCK_MS)
    sink = LiveSink(device, a_click, now_ms=lambda: float(clock.now_ms()), volume=0.7)
    stage = BareStage(TIMELINE, sink, clock)
    heard = []
    for asked in range((TIMELINE.total_ms + 3_000) // BLOCK_MS):
        if asked == 100:  # the device runs for a second before the session starts, as the app has it
            stage.conductor.send(Command.START)
        stage.conductor.tick()
        heard.append(device.ask(ms_to_frames(BLOCK_MS)))
        clock.advance(BLOCK_MS)
    return np.concatenate(heard)


def test_a_sound_longer_than_the_session_is_heard_to_its_end() -> None:
    long_clip = Clip(np.full(3 * MIX_RATE, 0.5, np.float32))
    made = timeline(hold(2_000, sound(1_500, "gong")))
    samples = np.concatenate(list(blocks(made, OfflineSink(lambda _content: long_clip))))
    assert len(samples) == ms_to_frames(4_500)
    assert samples[-1] != 0


def test_a_cue_without_a_sound_is_told_and_the_others_are_heard() -> None:
    def clips(content: CueContent) -> Clip | None:
        if content == "broken":
            raise AudioError("not a PCM WAV file")
        return None if content == "lost" else CLICK

    sink = OfflineSink(clips)
    made = timeline(hold(4_000, sound(0, "broken"), sound(1_000, "lost"), sound(2_000, "tick")))
    assert onsets(np.concatenate(list(blocks(made, sink)))) == [ms_to_frames(2_000)]
    assert sink.missing == {"broken": "not a PCM WAV file", "lost": "there is no sound for it"}


def test_what_is_cancelled_is_not_heard() -> None:
    sink = OfflineSink(a_click)
    sink.schedule("tick", 100)
    sink.cancel()
    assert not sink.render(MIX_RATE).any()


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
        for samples in blocks(TIMELINE, OfflineSink(a_click)):
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
            for samples in blocks(made, OfflineSink(a_click)):
                encoder.write(samples)
            encoder.close()
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < 3_000_000
