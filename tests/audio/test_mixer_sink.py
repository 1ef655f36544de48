from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audio.sound_servers import HandOutput
from timer_app.audio.base import MIX_RATE, PAUSE_GAP_MS, AudioError, Samples, ms_to_frames
from timer_app.audio.clips import Clip
from timer_app.audio.mixer_sink import MixerSink
from timer_app.core.player.conductor import CueSink
from timer_app.core.timeline.utterance import Utterance

if TYPE_CHECKING:
    from collections.abc import Callable

    from timer_app.audio.outputs.base import PullCallback
    from timer_app.core.timeline.model import CueContent

BLOCK = 2_400
BLOCK_MS = 50


class Bench:
    """A sink on a device that asks every 50 ms, after four blocks at once; time passes by hand."""

    def __init__(self, output: HandOutput, clip: Clip) -> None:
        self.now_ms = 1_000.0
        self.output = output
        self.sink = MixerSink(output, self._clip, lambda: self.now_ms)
        self._sound = clip
        self._blocks = [output.ask(BLOCK) for _ in range(4)]

    def _clip(self, content: CueContent) -> Clip | None:
        if content == "broken":
            raise AudioError("broken.wav: not a PCM WAV file")
        return None if content == "unknown" else self._sound

    def run_until(self, until_ms: float) -> None:
        while self.now_ms + BLOCK_MS <= until_ms:
            self.now_ms += BLOCK_MS
            self._blocks.append(self.output.ask(BLOCK))

    def heard_ms(self) -> list[float]:
        """When each sound is heard: the first block that is not of the burst is asked for at 1,050."""
        samples: Samples = np.concatenate(self._blocks)
        onsets = np.flatnonzero((samples[1:] != 0) & (samples[:-1] == 0)) + 1
        begin_ms = 1_050 - 4 * BLOCK_MS
        return [begin_ms + float(onset) * 1000 / MIX_RATE + self.output.latency_ms for onset in onsets]


@pytest.fixture
def bench(hand_output: HandOutput, click: Clip) -> Bench:
    return Bench(hand_output, click)


def test_it_is_a_cue_sink(bench: Bench) -> None:
    sink: CueSink = bench.sink
    assert sink.latency_ms == 250


def test_cues_are_heard_at_their_moments_to_the_sample(bench: Bench) -> None:
    bench.run_until(1_500)
    due_ms = [2_000.0, 2_137.25, 2_500.0, 2_999.5]
    for at_ms in due_ms:
        bench.sink.schedule("tick", at_ms)
    bench.run_until(4_000)
    assert bench.heard_ms() == pytest.approx(due_ms, abs=0.011)
    assert not bench.sink.mixer.late_clips


@settings(deadline=None)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=12))
def test_the_order_of_scheduling_does_not_matter(steps: list[int]) -> None:
    bench = Bench(HandOutput(), Clip(np.full(48, 0.5, np.float32)))
    bench.run_until(1_500)
    due_ms = sorted({1_800.0 + 10 * step for step in steps})
    for at_ms in reversed(due_ms):
        bench.sink.schedule("tick", at_ms)
    bench.run_until(4_200)
    assert bench.heard_ms() == pytest.approx(due_ms, abs=0.011)


def test_a_cue_that_comes_too_late_to_be_on_time_is_heard_at_once(bench: Bench) -> None:
    bench.run_until(2_000)
    bench.sink.schedule("tick", 2_010)
    bench.run_until(2_500)
    (heard_ms,) = bench.heard_ms()
    assert 2_200 <= heard_ms <= 2_000 + bench.sink.latency_ms


def test_a_cue_scheduled_before_the_device_has_settled_is_not_misplaced(hand_output: HandOutput, click: Clip) -> None:
    bench = Bench(hand_output, click)
    bench.sink.schedule("tick", 1_500)
    bench.run_until(2_500)
    assert bench.heard_ms() == pytest.approx([1_500], abs=0.011)


def test_cancel_forgets_what_has_not_begun(bench: Bench) -> None:
    bench.run_until(1_500)
    bench.sink.schedule("tick", 2_500)
    bench.run_until(2_000)
    bench.sink.cancel()
    bench.run_until(3_500)
    assert bench.heard_ms() == []


@pytest.mark.parametrize("keep", [True, False])
def test_cancel_fades_what_sounds_unless_it_is_to_be_kept(hand_output: HandOutput, keep: bool) -> None:
    bench = Bench(hand_output, Clip(np.full(MIX_RATE, 0.5, np.float32)))
    bench.run_until(1_500)
    bench.sink.schedule(Utterance("Switch sides."), 2_000)
    bench.run_until(2_200)
    bench.sink.cancel(keep_sounding=keep)
    bench.run_until(2_300)
    assert bool(bench.output.ask(BLOCK)[-1]) is keep


@pytest.mark.parametrize("again", [False, True])
def test_cancel_that_keeps_what_sounds_hears_out_what_begins_within_the_latency_once(bench: Bench, again: bool) -> None:
    bench.run_until(1_500)
    for at_ms in (2_000, 2_100):
        bench.sink.schedule("tick", at_ms)
    bench.run_until(1_750)
    bench.now_ms += BLOCK_MS - 1  # the device is about to ask for the block with the first of them
    bench.sink.cancel(keep_sounding=True)
    if again:
        bench.sink.schedule("tick", 2_000)
    bench.now_ms -= BLOCK_MS - 1
    bench.run_until(3_500)
    assert bench.heard_ms() == pytest.approx([2_000], abs=0.011)


def test_a_device_that_stood_still_does_not_pour_out_what_it_missed(bench: Bench) -> None:
    bench.run_until(1_500)
    for number in range(40):
        bench.sink.schedule(f"cue {number}", 2_000 + 100 * number)
    bench.now_ms = 12_000
    bench.sink.schedule("after", 13_000)
    bench.run_until(14_000)
    assert len(bench.heard_ms()) == 1
    assert [miss.reason for miss in bench.sink.missed_cues] == ["too late"] * 40


def test_a_dead_device_does_not_pile_up_cues(bench: Bench) -> None:
    for second in range(500):
        bench.now_ms = 1_000 + 1_000 * second
        bench.sink.schedule("tick", bench.now_ms + 500)
    assert len(bench.sink._pending) < 5


def test_what_has_no_clip_or_a_broken_one_is_passed_over_and_told(bench: Bench) -> None:
    bench.sink.schedule("unknown", 2_000)
    bench.sink.schedule("broken", 2_500)
    bench.run_until(4_000)
    assert bench.heard_ms() == []
    assert [(miss.content, miss.reason) for miss in bench.sink.missed_cues] == [
        ("unknown", "no clip"),
        ("broken", "broken.wav: not a PCM WAV file"),
    ]
    assert bench.sink.trouble is None


def test_trouble_is_told_when_the_device_stops_and_stays_told(bench: Bench) -> None:
    reported = []
    for idle_s in (1.5, 1.7, 0.0):
        bench.output.idle = idle_s
        reported.append(bench.sink.trouble)
    stopped = "the sound device stopped answering; the session goes on silently"
    assert reported == [None, stopped, stopped]


def test_trouble_tells_of_a_fault_inside(bench: Bench) -> None:
    bench.output.fault = RuntimeError("out of samples")
    assert "out of samples" in (bench.sink.trouble or "")


def test_muting_keeps_the_volume(bench: Bench) -> None:
    bench.sink.volume = 0.4
    bench.sink.muted = True
    assert (bench.sink.mixer.volume, bench.sink.volume) == (0, 0.4)
    bench.sink.volume = 3
    bench.sink.muted = False
    assert bench.sink.mixer.volume == 1


def test_drain_waits_no_longer_than_it_may_and_knows_silence(bench: Bench) -> None:
    assert bench.sink.drain(0)
    bench.sink.schedule("tick", 2_000)
    assert not bench.sink.drain(0)
    bench.run_until(1_990)
    assert not bench.sink.drain(0)
    bench.run_until(2_400)
    assert bench.sink.drain(0)


def test_close_gives_the_device_back(bench: Bench) -> None:
    bench.sink.close()
    assert bench.output.closed


def test_a_device_that_does_not_start_is_closed(hand_output: HandOutput, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pull: PullCallback) -> None:
        raise AudioError("hand does not start")

    clips: Callable[[CueContent], Clip | None] = lambda _content: None  # noqa: E731 - one line says it
    monkeypatch.setattr(hand_output, "start", refuse)
    with pytest.raises(AudioError, match="does not start"):
        MixerSink(hand_output, clips)
    assert hand_output.closed


def test_a_pause_is_heard_at_once_where_the_device_can_throw_away_what_it_holds(
    hand_output: HandOutput,
) -> None:
    hand_output.can_flush = True
    bench = Bench(hand_output, Clip(np.full(MIX_RATE * 2, 0.5, np.float32)))
    bench.run_until(1_500)
    bench.sink.schedule("gong", 2_000)
    bench.sink.schedule("tick", 2_600)
    bench.run_until(2_200)
    bench.sink.pause("unknown")
    assert hand_output.flushes == 1
    bench.run_until(2_300)
    assert not bench.output.ask(BLOCK).any()


def test_a_pause_lets_a_word_be_finished_and_sounds_its_tone_after_it(hand_output: HandOutput) -> None:
    hand_output.can_flush = True
    bench = Bench(hand_output, Clip(np.full(ms_to_frames(300), 0.5, np.float32)))
    bench.run_until(1_500)
    bench.sink.schedule(Utterance("Three."), 2_000)
    bench.sink.schedule("tick", 2_700)
    bench.run_until(2_150)
    bench.sink.pause("rest")
    bench.run_until(3_500)
    assert hand_output.flushes == 0
    said_ms, tone_ms = bench.heard_ms()
    assert said_ms == pytest.approx(2_000, abs=0.011)
    assert 2_300 + PAUSE_GAP_MS <= tone_ms < 2_700
