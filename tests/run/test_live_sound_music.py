"""Music between a session and the sink: which files are played, how loud, and what follows from the run."""

from __future__ import annotations

import pytest

from tests.audio.music_files import tone, write_music
from tests.library_folders import Place
from tests.run.memory_sink import MemorySink
from timer_app.audio.sink import ClipSource
from timer_app.core.player.states import Command
from timer_app.core.session.model import Session
from timer_app.library.library import Folders, Library
from timer_app.library.music import MusicLibrary
from timer_app.library.sounds import SoundLibrary
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.live_sound import build_sound_system
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import FindSound, SoundOptions, SoundSystem
from timer_app.system.paths import shipped_sounds_dir
from timer_app.testing import ManualClock


class Run:
    """A run whose sound goes to a `MemorySink`."""

    def __init__(self, place: Place, **sound: object) -> None:
        self.clock = ManualClock()
        steps = [{"name": "Plank", "hold": "10s"}, {"rest": "10s"}, {"name": "Squat", "hold": "10s"}]
        session = Session.model_validate({"schema": 1, "name": "Test", "steps": steps, "sound": sound})
        library = Library(Folders((), ()), SoundLibrary((shipped_sounds_dir(),)), MusicLibrary())
        options = RunOptions(seed=1, voice="none")
        environment = RunEnvironment(self._desk, self.clock)
        self.live_run: LiveRun = open_run(session, options, library, place.own / "test.toml", environment)

    def _desk(self, choice: SoundOptions, find_sound: FindSound) -> SoundSystem:
        return build_sound_system(choice, find_sound, self._opened)

    def _opened(self, clips: ClipSource, _volume: float) -> MemorySink:
        self.sink = MemorySink(clips)
        return self.sink

    def go(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.clock.advance(100)
            self.live_run.tick()

    def send(self, command: Command) -> None:
        self.live_run.send(command)


@pytest.fixture
def music(place: Place) -> list[str]:
    write_music(place.own / "a.wav", tone(0.1))
    write_music(place.own / "b.ogg", tone(0.1))
    return ["a.wav", "b.ogg"]


def test_the_files_of_a_session_are_played_at_its_volume(place: Place, music: list[str]) -> None:
    run = Run(place, music=music, music_volume=50)
    (laid,) = run.sink.music
    assert laid.names == music
    assert laid.gain == pytest.approx(0.25)


def test_what_cannot_be_played_is_left_out_and_told_once(place: Place, music: list[str]) -> None:
    place.write("junk.mp3", "junk" * 1_000)
    run = Run(place, music=["junk.mp3", *music])
    assert [laid.names for laid in run.sink.music] == [music]
    (reported,) = run.live_run.refresh()
    assert reported.startswith("A file of music is left out: ")
    assert run.live_run.refresh() == []


def test_several_that_cannot_be_played_are_told_in_one_line(place: Place, music: list[str]) -> None:
    for name in ("x.mp3", "y.mp3"):
        place.write(name, "junk" * 1_000)
    run = Run(place, music=["x.mp3", "y.mp3", *music])
    (reported,) = run.live_run.refresh()
    assert reported.startswith("2 files of music are left out; the first is ")


def test_a_session_without_music_asks_for_none(place: Place) -> None:
    assert Run(place).sink.music == []


def test_music_is_quieter_in_rests_and_ends_with_the_session(place: Place, music: list[str]) -> None:
    run = Run(place, music=music, music_in_rests="quieter")
    run.send(Command.START)
    run.go(run.live_run.timeline.total_ms / 1_000 + 1)
    starts = zip(run.live_run.timeline.starts_ms, run.live_run.timeline.phases, strict=True)
    rests = [start_ms for start_ms, phase in starts if phase.kind == "rest"]
    levels = run.sink.levels
    assert rests
    assert [at_ms for at_ms, level in levels if level == 0.4] == rests
    assert (levels[0], levels[-1][1]) == ((0, 1.0), 0.0)


def test_music_stands_still_in_a_pause(place: Place, music: list[str]) -> None:
    run = Run(place, music=music)
    run.send(Command.START)
    run.go(3)
    run.send(Command.PAUSE)
    assert run.sink.levels[-1][1] == 0.0
    run.go(20)
    run.send(Command.RESUME)
    run.go(5)
    assert run.sink.levels[-1][1] == 1.0
