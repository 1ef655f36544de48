"""Sounds that a session names: where they may lie, and what is told of those that cannot be played."""

from __future__ import annotations

import os

import pytest

from tests.library_folders import HOLD, Place, check, fault_lines, write_wav


def test_a_sound_may_lie_beside_the_session_or_in_the_user_s_own_folder(place: Place) -> None:
    write_wav(place.own / "gong.wav")
    write_wav(place.sounds / "bells" / "far.wav")
    cues = '{ at = "5s", sound = "gong.wav" }, { at = "9s", sound = "bells/far.wav" }, { at = "1s", sound = "tick" }'
    assert check(place, HOLD + f"cues = [{cues}]\n") == []


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ("../x.wav", '"../x.wav" leads out of the folders for sounds'),
        ("/etc/x.wav", '"/etc/x.wav" leads out of the folders for sounds'),
        ("link.wav", 'there is no file "link.wav" inside the folders for sounds'),
        ("circle.wav", '"circle.wav" leads out of the folders for sounds'),
        ("gone.wav", 'there is no file "gone.wav" inside the folders for sounds'),
        ("folder.wav", 'there is no file "folder.wav" inside the folders for sounds'),
        ("pipe.wav", 'there is no file "pipe.wav" inside the folders for sounds'),
        ("text.wav", '"text.wav" cannot be played'),
        ("long.wav", '"long.wav" cannot be played'),
        ("text.mp3", 'there is no sound "text.mp3"'),
    ],
)
def test_a_sound_that_cannot_be_played_is_a_fault(sound: str, message: str, place: Place) -> None:
    write_wav(place.root / "x.wav")
    write_wav(place.own / "long.wav", 30_001)
    place.write("text.wav", "no sound")
    (place.own / "folder.wav").mkdir()
    (place.own / "link.wav").symlink_to(place.root / "x.wav")
    (place.own / "circle.wav").symlink_to(place.own / "circle.wav")
    os.mkfifo(place.own / "pipe.wav")
    reported = fault_lines(check(place, HOLD + f'cues = [{{ at = "5s", sound = "{sound}" }}]\n'))
    if sound == "circle.wav":
        # Where a link leads that leads nowhere is told differently by different versions of Python.
        assert "circle.wav" in reported[0]
    else:
        assert reported == [f"6:30: e steps[0].cues[0].sound: {message}"]


OWN_SOUNDS = """schema = 1
name = "A"
steps = [{ name = "A", hold = "10s" }]

[sound.sounds]
"""


def test_a_file_may_take_the_place_of_a_sound(place: Place) -> None:
    write_wav(place.own / "gong.wav")
    write_wav(place.sounds / "bells" / "far.wav")
    path = place.write("test.toml", OWN_SOUNDS + 'start = "gong.wav"\nend = "bells/far.wav"\n')
    assert place.library().check(path) == []


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ('strat = "gong.wav"', '6:1: e sound.sounds.strat: there is no cue sound "strat"'),
        ('start = "gone.wav"', '6:9: e sound.sounds.start: there is no file "gone.wav" inside the folders for sounds'),
        ('start = "../x.wav"', '6:9: e sound.sounds.start: "../x.wav" leads out of the folders for sounds'),
        ('start = "text.wav"', '6:9: e sound.sounds.start: "text.wav" cannot be played'),
        ('start = "tick"', '6:9: e sound.sounds.start: "tick" is not a .wav file'),
        ("start = 1", "6:9: e sound.sounds.start: must be a text, not a whole number"),
    ],
)
def test_a_file_that_cannot_take_the_place_of_a_sound_is_a_fault(line: str, reported: str, place: Place) -> None:
    write_wav(place.root / "x.wav")
    write_wav(place.own / "gong.wav")
    place.write("text.wav", "no sound")
    assert fault_lines(place.library().check(place.write("test.toml", f"{OWN_SOUNDS}{line}\n"))) == [reported]
