"""Finds cue sounds: those of a theme by name, and an author's WAV files by path."""

from __future__ import annotations

import contextlib
import struct
import wave
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from timer_app.core.diagnostics import nearest
from timer_app.core.fields import NotationError
from timer_app.core.i18n import _
from timer_app.system import paths

SoundOverrides = Mapping[str, str]
"""Files that replace single sounds, by the name of the sound."""

MAX_SOUND_MS = 30_000
_SUFFIX = ".wav"
# What the standard library's reader raises on damaged files, depending on where the damage is.
_WAV_ERRORS = (OSError, EOFError, ValueError, ArithmeticError, RuntimeError, wave.Error, struct.error)


class SoundLibrary:
    """The sounds that a session may name.

    Args:
        folders: Folders with a folder for each theme; an earlier one hides the same theme in a later one.
        user_folder: The user's sound folder, into which paths may lead; `None` for none.
    """

    def __init__(self, folders: tuple[Path, ...], user_folder: Path | None = None) -> None:
        self._folders = folders
        self._user_folder = user_folder

    @classmethod
    def default(cls) -> SoundLibrary:
        """The shipped themes and the user's sounds."""
        return cls((paths.shipped_sounds_dir(), paths.own_sounds_dir()), paths.own_sounds_dir())

    @cached_property
    def themes(self) -> frozenset[str]:
        """The names of the themes."""
        found = (theme for folder in self._folders if folder.is_dir() for theme in folder.iterdir())
        return frozenset(theme.name for theme in found if theme.is_dir() and any(theme.glob(f"*{_SUFFIX}")))

    def names(self, theme: str) -> frozenset[str]:
        """The names of the sounds of a theme."""
        return frozenset(path.stem for folder in self._folders for path in (folder / theme).glob(f"*{_SUFFIX}"))

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset().union(*(self.names(theme) for theme in self.themes))

    def find(self, sound: str, theme: str, beside: Path | None = None) -> Path | None:
        """The file of a sound; `None` if it does not exist or its path leads out of the allowed folders."""
        for folder in self._folders:
            path = folder / theme / f"{sound}{_SUFFIX}"
            if "/" not in sound and path.is_file():
                return path
        return next((path for path in self._candidates(sound, beside) if path.is_file()), None)

    def _candidates(self, sound: str, beside: Path | None) -> list[Path]:
        """The files that a path may mean, links followed."""
        return resolve_inside(sound, (beside, self._user_folder)) if sound.lower().endswith(_SUFFIX) else []

    def check(self, sound: str, beside: Path | None = None) -> None:
        """Check that a sound can be played.

        Args:
            sound: Its name or path, as written in the session.
            beside: The folder of the session's file.

        Raises:
            NotationError: There is no such sound, or its path leads out of the allowed folders.
        """
        if sound in self._all_names:
            return
        if sound.lower().endswith(_SUFFIX):
            self.check_file(sound, beside)
            return
        known = ", ".join(sorted(self._all_names))
        meant = nearest(sound, self._all_names) or ""
        raise NotationError(
            _('there is no sound "{sound}"').format(sound=sound),
            _("{known}, or a .wav file").format(known=known),
            meant,
        )

    def check_file(self, sound: str, beside: Path | None = None) -> None:
        """Check that a WAV file can be played.

        Args:
            sound: Its path, as written in the session.
            beside: The folder of the session's file.

        Raises:
            NotationError: It cannot be played, or its path leads out of the allowed folders.
        """
        if not sound.lower().endswith(_SUFFIX):
            raise NotationError(_('"{sound}" is not a .wav file').format(sound=sound), _("the path of a .wav file"))
        candidates = self._candidates(sound, beside)
        if not candidates:
            allowed = _("a file in the folder of the session, or in your own sound folder")
            raise NotationError(_('"{sound}" leads out of the folders for sounds').format(sound=sound), allowed)
        path = next((path for path in candidates if path.is_file()), None)
        if path is None:
            raise NotationError(
                _('there is no file "{sound}" inside the folders for sounds').format(sound=sound),
                _("a .wav file beside the session or in your sound folder"),
            )
        if not 0 < wav_length_ms(path) <= MAX_SOUND_MS:
            raise NotationError(
                _('"{sound}" cannot be played').format(sound=sound),
                _("a WAV file of at most 30 seconds, not compressed"),
            )


def resolve_inside(name: str, folders: Iterable[Path | None]) -> list[Path]:
    """What a path means in each folder, links followed; left out where it leads out of the folder."""
    inside = []
    for folder in filter(None, folders):
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # links that form a circle, or not a path at all
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()):
                inside.append(path)
    return inside


def wav_length_ms(path: Path) -> int:
    """The length of a WAV file, from its header and rounded up; 0 if it cannot be read."""
    try:
        with wave.open(str(path), "rb") as file:
            return -(-file.getnframes() * 1_000 // file.getframerate())
    except _WAV_ERRORS:
        return 0
