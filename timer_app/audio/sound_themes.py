"""Sound themes: a folder per theme, a WAV file per cue sound."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from timer_app.audio.base import AudioError
from timer_app.audio.clips import Clip, load_wav
from timer_app.core.i18n import _

DEFAULT_THEME: Final = "calm"

SOUND_NAMES: Final = frozenset({"start", "end", "tick", "halfway", "set", "switch", "rest", "finish"})
"""What a complete theme has, and what a session file may name."""


def sound_names() -> frozenset[str]:
    """The names of sounds that every theme has."""
    return SOUND_NAMES


def theme_names(folder: Path) -> list[str]:
    """The complete themes in a folder of themes, sorted; none where the folder is not there."""
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if not _missing_sounds(entry))


class SoundTheme:
    """The sounds of one theme, and single files beside it, each read once.

    Args:
        folder: The folder of themes, such as `paths.shipped_sounds()`.
        name: The theme.

    Raises:
        AudioError: There is no such theme, or it is not complete.
    """

    def __init__(self, folder: Path, name: str = DEFAULT_THEME) -> None:
        self.name = name
        self._folder = folder / name
        self._clips: dict[str, Clip] = {}
        missing = _missing_sounds(self._folder)
        if missing == SOUND_NAMES:
            known = ", ".join(theme_names(folder)) or "none"
            raise AudioError(
                _("no sound theme called {name} in {folder}; there is: {known}").format(
                    name=f"{name!r}", folder=folder, known=known
                )
            )
        if missing:
            raise AudioError(
                _("the sound theme {name} lacks {missing}").format(name=f"{name!r}", missing=", ".join(sorted(missing)))
            )

    def clip(self, sound: str) -> Clip:
        """The sound of that name, or the WAV file at that path.

        Raises:
            AudioError: It cannot be read.
        """
        if sound not in self._clips:
            path = self._folder / f"{sound}.wav" if sound in SOUND_NAMES else Path(sound)
            self._clips[sound] = load_wav(path)
        return self._clips[sound]

    def length_ms(self, sound: str) -> int:
        """How long the sound lasts; 0 for one that cannot be read."""
        try:
            return self.clip(sound).length_ms
        except AudioError:
            return 0


def _missing_sounds(theme: Path) -> frozenset[str]:
    return frozenset(name for name in SOUND_NAMES if not (theme / f"{name}.wav").is_file())
