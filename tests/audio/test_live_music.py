"""Music through a device: below the cues, and in time with them."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.audio.music_files import Steady, tone, write_music
from tests.audio.sound_servers import HandOutput
from tests.audio.test_mixer_sink import BLOCK, Bench
from timer_app.audio.base import MIX_RATE
from timer_app.audio.clips import Clip
from timer_app.audio.music import DUCK_DB
from timer_app.core.timeline.model import CueContent
from timer_app.core.timeline.utterance import Utterance


def test_music_goes_on_below_the_cues_and_steps_back_for_the_voice_alone(hand_output: HandOutput) -> None:
    bench = Bench(hand_output, Clip(np.zeros(MIX_RATE, np.float32)))
    bench.sink.mixer.play_music(Steady(0.25))
    bench.sink.set_music_level(1.0, 100, bench.now_ms)
    bench.run_until(2_000)
    factors: dict[CueContent, float] = {"x": 1.0, Utterance("x"): 10 ** (DUCK_DB / 20)}
    for content, factor in factors.items():
        bench.sink.schedule(content, bench.now_ms + 300)
        bench.run_until(bench.now_ms + 900)
        assert hand_output.ask(1)[0] == pytest.approx(0.25 * factor, rel=1e-3)
        bench.run_until(bench.now_ms + 2_000)


def test_a_level_to_come_waits_for_its_moment(hand_output: HandOutput) -> None:
    bench = Bench(hand_output, Clip(np.zeros(1, np.float32)))
    bench.sink.mixer.play_music(Steady(0.25))
    bench.sink.set_music_level(1.0, 100, bench.now_ms)
    bench.sink.set_music_level(0.0, 100, bench.now_ms + 2_000)
    bench.run_until(2_500)
    assert hand_output.ask(1)[0] == 0.25
    bench.run_until(3_500)
    assert hand_output.ask(1)[0] == 0


def test_a_sink_that_is_closed_gives_its_music_back(hand_output: HandOutput, click: Clip) -> None:
    bench = Bench(hand_output, click)
    source = Steady(0.25)
    bench.sink.mixer.play_music(source)
    bench.sink.close()
    assert source.closed


def test_a_sink_plays_files_of_music(hand_output: HandOutput, click: Clip, tmp_path: Path) -> None:
    bench = Bench(hand_output, click)
    bench.sink.play_music([write_music(tmp_path / "a.flac", tone(10.0, peak=0.5))], 0.5)
    bench.sink.set_music_level(1.0, 10, bench.now_ms)
    loudest, until_s = 0.0, time.monotonic() + 10
    while loudest < 0.2 and time.monotonic() < until_s:  # the file is read by a thread of its own
        time.sleep(0.01)
        loudest = max(loudest, float(np.abs(bench.output.ask(BLOCK)).max()))
    assert loudest == pytest.approx(0.25, abs=0.01)
    bench.sink.close()
