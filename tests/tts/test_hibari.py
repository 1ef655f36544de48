from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from timer_app.core.timeline.utterance import Utterance, usual_rate
from timer_app.tts import registry
from timer_app.tts.cache import SpeechCache, cache_key
from timer_app.tts.hibari import hibari_version, speed_for
from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.loudness import TARGET_LUFS, loudness
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.registry import open_renderer, open_voice
from timer_app.tts.voice import LanguageError, VoiceError

LONG_S = 60.0
# The process of a voice, in which every use of the network fails.
WITHOUT_NETWORK = """
import runpy, socket
class Closed(socket.socket):
    def __init__(self, *_, **__):
        raise OSError("there is no network here")
socket.socket = Closed
runpy.run_module("timer_app.tts.isolated_process", run_name="__main__", alter_sys=True)
"""


@pytest.fixture(scope="module")
def hibari() -> Iterator[IsolatedVoice]:
    with closing(IsolatedVoice("hibari", [sys.executable, "-P", "-c", WITHOUT_NETWORK])) as voice:
        yield voice


def test_a_line_is_spoken_without_the_network_and_the_same_each_time(hibari: IsolatedVoice) -> None:
    first, second = (hibari.render("Lean against the wall, and breathe out.", "en", 175) for _ in range(2))
    assert 1_500 < first.length_ms < 3_500
    assert loudness(first.samples, first.rate) == pytest.approx(TARGET_LUFS, abs=0.7)
    np.testing.assert_array_equal(first.samples, second.samples)
    assert hibari.version == hibari_version()


@pytest.mark.parametrize("text", ["", "…", "...", "—", "🔥", "[]()"])
def test_what_says_nothing_is_silent(hibari: IsolatedVoice, text: str) -> None:
    assert hibari.render(text, "en", 175).length_ms == 0


def test_every_count_fits_into_its_second(hibari: IsolatedVoice) -> None:
    assert all(hibari.render(str(number), "en", 175).length_ms < 1_000 for number in range(61))


@pytest.mark.parametrize("wpm", [110, 175, 240])
def test_a_rate_is_words_a_minute(hibari: IsolatedVoice, wpm: int) -> None:
    text = (
        "Stand with your back to the wall, the ball high up between your neck and your left shoulder. Roll slowly "
        "until one spot is clearly more tender. Let as much weight rest there as is tolerable, and breathe."
    )
    minutes = hibari.render(text, "en", wpm).length_ms / 60_000
    assert len(text.split()) / minutes == pytest.approx(wpm, rel=0.12)


def test_the_usual_rate_is_the_speed_at_which_it_is_understood_best() -> None:
    assert speed_for(usual_rate("en")) == pytest.approx(0.86)
    assert [speed_for(wpm) for wpm in (1, 10_000)] == [0.5, 2.0]


def test_another_language_is_refused(hibari: IsolatedVoice) -> None:
    with pytest.raises(LanguageError, match='the hibari voice does not speak "de"; it speaks en'):
        hibari.render("Seite wechseln.", "de", 150)


def test_each_line_is_spoken_by_the_voice_for_its_language_and_kept_under_its_name(
    cache: SpeechCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMER_APP_AUTO_VOICES", "hibari,pico,espeak")
    english, german, swedish = Utterance("Rest."), Utterance("Pause.", "de"), Utterance("Vila.", "sv")
    renderer, news = open_renderer("auto", SpeechStyle(), cache)
    assert renderer is not None
    with closing(renderer):
        assert renderer.wait([english, german, swedish], LONG_S)
        assert news == renderer.notices == []
    assert cache.get(cache_key("hibari", hibari_version(), english)) is not None
    assert cache.get(cache_key("pico", open_voice("pico").version, german)) is not None
    assert cache.get(cache_key("espeak", open_voice("espeak").version, swedish)) is not None


def test_where_it_does_not_load_espeak_speaks_and_it_is_told_once(
    cache: SpeechCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_voice: str) -> IsolatedVoice:
        raise VoiceError("the hibari voice does not load: no such library")

    monkeypatch.setenv("TIMER_APP_AUTO_VOICES", "hibari,espeak")
    monkeypatch.setattr(registry, "IsolatedVoice", broken)
    renderer, news = open_renderer("auto", SpeechStyle(), cache)
    assert renderer is not None
    with closing(renderer):
        lines = [Utterance("Rest."), Utterance("Switch sides.")]
        assert renderer.wait(lines, LONG_S)
        assert all(renderer.get(line) is not None for line in lines)
        assert news == []
        assert renderer.notices == [
            "Another voice speaks: the hibari voice does not load: no such library; espeak takes over."
        ]


def test_where_it_is_not_installed_espeak_speaks_and_nothing_is_told(
    cache: SpeechCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIMER_APP_AUTO_VOICES")
    monkeypatch.setattr("timer_app.tts.hibari.is_installed", lambda: False)
    monkeypatch.setattr("timer_app.tts.pico.is_installed", lambda: False)
    renderer, news = open_renderer("auto", SpeechStyle(), cache)
    assert renderer is not None
    with closing(renderer):
        assert renderer.wait([Utterance("Rest.")], LONG_S)
        assert news == renderer.notices == []
