from __future__ import annotations

import threading

import numpy as np
import pytest

from timer_app.audio.base import AudioError
from timer_app.audio.clips import Clip
from timer_app.core.timeline.model import CueContent
from timer_app.core.timeline.utterance import Utterance
from timer_app.export.workers import prefetch_sounds
from timer_app.testing import hold, line, sound, step, timeline

LONG_S = 20.0
MOST = 200  # of what is kept
RUN = timeline(
    step("One", hold(4_000, line(0, "Lean in."), sound(1_000), sound(2_000))),
    step("Two", hold(4_000, line(0, "Let go."), sound(1_000, "end"))),
)
MANY = timeline(step("Many", *(hold(1_000, line(0, f"Line {n}.")) for n in range(1_000))))
ORDER = [Utterance("Lean in."), "tick", Utterance("Let go."), "end"]


class Clips:
    """Notes what is asked for; `wanted` have been asked for when `done` is set."""

    def __init__(self, wanted: int) -> None:
        self.asked: list[CueContent] = []
        self.done = threading.Event()
        self._wanted = wanted

    def __call__(self, content: CueContent) -> Clip:
        self.asked.append(content)
        if len(self.asked) == self._wanted:
            self.done.set()
        if content == Utterance("Let go."):
            raise AudioError("no such file")
        return Clip(np.zeros(1, np.float32))


def test_each_sound_is_asked_for_once_in_its_order_whatever_is_wrong_with_one() -> None:
    clips = Clips(len(ORDER))
    with prefetch_sounds(clips, RUN):
        assert clips.done.wait(LONG_S)
    assert clips.asked == ORDER


def test_nothing_is_asked_for_when_nobody_waits_any_more() -> None:
    began, never = threading.Event(), threading.Event()
    asked: list[CueContent] = []

    def slow(content: CueContent) -> None:
        asked.append(content)
        began.set()
        never.wait(0.05)  # all of them would take ten seconds

    def interrupted() -> None:
        with prefetch_sounds(slow, MANY):
            assert began.wait(LONG_S)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert 0 < len(asked) < MOST
    assert not threads()


def test_of_very_many_sounds_only_so_many_are_asked_for_as_are_kept() -> None:
    clips = Clips(MOST)
    with prefetch_sounds(clips, MANY):
        for thread in threads():
            thread.join(LONG_S)
    assert clips.asked == [Utterance(f"Line {n}.") for n in range(MOST)]


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sounds ahead"]
