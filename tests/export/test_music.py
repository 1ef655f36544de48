"""Music in an exported file: where it changes, and that it steps back for what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.audio.music_files import Steady, tone, write_music
from timer_app.audio.base import MIX_RATE
from timer_app.audio.clips import Clip
from timer_app.audio.music import DUCK_DB
from timer_app.core.timeline.model import CueContent
from timer_app.core.timeline.utterance import Utterance
from timer_app.export.session import OfflineRun


def _silence(_content: CueContent) -> Clip:
    return Clip(np.zeros(MIX_RATE, np.float32))


def test_levels_change_at_their_sample() -> None:
    offline = OfflineRun()
    sink = offline.open_sink(_silence)
    sink.mixer.play_music(Steady(0.25))
    sink.set_music_level(1.0, 0, 250)
    sink.set_music_level(0.0, 0, 750)
    heard = offline.output.render(MIX_RATE)
    assert np.flatnonzero(heard).tolist() == list(range(MIX_RATE // 4, MIX_RATE * 3 // 4))


def test_music_steps_back_for_lines_and_not_for_tones() -> None:
    offline = OfflineRun()
    sink = offline.open_sink(_silence)
    sink.mixer.play_music(Steady(0.25))
    sink.set_music_level(1.0, 0, 0)
    sink.schedule("tick", 0)
    assert (offline.output.render(MIX_RATE) == np.float32(0.25)).all()
    sink.schedule(Utterance("Half way."), 1_000)
    assert offline.output.render(MIX_RATE)[-1] == pytest.approx(0.25 * 10 ** (DUCK_DB / 20), rel=1e-4)


def test_files_are_played_from_their_first_sample(tmp_path: Path) -> None:
    music = tone(2.0)
    offline = OfflineRun()
    sink = offline.open_sink(_silence)
    sink.play_music([write_music(tmp_path / "a.wav", music)], 0.5)
    sink.set_music_level(1.0, 0, 0)
    assert np.allclose(offline.output.render(MIX_RATE), music[:MIX_RATE] / 2, atol=1e-4)
