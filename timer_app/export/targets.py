"""The files that an export writes, and whether it may write them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import joined_by_and
from timer_app.system.files import TargetError, check_writable

ENDINGS = ("m4a", "mp3", "opus", "flac", "wav")
WITH_CUE_SHEET = ("flac", "wav")
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Targets:
    """The files of one export.

    Attributes:
        sound: The sound file.
        ending: Which kind it is: its ending in small letters, without the dot.
        vtt: The captions as WebVTT; `None` for none.
        srt: The captions as SubRip; `None` for none.
        cue: The cue sheet; `None` for none.
    """

    sound: Path
    ending: str
    vtt: Path | None = None
    srt: Path | None = None
    cue: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that is written."""
        return tuple(path for path in (self.sound, self.vtt, self.srt, self.cue) if path)


def resolve_targets(sound: Path, *, captions: bool = False, cue_sheet: bool = False, force: bool = False) -> Targets:
    """The files of an export to `sound`.

    Args:
        sound: The sound file; its ending says which kind.
        captions: Whether captions are wanted.
        cue_sheet: Whether a cue sheet is wanted.
        force: Whether files that are there may be replaced.

    Raises:
        TargetError: The ending is unknown or has no cue sheet, a file is there, or there is no such folder.
    """
    ending = _ending(sound)
    if cue_sheet and ending not in WITH_CUE_SHEET:
        allowed = joined_by_and(WITH_CUE_SHEET)
        raise TargetError(
            _("a cue sheet goes with {allowed}; {ending} files have chapters of their own").format(
                allowed=allowed, ending=ending
            )
        )
    beside = sound.with_suffix
    targets = Targets(
        sound,
        ending,
        beside(".vtt") if captions else None,
        beside(".srt") if captions else None,
        beside(".cue") if cue_sheet else None,
    )
    for path in targets.paths:
        check_writable(path, force=force)
    if not sound.parent.is_dir():
        raise TargetError(_("there is no folder {parent}").format(parent=quoted(str(sound.parent), _LONGEST_SHOWN)))
    return targets


def _ending(sound: Path) -> str:
    ending = sound.suffix.removeprefix(".").lower()
    if ending in ENDINGS:
        return ending
    shown, known = quoted(sound.name, _LONGEST_SHOWN), ", ".join(f".{each}" for each in ENDINGS)
    if not ending:
        raise TargetError(
            _("{shown} needs an ending that says which kind of file it is: {known}").format(shown=shown, known=known)
        )
    meant = nearest(ending, ENDINGS)
    hint = (
        _('did you mean ".{meant}"? There are {known}').format(meant=meant, known=known)
        if meant
        else _("there are {known}").format(known=known)
    )
    raise TargetError(_("{shown} has no ending that can be exported; {hint}").format(shown=shown, hint=hint))
