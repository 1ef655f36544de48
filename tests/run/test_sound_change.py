"""A run takes over another voice, other recordings, music and cue sounds while it goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import numpy as np
import pytest

from tests.audio.music_files import tone, write_music
from tests.library_folders import Place
from tests.run.memory_sink import MemorySink
from timer_app.audio.clips import Clip, load_wav
from timer_app.audio.sink import ClipSource
from timer_app.core.player import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.timeline.utterance import Utterance
from timer_app.library.library import Folders, Library
from timer_app.library.music import MusicLibrary
from timer_app.library.sounds import SoundLibrary
from timer_app.run.follow import SessionFollower
from timer_app.run.live import RunEnvironment, open_run
from timer_app.run.live_sound import build_sound_system
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import FindSound, SoundOptions, SoundSystem
from timer_app.system.paths import shipped_sounds_dir

LIMIT_S = 20.0
HEAD = 'schema = 1\nname = "A"\ndefaults = { prepare = "3s" }\n'
PLANK = '[[steps]]\nname = "Plank"\nhold = "60s"\nsay = "Elbows down."\n'
ROW = '[[steps]]\nname = "Row"\nhold = "20s"\n'
LINE = Utterance("Elbows down.")


class Studio:
    """Somebody who tries how a session sounds while it runs."""

    def __init__(self, place: Place, text: str, **options: object) -> None:
        self.place, self.clock = place, ManualClock()
        self.library = Library(Folders((), ()), SoundLibrary((shipped_sounds_dir(),)), MusicLibrary())
        file = place.write("test.toml", text)
        entry = self.library.find(str(file))
        session, _ = self.library.load(entry)
        wanted = RunOptions(seed=1, **options)  # type: ignore[arg-type]
        self.run = open_run(session, wanted, self.library, file, RunEnvironment(self._opened, self.clock))
        self.follower = SessionFollower(self.run, entry, self.library, wanted, None)
        self.until(self.run.is_ready)
        self.run.send(Command.START)
        self.go(5_000)

    def _opened(self, choice: SoundOptions, find_sound: FindSound) -> SoundSystem:
        return build_sound_system(choice, find_sound, self._sink)

    def _sink(self, clips: ClipSource, _volume: float) -> MemorySink:
        self.desk = MemorySink(clips)
        return self.desk

    def look(self, text: str) -> None:
        self.follower.look(frozenset({self.place.write("test.toml", text)}))

    def saved(self, text: str) -> list[str]:
        """Save the session; returns what the run says."""
        self.run.refresh()
        self.look(text)
        return self.run.refresh()

    def go(self, ms: int) -> None:
        for _ in range(ms // 100):
            self.clock.advance(100)
            self.run.refresh()
            self.run.tick()

    def heard(self, line: Utterance = LINE) -> Clip:
        clip = self.desk.clips(line)
        assert clip is not None
        return clip

    def until(self, is_so: Callable[[], bool]) -> None:
        until_s = monotonic() + LIMIT_S
        while not is_so():
            assert monotonic() < until_s
            sleep(0.01)


@pytest.fixture
def studio(place: Place) -> Iterator[Callable[..., Studio]]:
    made: list[Studio] = []

    def make(text: str, **options: object) -> Studio:
        made.append(Studio(place, text, **options))
        return made[-1]

    yield make
    for each in made:
        each.run.close()


def alike(one: Clip, other: Clip) -> bool:
    return np.array_equal(one.samples, other.samples)


def test_another_voice_takes_over_as_soon_as_it_has_a_line_and_the_former_one_speaks_until_then(
    studio: Callable[..., Studio],
) -> None:
    at_work = studio(HEAD + ROW + PLANK, voice="espeak")
    at_work.until(lambda: at_work.desk.clips(LINE) is not None)
    before, speakers = at_work.heard(), threading.active_count()
    said = at_work.saved(HEAD + 'lexicon = { Elbows = "forearms and elbows" }\n' + ROW + PLANK)
    assert said == ["The session was changed: 2 steps left."]
    assert alike(at_work.heard(), before) or at_work.heard().length_ms > before.length_ms
    at_work.until(lambda: at_work.heard().length_ms > before.length_ms)
    at_work.until(lambda: threading.active_count() <= speakers)


def test_the_lengths_of_another_voice_decide_as_those_of_the_first_did(studio: Callable[..., Studio]) -> None:
    tight = '[[steps]]\nrest = "4s"\n[[steps]]\nname = "Bridge"\nhold = "60s"\nprepare = "1s"\n'
    slow = HEAD + 'lexicon = { Bridge = "bridge with both feet flat on the floor and the hips high" }\n' + PLANK + tight
    changed = studio(HEAD + PLANK + tight, voice="espeak")
    changed.saved(slow)
    changed.until(lambda: (changed.run.refresh(), changed.run.has_exact_lengths)[1])
    fresh = studio(slow, voice="espeak")
    fresh.until(lambda: (fresh.run.refresh(), fresh.run.has_exact_lengths)[1])
    assert changed.run.timeline.phases[2:] == fresh.run.timeline.phases[2:]


def test_recordings_take_the_place_of_the_voice_and_give_it_back(studio: Callable[..., Studio], place: Place) -> None:
    write_music(place.own / "down.wav", tone(0.5))
    at_work = studio(HEAD + PLANK, voice="none")
    assert at_work.desk.clips(LINE) is None
    at_work.saved(f'{HEAD}{PLANK}recording = "down.wav"\n')
    assert at_work.heard().length_ms == pytest.approx(500, abs=5)
    at_work.saved(HEAD + PLANK)
    assert at_work.desk.clips(LINE) is None


def test_cue_sounds_of_another_theme_and_of_ones_own_are_heard(studio: Callable[..., Studio], place: Place) -> None:
    write_music(place.own / "gong.wav", tone(0.7))
    at_work = studio(HEAD + PLANK, voice="none")
    start, end = at_work.desk.clips("start"), at_work.desk.clips("end")
    at_work.saved(f'{HEAD}[sound]\nsounds = {{ start = "gong.wav" }}\n{PLANK}')
    gong, same_end = at_work.desk.clips("start"), at_work.desk.clips("end")
    assert start
    assert end
    assert gong
    assert same_end
    assert alike(gong, load_wav(place.own / "gong.wav"))
    assert alike(same_end, end)
    at_work.saved(f'{HEAD}[sound]\ntheme = "wood"\n{PLANK}')
    wood = at_work.desk.clips("start")
    assert wood
    assert not alike(wood, start)
    assert not alike(wood, gong)


def test_other_music_comes_in_at_the_level_of_the_phase_and_in_a_pause_at_its_end(
    studio: Callable[..., Studio], place: Place
) -> None:
    for name in ("sea.wav", "rain.wav"):
        write_music(place.own / name, tone(0.3))
    at_work = studio(HEAD + '[sound]\nmusic = ["sea.wav"]\n' + PLANK, voice="none")
    assert [laid.names for laid in at_work.desk.music] == [["sea.wav"]]
    heard = at_work.desk.levels
    before = len(heard)
    at_work.saved(HEAD + '[sound]\nmusic = ["rain.wav"]\n' + PLANK)
    assert at_work.desk.music[-1].names == ["rain.wav"]
    assert [level for _, level in heard[before:]] == [1.0]
    at_work.run.send(Command.PAUSE)
    before = len(heard)
    at_work.saved(HEAD + '[sound]\nmusic = ["sea.wav", "rain.wav"]\n' + PLANK)
    assert at_work.desk.music[-1].names == ["sea.wav", "rain.wav"]
    assert heard[before:] == []
    at_work.run.send(Command.RESUME)
    at_work.go(4_000)
    assert heard[before][1] == 1.0
    at_work.saved(HEAD + PLANK)
    assert at_work.desk.music[-1].names == []


def test_music_stays_where_only_steps_change(studio: Callable[..., Studio], place: Place) -> None:
    write_music(place.own / "sea.wav", tone(0.3))
    music = HEAD + '[sound]\nmusic = ["sea.wav"]\n' + PLANK
    at_work = studio(music, voice="none")
    levels = list(at_work.desk.levels)
    at_work.saved(music + ROW)
    assert len(at_work.desk.music) == 1
    assert at_work.desk.levels == levels


def test_a_voice_that_was_offered_and_replaced_by_the_next_version_is_closed(studio: Callable[..., Studio]) -> None:
    at_work = studio(HEAD + PLANK, voice="espeak")
    threads = threading.active_count()
    for spelling in ("forearms", "lower arms", "arms"):
        at_work.look(HEAD + f'lexicon = {{ Elbows = "{spelling}" }}\n' + PLANK)
    at_work.look(HEAD + PLANK)
    assert at_work.run.refresh() == []
    at_work.until(lambda: threading.active_count() <= threads)
