"""The commands that have to do with the machine: sounds, voices, serve, figure, completion."""

from __future__ import annotations

import click

from timer_app.cli.options import OUTPUT
from timer_app.cli.parameters import ExerciseParam, SessionParam, WholeNumberRange

SHELLS = ("bash", "zsh", "fish")
COMPLETION_VARIABLE = "_TIMER_APP_COMPLETE"


@click.command()
@click.option("--play", metavar="[NAME]", is_flag=False, flag_value="", help="Play the sounds of a theme, or one.")
@click.option("--theme", metavar="NAME", help="Whose sounds to play: calm, clear, gym, wood, or your own.")
@click.option("--calibrate", is_flag=True, help="Find out by ear how late a headset is, and set latency_ms.")
@OUTPUT
def sounds(*, play: str | None, theme: str | None, calibrate: bool, output: str | None) -> int:
    """List the ways to play sound, and the sounds.

    With --play or --calibrate they are heard instead.
    """
    if calibrate:
        from timer_app.cli.commands import calibrate as calibrating

        return calibrating.calibrate(output)
    from timer_app.cli.commands import sounds as devices

    if play is None and theme is None:
        devices.list_sounds()
    else:
        devices.play_sounds(play or "", theme, output)
    return 0


@click.command()
@click.option("--languages", is_flag=True, help="Also the languages of each voice.")
def voices(*, languages: bool) -> None:
    """List the voices, and whether they speak here."""
    from timer_app.cli.commands.sounds import list_voices

    list_voices(languages=languages)


@click.command()
@click.option("--host", default="localhost", metavar="NAME", help="Where to listen; 0.0.0.0 lets other devices in.")
@click.option("--port", type=WholeNumberRange(0, 65_535), default=8000, metavar="NUMBER", help="0 takes a free one.")
@click.option("--session", type=SessionParam(), metavar="NAME", help="Run this one instead of showing the list.")
def serve(host: str, port: int, session: str | None) -> int:
    """Serve the app to a browser, on this computer or a phone.

    Prints an address that lets one device in, once. The sound is played in the page. Ctrl+C ends it.
    """
    from timer_app.cli.commands.serve import serve_app

    return serve_app(host, port, session)


@click.command()
@click.argument("name", type=ExerciseParam())
@click.option("--once", is_flag=True, help="Print the key poses beside one another.")
@click.option("--reduced", is_flag=True, help="Only key poses, with no movement between them.")
def figure(name: str, *, once: bool, reduced: bool) -> None:
    """Show how an exercise is drawn.

    NAME is one that `list --exercises` shows, or a path to a session. Without a terminal, key poses are printed.
    """
    from timer_app.cli.commands.figure import preview_figures

    preview_figures(name, once=once, reduced=reduced)


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, /, shell: str) -> None:
    """Print what makes SHELL complete commands and names.

    For bash, add to ~/.bashrc: eval "$(timer-app completion bash)"
    """
    from timer_app.cli.commands.completion import print_completion

    print_completion(context.find_root().command, shell, COMPLETION_VARIABLE)
