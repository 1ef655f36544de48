"""`timer-app export` as a user calls it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from tests.command_line import LIMIT_S, Inside
from tests.command_line import SHORT as ASKING
from tests.e2e.heard import place_of
from tests.export.recordings import decoded
from timer_app.audio.base import MIX_RATE, ms_to_frames
from timer_app.audio.clips import load_wav
from timer_app.cli import invoke, main
from timer_app.core.constraints import DEFAULT_THEME
from timer_app.export.chapters import LEAD_SILENCE_MS
from timer_app.export.encoders import to_int16
from timer_app.export.targets import ENDINGS
from timer_app.library.sounds import SoundLibrary
from timer_app.system.lazy import install_command

SHORT = ASKING.partition("\n[[steps]]\nmeasure")[0]
LONG = SHORT.replace('"10s"', '"15m"')


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


def test_a_session_becomes_a_file_with_captions_and_a_cue_sheet(timer_app: Inside, short: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.flac"
    found = timer_app("export", short, out, "--captions", "--cue-sheet", "--volume", "50")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("Short one, ")
    assert all(f"out.{ending}" in found.out for ending in ("flac", "vtt", "srt", "cue"))
    with av.open(str(out)) as container:
        assert container.metadata["title"] == "Short one"
        assert [chapter["metadata"]["title"] for chapter in container.chapters()] == [
            "Short one",
            "Wall squat",
            "Fetch the roller.",
        ]
    assert "Back flat on the wall." in (tmp_path / "out.vtt").read_text(encoding="utf-8")
    assert "Fetch the roller." in (tmp_path / "out.srt").read_text(encoding="utf-8")
    assert "Wall squat" in (tmp_path / "out.cue").read_text(encoding="utf-8")


def test_every_caption_lies_where_something_is_heard(timer_app: Inside, short: Path, tmp_path: Path) -> None:
    timer_app("export", short, tmp_path / "out.wav", "--captions")
    samples = decoded(str(tmp_path / "out.wav"))
    spans = [row.split(" --> ") for row in (tmp_path / "out.vtt").read_text().splitlines() if " --> " in row]
    assert len(spans) > 3
    for begin, end in spans:
        first, last = (ms_to_frames(_ms(moment)) for moment in (begin, end))
        assert np.abs(samples[first:last]).max() > 0.05


def _ms(moment: str) -> int:
    hours, minutes, seconds = moment.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1_000)


@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_the_tones_of_the_decoded_file_begin_where_show_says(timer_app: Inside, tmp_path: Path, ending: str) -> None:
    session = tmp_path / "tones.toml"
    session.write_text(SHORT.partition("[[steps]]\nwait")[0], encoding="utf-8")
    shown = json.loads(timer_app("show", session, "--json", "--voice", "none").out)
    assert timer_app("export", session, tmp_path / f"out.{ending}", "--voice", "none").status == 0
    samples = decoded(str(tmp_path / f"out.{ending}"))
    cues = [(phase["start_ms"] + cue["at_ms"], cue) for phase in shown["phases"] for cue in phase["cues"]]
    tones = [(LEAD_SILENCE_MS + at_ms, cue) for at_ms, cue in cues if cue["kind"] == "sound"]
    assert len(tones) > 3
    silent_from_ms = 0
    for at_ms, cue in tones:
        assert not samples[ms_to_frames(silent_from_ms) : ms_to_frames(at_ms)].any()
        assert np.flatnonzero(samples[ms_to_frames(at_ms) :])[0] == _silent_samples(cue["sound"])
        silent_from_ms = at_ms + cue["length_ms"]


@pytest.mark.parametrize("ending", ["m4a", "mp3", "opus"])
def test_a_lossy_file_decoded_again_has_each_tone_where_the_lossless_one_has_it(
    timer_app: Inside, tmp_path: Path, ending: str
) -> None:
    session = tmp_path / "tones.toml"
    session.write_text(SHORT.partition("[[steps]]\nwait")[0], encoding="utf-8")
    shown = json.loads(timer_app("show", session, "--json", "--voice", "none").out)
    for each in ("wav", ending):
        assert timer_app("export", session, tmp_path / f"out.{each}", "--voice", "none").status == 0
    exact, lossy = (decoded(str(tmp_path / f"out.{each}")).astype(np.float32) for each in ("wav", ending))
    cues = [(phase["start_ms"] + cue["at_ms"], cue) for phase in shown["phases"] for cue in phase["cues"]]
    tones = [(ms_to_frames(LEAD_SILENCE_MS + at_ms), cue["length_ms"]) for at_ms, cue in cues if cue["kind"] == "sound"]
    assert len(tones) > 3
    for at, length_ms in tones:
        place_ms, alike = place_of(exact[at : at + ms_to_frames(length_ms)], lossy, at)
        assert abs(place_ms) < 1
        assert alike > 0.9


def test_music_lies_below_the_tones_from_the_first_second_to_the_last(timer_app: Inside, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "hum.wav"), "wb") as hum:
        hum.setparams((1, 2, MIX_RATE, 0, "NONE", ""))
        hum.writeframes(np.full(20 * MIX_RATE, 8_000, "<i2").tobytes())
    session = tmp_path / "music.toml"
    session.write_text(SHORT + '\n[sound]\nmusic = ["hum.wav"]\n', encoding="utf-8")
    found = timer_app("export", session, tmp_path / "out.wav", "--voice", "none")
    assert (found.status, found.err) == (0, "")
    samples = decoded(str(tmp_path / "out.wav"))
    seconds = np.array_split(np.abs(samples), len(samples) // MIX_RATE)
    assert all(second.max() > 0.005 for second in seconds[:-1])


def _silent_samples(sound: str) -> int:
    """How many samples of 0 a sound fades in with."""
    path = SoundLibrary.default().find(sound, DEFAULT_THEME)
    assert path is not None
    return int(np.flatnonzero(to_int16(load_wav(path).samples))[0])


def test_steps_that_wait_take_the_time_that_is_given(timer_app: Inside, short: Path, tmp_path: Path) -> None:
    lengths = []
    for seconds in ("20", "50"):
        out = tmp_path / f"{seconds}.wav"
        assert timer_app("export", short, out, "--voice", "none", "--open-steps", seconds).status == 0
        lengths.append(len(decoded(str(out))))
    assert lengths[1] - lengths[0] == ms_to_frames(30_000)


def test_a_file_that_is_there_is_kept_unless_forced(timer_app: Inside, short: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    out.write_text("mine")
    found = timer_app("export", short, out, "--voice", "none")
    assert (found.status, out.read_text()) == (2, "mine")
    assert "--force" in found.err
    assert timer_app("export", short, out, "--voice", "none", "--force").status == 0
    assert out.stat().st_size > 100_000


def test_a_wrong_ending_is_told_with_the_right_one(timer_app: Inside, short: Path) -> None:
    found = timer_app("export", short, "out.opsu")
    assert found.status == 2
    assert found.err.count("\n") == 1
    assert 'did you mean ".opus"?' in found.err


@pytest.mark.parametrize("missing", ["av", "PIL"])
def test_without_the_libraries_only_wav_works_and_the_rest_says_what_to_install(
    timer_app: Inside, short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    found = timer_app("export", short, tmp_path / "out.mp3")
    assert found.status == 1
    assert install_command("export") in found.err
    assert timer_app("export", short, tmp_path / "out.wav", "--voice", "none").status == 0


def test_a_voice_that_fails_leaves_no_file(
    timer_app: Inside, short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_renderer(_choice: object, notices: list[str]) -> None:
        notices.append("No voice: it has lost its tongue")

    monkeypatch.setattr("timer_app.run.live_sound._open_renderer", no_renderer)
    found = timer_app("export", short, tmp_path / "out.wav")
    assert found.status == 1
    assert "could not be spoken" in found.err
    assert "it has lost its tongue" in found.err
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.parametrize(("set_before", "taken"), [(None, "1"), ("4", "4")])
def test_arrays_are_multiplied_in_one_thread_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, set_before: str | None, taken: str
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", set_before or "")
    if set_before is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    monkeypatch.setattr(sys, "argv", ["timer-app", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert os.environ["OPENBLAS_NUM_THREADS"] == taken


def _start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "timer_app", "export", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )


# Each encoder has a file of its own to take back; which signal it was is known before any of them.
INTERRUPTIONS = [(ending, signal.SIGINT) for ending in ENDINGS]


@pytest.mark.parametrize(("ending", "number"), [*INTERRUPTIONS, ("wav", signal.SIGTERM), ("m4a", signal.SIGHUP)])
def test_an_export_interrupted_at_any_moment_leaves_nothing(
    tmp_path: Path, ending: str, number: signal.Signals
) -> None:
    session, folder = tmp_path / "long.toml", tmp_path / "out"
    session.write_text(LONG, encoding="utf-8")
    folder.mkdir()
    process = _start(session, folder / f"out.{ending}", "--voice", "none", "--open-steps", "20h")
    until = time.monotonic() + LIMIT_S
    while not list(folder.iterdir()) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(random.SystemRandom().uniform(0, 1))
    process.send_signal(number)
    _, err = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, err) == (128 + number, "")
    assert not list(folder.iterdir())


@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_a_disk_that_is_full_leaves_nothing_and_is_told_in_a_line(tmp_path: Path, short: Path, ending: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    limited = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
        "runpy.run_module('timer_app', run_name='__main__')"
    )
    command = [sys.executable, "-c", limited, "export", str(short), str(folder / f"out.{ending}"), "--voice", "none"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert found.returncode == 1
    assert found.stderr.count("\n") == 1
    assert "cannot be written: file too large" in found.stderr
    assert not list(folder.iterdir())


def test_a_shipped_session_is_exported_by_its_name(tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    assert invoke(["export", "desk-break", str(out), "--voice", "none"]) == 0
    assert out.stat().st_size > 1_000_000
