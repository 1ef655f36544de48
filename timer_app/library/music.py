"""Finds the music and the recordings of a session, beside it or in the user's folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from timer_app.core.compiler import flat_steps
from timer_app.core.diagnostics import quoted
from timer_app.core.fields import NotationError, fill_placeholders, without_placeholders
from timer_app.core.i18n import N_, _
from timer_app.core.session import Exercise, Phrases
from timer_app.core.session.model import RestStep, SayStep, Session, Step, WaitStep, WorkStep
from timer_app.library.sounds import resolve_inside
from timer_app.system import paths

MAX_MUSIC_FILES = 500
_ENDINGS = (".mp3", ".flac", ".ogg", ".wav")
_ALLOWED_MUSIC = N_("MP3, FLAC, OGG or WAV files, or folders of them, beside the session or in your music folder")
_ALLOWED_RECORDING = N_(
    "an MP3, FLAC, OGG or WAV file of at most two minutes, beside the session or in your music folder"
)


class MusicLibrary:
    """The music that sessions may name.

    Args:
        user_folders: The user's folders; paths may lead into them or into the folder of the session.
    """

    def __init__(self, user_folders: tuple[Path, ...] = ()) -> None:
        self._user_folders = user_folders

    @classmethod
    def default(cls) -> MusicLibrary:
        """The music in the user's folders for music and sounds."""
        return cls((paths.own_music_dir(), paths.own_sounds_dir()))

    def find(self, names: Iterable[str], beside: Path | None = None) -> list[Path]:
        """The tracks that are named, those of a folder sorted by name; what does not exist is left out.

        Args:
            names: Paths of files and folders, as written in the session.
            beside: The folder of the session's file.
        """
        found = (self._resolve(name, beside) for name in names)
        return [track for path in found if path for track in _playable_files(path)][:MAX_MUSIC_FILES]

    def check(self, name: str, beside: Path | None = None) -> None:
        """Check that there is music at a path.

        Args:
            name: The path of a file or a folder, as written in the session.
            beside: The folder of the session's file.

        Raises:
            NotationError: There is none, it cannot be decoded, or the path leads out of the allowed folders.
        """
        if not self._candidates(name, beside):
            raise NotationError(
                _("{name} leads out of the folders for music").format(name=quoted(name)), _ALLOWED_MUSIC
            )
        path = self._resolve(name, beside)
        if path is None:
            raise NotationError(
                _("there is no music at {name} inside the folders for music").format(name=quoted(name)), _ALLOWED_MUSIC
            )
        tracks = _playable_files(path)
        if not tracks:
            raise NotationError(_("{name} holds no music").format(name=quoted(name)), _ALLOWED_MUSIC)
        from timer_app.audio import can_decode, decode_error  # a session without music does not need the decoder

        for track in tracks if can_decode() else ():
            if decode_error(track):
                inside = "" if track == path else f" in {quoted(name)}"
                raise NotationError(
                    _("{track}{inside} cannot be decoded").format(track=quoted(track.name), inside=inside),
                    _ALLOWED_MUSIC,
                )

    def find_recording(self, name: str, beside: Path | None = None) -> Path | None:
        """The file of a recorded line; `None` if it does not exist.

        Args:
            name: Its path, as written in the session.
            beside: The folder of the session's file.
        """
        path = self._resolve(name, beside)
        return path if path and _playable_files(path) == [path] else None

    def check_recording(self, name: str, beside: Path | None = None) -> None:
        """Check that a recorded line can be played.

        Raises:
            NotationError: It does not exist, cannot be decoded, or the path leads out of the allowed folders.
        """
        if not self._candidates(name, beside):
            raise NotationError(
                _("{name} leads out of the folders for recordings").format(name=quoted(name)), _ALLOWED_RECORDING
            )
        path = self.find_recording(name, beside)
        if path is None:
            raise NotationError(
                _("there is no recording {name} inside the folders for recordings").format(name=quoted(name)),
                _ALLOWED_RECORDING,
            )
        from timer_app.audio import can_decode
        from timer_app.audio.clips import Recordings

        if can_decode() and Recordings({name: path}).clip(name) is None:
            raise NotationError(_("{name} cannot be played").format(name=quoted(name)), _ALLOWED_RECORDING)

    def _candidates(self, name: str, beside: Path | None) -> list[Path]:
        return resolve_inside(name, (beside, *self._user_folders))

    def _resolve(self, name: str, beside: Path | None) -> Path | None:
        return next((path for path in self._candidates(name, beside) if path.is_file() or path.is_dir()), None)


def _playable_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder, as far as they are of a playable kind."""
    if path.is_dir():
        try:
            found = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        except OSError:
            return []
        # A link inside the folder must not lead out of it.
        inside = [entry for entry in found if entry.resolve().is_relative_to(path)]
    else:
        inside = [path]
    return [track for track in inside if track.suffix.lower() in _ENDINGS and track.is_file()]


class RecordingRef(NamedTuple):
    """A reference to the recording of a line.

    Attributes:
        file: The path as the author wrote it.
        exercise: The exercise whose file it is relative to; empty if it is relative to the session file.
    """

    file: str
    exercise: str = ""


def recorded_lines(session: Session, catalogue: Mapping[str, Exercise], phrases: Phrases) -> dict[str, RecordingRef]:
    """The recordings of a session by the line that each replaces; the first one counts if there are several.

    Args:
        session: The session.
        catalogue: The exercises in its language.
        phrases: The coach's phrases in its language.
    """
    recordings: dict[str, RecordingRef] = {}
    for flat in flat_steps(session.steps):
        for line, recording in _step_recordings(flat.step, catalogue):
            recordings.setdefault(without_placeholders(line), recording)
    opening = fill_placeholders(phrases.opening, {"name": without_placeholders(session.name)})
    for line, file in (opening, session.recordings.opening), (phrases.done, session.recordings.closing):
        if file:
            recordings.setdefault(line, RecordingRef(file))
    return recordings


def _step_recordings(step: Step, catalogue: Mapping[str, Exercise]) -> Iterator[tuple[str, RecordingRef]]:
    """The line of a step with its recording, if it has one."""
    match step:
        case WaitStep(wait=line) | RestStep(say=line) | SayStep(say=line) | WorkStep(say=line):
            if line and step.recording:
                yield line, RecordingRef(step.recording)
    exercise = catalogue.get(step.exercise or "") if isinstance(step, WorkStep) and step.say is None else None
    if isinstance(step, WorkStep) and exercise and exercise.recording:
        yield exercise.say, RecordingRef(exercise.recording, step.exercise or "")
