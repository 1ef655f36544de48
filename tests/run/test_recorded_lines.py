"""Lines that are played from a file: what a session may say, and what is heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.audio.music_files import tone, write_music
from tests.core.compiling import plan, session
from tests.library_folders import Place
from tests.run.memory_sink import MemorySink
from timer_app.audio.base import MIX_RATE
from timer_app.audio.sink import ClipSource
from timer_app.core.compiler.compile import compile_session
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import Session
from timer_app.core.session.translation import in_language, translated
from timer_app.core.timeline.utterance import Utterance
from timer_app.library.library import Folders, Library, Media
from timer_app.library.music import MusicLibrary, RecordingRef, recorded_lines
from timer_app.library.sounds import SoundLibrary
from timer_app.run.live import LiveRun, RunEnvironment, open_run
from timer_app.run.live_sound import build_sound_system
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import FindSound, SoundOptions, SoundSystem
from timer_app.system.paths import shipped_sounds_dir
from timer_app.testing import ManualClock
from timer_app.tts.pronunciation import SpeechStyle

HEAD = 'schema = 1\nname = "A"\n\n[[steps]]\n'


def _library() -> Library:
    return Library(Folders((), ()), SoundLibrary((shipped_sounds_dir(),)), MusicLibrary())


def _check(place: Place, step: str) -> list[str]:
    found = _library().check(place.write("test.toml", f"{HEAD}{step}\n"))
    return [f"{problem.line}:{problem.column}: {problem.key}: {problem.message}" for problem in found]


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_a_step_may_have_a_recording_in_place_of_its_line(ending: str, place: Place) -> None:
    write_music(place.own / f"x.{ending}", tone(0.5))
    assert _check(place, f'say = "Well done."\nrecording = "x.{ending}"') == []
    assert _check(place, f'name = "Plank"\nhold = "30s"\nsay = "Elbows down."\nrecording = "x.{ending}"') == []


@pytest.mark.parametrize(
    ("step", "reported"),
    [
        ('say = "Hi."\nrecording = "gone.wav"', '6:13: steps[0].recording: there is no recording "gone.wav"'),
        ('say = "Hi."\nrecording = "../x.wav"', '6:13: steps[0].recording: "../x.wav" leads out of the folders'),
        ('say = "Hi."\nrecording = "junk.mp3"', '6:13: steps[0].recording: "junk.mp3" cannot be played'),
        ('say = "Hi."\nrecording = "long.wav"', '6:13: steps[0].recording: "long.wav" cannot be played'),
        ('say = "The {side} one."\nrecording = "x.wav"', "5:7: steps[0].say: a line with placeholders cannot be"),
        ('name = "A"\nhold = 30\nrecording = "x.wav"', "7:13: steps[0].recording: a recording needs the line"),
        ('name = "A"\nhold = 30\nsay = "{name}."\nrecording = "x.wav"', "7:7: steps[0].say: a line with placeholders"),
    ],
)
def test_a_recording_that_cannot_be_played_is_a_fault_at_its_place(step: str, reported: str, place: Place) -> None:
    write_music(place.root / "x.wav", tone(0.1))
    write_music(place.own / "x.wav", tone(0.1))
    write_music(place.own / "long.wav", tone(121, rate=4_000), 4_000)
    place.write("junk.mp3", "junk" * 1_000)
    (found,) = _check(place, step)
    assert found.startswith(reported)


class RecordedRun:
    """A run with recordings and without a voice."""

    def __init__(self, place: Place) -> None:
        steps = (
            'say = "Well done."\nrecording = "say.wav"\n\n[[steps]]\nname = "Plank"\nhold = "30s"\n'
            'say = "Elbows {{down}}."\nrecording = "plank.ogg"'
        )
        library = _library()
        file = place.write("test.toml", f"{HEAD}{steps}\n")
        session, _ = library.load(library.find(str(file)))
        environment = RunEnvironment(self._desk, ManualClock())
        self.live_run: LiveRun = open_run(session, RunOptions(seed=1, voice="none"), library, file, environment)

    def _desk(self, choice: SoundOptions, find_sound: FindSound) -> SoundSystem:
        desk = build_sound_system(choice, find_sound, self._sink)
        self.desk = desk
        return desk

    def _sink(self, clips: ClipSource, _volume: float) -> MemorySink:
        self.clips, self.sink = clips, MemorySink(clips)
        return self.sink

    def lengths_ms(self) -> dict[str, int]:
        cues = (cue for phase in self.live_run.timeline.phases for cue in phase.cues if cue.kind == "speech")
        return {cue.text: cue.length_ms for cue in cues}


def test_a_recording_is_heard_for_its_true_length_where_its_line_would_be_spoken(place: Place) -> None:
    write_music(place.own / "say.wav", tone(7.0))
    write_music(place.own / "plank.ogg", tone(9.0))
    run = RecordedRun(place)
    assert run.sink.music == []
    lengths_ms = run.lengths_ms()
    assert lengths_ms["Well done."] == 7_000
    assert lengths_ms["Elbows {down}."] == pytest.approx(9_000, abs=60)
    clip = run.clips(Utterance("Well done."))
    assert clip is not None
    assert clip.length_ms == 7_000
    assert run.clips(Utterance("Something else.")) is None
    said = next(phase for phase in run.live_run.timeline.phases if any(c.text == "Well done." for c in phase.cues))
    assert said.text == "Well done."
    assert (said.duration_ms or 0) >= 7_000
    assert run.live_run.refresh() == []


def test_a_recording_that_breaks_after_it_was_checked_is_told_and_the_line_is_spoken(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_music(place.own / "say.wav", tone(7.0))
    write_music(place.own / "plank.ogg", tone(9.0))
    monkeypatch.setattr("timer_app.audio.clips.MAX_RECORDING_S", 20)
    monkeypatch.setattr(Library, "media", _broken(Library.media, place.own / "say.wav"))
    run = RecordedRun(place)
    assert run.clips(Utterance("Well done.")) is None
    (reported,) = run.live_run.refresh()
    assert reported.startswith("A recording is left out: ")


def _broken(media: Callable[..., Media], path: Path) -> Callable[..., Media]:
    """Finds the files, and damages one before it is read."""

    def found(*arguments: object) -> Media:
        files = media(*arguments)
        path.write_bytes(b"junk")
        return files

    return found


SPOKEN = session(
    {"say": "Hi {{you}}.", "recording": "hi.wav"},
    {"rest": 10, "say": "Rest now.", "recording": "rest.wav"},
    {"wait": "Fetch the mat.", "recording": "mat.wav"},
    {"steps": [{"name": "Plank", "hold": 10, "say": "Stay.", "recording": "stay.wav"}]},
)


CATALOGUE = {
    "bridge": Exercise.model_validate(
        {"name": "Bridge", "say": "Lift your hips.", "reps": 5, "recording": "bridge.wav"}
    ),
}
PHRASES = _library().phrases("en")


def files(of: Session, catalogue: Mapping[str, Exercise] = CATALOGUE) -> dict[str, str]:
    return {line: found.file for line, found in recorded_lines(of, catalogue, PHRASES).items()}


def test_whatever_a_step_says_may_be_recorded() -> None:
    assert files(SPOKEN) == {
        "Hi {you}.": "hi.wav",
        "Rest now.": "rest.wav",
        "Fetch the mat.": "mat.wav",
        "Stay.": "stay.wav",
    }


def test_an_exercise_brings_its_recording_for_a_step_that_says_nothing_else() -> None:
    used = session({"exercise": "bridge"}, catalogue=CATALOGUE)
    assert recorded_lines(used, CATALOGUE, PHRASES) == {"Lift your hips.": RecordingRef("bridge.wav", "bridge")}
    own = session({"exercise": "bridge", "say": "Up."}, catalogue=CATALOGUE)
    assert recorded_lines(own, CATALOGUE, PHRASES) == {}


def test_the_first_and_the_last_words_of_a_session_may_be_recorded() -> None:
    ends = session({"name": "Plank", "hold": 10}, recordings={"opening": "hi.wav", "closing": "bye.wav"})
    spoken = {
        cue.text
        for phase in compile_session(ends, plan()).timeline.phases
        for cue in phase.cues
        if cue.kind == "speech"
    }
    found = files(ends)
    assert sorted(found.values()) == ["bye.wav", "hi.wav"]
    assert set(found) <= spoken


def test_a_translated_line_has_a_recording_of_its_own_or_is_spoken() -> None:
    german = {"Rest now.": "Ruhe jetzt.", "Fetch the mat.": "Hol die Matte.", "rest.wav": "ruhe.wav"}
    assert files(in_language(SPOKEN, german, "de")) == {
        "Hi {you}.": "hi.wav",
        "Ruhe jetzt.": "ruhe.wav",
        "Stay.": "stay.wav",
    }
    bridge = {"bridge": translated(CATALOGUE["bridge"], {"Lift your hips.": "Hebe die Hüfte."})}
    used = session({"exercise": "bridge"}, catalogue=CATALOGUE)
    assert files(used, bridge) == {}


def test_the_first_words_of_a_translated_session_are_recorded_only_in_its_language() -> None:
    ends = session({"name": "Plank", "hold": 10}, recordings={"opening": "hi.wav", "closing": "bye.wav"})
    found = files(in_language(ends, {"bye.wav": "ade.wav"}, "de"))
    assert list(found.values()) == ["ade.wav"]


def test_a_recording_of_an_exercise_lies_beside_the_file_of_the_exercise(place: Place) -> None:
    own_folder = place.own / "shelf"
    own_folder.mkdir(parents=True)
    write_music(own_folder / "bridge.wav", tone(1.0))
    text = 'schema = 1\n[exercises.bridge]\nname = "Bridge"\nsay = "Up."\nreps = 5\nrecording = "%s"\n'
    (own_folder / "mine.toml").write_text(text % "bridge.wav")
    library = Library(Folders((), (own_folder,)), SoundLibrary((shipped_sounds_dir(),)), MusicLibrary())
    found, _ = library.load(library.find(str(place.write("test.toml", f'{HEAD}exercise = "bridge"\n'))))
    assert library.media(found, place.own).recordings == {"Up.": own_folder / "bridge.wav"}
    (own_folder / "mine.toml").write_text(text % "gone.wav")
    (fault,) = library.check(own_folder / "mine.toml")
    assert (fault.line, fault.key) == (6, "exercises.bridge.recording")
    assert fault.message.startswith('there is no recording "gone.wav"')


def test_recordings_of_a_translation_are_checked(place: Place) -> None:
    write_music(place.own / "hi.wav", tone(0.1))
    place.write("test.toml", f'{HEAD}say = "Hi."\nrecording = "hi.wav"\n')
    texts = 'schema = 1\nlanguage = "de"\n[texts]\n"A" = "B"\n"Hi." = "Hallo."\n[recordings]\n'
    path = place.write("test.de.toml", f'{texts}"hi.wav" = "hallo.wav"\n')
    (missing,) = _library().check(path)
    assert (missing.line, missing.message) == (7, 'there is no recording "hallo.wav" inside the folders for recordings')
    write_music(place.own / "hallo.wav", tone(0.1))
    assert _library().check(path) == []
    place.write("test.de.toml", f'{texts}"ho.wav" = "hallo.wav"\n')
    (stranger,) = _library().check(path)
    assert (stranger.severity, stranger.message) == ("warning", "test.toml has no such recording")


@pytest.mark.parametrize("peak", [0.02, 0.1, 0.9])
def test_a_recording_is_as_loud_as_the_voice_however_it_was_recorded(peak: float, place: Place) -> None:
    write_music(place.own / "hi.wav", tone(1.5, peak=peak))
    options = SoundOptions("none", SpeechStyle(), "null", 100, recordings={"Hi.": place.own / "hi.wav"})
    sinks: list[MemorySink] = []

    def opened(clips: ClipSource, _volume: float) -> MemorySink:
        sinks.append(MemorySink(clips))
        return sinks[0]

    build_sound_system(options, lambda _: None, opened).sound.close()
    assert sinks[0].music == []
    clip = sinks[0].clips(Utterance("Hi."))
    assert clip is not None
    from pyloudnorm import Meter  # loads SciPy, which takes seconds

    assert Meter(MIX_RATE).integrated_loudness(clip.samples.astype(np.float64)) == pytest.approx(-20, abs=0.5)
