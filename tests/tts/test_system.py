from __future__ import annotations

import contextlib
import importlib
import os
import sys
import textwrap
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from timer_app.tts import system_process as system_worker
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.registry import open_voice
from timer_app.tts.system import SystemVoice
from timer_app.tts.voice import VoiceError

Maker = Callable[..., SystemVoice]
SLACK_MS = 15  # one period of the voice's pitch, by which renders of one text differ

# An engine whose conduct is written by the test: `render` gets the message and the number of the line.
WORKER = """
import os, sys, time, wave
from timer_app.system.processes import read_message, write_message
def write(path, ms=200):
    with wave.open(path, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)
        file.writeframes(b"\\x00\\x40" * (16 * ms))
def say(answer):
    write_message(sys.stdout.buffer, answer)
ABOUT = {"driver": "test", "version": "1", "default": "b", "voices": [
    {"id": "a", "name": "Anna", "languages": ["en_US"]},
    {"id": "b", "name": "Bob", "languages": ["en-GB"]},
    {"id": "c", "name": "Carla", "languages": ["de", "Unknown Locale: 7"]}]}
def voices(message):
    say(ABOUT)
def render(message, line):
    write(message["path"]); say({})
CONDUCT
line = 0
while received := read_message(sys.stdin.buffer):
    message = received.header
    if message["do"] == "voices":
        voices(message)
    else:
        line += 1
        render(message, line)
"""


@pytest.fixture
def acting(tmp_path: Path) -> Iterator[Maker]:
    """Opens a system voice whose worker acts as the given code says."""
    opened: list[SystemVoice] = []

    def make(conduct: str = "", *, limit_s: float = 10.0) -> SystemVoice:
        script = tmp_path / "worker.py"
        script.write_text(WORKER.replace("CONDUCT", textwrap.dedent(conduct)))
        opened.append(SystemVoice([sys.executable, str(script)], limit_s=limit_s))
        return opened[-1]

    yield make
    for voice in opened:
        voice.close()


@pytest.fixture(scope="module")
def system() -> Iterator[SystemVoice]:
    pytest.importorskip("pyttsx3", reason="the optional extra is not installed")
    voice = open_voice("system")
    assert isinstance(voice, SystemVoice)
    yield voice
    voice.close()


# Loaded first, the bundled library serves under the name by which pyttsx3 would find one of the system's.
BUNDLED_FIRST = """
import ctypes, os, runpy
from timer_app.tts.espeak import data_path, library_path
os.environ["ESPEAK_DATA_PATH"] = os.fsdecode(data_path())
ctypes.CDLL(str(library_path()))
runpy.run_module("timer_app.tts.system_process", run_name="__main__")
"""


def length_ms(voice: SystemVoice, text: str, language: str, wpm: int) -> int:
    """How long a line is with a voice that is closed afterwards."""
    with contextlib.closing(voice):
        return voice.render(text, language, wpm).length_ms


def bundled_voice() -> SystemVoice:
    """A voice that speaks with the bundled library, also where the system has one of its own."""
    pytest.importorskip("pyttsx3", reason="the optional extra is not installed")
    return SystemVoice([sys.executable, "-c", BUNDLED_FIRST])


def test_the_real_engine_speaks_line_after_line(system: SystemVoice) -> None:
    lengths = [system.render(text, "en", 150).length_ms for text in ("one", "Switch sides.", "one")]
    assert 100 < lengths[0] < lengths[1]
    assert abs(lengths[2] - lengths[0]) <= SLACK_MS


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="on Linux alone the engine is can be the bundled one")
def test_with_the_bundled_library_the_real_engine_says_what_the_bundled_voice_does(espeak: EspeakVoice) -> None:
    with contextlib.closing(bundled_voice()) as voice:
        for language in ("en", "en-us", "de", "pt-br"):
            expected = espeak.render("bath, dance, three", language, 150).length_ms
            assert abs(voice.render("bath, dance, three", language, 150).length_ms - expected) <= SLACK_MS + 10


def test_the_real_engine_follows_the_rate(system: SystemVoice) -> None:
    assert (
        system.render("Slide down slowly.", "en", 100).length_ms
        > system.render("Slide down slowly.", "en", 200).length_ms
    )


SETTINGS = [("en", 100), ("de", 200), ("en", 200), ("de", 100)]


def test_the_bundled_library_never_speaks_a_line_with_the_settings_of_the_one_before(espeak: EspeakVoice) -> None:
    expected = {each: espeak.render("Set ten, and hold", *each).length_ms for each in SETTINGS}
    with contextlib.closing(bundled_voice()) as voice:
        for each in SETTINGS * 10:
            found = voice.render("Set ten, and hold", *each).length_ms
            assert abs(found - expected[each]) <= SLACK_MS + 10
        assert not voice._is_one_line_engine


def test_no_library_of_the_system_speaks_a_line_at_the_rate_of_the_one_before(system: SystemVoice) -> None:
    expected = {each: length_ms(SystemVoice(), "Set ten, and hold", *each) for each in SETTINGS}
    for each in SETTINGS * 3:
        found = system.render("Set ten, and hold", *each).length_ms
        # After other lines espeak-ng 1.51 speaks a line up to 4 % longer than the first of a process.
        assert found == pytest.approx(expected[each], rel=0.06)
    assert not system._is_one_line_engine


def test_the_first_line_of_a_new_process_has_its_own_settings(espeak: EspeakVoice) -> None:
    expected = espeak.render("Set ten, and hold", "de", 100).length_ms
    for _ in range(4):
        found = length_ms(bundled_voice(), "Set ten, and hold", "de", 100)
        assert abs(found - expected) <= SLACK_MS + 10


@pytest.mark.parametrize(("rate", "voice"), [(175, "gmw/de"), (100, "gmw/en")])
def test_settings_that_the_engine_did_not_take_fail_the_line(
    monkeypatch: pytest.MonkeyPatch, rate: int, voice: str
) -> None:
    library = SimpleNamespace(espeak_Synchronize=lambda: 0, espeak_GetParameter=lambda _which, _current: rate)
    engine = SimpleNamespace(
        driver_name="espeak", setProperty=lambda _name, _value: None, getProperty=lambda _name: voice
    )
    monkeypatch.setattr(importlib, "import_module", lambda _name: SimpleNamespace(dll=library))
    with pytest.raises(RuntimeError, match="did not take its settings"):
        system_worker._apply_settings(engine, "gmw/de", 100)


class LaterEngine:
    """An engine whose first runs write a file without a sound, as espeak does on a busy machine."""

    driver_name = "espeak"

    def __init__(self, silent_runs: int) -> None:
        self.silent_runs, self.runs = silent_runs, 0

    def connect(self, _topic: str, finished: Callable[[], None]) -> None:
        self._finished = finished

    def disconnect(self, _token: object) -> None: ...

    def save_to_file(self, _text: str, path: str) -> None:
        self._path = path

    def runAndWait(self) -> None:  # noqa: N802 - the name that pyttsx3 calls
        self.runs += 1
        with wave.open(self._path, "wb") as file:
            file.setparams((1, 2, 22_050, 0, "NONE", ""))
            file.writeframes(b"" if self.runs <= self.silent_runs else b"\1\2" * 99)
        self._finished()


@pytest.mark.parametrize(("silent_runs", "runs", "frames"), [(0, 1, 99), (2, 3, 99), (9, 3, 0)])
def test_a_line_that_the_engine_swallowed_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, silent_runs: int, runs: int, frames: int
) -> None:
    monkeypatch.setattr(system_worker, "_apply_settings", lambda *_settings: None)
    engine, path = LaterEngine(silent_runs), tmp_path / "line.wav"
    message = {"text": "one", "path": str(path), "voice": "", "wpm": 150, "pitch": 50}
    assert system_worker._render(engine, message) == {"written": True}
    assert engine.runs == runs
    with wave.open(str(path)) as file:
        assert file.getnframes() == frames


def test_the_real_engine_lists_languages_and_refuses_others(system: SystemVoice) -> None:
    assert {"de", "es"} <= {language.code for language in system.languages()}
    with pytest.raises(VoiceError, match='does not speak "xx"'):
        system.render("one", "xx", 150)


def test_the_real_engine_prints_nothing_and_leaves_no_file(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyttsx3", reason="the optional extra is not installed")
    voice = SystemVoice()
    folder = Path(voice._folder.name)
    voice.render("one", "en", 150)
    assert list(folder.iterdir()) == []
    voice.close()
    assert not folder.exists()
    assert capfd.readouterr() == ("", "")


def test_many_threads_may_ask_the_real_engine(system: SystemVoice) -> None:
    expected = [system.render(f"Set {n}", "en", 150).length_ms for n in range(4)]
    found: list[tuple[int, int]] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append((n, system.render(f"Set {n}", "en", 150).length_ms)))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert max(abs(ms - expected[n]) for n, ms in found) <= SLACK_MS


def test_a_line_is_read_at_the_rate_of_the_file(acting: Maker) -> None:
    speech = acting().render("one", "en", 150)
    assert speech.rate == 16_000
    assert abs(speech.length_ms - 200) <= 1


@pytest.mark.parametrize(
    ("language", "chosen"), [("en", "b"), ("en-us", "a"), ("en-gb", "b"), ("en-au", "b"), ("de-at", "c")]
)
def test_a_voice_of_the_language_is_chosen_the_user_s_own_first(acting: Maker, language: str, chosen: str) -> None:
    assert acting()._choose(language) == chosen


def test_where_voices_do_not_tell_their_language_the_system_chooses(acting: Maker) -> None:
    voice = acting("for v in ABOUT['voices']: v['languages'] = []")
    assert voice._choose("en") == ""
    assert voice.languages() == []
    assert voice.render("one", "fr", 150).length_ms > 0


def test_only_proper_codes_are_listed(acting: Maker) -> None:
    assert [language.code for language in acting().languages()] == ["de", "en-gb", "en-us"]


def test_the_version_changes_with_what_the_system_offers(acting: Maker) -> None:
    assert acting().version == acting().version
    assert acting().version != acting("ABOUT['default'] = 'a'").version


def test_a_text_without_anything_to_speak_does_not_reach_the_engine(acting: Maker) -> None:
    assert acting("def render(*_): os._exit(1)").render(" \x01 ", "en", 150).length_ms == 0


def test_an_engine_that_hangs_is_given_up_after_its_time(acting: Maker) -> None:
    voice = acting("def render(*_): time.sleep(60)", limit_s=1.0)
    began = time.monotonic()
    with pytest.raises(VoiceError, match="did not answer within 1 s"):
        voice.render("one", "en", 150)
    assert time.monotonic() - began < 20


def test_an_engine_that_hangs_while_starting_is_given_up(acting: Maker) -> None:
    with pytest.raises(VoiceError, match=r"does not start: did not answer within 0\.5 s"):
        acting("def voices(_): time.sleep(60)", limit_s=0.5)


@pytest.mark.parametrize("conduct", ["os._exit(3)", "os.abort()", "print('Audio saved', flush=True)", "say([1])"])
def test_an_engine_that_crashes_or_talks_nonsense_is_one_clear_line(acting: Maker, conduct: str) -> None:
    with pytest.raises(VoiceError, match="the system voice") as failure:
        acting(f"def render(*_): {conduct}").render("one", "en", 150)
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize("conduct", ["say({})", "open(_[0]['path'], 'w').close(); say({})", "say({'error': 'no'})"])
def test_an_engine_that_writes_no_sound_is_told(acting: Maker, conduct: str) -> None:
    with pytest.raises(VoiceError, match="wrote no proper sound"):
        acting(f"def render(*_): {conduct}").render("one", "en", 150)


@pytest.mark.parametrize("trouble", ["os._exit(1)", "say({})", "say({'error': 'busy'})"])
def test_an_engine_that_manages_one_line_a_process_gets_a_process_for_each(acting: Maker, trouble: str) -> None:
    voice = acting(f"""
        def render(message, line):
            if line > 1:
                {trouble}
            else:
                write(message["path"]); say({{}})
    """)
    assert all(voice.render(f"Line {n}", "en", 150).length_ms > 100 for n in range(4))


SILENCE = "open(message['path'], 'wb').write(SILENT); say({})"
SILENT = """
import io
buffer = io.BytesIO()
with wave.open(buffer, "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000); file.writeframes(bytes(3200))
SILENT = buffer.getvalue()
"""


def test_silence_where_words_belong_is_a_failure_and_not_a_line(acting: Maker) -> None:
    voice = acting(f"{SILENT}\ndef render(message, line): {SILENCE}")
    with pytest.raises(VoiceError, match="wrote a file of silence"):
        voice.render("one", "en", 150)
    assert voice.render("...", "en", 150).length_ms == 0


def test_a_line_lost_once_is_spoken_by_a_new_process(acting: Maker) -> None:
    good = "write(message['path']); say({})"
    lost_second = f"def render(message, line):\n    if line == 2: {SILENCE}\n    else: {good}"
    voice = acting(f"{SILENT}\n{lost_second}")
    assert all(voice.render(f"Line {n}", "en", 150).length_ms > 100 for n in range(3))


def test_a_system_without_voices_is_told(acting: Maker) -> None:
    with pytest.raises(VoiceError, match="offers no voice"):
        acting("ABOUT['voices'] = []")


def test_a_worker_that_is_not_there_is_told() -> None:
    with pytest.raises(VoiceError, match="could not be started"):
        SystemVoice(["/nowhere/worker"])


def test_closing_ends_a_line_under_way(acting: Maker) -> None:
    voice = acting("def render(*_): time.sleep(60)", limit_s=50)
    failures: list[VoiceError] = []

    def speak() -> None:
        try:
            voice.render("one", "en", 150)
        except VoiceError as error:
            failures.append(error)

    thread = threading.Thread(target=speak)
    thread.start()
    voice.close()
    thread.join(20)
    assert not thread.is_alive()
    assert len(failures) == 1


@pytest.mark.skipif(os.name != "posix", reason="process ids are looked up the POSIX way")
def test_no_process_is_left_after_closing(acting: Maker) -> None:
    voice = acting()
    pid = voice._process.pid
    voice.close()
    voice.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
