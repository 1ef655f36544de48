"""What can play sound here, and who can speak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from timer_app.audio.frames import AudioError
from timer_app.audio.outputs.probe import output_states
from timer_app.audio.themes import SoundTheme, sound_names, theme_names
from timer_app.cli.context import check_theme, load_library, load_user_settings
from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo, echo_lines, format_table
from timer_app.cli.signals import raise_on_stop_signal
from timer_app.core.diagnostics.problems import nearest, quoted
from timer_app.run.sound import SoundOptions
from timer_app.run.sound_check import iter_sound_check
from timer_app.settings.run_options import options_from_settings
from timer_app.system import paths
from timer_app.system.stderr import guarded_stderr
from timer_app.tts.delivery import SpeechStyle
from timer_app.tts.registry import SILENT, available_voices, open_voice
from timer_app.tts.voice import VoiceError

_SOUND_ORDER: Final = ("start", "tick", "halfway", "end", "rest", "switch", "set", "finish")


def list_sounds() -> None:
    """Print every output with its state, and every sound of every theme with its length."""
    # The processes in which devices are tried inherit standard error, and sound libraries write to it.
    with guarded_stderr(paths.log_file()):
        states = output_states()
    rows = [("OUTPUT", "USABLE", "STATE"), *((name, _yes_or_no(usable), state) for name, usable, state in states)]
    echo_lines([*format_table(rows), "", *format_table([("THEME", "SOUND", "LENGTH"), *_sound_rows()])])


def play_sounds(name: str, theme: str | None, output: str | None) -> None:
    """Play the sounds of a theme one after another, each told as it begins.

    Args:
        name: Which one; empty for all.
        theme: Of which theme; `None` for the one of the settings, else `calm`.
        output: What plays them; `None` for what the settings say.

    Raises:
        CommandError: There is no such theme or sound, or nothing is heard.
    """
    settings = load_user_settings()
    library = load_library(None, settings)
    check_theme(library, theme)
    options = options_from_settings(settings)
    resolved = options.resolved()
    chosen = theme or resolved.sound_theme
    names = _sounds_to_play(name, library.sounds.names(chosen))
    choice = SoundOptions(SILENT, SpeechStyle(), output or options.output, options.volume)
    try:
        with raise_on_stop_signal(), guarded_stderr(paths.log_file()):
            steps = iter_sound_check(
                choice, lambda sound: library.find_sound(sound, chosen, None, resolved.sounds), names
            )
            for step in steps:
                echo(step)
    except AudioError as error:
        raise CommandError(f"{PROGRAM}: {error}") from None


def _sounds_to_play(name: str, there: frozenset[str]) -> list[str]:
    """The sounds to play, in the order of a session."""
    if not name:
        return [*_SOUND_ORDER, *sorted(there.difference(_SOUND_ORDER))]
    known = there.union(_SOUND_ORDER)
    if name not in known:
        near = nearest(name, known)
        hint = f'did you mean "{near}"?' if near else f"there is: {', '.join(sorted(known))}"
        raise CommandError(f"{PROGRAM}: there is no sound {quoted(name)}; {hint}", USAGE)
    return [name]


def list_voices(*, languages: bool) -> None:
    """Print every voice with its state, and the languages each speaks when asked for."""
    states = available_voices()
    rows = [("VOICE", "USABLE", "STATE"), *((name, _yes_or_no(usable), state) for name, usable, state in states)]
    lines = list(format_table(rows))
    if languages:
        spoken = [row for state in states if state.usable for row in _language_rows(state.name)]
        lines += ["", *format_table([("VOICE", "LANGUAGE", "NAME"), *spoken])]
    echo_lines(lines)


def _yes_or_no(usable: bool) -> str:
    return "yes" if usable else "no"


def _sound_rows() -> Iterator[tuple[str, str, str]]:
    folder = paths.shipped_sounds_dir()
    for name in theme_names(folder):
        theme = SoundTheme(folder, name)
        for sound in sorted(sound_names()):
            yield name, sound, f"{theme.length_ms(sound)} ms"


def _language_rows(name: str) -> Iterator[tuple[str, str, str]]:
    try:
        voice = open_voice(name)
    except VoiceError:
        return
    try:
        for language in voice.languages():
            yield name, language.code, language.name
    finally:
        voice.close()
