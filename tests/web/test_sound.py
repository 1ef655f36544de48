from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, PAUSE_GAP_MS, AudioError
from timer_app.audio.clips import Clip
from timer_app.core.timeline.model import CueContent, content_text
from timer_app.core.timeline.utterance import Utterance
from timer_app.web.page_channel import PageLink
from timer_app.web.sound import PAGE_LATENCY_MS, PageSink


class Now:
    ms = 1_000.0

    def __call__(self) -> float:
        return self.ms


class Desk:
    """A sink, what it told the page, and the sounds that it can play: of one second each."""

    def __init__(self) -> None:
        self.now = Now()
        self.link = PageLink()
        self.reported: list[dict[str, Any]] = []
        self.link.open(self.reported.append)
        self.stored: dict[str, Clip] = {}
        self.sink = PageSink(self.link, self._clip, self.now, volume=0.5)
        self.begun = self.taken()

    def taken(self) -> list[dict[str, Any]]:
        """What was told since."""
        reported = [{name: value for name, value in message.items() if name != "type"} for message in self.reported]
        self.reported.clear()
        return reported

    def deeds(self) -> list[str]:
        """What the page was asked to do since."""
        return [message["do"] for message in self.taken()]

    def _clip(self, content: CueContent) -> Clip | None:
        if content == "broken":
            raise AudioError("broken")
        if content == "nothing":
            return None
        return self.stored.setdefault(content_text(content), Clip(np.full(MIX_RATE, 0.25, np.float32)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_page_is_told_how_loud_it_is_to_be_before_anything_else(desk: Desk) -> None:
    assert desk.begun == [{"do": "reset"}, {"do": "loudness", "volume": 0.5}]


def test_a_clip_is_sent_once_and_named_whenever_it_is_to_be_heard(desk: Desk) -> None:
    desk.sink.schedule(Utterance("rest"), 2_000)
    desk.sink.schedule(Utterance("rest"), 5_000)
    desk.sink.schedule("rest", 6_000)
    clip, first, second, other_clip, other = desk.taken()
    assert (clip["do"], clip["rate"]) == ("clip", MIX_RATE)
    assert np.frombuffer(base64.b64decode(clip["pcm"]), "<i2").tolist() == [round(0.25 * 32_767)] * MIX_RATE
    assert first == {"do": "play", "key": clip["key"], "at_ms": 2_000, "speech": True}
    assert second == {**first, "at_ms": 5_000}
    assert other_clip["key"] != clip["key"]
    assert other == {"do": "play", "key": other_clip["key"], "at_ms": 6_000, "speech": False}


def test_samples_beyond_full_scale_do_not_wrap_around(desk: Desk) -> None:
    desk.stored["loud"] = Clip(np.array([2.0, -2.0], np.float32))
    desk.sink.schedule("loud", 2_000)
    assert np.frombuffer(base64.b64decode(desk.taken()[0]["pcm"]), "<i2").tolist() == [32_767, -32_767]


@pytest.mark.parametrize("content", ["broken", "nothing"])
def test_a_cue_without_a_sound_is_left_out(desk: Desk, content: str) -> None:
    desk.sink.schedule(content, 2_000)
    assert desk.taken() == []


def test_a_line_that_is_rendered_anew_is_sent_anew(desk: Desk) -> None:
    desk.sink.schedule(Utterance("rest"), 2_000)
    desk.stored["rest"] = Clip(np.zeros(10, np.float32))
    desk.sink.schedule(Utterance("rest"), 5_000)
    assert desk.deeds() == ["clip", "play", "forget", "clip", "play"]


def test_clips_that_were_long_not_heard_are_forgotten(desk: Desk) -> None:
    for number in range(130):  # of 192 kB each
        desk.sink.schedule(f"sound {number}", 2_000)
    forgotten = [message["key"] for message in desk.taken() if message["do"] == "forget"]
    assert forgotten == [1, 2, 3, 4, 5]


def test_cancelling_is_told_at_once_with_the_moment_up_to_which_cues_are_heard_out(desk: Desk) -> None:
    desk.sink.cancel()
    desk.sink.cancel(keep_sounding=True)
    until_ms = desk.now.ms + PAGE_LATENCY_MS
    assert [message["until_ms"] for message in desk.taken()] == [None, until_ms]


def test_what_a_conductor_takes_for_begun_is_not_cancelled_and_told_to_another_page(desk: Desk) -> None:
    for after_ms in (PAGE_LATENCY_MS - 1, PAGE_LATENCY_MS + 1):
        desk.sink.schedule(f"{after_ms} ms later", desk.now.ms + after_ms)
    desk.sink.cancel(keep_sounding=True)
    desk.taken()
    desk.link.notify_reconnect()
    reported = [message["at_ms"] for message in desk.taken() if message["do"] == "play"]
    assert reported == [desk.now.ms + PAGE_LATENCY_MS - 1]


def test_a_cue_that_was_kept_is_not_played_twice_when_it_is_handed_over_once_more(desk: Desk) -> None:
    at_ms = desk.now.ms + PAGE_LATENCY_MS
    desk.sink.schedule("tick", at_ms)
    desk.now.ms += 1  # whoever asks has looked at the clock a moment before
    desk.sink.cancel(keep_sounding=True)
    desk.sink.schedule("tick", at_ms)
    desk.sink.schedule("tick", at_ms + 1_000)
    assert desk.deeds() == ["clip", "play", "cancel", "play"]


def test_muting_keeps_the_volume(desk: Desk) -> None:
    desk.sink.muted = True
    desk.sink.volume = 0.8
    desk.sink.muted = False
    desk.sink.volume = 7
    assert [message["volume"] for message in desk.taken()] == [0, 0, 0.8, 1]


def test_another_page_is_told_what_is_still_to_come_and_nothing_else(desk: Desk) -> None:
    for at_ms in (1_500, 3_000, 4_000):
        desk.sink.schedule(f"sound {at_ms}", at_ms)
    desk.sink.play_music([Path("slow.mp3")], 0.5)
    for level, at_ms in ((1.0, 1_200), (0.5, 1_400), (0.0, 3_500)):
        desk.now.ms = at_ms - 50
        desk.sink.set_music_level(level, 100, at_ms)
    desk.now.ms = 2_000
    desk.taken()
    desk.link.notify_reconnect()
    reported = desk.taken()
    assert [message["do"] for message in reported][:3] == ["reset", "loudness", "music"]
    assert [message["level"] for message in reported if message["do"] == "level"][-1] == 0.0
    assert [message["at_ms"] for message in reported if message["do"] == "play"] == [3_000, 4_000]
    assert [message["do"] for message in reported].count("clip") == 2


def test_what_was_cancelled_is_not_told_to_another_page(desk: Desk) -> None:
    desk.sink.schedule("tick", 3_000)
    desk.sink.cancel()
    desk.taken()
    desk.link.notify_reconnect()
    assert desk.deeds() == ["reset", "loudness"]


def test_a_closed_sink_falls_silent_and_no_other_page_hears_of_it(desk: Desk) -> None:
    desk.sink.close()
    assert desk.deeds() == ["reset"]
    desk.link.notify_reconnect()
    assert desk.taken() == []


def test_a_link_without_a_page_keeps_nobody_waiting() -> None:
    link = PageLink()
    link.send({"type": "sound"})
    link.open(lambda _: pytest.fail("closed again"))
    link.close()
    link.send({"type": "sound"})


def test_a_sound_that_was_cut_is_sent_without_what_was_heard_of_it_and_stays_whole_for_later(desk: Desk) -> None:
    desk.sink.schedule("gong", 2_000)
    desk.sink.schedule("gong", 5_000, 400)
    desk.sink.schedule("gong", 9_000)
    whole, first, rest, second, third = desk.taken()
    assert len(base64.b64decode(rest["pcm"])) == len(base64.b64decode(whole["pcm"])) * 600 // 1_000
    assert [first["key"], second["key"], third["key"]] == [whole["key"], rest["key"], whole["key"]]


def test_a_pause_lets_the_page_finish_a_word_and_sounds_its_tone_after_it(desk: Desk) -> None:
    words = np.full(MIX_RATE * 3, 0.25, np.float32)
    words[MIX_RATE : MIX_RATE + MIX_RATE // 10] = 0
    desk.stored["Sit tall."] = Clip(words)
    desk.sink.schedule(Utterance("Sit tall."), 2_000)
    desk.now.ms = 2_700
    desk.taken()
    desk.sink.pause("rest")
    cancelled, _, played = desk.taken()
    assert cancelled["until_ms"] is None
    assert 3_000 <= cancelled["speech_until_ms"] <= 3_030
    assert played["at_ms"] == cancelled["speech_until_ms"] + PAUSE_GAP_MS


def test_a_pause_while_nobody_speaks_is_a_cancellation_and_a_tone(desk: Desk) -> None:
    desk.sink.schedule("tick", 2_000)
    desk.taken()
    desk.sink.pause("rest")
    cancelled, _, played = desk.taken()
    assert cancelled["speech_until_ms"] is None
    assert played["at_ms"] == desk.now.ms + PAGE_LATENCY_MS + PAUSE_GAP_MS
