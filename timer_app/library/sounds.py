"""Finds cue sounds: those of a theme by their name, and WAV files of an author by their path."""

from __future__ import annotations

import contextlib
import struct
import wave
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from timer_app.core.diagnostics.problems import nearest
from timer_app.core.fields.notation import NotationError
from timer_app.system import paths

SoundOverrides = Mapping[str, str]
"""Files that take the place of single sounds, by the name of the sound."""

MAX_SOUND_MS = 30_000
_SUFFIX = ".wav"
# What the standard library's reader raises on damaged files, depending on where the damage is.
_WAV_ERRORS = (OSError, EOFError, ValueError, ArithmeticError, RuntimeError, wave.Error, struct.error)


class SoundLibrary:
    """The sounds a session may name.

    Args:
        folders: Folders of themes, one folder a theme; the first that has a theme gives it.
        user_folder: The user's sound folder, where paths may lead; `None` for none.
    """

    def __init__(self, folders: tuple[Path, ...], user_folder: Path | None = None) -> None:
        self._folders = folders
        self._user_folder = user_folder

    @classmethod
    def default(cls) -> SoundLibrary:
        """The shipped themes, and the user's sound folder."""
        return cls((paths.shipped_sounds_dir(), paths.own_sounds_dir()), paths.own_sounds_dir())

    @cached_property
    def themes(self) -> frozenset[str]:
        """The names of the themes."""
        found = (theme for folder in self._folders if folder.is_dir() for theme in folder.iterdir())
        return frozenset(theme.name for theme in found if theme.is_dir() and any(theme.glob(f"*{_SUFFIX}")))

    def names(self, theme: str) -> frozenset[str]:
        """The sounds that a theme has."""
        return frozenset(path.stem for folder in self._folders for path in (folder / theme).glob(f"*{_SUFFIX}"))

    def theme_folder(self, theme: str) -> Path | None:
        """The folder of themes in which `theme` lies."""
        return next((folder for folder in self._folders if (folder / theme).is_dir()), None)

    @cached_property
    def _all_names(self) -> frozenset[str]:
        return frozenset().union(*(self.names(theme) for theme in self.themes))

    def find(self, sound: str, theme: str, beside: Path | None = None) -> Path | None:
        """The file of a sound; `None` where there is none, or where its path leads out of the allowed folders."""
        for folder in self._folders:
            path = folder / theme / f"{sound}{_SUFFIX}"
            if "/" not in sound and path.is_file():
                return path
        return next((path for path in self._candidates(sound, beside) if path.is_file()), None)

    def _candidates(self, sound: str, beside: Path | None) -> list[Path]:
        """Where a sound given by its path may lie, links followed."""
        return resolve_inside(sound, (beside, self._user_folder)) if sound.lower().endswith(_SUFFIX) else []

    def check(self, sound: str, beside: Path | None = None) -> None:
        """See that a sound can be played.

        Args:
            sound: Its name or path, as a session says it.
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
        raise NotationError(f'there is no sound "{sound}"', f"{known}, or a .wav file", meant)

    def check_file(self, sound: str, beside: Path | None = None) -> None:
        """See that a sound given by its path can be played.

        Args:
            sound: The path of a WAV file, as a session says it.
            beside: The folder of the session's file.

        Raises:
            NotationError: It cannot, or its path leads out of the allowed folders.
        """
        if not sound.lower().endswith(_SUFFIX):
            raise NotationError(f'"{sound}" is not a .wav file', "the path of a .wav file")
        candidates = self._candidates(sound, beside)
        if not candidates:
            allowed = "a file in the folder of the session, or in your own sound folder"
            raise NotationError(f'"{sound}" leads out of the folders for sounds', allowed)
        path = next((path for path in candidates if path.is_file()), None)
        if path is None:
            raise NotationError(
                f'there is no file "{sound}" inside the folders for sounds',
                "a .wav file beside the session or in your sound folder",
            )
        if not 0 < wav_length_ms(path) <= MAX_SOUND_MS:
            raise NotationError(f'"{sound}" cannot be played', "a WAV file of at most 30 seconds, not compressed")


def resolve_inside(name: str, folders: Iterable[Path | None]) -> list[Path]:
    """Where a path leads in each folder, links followed, as long as that is inside the folder."""
    found = []
    for folder in filter(None, folders):
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # links that lead in a circle, and no path at all
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()):
                found.append(path)
    return found


def wav_length_ms(path: Path) -> int:
    """How long a WAV file lasts, from its header, rounded up; 0 for one that cannot be read."""
    try:
        with wave.open(str(path), "rb") as file:
            return -(-file.getnframes() * 1_000 // file.getframerate())
    except _WAV_ERRORS:
        return 0
