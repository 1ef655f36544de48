from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest

from timer_app.tts.espeak import FASTEST_WPM, LONGEST_PATH, SLOWEST_WPM, EspeakVoice, shared_engine
from timer_app.tts.voice import Language, VoiceError
from timer_app.tts.waveform import AUDIBLE, MARGIN_MS

# Two renders of one text differ by up to one period of the voice's pitch, one after another as in parallel:
# 0 to 11 ms over 64 renders of 13 lines.
SLACK_MS = 15


def length(voice: EspeakVoice, text: str, language: str = "en", wpm: int = 150) -> int:
    return voice.render(text, language, wpm).length_ms


def test_a_line_is_rendered_at_the_library_s_own_rate_and_is_audible(espeak: EspeakVoice) -> None:
    speech = espeak.render("Half way. Blades back and down.", "en", 150)
    assert speech.rate == 22_050
    assert speech.samples.dtype == np.float32
    assert 0.2 < np.abs(speech.samples).max() <= 1
    assert 1_500 < speech.length_ms < 3_500


@pytest.mark.parametrize("word", ["one", "six", "ten", "rest"])
def test_no_silence_is_left_around_a_short_word(espeak: EspeakVoice, word: str) -> None:
    speech = espeak.render(word, "en", 150)
    heard = np.flatnonzero(np.abs(speech.samples) > AUDIBLE)
    margin = speech.rate * (MARGIN_MS + 3) // 1000
    assert heard[0] <= margin
    assert len(speech.samples) - heard[-1] <= margin
    assert speech.length_ms < 520


def test_a_faster_rate_makes_a_shorter_line(espeak: EspeakVoice) -> None:
    lengths = [length(espeak, "Slide down until your thighs are level.", wpm=wpm) for wpm in (80, 150, 250, 450)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] > 2 * lengths[2]


def test_a_rate_beyond_the_limits_is_taken_to_the_nearer_end(espeak: EspeakVoice) -> None:
    for beyond, limit in ((1, SLOWEST_WPM), (10_000, FASTEST_WPM)):
        within = round(limit * 175 / 150)
        assert (
            abs(length(espeak, "Switch sides.", wpm=beyond) - length(espeak, "Switch sides.", wpm=within)) <= SLACK_MS
        )


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x01", "\ufeff"])
def test_a_text_without_anything_to_speak_is_silent(espeak: EspeakVoice, text: str) -> None:
    assert length(espeak, text) == 0


def test_control_characters_do_not_change_the_rate_of_this_line_or_the_next(espeak: EspeakVoice) -> None:
    plain, before = length(espeak, "hello 400S world"), length(espeak, "one")
    assert abs(length(espeak, "hello \x01400S world") - plain) <= SLACK_MS
    assert abs(length(espeak, "one") - before) <= SLACK_MS


def test_a_text_does_not_end_at_a_zero_character(espeak: EspeakVoice) -> None:
    assert abs(length(espeak, "one\x00two") - length(espeak, "one two")) <= SLACK_MS


def test_markup_is_spoken_as_it_stands(espeak: EspeakVoice) -> None:
    assert length(espeak, '<prosody rate="x-slow">hello</prosody>') > 3 * length(espeak, "hello")
    assert length(espeak, "<break time='9s'/>") < 8_000


def test_phoneme_codes_are_read_out_and_not_obeyed(espeak: EspeakVoice) -> None:
    assert length(espeak, "[[h@l'oU]]") > 2 * length(espeak, "hello")


def test_text_that_is_no_proper_unicode_is_spoken_without_an_error(espeak: EspeakVoice) -> None:
    assert length(espeak, "one \ud800 two") > 0


@pytest.mark.parametrize(
    ("code", "voice"),
    [
        ("en", "gmw/en"),
        ("en-gb", "gmw/en"),
        ("en_US.UTF-8", "gmw/en-US"),
        ("en-au", "gmw/en"),
        ("de", "gmw/de"),
        ("de-AT", "gmw/de"),
        ("pt", "roa/pt"),
        ("pt-BR", "roa/pt-BR"),
        ("es-MX", "roa/es-419"),
        ("zh", "sit/cmn"),
        ("zh-CN", "sit/cmn"),
        ("no", "gmq/nb"),
    ],
)
def test_a_language_code_finds_its_voice(
    espeak: EspeakVoice, monkeypatch: pytest.MonkeyPatch, code: str, voice: str
) -> None:
    chosen: list[str] = []

    def render(_text: str, identifier: str, _wpm: int, _pitch: int) -> bytes:
        chosen.append(identifier)
        return b""

    monkeypatch.setattr(espeak._engine, "render", render)
    espeak.render("one", code, 150)
    assert chosen == [voice]


@pytest.mark.parametrize("code", ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh"])
def test_every_language_of_the_coach_is_spoken(espeak: EspeakVoice, code: str) -> None:
    assert length(espeak, "1, 2, 3", code) > 300


def test_every_language_that_is_listed_loads(espeak: EspeakVoice) -> None:
    for code, _ in espeak.languages():
        assert length(espeak, "3", code) >= 0


@pytest.mark.parametrize("code", ["xx", "", "../../etc", "en\x00", "+f3"])
def test_an_unknown_language_is_refused_in_one_line(espeak: EspeakVoice, code: str) -> None:
    with pytest.raises(VoiceError, match="does not speak") as refusal:
        espeak.render("one", code, 150)
    assert "\n" not in str(refusal.value)


def test_languages_are_listed_by_code_with_names(espeak: EspeakVoice) -> None:
    listed = espeak.languages()
    assert listed == sorted(listed)
    assert Language("en-us", "English (America)") in listed
    assert Language("de", "German") in listed


def test_a_voice_that_does_not_load_is_told_and_the_next_line_is_spoken(espeak: EspeakVoice) -> None:
    with pytest.raises(VoiceError, match="could not load its voice"):
        shared_engine().render("one", "gmw/none", 150, 50)
    assert length(espeak, "one") > 0


def test_all_voices_of_a_process_share_one_engine(espeak: EspeakVoice) -> None:
    other = EspeakVoice()
    assert other._engine is espeak._engine
    other.close()
    assert length(espeak, "one") > 0


def test_many_threads_at_once_get_what_one_by_one_gives(espeak: EspeakVoice) -> None:
    lines = [(f"Set {n} of ten.", ("en", "de", "fr")[n % 3], 120 + 20 * (n % 4)) for n in range(12)]
    expected = [length(espeak, *line) for line in lines]
    found: list[tuple[int, int]] = []

    def speak(first: int) -> None:
        for n in range(first, first + len(lines)):
            at = n % len(lines)
            found.append((at, length(espeak, *lines[at])))

    threads = [threading.Thread(target=speak, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 * len(lines)
    assert max(abs(ms - expected[at]) for at, ms in found) <= SLACK_MS


def test_nothing_is_printed(espeak: EspeakVoice, capfd: pytest.CaptureFixture[str]) -> None:
    length(espeak, "one")
    with pytest.raises(VoiceError):
        length(espeak, "one", "xx")
    assert capfd.readouterr() == ("", "")


def in_new_process(code: str, *args: Path) -> subprocess.CompletedProcess[str]:
    """The engine starts once in a process, so other beginnings need another one."""
    setup = "import sys, espeakng_loader\nfrom pathlib import Path\n"
    command = [sys.executable, "-c", setup + code, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


SPEAK = """
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.voice import VoiceError
try:
    print(EspeakVoice().render("one", "en", 150).length_ms > 100)
except VoiceError as error:
    print(error)
"""
DATA_AT = "espeakng_loader.get_data_path = lambda: sys.argv[1]\n"


@pytest.fixture
def far_away(tmp_path: Path) -> Path:
    """The bundled data under a path that is longer than the library can hold."""
    folder = tmp_path / ("d" * 100) / ("e" * 100)
    folder.mkdir(parents=True)
    data = folder / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path())
    assert len(str(data)) > LONGEST_PATH
    return data


def test_a_data_path_longer_than_the_library_s_buffer_works(far_away: Path) -> None:
    ended = in_new_process(DATA_AT + SPEAK, far_away)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")


def test_a_long_data_path_works_without_links_and_leaves_nothing_behind(far_away: Path, tmp_path: Path) -> None:
    no_links = "def refuse(*_, **__): raise OSError\nPath.symlink_to = refuse\n"
    temporary = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}\n"
    if len(str(tmp_path)) > 100:
        pytest.skip("the temporary folder of this run is itself too deep")
    ended = in_new_process(DATA_AT + no_links + temporary + SPEAK, far_away)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "True\n", "")
    assert list(tmp_path.glob("timer-app-*")) == []


def test_missing_data_is_told_and_does_not_end_the_program(tmp_path: Path) -> None:
    ended = in_new_process(DATA_AT + SPEAK, tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "data is missing" in ended.stdout


def test_a_missing_library_is_told(tmp_path: Path) -> None:
    ended = in_new_process("espeakng_loader.get_library_path = lambda: sys.argv[1]\n" + SPEAK, tmp_path / "none.so")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "library is missing" in ended.stdout


def test_a_broken_library_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.so").write_bytes(b"not a library")
    ended = in_new_process("espeakng_loader.get_library_path = lambda: sys.argv[1]\n" + SPEAK, tmp_path / "broken.so")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "could not be loaded" in ended.stdout


def hertz(voice: EspeakVoice, pitch: int) -> float:
    """The frequency of the voice itself in the middle of a long vowel, whose tone falls a little."""
    speech = voice.render("aaah", "en", 100, pitch)
    middle = len(speech.samples) // 2
    lags = np.arange(speech.rate // 300, speech.rate // 60)
    found = []
    for start in range(middle - 2_000, middle + 2_000, 200):
        vowel = speech.samples[start : start + 1_400]
        like = np.array([np.corrcoef(vowel[:-lag], vowel[lag:])[0, 1] for lag in lags])
        found.append(speech.rate / int(lags[np.argmax(like > 0.95 * like.max())]))
    return float(np.median(found))


def test_a_higher_pitch_is_heard_higher_and_does_not_stay_for_the_next_line(espeak: EspeakVoice) -> None:
    usual, higher, highest = (hertz(espeak, pitch) for pitch in (50, 75, 100))
    assert usual < higher < highest
    assert hertz(espeak, 50) == pytest.approx(usual, rel=0.05)


def test_a_pitch_beyond_the_ends_is_taken_to_the_nearer_one(espeak: EspeakVoice) -> None:
    assert hertz(espeak, 900) == pytest.approx(hertz(espeak, 100), rel=0.05)
