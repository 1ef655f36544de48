from __future__ import annotations

import time
import wave
from pathlib import Path

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.clips import Clip
from timer_app.audio.outputs.devices import open_output
from timer_app.audio.outputs.file import FileOutput
from timer_app.audio.process_sink import start_sink
from timer_app.core.player.clock import machine_ms
from timer_app.run.live_sound import open_sound_system
from timer_app.run.sound_system import SoundOptions
from timer_app.tts.pronunciation import SpeechStyle

QUARTER = MIX_RATE // 4


def heard(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, MIX_RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / np.float32(32_767)


@pytest.mark.sound_server  # it plays at the speed of a device, so it runs apart too
def test_what_is_heard_is_in_the_file_where_it_was_heard_and_pauses_are_silence(tmp_path: Path) -> None:
    path = tmp_path / "run.wav"
    click = Clip(np.full(MIX_RATE // 1000, 0.5, np.float32))
    sink = start_sink(f"file:{path}")(lambda _content: click, 1.0)
    first_ms = machine_ms() + 400
    for number in range(4):
        sink.schedule("tick", first_ms + 210 * number)
    assert sink.drain(5)
    sink.close()
    samples = heard(path)
    onsets = np.flatnonzero((samples[1:] != 0) & (samples[:-1] == 0)) + 1
    assert np.diff(onsets) * 1000 / MIX_RATE == pytest.approx([210] * 3, abs=1)
    assert samples[onsets[0]] == pytest.approx(0.5, abs=1e-4)


def test_the_file_can_be_played_while_it_is_still_written(tmp_path: Path) -> None:
    output = FileOutput(str(tmp_path / "run.wav"))
    output._consume(np.full(QUARTER, 0.25, np.float32), 0, 0)
    assert len(heard(tmp_path / "run.wav")) == QUARTER
    output.close()


def test_time_that_the_program_lost_is_silence_in_the_file(tmp_path: Path) -> None:
    output = FileOutput(str(tmp_path / "run.wav"))
    loud = np.full(QUARTER, 0.25, np.float32)
    output._consume(loud, 0, QUARTER)
    output._consume(loud, 3 * QUARTER, 4 * QUARTER)
    output.close()
    samples = heard(tmp_path / "run.wav")
    assert [bool(samples[place]) for place in (0, QUARTER, 2 * QUARTER, 3 * QUARTER)] == [True, False, False, True]


def test_without_a_path_it_is_named_by_the_moment_and_takes_no_other_files_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outputs = [open_output("file") for _ in range(3)]
    names = sorted(path.name for path in tmp_path.iterdir())
    for output in outputs:
        output.close()
    assert len(names) == 3
    assert all(name.startswith("timer-app-20") and name.endswith(".wav") for name in names)


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "run.wav"
    path.write_bytes(b"mine")
    with pytest.raises(AudioError, match=r"run\.wav is there already"):
        open_output(f"file:{path}")
    assert path.read_bytes() == b"mine"


def test_a_folder_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"run\.wav: no such file or directory"):
        open_output(f"file:{tmp_path / 'missing' / 'run.wav'}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_once_and_the_run_goes_on_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - the output closes it
    monkeypatch.setattr("timer_app.audio.outputs.file._create_file", lambda _reported: (Path("run.wav"), full))
    choice = SoundOptions("none", SpeechStyle(), "file:run.wav", 100)
    desk = open_sound_system(choice, lambda _name: None)
    until_s = time.monotonic() + 5
    while len(desk.sound.notices()) < 2 and time.monotonic() < until_s:
        time.sleep(0.05)
    desk.sink.schedule("breath-in@500", machine_ms() + 100)
    time.sleep(0.3)
    assert desk.sound.notices() == [
        "What is heard is written to run.wav",
        "No sound: the sound failed (run.wav: no space left on device); the session goes on silently",
    ]
    desk.sink.close()
