"""What can play sound here, and who can speak."""

from __future__ import annotations

from collections.abc import Iterator

from timer_app import paths
from timer_app.audio.probe import output_states
from timer_app.audio.stderr_guard import guarded_stderr
from timer_app.audio.themes import SoundTheme, sound_names, theme_names
from timer_app.commands.output import tell_all
from timer_app.commands.tables import table
from timer_app.voice.base import VoiceError
from timer_app.voice.voices import available_voices, open_voice


def list_sounds() -> None:
    """Print every output with its state, and every sound of every theme with its length."""
    # Trying a device makes the sound libraries write to standard error.
    with guarded_stderr(paths.log_file()):
        states = output_states()
    rows = [("OUTPUT", "USABLE", "STATE"), *((name, _yes(usable), state) for name, usable, state in states)]
    tell_all([*table(rows), "", *table([("THEME", "SOUND", "LENGTH"), *_sounds()])])


def list_voices(*, languages: bool) -> None:
    """Print every voice with its state, and the languages each speaks when asked for."""
    states = available_voices()
    rows = [("VOICE", "USABLE", "STATE"), *((name, _yes(usable), state) for name, usable, state in states)]
    lines = list(table(rows))
    if languages:
        spoken = [row for state in states if state.usable for row in _languages(state.name)]
        lines += ["", *table([("VOICE", "LANGUAGE", "NAME"), *spoken])]
    tell_all(lines)


def _yes(usable: bool) -> str:
    return "yes" if usable else "no"


def _sounds() -> Iterator[tuple[str, str, str]]:
    folder = paths.shipped_sounds()
    for name in theme_names(folder):
        theme = SoundTheme(folder, name)
        for sound in sorted(sound_names()):
            yield name, sound, f"{theme.length_ms(sound)} ms"


def _languages(name: str) -> Iterator[tuple[str, str, str]]:
    try:
        voice = open_voice(name)
    except VoiceError:
        return
    try:
        for language in voice.languages():
            yield name, language.code, language.name
    finally:
        voice.close()
