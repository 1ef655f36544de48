"""Runs to export that need no voice: a click for every cue, and where clicks lie in what comes out."""

from __future__ import annotations

from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, Samples, ms_to_frames
from timer_app.audio.clips import Clip
from timer_app.audio.sink import ClipSource
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.conductor import Conductor
from timer_app.core.player.player import Player
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import CueContent, Timeline
from timer_app.export.session import OfflineRun
from timer_app.run.live import LiveRun
from timer_app.testing import hold, line, prepare, rest, sound, timeline

CLICK = Clip(np.full(MIX_RATE // 100, 0.5, np.float32))

TIMELINE = timeline(
    prepare(4_321, line(0, "Get ready.", length_ms=10)),
    hold(20_007, sound(0, "start"), sound(6_001, "tick"), sound(19_901, "tick")),
    rest(5_500, sound(0, "end"), sound(1_503, "rest")),
    name="Clicks",
)


def a_click(_content: CueContent) -> Clip | None:
    return CLICK


class BareRun:
    """As much of a run as a recording needs."""

    def __init__(self, made: Timeline, sink: Any, clock: ManualClock) -> None:
        self.timeline = made
        self.conductor = Conductor(Player(made, sink.latency_ms), clock, sink)
        self.send, self.tick = self.conductor.send, self.conductor.tick


def offline_run(made: Timeline, clips: ClipSource = a_click, volume: float = 1.0) -> OfflineRun:
    offline = OfflineRun()
    bare = BareRun(made, offline.open_sink(clips, volume), offline.clock)
    offline.run = cast("LiveRun", bare)
    return offline


def rendered(offline: OfflineRun) -> Samples:
    return np.concatenate(list(offline.render_blocks()))


def onsets(samples: npt.NDArray[Any]) -> list[int]:
    """The frames at which sound begins after silence."""
    heard = np.flatnonzero(samples)
    gaps = np.flatnonzero(np.diff(heard) > 1) + 1
    return [int(heard[index]) for index in (0, *gaps)]


def cue_frames(made: Timeline) -> list[int]:
    """The frames at which the cues of a timeline begin."""
    phases = zip(made.phases, made.starts_ms, strict=True)
    return [ms_to_frames(start_ms + cue.offset_ms) for phase, start_ms in phases for cue in phase.cues]


def decoded(path: Any) -> npt.NDArray[np.float64]:
    """The samples of a sound file, full scale at -1 and 1, those of half the rate twice."""
    with av.open(path) as file:
        repeats = MIX_RATE // file.streams.audio[0].rate
        frames = [frame.to_ndarray() for frame in file.decode(audio=0)]
    values = np.concatenate(frames, axis=1)[0]
    scale = 32_768.0 if values.dtype == np.int16 else 1.0
    return np.repeat(np.asarray(values, np.float64) / scale, repeats)


def session(*steps: dict[str, Any], **more: Any) -> Session:
    return Session.model_validate({"schema": 1, "name": "Test", "steps": list(steps), **more})
