"""The names of voices, and the errors that name one, without loading any of them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import MappingProxyType

from timer_app.core.i18n import N_, _

AUTO, HIBARI, ESPEAK, SYSTEM, PICO, PIPER = "auto", "hibari", "espeak", "system", "pico", "piper"
KOKORO, SILENT = "kokoro", "none"
BUILT_IN = (AUTO, HIBARI, ESPEAK, SYSTEM, PICO, PIPER, KOKORO, SILENT)
DEFAULT_VOICE = AUTO
AUTO_VARIABLE = "TIMER_APP_AUTO_VOICES"  # the voices that `auto` may choose from, parted by commas; all by default
ENTRY_POINT_GROUP = "timer_app.voices"  # the entry points by which other packages add voices
MODEL_SUFFIX = ".onnx"
PIPER_ALLOWED = "piper:/path/to/voice.onnx"
KOKORO_ALLOWED = N_("kokoro:/path/to/kokoro.onnx or kokoro:/path/to/kokoro.onnx#af_heart")
FROM_FILES = MappingProxyType({PIPER: PIPER_ALLOWED, KOKORO: KOKORO_ALLOWED})  # the voices that need a file
_KOKORO = re.compile(rf"(.+{re.escape(MODEL_SUFFIX)})(?:#([\w.-]+))?", re.DOTALL)


class VoiceError(Exception):
    """A voice cannot speak; the message is one line that says why and what helps."""


class LanguageError(VoiceError):
    """The voice does not speak the language of a line."""


class VoiceGoneError(VoiceError):
    """The process of a voice ended or hung; it speaks no more until it is opened anew.

    Attributes:
        hung: It did not answer; whoever opens it anew may wait as long again.
    """

    def __init__(self, said: str, *, hung: bool = False) -> None:
        super().__init__(said)
        self.hung = hung


class VoiceNameError(ValueError):
    """There is no voice of that name.

    Attributes:
        allowed: What could be written instead.
        meant: What was probably meant; empty where nothing is near.
    """

    def __init__(self, said: str, allowed: str, meant: str = "") -> None:
        super().__init__(said)
        self.allowed = allowed
        self.meant = meant


def plugin_names() -> tuple[str, ...]:
    """The names of voices that other packages add; a built-in name cannot be taken by one."""
    from importlib.metadata import entry_points  # needed by few, and slow

    return tuple(sorted({point.name for point in entry_points(group=ENTRY_POINT_GROUP)}.difference(BUILT_IN)))


def all_names() -> tuple[str, ...]:
    """Every name that a voice can be chosen by."""
    return (*BUILT_IN, *plugin_names())


def split_name(name: str) -> tuple[str, str]:
    """The voice, and its argument: `("piper", "/voices/anna.onnx")` for `piper:/voices/anna.onnx`."""
    kind, _, argument = name.partition(":")
    return kind, argument


def split_kokoro(argument: str) -> tuple[str, str]:
    """The model, and which of its voices speaks: `("/kokoro.onnx", "af_heart")` for `/kokoro.onnx#af_heart`."""
    found = _KOKORO.fullmatch(argument)
    return (found[1], found[2] or "") if found else (argument, "")


def voice_file(name: str) -> str:
    """The file that a voice comes from; empty for one that needs none."""
    kind, argument = split_name(name)
    if kind == KOKORO:
        return split_kokoro(argument)[0]
    return argument if kind == PIPER else ""


def find_session_voice(name: str, folder: Path) -> str | None:
    """The voice that a session file names, its file with the whole path; `None` if that leads out of `folder`.

    A session may come from anybody, and must not make the program open any file there is. Links in the folder are the
    user's own, and are followed.

    Args:
        name: As the session has it.
        folder: The user's voice folder, in which a path begins.
    """
    written = voice_file(name)
    if not written:
        return name
    kind, argument = split_name(name)
    file = os.path.normpath(folder / os.path.expanduser(written))  # noqa: PTH111 - does not raise without a home
    return f"{kind}:{file}{argument.removeprefix(written)}" if Path(file).is_relative_to(folder) else None


def check_name(name: str) -> str:
    """The name, if a voice can be chosen by it; whether it speaks here is another question.

    Raises:
        VoiceNameError: There is none of that name.
    """
    kind, argument = split_name(name)
    if kind in FROM_FILES and not voice_file(name).endswith(MODEL_SUFFIX):
        text = (
            _("the {kind} voice needs the file of a model")
            if kind == KOKORO
            else _("the {kind} voice needs the file of a voice")
        )
        raise VoiceNameError(text.format(kind=kind), FROM_FILES[kind])
    if kind in BUILT_IN:
        if argument and kind not in FROM_FILES:
            raise VoiceNameError(
                _("the {kind} voice stands alone, without {argument}").format(kind=kind, argument=f"{argument!r}"), kind
            )
        return name
    names = all_names()
    if kind in names:
        return name
    import difflib  # needed where a name is wrong

    near = difflib.get_close_matches(kind, names, n=1)
    raise VoiceNameError(_('there is no voice "{name}"').format(name=name), ", ".join(names), near[0] if near else "")
