"""`timer-app sounds`: lists outputs and sounds, plays sounds, and measures the latency of a headset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import OUTPUT, examples
from timer_app.cli.output import echo
from timer_app.cli.resources import check_theme, load_library, load_user_settings
from timer_app.cli.signals import raise_on_stop_signal
from timer_app.cli.tables import Column, echo_table, usable_cell
from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.i18n import _
from timer_app.system import guarded_stderr, paths

_SOUND_ORDER: Final = ("start", "tick", "halfway", "end", "rest", "switch", "set", "finish")


@click.command(epilog=examples("sounds --play", "sounds --play start --theme wood", "sounds --calibrate"))
@click.option("--play", metavar="[NAME]", is_flag=False, flag_value="", help="Play the sounds of a theme, or one.")
@click.option("--theme", metavar="NAME", help="Whose sounds to play: calm, clear, gym, wood, or your own.")
@click.option("--calibrate", is_flag=True, help="Find out by ear how late a headset is, and set latency_ms.")
@OUTPUT
def sounds(*, play: str | None, theme: str | None, calibrate: bool, output: str | None) -> int:
    """List the ways to play sound, and the sounds.

    With --play or --calibrate they are heard instead.
    """
    if calibrate:
        from timer_app.cli.calibrate import calibrate as run_calibration

        return run_calibration(output)
    if play is None and theme is None:
        _list_sounds()
    else:
        _play_sounds(play or "", theme, output)
    return 0


def _list_sounds() -> None:
    """Print every output with its state, and every sound of every theme with its length."""
    from timer_app.audio import output_states

    # The processes in which devices are tried inherit standard error, and sound libraries write to it.
    with guarded_stderr(paths.log_file()):
        states = output_states()
    rows = [(name, usable_cell(usable=usable), state) for name, usable, state in states]
    echo_table(
        [(_("OUTPUT"), _("USABLE"), _("STATE")), *rows], (Column("bold"), Column(), Column(wraps=True)), cut=False
    )
    echo("")
    echo_table(
        [(_("THEME"), _("SOUND"), _("LENGTH")), *_sound_rows()], (Column("bold"), Column(), Column("cyan", right=True))
    )


def _play_sounds(name: str, theme: str | None, output: str | None) -> None:
    """Play the sounds of a theme one after another, with a line as each begins.

    Args:
        name: The sound; empty for all.
        theme: The theme; `None` for that of the settings, or `calm`.
        output: What plays them; `None` for that of the settings.

    Raises:
        CommandError: There is no such theme or sound, or nothing is heard.
    """
    from timer_app.audio.base import AudioError
    from timer_app.run import SoundOptions
    from timer_app.run.sound_check import iter_sound_check
    from timer_app.settings import options_from_settings
    from timer_app.tts import SILENT, SpeechStyle

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
        hint = (
            _('did you mean "{near}"?').format(near=near)
            if near
            else _("there is: {names}").format(names=", ".join(sorted(known)))
        )
        raise CommandError(
            f"{PROGRAM}: " + _("there is no sound {name}; {hint}").format(name=quoted(name), hint=hint),
            USAGE,
        )
    return [name]


def _sound_rows() -> Iterator[tuple[str, str, str]]:
    from timer_app.audio.sound_themes import SoundTheme, sound_names, theme_names

    folder = paths.shipped_sounds_dir()
    for name in theme_names(folder):
        theme = SoundTheme(folder, name)
        for sound in sorted(sound_names()):
            yield name, sound, f"{theme.length_ms(sound)} ms"
