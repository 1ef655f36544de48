"""The real program plays through a real sound server, and what was heard is held against what `show` says."""

from __future__ import annotations

import time
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.audio.conftest import sound_server  # noqa: F401 - a fixture
from tests.audio.sound_servers import LOUD, SoundServer
from tests.e2e.conftest import Terminal
from tests.e2e.heard import (
    begin_of,
    cues_of,
    exported,
    filtered,
    level_of,
    loud_frames,
    place_of,
    play,
    play_plainly,
    tones_of,
)
from timer_app.audio.base import MIX_RATE, Samples, ms_to_frames
from timer_app.audio.music import DUCK_ATTACK_MS, DUCK_DB, DUCK_HOLD_MS, DUCK_RELEASE_MS
from timer_app.core.compiler.compile import RESUME_LEAD_IN_MS
from timer_app.core.player.clock import machine_ms

pytestmark = [pytest.mark.e2e, pytest.mark.sound_server]

TONES = """
schema = 1
name = "Tones"

[defaults]
prepare = "4s"
switch = "4s"

[[steps]]
name = "Lean"
hold = "4s"
sides = "each"
"""


BREATHS = """
schema = 1
name = "Breaths"

[defaults]
prepare = "3s"
switch = "3s"

[[steps]]
name = "Breathe"
flow = [{ name = "In", for = "5s", breath = "in" }, { name = "Out", for = "3s", breath = "out" }]
rounds = 1

[[steps]]
name = "Lean"
hold = "4s"
sides = "each"
"""
SPOKEN = """
schema = 1
name = "Spoken"

[defaults]
prepare = "3s"
switch = "3s"

[[steps]]
say = "Stand up straight, and let both arms hang."

[[steps]]
name = "Lean"
say = "Lean against the wall, with your feet a step away from it."
hold = "4s"
"""
MUSIC_HZ = 15_000  # no voice and no tone reaches so high, so each can be told from the other


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    """A session whose tones come one by one."""
    return written(tmp_path, TONES)


def written(folder: Path, text: str) -> Path:
    """A session's file."""
    path = folder / "session.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("output", ["pulseaudio", "sounddevice", "miniaudio"])
def test_every_tone_of_a_session_is_heard_where_it_belongs(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tones: Path,
    output: str,
) -> None:
    planned = tones_of(tones)
    begun_ms = machine_ms()
    play(terminal, sound_server, tones, "--voice", "none", "--output", output)
    terminal.wait_for("Well done", limit_s=60)
    time.sleep(1)
    heard_ms = sound_server.onsets_ms(begun_ms, quiet_ms=150)
    terminal.press("Enter")
    terminal.wait_for("status=0")

    assert len(heard_ms) == len(planned)
    ticks_ms = [heard - at for heard, (at, name) in zip(heard_ms, planned, strict=True) if name == "tick"]
    assert len(ticks_ms) > 5
    assert max(ticks_ms) - min(ticks_ms) < 4
    # Tones of another kind rise more slowly than a tick.
    assert all(abs(heard - at - ticks_ms[0]) < 30 for heard, (at, _) in zip(heard_ms, planned, strict=True))


def test_a_session_outlives_its_sound_server_and_is_heard_again_afterwards(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tones: Path,
) -> None:
    play(terminal, sound_server, tones, "--voice", "none", "--plain")
    terminal.wait_for("PREPARE")
    time.sleep(5.5)
    sound_server.kill()
    terminal.wait_for("No sound:", limit_s=6)
    sound_server.start()
    terminal.wait_for("The sound is back.", limit_s=15)
    back_ms = machine_ms()
    terminal.wait_for("FINISHED", "status=0", limit_s=40)
    assert sound_server.onsets_ms(back_ms, quiet_ms=150)


def wait_for_onset(server: SoundServer, since_ms: float) -> float:
    """Wait until something loud begins; when that was."""
    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        begin_ms, samples = server.heard(since_ms)
        loud = loud_frames(samples, LOUD)
        if len(loud):
            return begin_ms + float(loud[0]) * 1000 / MIX_RATE
        time.sleep(0.02)
    raise AssertionError("nothing was heard")


def sleep_until(moment_ms: float) -> None:
    time.sleep(max(0.0, moment_ms - machine_ms()) / 1_000)


def pressed(terminal: Terminal, key: str) -> float:
    """Press a key; the moment at which the terminal has passed it on."""
    terminal.press(key)
    return machine_ms()


def test_a_pause_and_a_skip_are_heard_at_once_and_the_rest_comes_later_by_just_as_much(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    session = written(tmp_path, BREATHS)
    planned = [(at_ms, name) for at_ms, name in tones_of(session) if not name.startswith("breath")]
    begun_ms = machine_ms()
    play(terminal, sound_server, session, "--voice", "none")
    origin_ms = wait_for_onset(sound_server, begun_ms) - planned[0][0]
    work_ms = next(at_ms for at_ms, name in planned if name == "start")
    in_breath_ms = origin_ms + work_ms + 2_500
    sleep_until(in_breath_ms)
    paused_ms = pressed(terminal, "Space")
    sleep_until(paused_ms + 2_500)
    resumed_ms = pressed(terminal, "Space")
    _, heard = sound_server.heard(in_breath_ms - 500)
    paused = ms_to_frames(paused_ms - in_breath_ms + 500)
    low_note = loud_frames(heard[paused + ms_to_frames(160) :], 0.0005) + ms_to_frames(160)
    assert level_of(heard[: ms_to_frames(400)]) > 0.005  # a breath tone sounded
    # The breath ends within 150 ms of the key, and what is heard then is a low note alone.
    print(f"a low note from {low_note[0] / 48:.0f} to {low_note[-1] / 48:.0f} ms after the pause")  # noqa: T201 - a figure for whoever runs it with -s
    assert ms_to_frames(250) < low_note[0] < ms_to_frames(900)
    assert low_note[-1] - low_note[0] < ms_to_frames(750)

    # Three seconds lead in, and then all goes on from where it stood.
    led_in_ms = wait_for_onset(sound_server, resumed_ms) + RESUME_LEAD_IN_MS
    following = [at_ms for at_ms, _ in planned if 6_000 < at_ms - work_ms <= 18_000]
    sleep_until(led_in_ms + 18_000 - 2_500 + 1_200)
    skips_ms = [pressed(terminal, "n")]
    sleep_until(skips_ms[0] + 1_600)
    skips_ms.append(pressed(terminal, "n"))
    sleep_until(skips_ms[1] + 1_000)
    onsets_ms = sound_server.onsets_ms(led_in_ms - 200, quiet_ms=150)
    assert following
    assert len(onsets_ms) >= len(following)
    shifts_ms = [heard_ms - origin_ms - at_ms for heard_ms, at_ms in zip(onsets_ms, following, strict=False)]
    print(f"later by {min(shifts_ms):.1f} to {max(shifts_ms):.1f} ms")  # noqa: T201 - a figure for whoever runs it with -s
    # Tones of another kind rise more slowly than a tick.
    assert max(shifts_ms) - min(shifts_ms) < 30
    assert -50 < shifts_ms[0] - RESUME_LEAD_IN_MS - (resumed_ms - paused_ms) < 400
    delays_ms = [min(at_ms for at_ms in onsets_ms if at_ms > skip_ms) - skip_ms for skip_ms in skips_ms]
    print(f"skips heard after {delays_ms}")  # noqa: T201 - a figure for whoever runs it with -s
    assert min(delays_ms) < 300


def test_every_line_is_heard_whole_where_show_says_and_nothing_between(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    session = written(tmp_path, SPOKEN)
    whole, cues = exported(session, "--voice", "espeak"), cues_of(session, "espeak")
    begun_ms = machine_ms()
    play(terminal, sound_server, session, "--voice", "espeak")
    terminal.wait_for("Well done", limit_s=60)
    time.sleep(1)
    _, heard = sound_server.heard(begun_ms)
    begin = begin_of(whole, heard)

    lines = [(at_ms, cue["length_ms"]) for at_ms, cue in cues if cue["kind"] == "speech"]
    assert len(lines) > 8
    assert all(at_ms + length_ms <= following for (at_ms, length_ms), (following, _) in pairwise(lines))
    places = []
    for at_ms, length_ms in lines:
        at, length = begin + ms_to_frames(at_ms), ms_to_frames(length_ms)
        place_ms, alike = place_of(whole[at - begin : at - begin + length], heard, at)
        places.append(place_ms)
        assert alike > 0.99
        loud = loud_frames(heard[at : at + length], 0.004)
        assert loud[0] < ms_to_frames(60)
        assert loud[-1] > length - ms_to_frames(60)
    print(f"first line later by {places[0]:.1f} ms, the others by {min(places[1:]):.2f} to {max(places[1:]):.2f} ms")  # noqa: T201 - a figure for whoever runs it with -s
    assert max(abs(place_ms - np.median(places)) for place_ms in places) < 1
    sounding = np.zeros(len(heard) + MIX_RATE, np.bool_)
    for at_ms, cue in cues:
        first = begin + ms_to_frames(at_ms) - ms_to_frames(5)
        sounding[max(0, first) : first + ms_to_frames(cue["length_ms"] + (10 if at_ms else 200))] = True
    assert not np.abs(heard[begin:][~sounding[begin : len(heard)]]).max() > 0.0005


EVERY_CUE = """
schema = 1
name = "Every cue"
cautions = ["Stop if it hurts."]

[defaults]
prepare = "4s"
switch = "4s"

[[steps]]
name = "Lean"
say = "Lean against the wall."
hold = "8s"
sides = "each"
cues = [{ at = "1/2", say = "Half way." }]

[[steps]]
rest = "8s"

[[steps]]
name = "Row"
reps = 2
tempo = "1-2"
sets = 2
rest = "6s"

[[steps]]
name = "Breathe"
flow = [{ name = "In", for = "4s", breath = "in" }, { name = "Out", for = "4s", breath = "out" }]
rounds = 1
"""


def slip_of(
    sound_server: SoundServer,  # noqa: F811 - the fixture
    session: Path,
    whole: Samples,
    cues: list[tuple[int, dict[str, Any]]],
) -> float:
    """Run a session, see that all of its file is heard and nothing before, and how far one cue is from its place."""
    begun_ms = machine_ms()
    status = play_plainly(sound_server, session, "--voice", "espeak")
    time.sleep(1)
    _, heard = sound_server.heard(begun_ms)
    begin = begin_of(whole, heard)

    assert status == 0
    assert not heard[: max(0, begin - 1)].any()
    places = []
    for at_ms, cue in cues:
        at, length = begin + ms_to_frames(at_ms), ms_to_frames(cue["length_ms"])
        place_ms, alike = place_of(whole[at - begin : at - begin + length], heard, at)
        places.append(place_ms)
        assert alike > 0.98, (at_ms, cue)
    print(f"{len(places)} cues within {max(places) - min(places):.3f} ms, the first {places[0]:.3f}")  # noqa: T201 - a figure for whoever runs it with -s
    return float(max(abs(place_ms - np.median(places)) for place_ms in places))


def test_what_is_live_equals_what_is_exported_from_the_first_sample_on(
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    session = written(tmp_path, EVERY_CUE)
    whole, cues = exported(session, "--voice", "espeak"), cues_of(session, "espeak")
    kinds = {cue["sound"].partition("@")[0] for _, cue in cues if cue["kind"] == "sound"}
    assert kinds >= {"start", "end", "tick", "rest", "finish", "breath-in", "breath-out"}
    assert slip_of(sound_server, session, whole, cues) < 1
    lines = [(at_ms, at_ms + cue["length_ms"]) for at_ms, cue in cues if cue["kind"] == "speech"]
    assert all(ends_ms <= begins_ms for (_, ends_ms), (begins_ms, _) in pairwise(lines))


def test_music_steps_back_for_the_voice_and_moves_no_tone(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    # In a hold of twelve seconds, nothing is said for long enough that the music comes back.
    spoken = SPOKEN.replace('hold = "4s"', 'hold = "12s"')
    session = written(tmp_path, spoken + '\n[sound]\nmusic = ["hum.wav"]\n')
    write_hum(tmp_path / "hum.wav")
    whole, cues = exported(session, "--voice", "espeak"), cues_of(session, "espeak")
    begun_ms = machine_ms()
    play(terminal, sound_server, session, "--voice", "espeak")
    terminal.wait_for("Well done", limit_s=60)
    time.sleep(1)
    _, heard = sound_server.heard(begun_ms)
    tones, played = filtered(whole, 0, MUSIC_HZ - 2_000), filtered(heard, 0, MUSIC_HZ - 2_000)
    begin = begin_of(tones, played)

    places = []
    for at_ms in (at_ms for at_ms, cue in cues if cue["kind"] == "sound"):
        at, length = ms_to_frames(at_ms), ms_to_frames(100)
        places.append(place_of(tones[at : at + length], played, begin + at)[0])
    print(f"{len(places)} tones within {max(places) - min(places):.3f} ms")  # noqa: T201 - a figure for whoever runs it with -s
    assert len(places) > 8
    assert max(abs(place_ms - np.median(places)) for place_ms in places) < 1

    music = filtered(heard, MUSIC_HZ - 1_000, MUSIC_HZ + 1_000)
    lines = [(at_ms, at_ms + cue["length_ms"]) for at_ms, cue in cues if cue["kind"] == "speech"]
    below = [(a + DUCK_ATTACK_MS + 50, b - 50) for a, b in lines if b - a > 1_000 and a > 2_000]
    back_ms = DUCK_HOLD_MS + DUCK_RELEASE_MS
    alone = [(b + back_ms + 50, a - 50) for (_, b), (a, _) in pairwise(lines) if a - b > back_ms + 300]
    assert below
    assert alone
    levels = [
        np.median([level_of(music[begin + ms_to_frames(a) : begin + ms_to_frames(b)]) for a, b in spans])
        for spans in (below, alone)
    ]
    print(f"music steps back by {20 * np.log10(levels[0] / levels[1]):.1f} dB")  # noqa: T201 - a figure for whoever runs it with -s
    assert abs(20 * np.log10(levels[0] / levels[1]) - DUCK_DB) < 1


def write_hum(path: Path) -> None:
    """A steady tone of a minute."""
    hum = 0.5 * np.sin(2 * np.pi * MUSIC_HZ * np.arange(60 * MIX_RATE) / MIX_RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, MIX_RATE, 0, "NONE", ""))
        file.writeframes(np.rint(hum * 32_767).astype("<i2").tobytes())


def test_after_a_server_stood_still_nothing_is_late_and_nothing_is_heard_twice(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tones: Path,
) -> None:
    planned = tones_of(tones)
    begun_ms = machine_ms()
    play(terminal, sound_server, tones, "--voice", "none")
    origin_ms = wait_for_onset(sound_server, begun_ms) - planned[0][0]
    sleep_until(origin_ms + 6_000)
    sound_server.freeze()
    sleep_until(origin_ms + 9_000)
    sound_server.thaw()
    # Noticed, opened again and put right by then; half way between two ticks.
    settled_ms = origin_ms + 14_500
    terminal.wait_for("Well done", limit_s=60)
    time.sleep(1)
    onsets_ms = sound_server.onsets_ms(settled_ms, quiet_ms=150)
    due_ms = [origin_ms + at_ms for at_ms, _ in planned if origin_ms + at_ms > settled_ms]
    assert len(due_ms) > 5
    assert len(onsets_ms) == len(due_ms)
    late_ms = [heard_ms - due for heard_ms, due in zip(onsets_ms, due_ms, strict=True)]
    print(f"afterwards heard {min(late_ms):.1f} to {max(late_ms):.1f} ms from their moment")  # noqa: T201 - a figure for whoever runs it with -s
    assert max(map(abs, late_ms)) < 30
