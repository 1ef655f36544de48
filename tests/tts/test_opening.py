from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from timer_app.core.timeline.utterance import Manner, Utterance
from timer_app.tts import registry as opening
from timer_app.tts.cache import SpeechCache
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.registry import open_renderer, open_voice_within
from timer_app.tts.voice import SilentVoice, Voice, VoiceError

LONG_S = 20.0
SLOW = SpeechStyle(Manner(120))


@pytest.fixture
def never() -> Iterator[Callable[[], Voice]]:
    """Opens no voice until the test is over."""
    gate = threading.Event()

    def opener() -> Voice:
        gate.wait(LONG_S)
        return SilentVoice()

    yield opener
    gate.set()


def failing(*names: str) -> Callable[[str], Voice]:
    def opener(name: str) -> Voice:
        if name in names:
            raise VoiceError(f"{name} is hoarse")
        return SilentVoice()

    return opener


def test_the_chosen_voice_speaks_and_nothing_is_told(cache: SpeechCache) -> None:
    renderer, news = open_renderer("espeak", SLOW, cache)
    assert renderer is not None
    assert renderer.wait([Utterance("Rest.")], LONG_S)
    assert news == renderer.notices == []
    renderer.close()


def test_nobody_speaks_where_nobody_is_wanted(cache: SpeechCache) -> None:
    assert open_renderer("none", SLOW, cache) == (None, [])


def test_the_bundled_voice_speaks_where_the_chosen_one_does_not_open(cache: SpeechCache) -> None:
    renderer, news = open_renderer("espeek", SLOW, cache)
    assert renderer is not None
    assert len(news) == 1
    assert "no voice" in news[0]
    assert "espeak takes over" in news[0]
    assert renderer.wait([Utterance("Rest.")], LONG_S)
    assert renderer.get(Utterance("Rest.")) is not None
    renderer.close()


def test_without_any_voice_each_reason_is_told(cache: SpeechCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "open_voice", failing("system", "espeak"))
    renderer, news = open_renderer("system", SLOW, cache)
    assert renderer is None
    assert news == ["Another voice speaks: system is hoarse; espeak takes over.", "No voice: espeak is hoarse"]


def test_a_voice_that_does_not_open_in_its_time_is_passed_over(never: Callable[[], Voice]) -> None:
    with pytest.raises(VoiceError, match=r"the slow voice did not open within 0\.05 s"):
        open_voice_within(never, "slow", 0.05)


def test_a_voice_that_breaks_down_when_opened_is_told_by_its_name() -> None:
    def broken() -> Voice:
        raise KeyError("no such model")

    with pytest.raises(VoiceError, match="the foreign voice broke down: KeyError"):
        open_voice_within(broken, "foreign", LONG_S)
