"""Finds the music of a session: files and folders beside it, or in the user's own folders.

Which lines of a session are recordings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from timer_app.core.compiler.unroll import flat_steps
from timer_app.core.diagnostics.problems import quoted
from timer_app.core.fields.notation import NotationError
from timer_app.core.fields.template import fill_placeholders, without_placeholders
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import RestStep, SayStep, Session, Step, WaitStep, WorkStep
from timer_app.core.session.phrases import Phrases
from timer_app.library.sounds import resolve_inside
from timer_app.system import paths

MAX_MUSIC_FILES = 500
_ENDINGS = (".mp3", ".flac", ".ogg", ".wav")
_ALLOWED_MUSIC = "MP3, FLAC, OGG or WAV files, or folders of them, beside the session or in your music folder"
_ALLOWED_RECORDING = "an MP3, FLAC, OGG or WAV file of at most two minutes, beside the session or in your music folder"


class MusicLibrary:
    """The music that sessions may name.

    Args:
        user_folders: The user's folders, where paths may lead besides the folder of the session.
    """

    def __init__(self, user_folders: tuple[Path, ...] = ()) -> None:
        self._user_folders = user_folders

    @classmethod
    def default(cls) -> MusicLibrary:
        """The user's folders of music and of sounds."""
        return cls((paths.own_music_dir(), paths.own_sounds_dir()))

    def find(self, names: Iterable[str], beside: Path | None = None) -> list[Path]:
        """The files of music meant, those of a folder by their names; what is not there is left out.

        Args:
            names: Paths of files and folders, as a session says them.
            beside: The folder of the session's file.
        """
        places = (self._resolve(name, beside) for name in names)
        return [track for place in places if place for track in _playable_files(place)][:MAX_MUSIC_FILES]

    def check(self, name: str, beside: Path | None = None) -> None:
        """See that there is music at a path.

        Args:
            name: The path of a file or a folder, as a session says it.
            beside: The folder of the session's file.

        Raises:
            NotationError: There is none, it cannot be decoded, or the path leads out of the allowed folders.
        """
        if not self._candidates(name, beside):
            raise NotationError(f"{quoted(name)} leads out of the folders for music", _ALLOWED_MUSIC)
        place = self._resolve(name, beside)
        if place is None:
            raise NotationError(f"there is no music at {quoted(name)} inside the folders for music", _ALLOWED_MUSIC)
        tracks = _playable_files(place)
        if not tracks:
            raise NotationError(f"{quoted(name)} holds no music", _ALLOWED_MUSIC)
        from timer_app.audio.decode import (  # a session without music does without its libraries
            can_decode,
            decode_error,
        )

        for track in tracks if can_decode() else ():
            if decode_error(track):
                inside = "" if track == place else f" in {quoted(name)}"
                raise NotationError(f"{quoted(track.name)}{inside} cannot be decoded", _ALLOWED_MUSIC)

    def find_recording(self, name: str, beside: Path | None = None) -> Path | None:
        """The file of a recorded line; `None` where it is not there.

        Args:
            name: Its path, as a session says it.
            beside: The folder of the session's file.
        """
        place = self._resolve(name, beside)
        return place if place and _playable_files(place) == [place] else None

    def check_recording(self, name: str, beside: Path | None = None) -> None:
        """See that a recorded line can be played.

        Raises:
            NotationError: It is not there, cannot be decoded, or the path leads out of the allowed folders.
        """
        if not self._candidates(name, beside):
            raise NotationError(f"{quoted(name)} leads out of the folders for recordings", _ALLOWED_RECORDING)
        path = self.find_recording(name, beside)
        if path is None:
            raise NotationError(
                f"there is no recording {quoted(name)} inside the folders for recordings", _ALLOWED_RECORDING
            )
        from timer_app.audio.clips import Recordings
        from timer_app.audio.decode import can_decode

        if can_decode() and Recordings({name: path}).clip(name) is None:
            raise NotationError(f"{quoted(name)} cannot be played", _ALLOWED_RECORDING)

    def _candidates(self, name: str, beside: Path | None) -> list[Path]:
        return resolve_inside(name, (beside, *self._user_folders))

    def _resolve(self, name: str, beside: Path | None) -> Path | None:
        return next((place for place in self._candidates(name, beside) if place.is_file() or place.is_dir()), None)


def _playable_files(place: Path) -> list[Path]:
    """A file itself, or the files of a folder, where they are of a kind that can be played."""
    if place.is_dir():
        try:
            found = sorted(entry for entry in place.iterdir() if not entry.name.startswith("."))
        except OSError:
            return []
        # A link inside the folder must not lead out of it.
        inside = [entry for entry in found if entry.resolve().is_relative_to(place)]
    else:
        inside = [place]
    return [track for track in inside if track.suffix.lower() in _ENDINGS and track.is_file()]


class RecordingRef(NamedTuple):
    """The file of a line.

    Attributes:
        file: Its path, as its author says it.
        exercise: The exercise of the catalogue beside which it lies; empty for one beside the session.
    """

    file: str
    exercise: str = ""


def recorded_lines(session: Session, catalogue: Mapping[str, Exercise], phrases: Phrases) -> dict[str, RecordingRef]:
    """The file of every line that is recorded, by the line as it is spoken; the first one where there are several.

    Args:
        session: Whose lines.
        catalogue: The exercises in its language.
        phrases: The coach's words in its language.
    """
    found: dict[str, RecordingRef] = {}
    for leaf in flat_steps(session.steps):
        for line, recorded in _of_step(leaf.step, catalogue):
            found.setdefault(without_placeholders(line), recorded)
    opening = fill_placeholders(phrases.opening, {"name": without_placeholders(session.name)})
    for line, file in (opening, session.recordings.opening), (phrases.done, session.recordings.closing):
        if file:
            found.setdefault(line, RecordingRef(file))
    return found


def _of_step(step: Step, catalogue: Mapping[str, Exercise]) -> Iterator[tuple[str, RecordingRef]]:
    """The line of a step that is recorded, if it has one."""
    match step:
        case WaitStep(wait=said) | RestStep(say=said) | SayStep(say=said) | WorkStep(say=said):
            if said and step.recording:
                yield said, RecordingRef(step.recording)
    used = catalogue.get(step.exercise or "") if isinstance(step, WorkStep) and step.say is None else None
    if isinstance(step, WorkStep) and used and used.recording:
        yield used.say, RecordingRef(used.recording, step.exercise or "")
