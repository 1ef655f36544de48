"""Music that sessions name: where it may lie, and what is said of what cannot be played."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audio.music_files import tone, write_music
from tests.library_folders import Place
from timer_app.library.library import Folders, Library
from timer_app.library.music import MAX_MUSIC_FILES, MusicLibrary
from timer_app.library.sounds import SoundLibrary

SESSION = 'schema = 1\nname = "A"\nsteps = [{ rest = "10s" }]\n\n[sound]\n'


def _library(place: Place) -> Library:
    folders = Folders((("own", place.own),), ())
    return Library(folders, SoundLibrary((), None), MusicLibrary((place.root / "music",)))


def _check(place: Place, line: str) -> list[str]:
    found = _library(place).check(place.write("test.toml", f"{SESSION}{line}\n"))
    return [f"{problem.line}:{problem.column}: {problem.key}: {problem.message}" for problem in found]


def _track(path: Path) -> Path:
    return write_music(path, tone(0.1))


def test_music_lies_beside_the_session_or_in_the_user_s_own_folder(place: Place) -> None:
    first, second = _track(place.own / "first.mp3"), _track(place.root / "music" / "second.ogg")
    assert _check(place, 'music = ["first.mp3", "second.ogg"]') == []
    assert _library(place).music.find(["first.mp3", "second.ogg", "gone.wav"], place.own) == [first, second]


def test_a_folder_stands_for_the_music_in_it_by_name(place: Place) -> None:
    tracks = [_track(place.own / "quiet" / name) for name in ("a.wav", "b.flac", "c.MP3")]
    place.write("notes.txt", "not music", place.own / "quiet")
    place.write(".hidden.mp3", "not music", place.own / "quiet")
    assert _check(place, 'music = ["quiet"]') == []
    assert _library(place).music.find(["quiet"], place.own) == tracks


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ('music = ["gone.mp3"]', 'sound.music[0]: there is no music at "gone.mp3" inside the folders for music'),
        ('music = ["../x.wav"]', 'sound.music[0]: "../x.wav" leads out of the folders for music'),
        ('music = ["/etc"]', 'sound.music[0]: "/etc" leads out of the folders for music'),
        ('music = ["junk.mp3"]', 'sound.music[0]: "junk.mp3" cannot be decoded'),
        ('music = ["mixed"]', 'sound.music[0]: "junk.ogg" in "mixed" cannot be decoded'),
        ('music = ["empty"]', 'sound.music[0]: "empty" holds no music'),
        ('music = ["notes.txt"]', 'sound.music[0]: "notes.txt" holds no music'),
        ("music = [1]", "sound.music[0]: must be a text, not a whole number"),
        ("music_volume = 101", "sound.music_volume: must be at most 100"),
        ('music_in_rests = "queiter"', 'sound.music_in_rests: "queiter" is not allowed here'),
    ],
)
def test_music_that_cannot_be_played_is_a_fault_at_its_place(line: str, reported: str, place: Place) -> None:
    write_music(place.root / "x.wav", tone(0.1))
    place.write("junk.mp3", "junk" * 1_000)
    place.write("junk.ogg", "junk" * 1_000, place.own / "mixed")
    _track(place.own / "mixed" / "good.wav")
    (place.own / "empty").mkdir(parents=True)
    place.write("notes.txt", "not music")
    (found,) = _check(place, line)
    assert found.startswith("6:")
    assert found.endswith(reported)


def test_the_second_of_two_files_is_pointed_at(place: Place) -> None:
    _track(place.own / "a.wav")
    (found,) = _check(place, 'music = ["a.wav", "b.wav"]')
    assert found.startswith("6:19: sound.music[1]")


def test_a_link_in_a_folder_does_not_lead_out_of_it(place: Place) -> None:
    outside = _track(place.root / "outside.wav")
    inside = _track(place.own / "quiet" / "inside.wav")
    (place.own / "quiet" / "link.wav").symlink_to(outside)
    assert _library(place).music.find(["quiet"], place.own) == [inside]


def test_a_folder_of_thousands_is_taken_as_far_as_a_list_goes(place: Place) -> None:
    folder = place.own / "all"
    folder.mkdir(parents=True)
    for number in range(MAX_MUSIC_FILES + 10):
        (folder / f"{number:04}.mp3").touch()
    assert len(_library(place).music.find(["all"], place.own)) == MAX_MUSIC_FILES


def test_a_session_without_music_has_none(place: Place) -> None:
    assert _check(place, 'theme = "calm"') != []
    assert _library(place).music.find((), place.own) == []
