from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from timer_app.core.compiler.estimate import estimate_upper
from timer_app.core.timeline.utterance import Manner, SpeechTiming, Utterance
from timer_app.tts.cache import SpeechCache, cache_key
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.pronunciation import Lexicon, SpeechStyle
from timer_app.tts.renderer import SpeechRenderer, VoiceOffer
from timer_app.tts.voice import Language, LanguageError, SilentVoice, Speech, Voice, VoiceError, VoiceGoneError

LONG_S = 20.0
Maker = Callable[..., SpeechRenderer]


class ScriptedVoice:
    """Renders a tone as long as its text, notes what it was asked, and does what a test tells it to."""

    version = "1"

    def __init__(self, name: str = "scripted") -> None:
        self.name = name
        self.asked: list[str] = []
        self.takes: list[tuple[str, str, int, int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self.error: Exception | None = None
        self.closed = False

    def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
        self.asked.append(text)
        self.takes.append((text, language, wpm, pitch))
        self.entered.set()
        self.gate.wait(20)
        if self.error is not None:
            raise self.error
        return Speech(np.full(100 * len(text), 0.5, dtype=np.float32), 1_000, beat_ms=len(text))

    def languages(self) -> list[Language]:
        return [Language("en", "English")]

    def close(self) -> None:
        self.closed = True
        self.gate.set()


@pytest.fixture
def scripted() -> Iterator[ScriptedVoice]:
    voice = ScriptedVoice()
    yield voice
    voice.gate.set()


@pytest.fixture
def opened_renderer(cache: SpeechCache) -> Iterator[Maker]:
    opened: list[SpeechRenderer] = []

    def make(
        voice: Voice,
        *,
        give_up_s: float = 60.0,
        stored: SpeechCache = cache,
        spares: Sequence[VoiceOffer] = (),
        **how: Any,
    ) -> SpeechRenderer:
        style = SpeechStyle(**{"usual": Manner(150), **how})
        opened.append(SpeechRenderer([VoiceOffer.of(voice), *spares], stored, style, line_timeout_s=give_up_s))
        return opened[-1]

    yield make
    for speech_renderer in opened:
        speech_renderer.close()


def heard(speech_renderer: SpeechRenderer, text: str) -> Speech:
    speech = speech_renderer.get(Utterance(text))
    assert speech is not None
    return speech


def utterances(*texts: str) -> list[Utterance]:
    return [Utterance(text) for text in texts]


def threads_of(speech_renderer: SpeechRenderer) -> list[threading.Thread]:
    return [thread for member in speech_renderer._members for thread in member.threads]


def key(text: str) -> str:
    return cache_key("scripted", "1", Utterance(text, rate=150))


def test_lines_are_rendered_in_their_order_and_once_each(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.wait(utterances("b", "a", "b", "c"), LONG_S)
    assert scripted.asked == ["b", "a", "c"]
    assert speech_renderer.progress == (3, 3)
    assert speech_renderer.wait(utterances("c", "a"), LONG_S)
    assert scripted.asked == ["b", "a", "c"]


def test_lines_asked_for_later_are_rendered_before_those_still_to_do(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted)
    speech_renderer.prepare(utterances("a", "b", "c", "d"))
    assert scripted.entered.wait(LONG_S)
    speech_renderer.prepare(utterances("c", "x"))
    scripted.gate.set()
    with speech_renderer._changed:
        assert speech_renderer._changed.wait_for(lambda: speech_renderer.progress == (5, 5), LONG_S)
    assert scripted.asked == ["a", "c", "x", "b", "d"]


def test_a_line_is_an_estimate_until_it_is_rendered_and_then_its_true_measure(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.speech(Utterance("hello")) == estimate_upper(Utterance("hello", rate=150))
    assert speech_renderer.get(Utterance("hello")) is None
    assert not speech_renderer.ready(utterances("hello"))
    assert speech_renderer.wait(utterances("hello"), LONG_S)
    assert speech_renderer.speech(Utterance("hello")) == SpeechTiming(length_ms=500, beat_ms=5)
    assert heard(speech_renderer, "hello").length_ms == 500
    assert speech_renderer.ready(utterances("hello"))
    assert not speech_renderer.ready(utterances("hello", "other"))


def test_waiting_ends_after_its_time_with_a_line_that_is_not_done(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted)
    assert not speech_renderer.wait(utterances("a"), 0.05)
    assert speech_renderer.progress == (0, 1)
    assert speech_renderer.failure is None


def test_lines_of_an_earlier_run_are_taken_from_the_cache(
    opened_renderer: Maker, scripted: ScriptedVoice, cache: SpeechCache, speech_of: Callable[..., Speech]
) -> None:
    cache.put(key("hello"), speech_of(beat_ms=3))
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.speech(Utterance("hello")) == speech_of(beat_ms=3).timing
    np.testing.assert_array_equal(heard(speech_renderer, "hello").samples, speech_of().samples)
    assert speech_renderer.wait(utterances("hello", "new"), LONG_S)
    assert scripted.asked == ["new"]


@pytest.mark.parametrize("error", [VoiceError("boom"), RuntimeError("boom"), KeyError("boom")])
def test_a_voice_that_fails_three_times_in_a_row_is_given_up_once_and_nobody_waits_for_it(
    opened_renderer: Maker,
    scripted: ScriptedVoice,
    cache: SpeechCache,
    speech_of: Callable[..., Speech],
    error: Exception,
) -> None:
    cache.put(key("known"), speech_of())
    scripted.error = error
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.wait(utterances("a", "b", "c", "d", "known"), LONG_S)
    assert "boom" in str(speech_renderer.failure)
    assert speech_renderer.progress == (5, 5)
    assert speech_renderer.ready(utterances("a", "never asked"))
    assert speech_renderer.get(Utterance("a")) is None
    assert speech_renderer.get(Utterance("known")) is not None
    assert speech_renderer.speech(Utterance("a")) == estimate_upper(Utterance("a", rate=150))
    first = speech_renderer.failure
    scripted.error = RuntimeError("another")
    assert speech_renderer.wait(utterances("e"), LONG_S)
    assert speech_renderer.failure is first
    assert scripted.asked == ["a", "b", "c"]
    assert len(speech_renderer.notices) == 1


def test_a_fault_over_one_line_costs_no_other_line_its_voice(opened_renderer: Maker) -> None:
    class Picky(ScriptedVoice):
        def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
            self.error = VoiceError("cannot say that") if text.startswith("odd") else None
            return super().render(text, language, wpm, pitch)

    picky, second = Picky(), ScriptedVoice("second")
    speech_renderer = opened_renderer(picky, spares=[VoiceOffer.of(second)])
    assert speech_renderer.wait(utterances("odd 1", "a", "odd 2", "b", "odd 3", "c"), LONG_S)
    assert second.asked == ["odd 1", "odd 2", "odd 3"]
    assert speech_renderer.notices == ["A line is spoken by second: cannot say that"]
    assert speech_renderer._finished[Utterance("a")] == key("a")
    assert speech_renderer._finished[Utterance("odd 1")] == cache_key("second", "1", Utterance("odd 1", rate=150))


def test_a_language_that_a_voice_does_not_speak_costs_it_that_language_alone(opened_renderer: Maker) -> None:
    class English(ScriptedVoice):
        def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
            self.error = None if language == "en" else LanguageError("no German")
            return super().render(text, language, wpm, pitch)

    english, second = English(), ScriptedVoice("second")
    speech_renderer = opened_renderer(english, spares=[VoiceOffer.of(second)])
    assert speech_renderer.wait([Utterance("eins", "de"), Utterance("one"), Utterance("zwei", "de")], LONG_S)
    assert (english.asked, second.asked) == (["eins", "one"], ["eins", "zwei"])
    assert speech_renderer.notices == ["Another voice speaks: no German; second takes over."]


def test_each_line_is_asked_of_the_first_voice_that_is_offered_for_its_language(opened_renderer: Maker) -> None:
    german, second = ScriptedVoice("german"), ScriptedVoice("second")
    offers = [VoiceOffer("german", lambda: german, codes=("de",)), VoiceOffer.of(second)]
    speech_renderer = SpeechRenderer(offers, opened_renderer(german)._cache, SpeechStyle())
    assert speech_renderer.wait([Utterance("eins", "de-at"), Utterance("one")], LONG_S)
    assert (german.asked, second.asked, speech_renderer.notices) == (["eins"], ["one"], [])
    speech_renderer.close()


def test_a_voice_whose_lines_are_all_in_the_cache_is_never_opened(
    cache: SpeechCache, speech_of: Callable[..., Speech]
) -> None:
    def opened() -> Voice:
        raise AssertionError

    cache.put(cache_key("scripted", "1", Utterance("hello")), speech_of())
    speech_renderer = SpeechRenderer([VoiceOffer("scripted", opened, "1")], cache, SpeechStyle())
    assert speech_renderer.speech(Utterance("hello")) == speech_of().timing
    assert speech_renderer.wait(utterances("hello"), LONG_S)
    assert speech_renderer.get(Utterance("hello")) is not None
    assert speech_renderer.notices == []
    speech_renderer.close()


def test_a_voice_is_opened_once_a_length_is_asked_for_that_nobody_knows(cache: SpeechCache) -> None:
    opened: list[ScriptedVoice] = []
    there = threading.Event()

    def scripted() -> Voice:
        opened.append(ScriptedVoice())
        there.set()
        return opened[-1]

    speech_renderer = SpeechRenderer([VoiceOffer("scripted", scripted, "1")], cache, SpeechStyle())
    assert speech_renderer.speech(Utterance("hello")) == estimate_upper(Utterance("hello"))
    assert there.wait(LONG_S)
    assert speech_renderer.wait(utterances("hello", "again"), LONG_S)
    assert [voice.asked for voice in opened] == [["hello", "again"]]
    speech_renderer.close()


def test_a_voice_whose_process_ends_is_opened_anew_once(opened_renderer: Maker) -> None:
    opened: list[ScriptedVoice] = []

    class Frail(ScriptedVoice):
        def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
            self.error = VoiceGoneError("it ended") if text == "odd" else None
            return super().render(text, language, wpm, pitch)

    def frail() -> Voice:
        opened.append(Frail())
        return opened[-1]

    second = ScriptedVoice("second")
    offers = [VoiceOffer("scripted", frail), VoiceOffer.of(second)]
    speech_renderer = SpeechRenderer(offers, opened_renderer(second)._cache, SpeechStyle())
    assert speech_renderer.wait(utterances("odd", "a"), LONG_S)
    assert (len(opened), second.asked) == (2, ["odd"])
    assert speech_renderer.wait([Utterance("odd", rate=100), *utterances("b")], LONG_S)
    assert (len(opened), second.asked) == (2, ["odd", "odd", "b"])
    assert [line.partition(":")[0] for line in speech_renderer.notices] == [
        "A line is spoken by second",
        "Another voice speaks",
    ]
    speech_renderer.close()


def test_a_voice_that_hangs_is_given_up_and_its_late_answer_does_not_bring_it_back(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted, give_up_s=0.05)
    assert speech_renderer.wait(utterances("a", "b"), 0.2)
    assert "took too long" in str(speech_renderer.failure)
    assert speech_renderer.ready(utterances("b"))
    assert speech_renderer.progress == (2, 2)
    scripted.gate.set()
    assert speech_renderer.wait(utterances("c"), LONG_S)
    assert scripted.asked == ["a"]
    assert speech_renderer.failure is not None


def test_a_line_that_another_run_dropped_from_the_disk_is_rendered_again(
    opened_renderer: Maker, scripted: ScriptedVoice, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    speech_renderer = opened_renderer(scripted, stored=SpeechCache(folder))
    assert speech_renderer.wait(utterances("a"), LONG_S)
    for path in folder.iterdir():
        path.unlink()
    speech_renderer._cache._recent.clear()
    assert speech_renderer.get(Utterance("a")) is None
    assert speech_renderer.wait(utterances("a"), LONG_S)
    assert speech_renderer.get(Utterance("a")) is not None
    assert scripted.asked == ["a", "a"]


def test_a_folder_that_cannot_be_written_changes_nothing_for_the_session(
    opened_renderer: Maker, scripted: ScriptedVoice, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    speech_renderer = opened_renderer(scripted, stored=SpeechCache(tmp_path / "file"))
    assert speech_renderer.wait(utterances("a", "b"), LONG_S)
    assert heard(speech_renderer, "a").length_ms == 100
    assert speech_renderer.failure is None


def test_without_a_voice_every_line_is_there_and_of_no_length(opened_renderer: Maker) -> None:
    speech_renderer = opened_renderer(SilentVoice())
    assert speech_renderer.speech(Utterance("Switch sides.")) == SpeechTiming(length_ms=0)
    assert speech_renderer.wait(utterances("Switch sides."), LONG_S)
    assert speech_renderer.speech(Utterance("Switch sides.")) == SpeechTiming(length_ms=0)
    assert heard(speech_renderer, "Switch sides.").length_ms == 0


def test_closing_stops_a_render_under_way_and_is_no_failure(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted)
    speech_renderer.prepare(utterances("a", "b"))
    assert scripted.entered.wait(LONG_S)
    speech_renderer.close()
    speech_renderer.close()
    assert scripted.closed
    assert [thread.is_alive() for thread in threads_of(speech_renderer)] == [False]
    assert scripted.asked == ["a"]
    assert speech_renderer.failure is None


def test_closing_ends_a_wait_in_another_thread(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted)
    waiting = threading.Thread(target=speech_renderer.wait, args=(utterances("a"), LONG_S))
    waiting.start()
    assert scripted.entered.wait(LONG_S)
    speech_renderer.close()
    waiting.join(LONG_S)
    assert not waiting.is_alive()


def test_a_studio_never_used_starts_no_thread(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    speech_renderer = opened_renderer(scripted)
    speech_renderer.speech(Utterance("a"))
    speech_renderer.prepare([])
    speech_renderer.close()
    assert threads_of(speech_renderer) == []


def test_a_session_of_the_real_voice_is_rendered_and_heard(opened_renderer: Maker, espeak: EspeakVoice) -> None:
    speech_renderer = opened_renderer(espeak)
    texts = ["Upper-back release", "three", "two", "one", "Switch sides.", "Rest."]
    estimates = [speech_renderer.speech(Utterance(text)) for text in texts]
    assert speech_renderer.wait(utterances(*texts), LONG_S)
    for text, guess in zip(texts, estimates, strict=True):
        speech = heard(speech_renderer, text)
        assert speech_renderer.speech(Utterance(text)) == speech.timing
        assert 100 < speech.length_ms <= guess.length_ms


def test_the_next_voice_renders_what_a_broken_one_leaves_and_it_is_told_once(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    second = ScriptedVoice("second")
    speech_renderer = opened_renderer(scripted, spares=[VoiceOffer.of(second)])
    assert speech_renderer.wait(utterances("a"), LONG_S)
    scripted.error = RuntimeError("boom")
    assert speech_renderer.wait(utterances("b", "c", "d", "e"), LONG_S)
    assert (scripted.asked, second.asked) == (["a", "b", "c", "d"], ["b", "c", "d", "e"])
    assert all(speech_renderer.get(Utterance(text)) is not None for text in "abcde")
    assert speech_renderer.failure is None
    assert speech_renderer.progress == (5, 5)
    assert [line.partition(":")[0] for line in speech_renderer.notices] == [
        "A line is spoken by second",
        "Another voice speaks",
    ]
    assert "boom" in speech_renderer.notices[1]
    assert "second takes over" in speech_renderer.notices[1]


def test_the_next_voice_takes_over_from_one_that_hangs_while_nobody_asks_for_a_line(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    scripted.gate.clear()
    second = ScriptedVoice("second")
    speech_renderer = opened_renderer(scripted, give_up_s=0.05, spares=[VoiceOffer.of(second)])
    assert speech_renderer.wait(utterances("a", "b"), LONG_S)
    assert second.asked == ["a", "b"]
    assert speech_renderer.failure is None
    assert "took too long" in speech_renderer.notices[0]
    assert scripted.entered.wait(LONG_S)
    scripted.gate.set()
    assert speech_renderer.wait(utterances("c"), LONG_S)
    assert heard(speech_renderer, "a").length_ms == 100
    assert scripted.asked == ["a"]


class PairVoice(ScriptedVoice):
    """Renders two lines at once, and says when both are under way."""

    lines_at_once = 2

    def __init__(self, name: str = "scripted") -> None:
        super().__init__(name)
        self.both = threading.Event()

    def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
        if len(self.asked) == 1:
            self.both.set()
        return super().render(text, language, wpm, pitch)


def test_a_voice_that_can_renders_two_lines_side_by_side_and_each_once(opened_renderer: Maker) -> None:
    voice = PairVoice()
    voice.gate.clear()
    speech_renderer = opened_renderer(voice)
    speech_renderer.prepare(utterances("a", "b", "c", "d"))
    assert voice.both.wait(LONG_S)
    speech_renderer.prepare(utterances("b", "a", "e"))
    voice.gate.set()
    assert speech_renderer.wait(utterances(*"abcde"), LONG_S)
    assert sorted(voice.asked) == ["a", "b", "c", "d", "e"]
    assert speech_renderer.progress == (5, 5)


def test_all_that_a_given_up_voice_had_in_hand_is_rendered_by_the_next_one(opened_renderer: Maker) -> None:
    pair, second = PairVoice(), ScriptedVoice("second")
    pair.gate.clear()
    pair.error = VoiceGoneError("boom", hung=True)
    speech_renderer = opened_renderer(pair, spares=[VoiceOffer.of(second)])
    speech_renderer.prepare(utterances("a", "b", "c"))
    assert pair.both.wait(LONG_S)
    pair.gate.set()
    assert speech_renderer.wait(utterances("a", "b", "c"), LONG_S)
    assert sorted(pair.asked) == ["a", "b"]
    assert sorted(second.asked) == ["a", "b", "c"]
    assert len(speech_renderer.notices) == 1


def test_a_voice_that_hangs_over_one_line_of_two_is_given_up(opened_renderer: Maker) -> None:
    class HalfHanging(PairVoice):
        def render(self, text: str, language: str, wpm: int, pitch: int = 50) -> Speech:
            if text != "a":
                return Speech(np.full(10, 0.5, dtype=np.float32), 1_000)
            return super().render(text, language, wpm, pitch)

    hanging, second = HalfHanging(), ScriptedVoice("second")
    hanging.gate.clear()
    speech_renderer = opened_renderer(hanging, give_up_s=0.05, spares=[VoiceOffer.of(second)])
    assert speech_renderer.wait(utterances("a", "b"), LONG_S)
    assert second.asked == ["a"]
    assert "took too long" in speech_renderer.notices[0]


def test_a_voice_given_up_is_closed(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    scripted.gate.clear()
    speech_renderer = opened_renderer(scripted, give_up_s=0.05, spares=[VoiceOffer.of(ScriptedVoice("second"))])
    assert speech_renderer.wait(utterances("a"), LONG_S)
    assert scripted.gate.wait(LONG_S)
    assert scripted.closed


def test_a_spare_voice_that_does_not_open_is_passed_over_and_the_last_failure_is_final(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    def missing() -> Voice:
        raise VoiceError("not installed")

    second = ScriptedVoice("second")
    scripted.error = second.error = VoiceGoneError("boom", hung=True)
    speech_renderer = opened_renderer(scripted, spares=[VoiceOffer("missing", missing), VoiceOffer.of(second)])
    assert speech_renderer.wait(utterances("a", "b"), LONG_S)
    assert "boom" in str(speech_renderer.failure)
    assert [line.partition(":")[0] for line in speech_renderer.notices] == [
        "Another voice speaks",
        "Another voice speaks",
        "No voice",
    ]
    assert speech_renderer.progress == (2, 2)


def test_each_line_is_rendered_in_its_manner_and_what_is_fixed_goes_first(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    slow, high = Utterance("one", rate=90), Utterance("one", "de", 100, 80)
    speech_renderer = opened_renderer(scripted, usual=Manner(150, 40))
    assert speech_renderer.wait([Utterance("one"), slow, high], LONG_S)
    assert scripted.takes == [("one", "en", 150, 40), ("one", "en", 90, 40), ("one", "de", 100, 80)]
    fixed = opened_renderer(scripted, usual=Manner(150, 40), fixed=Manner(rate=200))
    assert fixed.wait([slow, high], LONG_S)
    assert scripted.takes[3:] == [("one", "en", 200, 40), ("one", "de", 200, 80)]


def test_a_slow_line_is_estimated_as_long_as_it_takes_at_its_rate(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.speech(Utterance("hello", rate=75)) == estimate_upper(Utterance("hello", rate=75))


def test_words_are_respelled_for_the_voice_alone(opened_renderer: Maker, scripted: ScriptedVoice) -> None:
    speech_renderer = opened_renderer(scripted, lexicon=Lexicon({"scapulae": "skapyulee"}))
    assert speech_renderer.wait(utterances("Squeeze the scapulae."), LONG_S)
    assert scripted.asked == ["Squeeze the skapyulee."]
    assert speech_renderer.get(Utterance("Squeeze the scapulae.")) is not None
    assert speech_renderer.speech(Utterance("Squeeze the scapulae.")).length_ms == 100 * len("Squeeze the skapyulee.")


def test_a_program_that_ends_in_the_middle_of_rendering_ends_quietly(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from timer_app.tts.renderer import SpeechRenderer, VoiceOffer; from timer_app.tts.cache import SpeechCache\n"
        "from timer_app.tts.espeak import EspeakVoice; from timer_app.tts.pronunciation import SpeechStyle\n"
        "from timer_app.core.timeline.utterance import Utterance\n"
        "renderer = SpeechRenderer([VoiceOffer.of(EspeakVoice())], SpeechCache(Path(sys.argv[1])), SpeechStyle())\n"
        "renderer.prepare([Utterance(f'Line number {n} of very many lines.') for n in range(2000)])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_a_line_of_emoji_is_not_given_to_the_voice_and_takes_no_time(
    opened_renderer: Maker, scripted: ScriptedVoice
) -> None:
    speech_renderer = opened_renderer(scripted)
    assert speech_renderer.speech(Utterance("🔥")).length_ms == 0
    assert speech_renderer.wait(utterances("🔥", "Row 🔥"), LONG_S)
    assert scripted.asked == ["Row"]
    assert heard(speech_renderer, "🔥").length_ms == 0
