"""The command line. What a command does lies in `timer_app.commands`, and is imported when it is run."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click

from timer_app import __version__
from timer_app.choices import (
    DOSE_LEVELS,
    HIGHEST_PITCH,
    HIGHEST_RATE,
    HISTORY_VIEWS,
    LOWEST_RATE,
    MOST_LATENCY_MS,
    VERBOSITIES,
)
from timer_app.commands.guard import PROGRAM, guarded
from timer_app.commands.parameters import (
    CommandGroup,
    Day,
    Duration,
    ExerciseName,
    LanguageCode,
    Number,
    OutputName,
    ProgrammeName,
    SessionName,
    TimeOfDay,
    VoiceName,
)

COMPLETION_VARIABLE = "_TIMER_APP_COMPLETE"
# Starting makes very much and throws little of it away; to look for garbage after every 700 objects costs a tenth.
_COLLECT_AFTER = (50_000, 20, 20)
SHELLS = ("bash", "zsh", "fish")

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_LEVEL_HELP = "Where in each range to work: 0 is the low end, 1 the high end."
_DOSE_HELP = "Every range at that end, instead of doses that grow."
_SEED_HELP = "Makes a shuffled order repeatable."
_THEME_HELP = "The set of cue sounds: calm, clear, gym, wood, or your own."

_level = click.option("--level", type=Number(0, 1), metavar="0..1", help=_LEVEL_HELP)
_dose = click.option("--dose", type=click.Choice(tuple(DOSE_LEVELS)), help=_DOSE_HELP)
_seed = click.option("--seed", type=int, metavar="NUMBER", help=_SEED_HELP)
_rate = click.option(
    "--rate",
    type=click.IntRange(LOWEST_RATE, HIGHEST_RATE),
    metavar=f"{LOWEST_RATE}..{HIGHEST_RATE}",
    help="Words a minute.",
)
_pitch = click.option("--pitch", type=click.IntRange(0, HIGHEST_PITCH), metavar="0..100", help="How high the voice is.")
_verbosity = click.option(
    "--verbosity",
    type=click.Choice(VERBOSITIES),
    help="How much is said: everything, no explanations, or nothing but tones.",
)
_language = click.option(
    "--language",
    type=LanguageCode(),
    metavar="CODE",
    help="The language to be guided in, such as de, where the session is translated into it.",
)
_output = click.option(
    "--output", type=OutputName(), help="What plays the sound; file:PATH.wav writes down what is heard."
)
_json = click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")


def main() -> None:
    """Entry point of the `timer-app` command."""
    # Looking for plug-ins of pydantic among all packages takes as long as the rest of its import; there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Arrays here are small: threads of the library that multiplies them cost ten times the work on a busy computer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(*_COLLECT_AFTER)
    sys.exit(guarded(invoke, sys.argv[1:]))


def invoke(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit status."""
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, COMPLETION_VARIABLE, instruction)
    try:
        with cli.make_context(PROGRAM, list(arguments)) as context:
            status = cli.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return status if isinstance(status, int) else 0


@click.group(cls=CommandGroup, invoke_without_command=True, context_settings=_HELP)
@click.version_option(__version__, prog_name=PROGRAM)
@click.pass_context
def cli(context: click.Context) -> int | None:
    """A guided exercise coach for the terminal.

    Without a command it opens the list of sessions.
    """
    if context.invoked_subcommand is not None:
        return None
    from timer_app.commands.running import open_library

    return open_library()


def _run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `run`, in the order in which help lists them."""
    options = (
        click.option("--plain", is_flag=True, help="One line an event instead of a screen."),
        click.option("--voice", type=VoiceName(), help="Who speaks."),
        click.option("--no-sound", is_flag=True, help="Silent: no voice, no tones."),
        click.option("--volume", type=click.IntRange(0, 100), metavar="0..100", help="Loudness in percent."),
        _rate,
        _pitch,
        _language,
        _verbosity,
        _output,
        click.option(
            "--latency-ms",
            type=click.IntRange(0, MOST_LATENCY_MS),
            metavar=f"0..{MOST_LATENCY_MS}",
            help="By how much later than usual your headset is heard; the screen waits for it.",
        ),
        click.option("--theme", metavar="NAME", help=_THEME_HELP),
        _level,
        _dose,
        _seed,
        click.option(
            "--speed",
            type=Number(0, 1000, min_open=True),
            default=1.0,
            metavar="NUMBER",
            help="Time passes so many times faster; silent above 4.",
        ),
        click.option(
            "--open-steps",
            "open_steps_ms",
            type=Duration(),
            metavar="SECONDS",
            help="Steps that wait or ask go on by themselves after this time; 0 where nobody can answer.",
        ),
        click.option("--resume", is_flag=True, help="Go on with the latest run that was cut off; NAME may be missing."),
        click.option(
            "--history/--no-history",
            default=None,
            help="Whether the run is written into the history; else by the settings, and at true speed only.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
@click.argument("name", type=SessionName(), metavar="NAME", required=False)
@_run_options
@click.pass_context
def run(context: click.Context, /, name: str | None, *, plain: bool, resume: bool, **options: Any) -> int:
    """Run a session.

    NAME is one that `list` shows, or a path.

    The exit status is 0 when it was finished, 1 for a fault, 2 for a wrong call, 130 when it was given up, and
    128 + n when signal n ended it.
    """
    if name is None and not resume:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    _refuse_both(options["level"], options["dose"])
    from timer_app.commands.running import run_session

    return run_session(name, plain=plain, resume=resume, options=options)


def _refuse_both(level: float | None, dose: str | None) -> None:
    if level is not None and dose is not None:
        raise click.UsageError("--level and --dose exclude each other.")


def _export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `export`, in the order in which help lists them."""
    options = (
        click.option("--captions", is_flag=True, help="Also everything said, as .vtt and .srt beside FILE."),
        click.option("--cue-sheet", is_flag=True, help="Also the chapters as .cue beside a .wav or .flac."),
        click.option("--force", is_flag=True, help="Replace files that are there."),
        click.option("--voice", type=VoiceName(), help="Who speaks."),
        _rate,
        _pitch,
        _language,
        click.option("--volume", type=click.IntRange(0, 100), metavar="0..100", help="Loudness; usually 100 percent."),
        click.option("--theme", metavar="NAME", help=_THEME_HELP),
        _verbosity,
        _level,
        _seed,
        click.option(
            "--open-steps",
            "open_steps_ms",
            type=Duration(),
            default="10s",
            metavar="SECONDS",
            help="How long steps that wait or ask take; usually 10.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@cli.command()
@click.argument("name", type=SessionName())
@click.argument("file", type=click.Path(path_type=Path))
@_export_options
def export(name: str, file: Path, *, captions: bool, cue_sheet: bool, force: bool, **options: Any) -> None:
    """Write a session into a sound file.

    NAME is one that `list` shows, or a path. The ending of FILE says which kind of file: .m4a, .mp3, .opus, .flac or
    .wav. It holds what a run would play, with a chapter for each step.
    """
    from timer_app.commands.exporting import export_session, where_to

    targets = where_to(file, captions=captions, cue_sheet=cue_sheet, force=force)
    export_session(name, targets, options)


@cli.command("list")
@click.option("--exercises", is_flag=True, help="The exercises of the catalogue instead.")
def list_(*, exercises: bool) -> None:
    """List the sessions: shipped ones and your own."""
    from timer_app.commands import listing

    listing.list_exercises() if exercises else listing.list_sessions()


@cli.command()
@click.argument("name", type=SessionName())
@_level
@_dose
@_seed
@click.option("--voice", type=VoiceName(), help="With its true lengths, as a run has them; else estimated.")
@_rate
@_pitch
@_language
@_verbosity
@click.option("--cues", is_flag=True, help="Also every spoken line and sound, and the lines that find no room.")
@_json
def show(name: str, *, cues: bool, as_json: bool, **options: Any) -> None:
    """Show what happens when in a session."""
    _refuse_both(options["level"], options["dose"])
    from timer_app.commands.showing import ShowOptions, show_session

    show_session(name, ShowOptions(**options), cues=cues, as_json=as_json)


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SessionName())
@_json
def check(files: tuple[str, ...], *, as_json: bool) -> int:
    """List the faults of session files.

    The exit status is 1 if there is an error; warnings do not count.
    """
    from timer_app.commands.checking import check_files

    return check_files(files, as_json=as_json)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a session to start from.

    It has a commented step of each kind. FILE must not be there yet.
    """
    from timer_app.commands.checking import new_session

    new_session(file)


@cli.command()
@click.option("--play", metavar="[NAME]", is_flag=False, flag_value="", help="Play the sounds of a theme, or one.")
@click.option("--theme", metavar="NAME", help="Whose sounds to play: calm, clear, gym, wood, or your own.")
@click.option("--calibrate", is_flag=True, help="Find out by ear how late a headset is, and set latency_ms.")
@_output
def sounds(*, play: str | None, theme: str | None, calibrate: bool, output: str | None) -> int:
    """List the ways to play sound, and the sounds.

    With --play or --calibrate they are heard instead.
    """
    if calibrate:
        from timer_app.commands import calibrating

        return calibrating.calibrate(output)
    from timer_app.commands import devices

    if play is None and theme is None:
        devices.list_sounds()
    else:
        devices.play_sounds(play or "", theme, output)
    return 0


@cli.command()
@click.option("--languages", is_flag=True, help="Also the languages of each voice.")
def voices(*, languages: bool) -> None:
    """List the voices, and whether they speak here."""
    from timer_app.commands.devices import list_voices

    list_voices(languages=languages)


@cli.command()
@click.option("--host", default="localhost", metavar="NAME", help="Where to listen; 0.0.0.0 lets other devices in.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, metavar="NUMBER", help="0 takes a free one.")
@click.option("--session", type=SessionName(), metavar="NAME", help="Run this one instead of showing the list.")
def serve(host: str, port: int, session: str | None) -> int:
    """Serve the app to a browser, on this computer or a phone.

    Prints an address that lets one device in, once. The sound is played in the page. Ctrl+C ends it.
    """
    from timer_app.commands.serving import serve_app

    return serve_app(host, port, session)


@cli.command()
@click.argument("name", type=ExerciseName())
@click.option("--once", is_flag=True, help="Print the key poses beside one another.")
@click.option("--reduced", is_flag=True, help="Only key poses, with no movement between them.")
def figure(name: str, *, once: bool, reduced: bool) -> None:
    """Show how an exercise is drawn.

    NAME is one that `list --exercises` shows, or a path to a session. Without a terminal, key poses are printed.
    """
    from timer_app.commands.figuring import preview

    preview(name, once=once, reduced=reduced)


@cli.group(cls=CommandGroup, invoke_without_command=True)
@click.option("--since", type=Day(), metavar="DAY", help="Only from that day on: 2026-03-01, or 30d for 30 days back.")
@click.option("--last", "count", type=click.IntRange(1), metavar="NUMBER", help="Only so many; usually 20.")
@_json
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@click.pass_context
def history(
    context: click.Context, /, since: datetime | None, count: int | None, *, as_json: bool, as_csv: bool
) -> None:
    """Show what was done, newest first.

    The table has the latest 20 records; --since, --json and --csv give all of them.
    """
    if context.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other.")
    from timer_app.commands.histories import USUAL_COUNT, show_history

    if count is None and not (since or as_json or as_csv):
        count = USUAL_COUNT
    show_history(since, count, "json" if as_json else "csv" if as_csv else "table")


@history.command("stats")
@click.argument("views", type=click.Choice(HISTORY_VIEWS), nargs=-1)
@click.option("--since", type=Day(), metavar="DAY", help="Only from that day on; usually the last twelve weeks.")
@click.option("--session", metavar="NAME", help="Only what was done in that session.")
def history_stats(views: tuple[str, ...], since: datetime | None, session: str | None) -> None:
    """Tell in plain words what was done over time.

    VIEWS are some of calendar, weeks, exercises, pain and bests; all of them without one. Bests are always of all the
    time and of every session.
    """
    from timer_app.commands.histories import show_stats

    show_stats(views, since, session)


@history.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def export_history(file: Path, *, force: bool) -> None:
    """Write every record into FILE, a line of JSON each."""
    from timer_app.commands import histories

    histories.export_history(file, force=force)


@history.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_history(file: Path) -> None:
    """Take in the records of FILE that are new or later.

    Twice is the same as once, so the histories of two computers can be brought together.
    """
    from timer_app.commands import histories

    histories.import_history(file)


@history.command("forget")
@click.argument("record", metavar="ID", required=False)
@click.option("--before", type=Day(), metavar="DAY", help="All records that were begun before that day.")
@click.option("--all", "everything", is_flag=True, help="All records, and damaged files that were set aside.")
@click.option("--yes", "sure", is_flag=True, help="Do not ask.")
def forget_history(record: str | None, before: datetime | None, *, everything: bool, sure: bool) -> None:
    """Delete records for good.

    ID is the beginning of an id that `timer-app history` shows. Nothing is left of what is deleted.
    """
    from timer_app.commands import histories

    histories.forget_history(record, before, everything=everything, sure=sure)


@cli.command()
@_json
def today(*, as_json: bool) -> None:
    """Show what the programme that you follow wants today."""
    from timer_app.commands.programmes import tell_today

    tell_today(as_json=as_json)


@cli.group(cls=CommandGroup)
def programme() -> None:
    """Follow a programme: sessions on certain days, for some weeks."""


@programme.command("list")
def list_programmes() -> None:
    """List the programmes: shipped ones and your own."""
    from timer_app.commands import programmes

    programmes.list_programmes()


@programme.command("start")
@click.argument("name", type=ProgrammeName())
@click.option("--from", "begin", type=Day(), metavar="DAY", help="The first day, such as 2026-03-02; usually today.")
def start_programme(name: str, begin: datetime | None) -> None:
    """Follow the programme NAME, in place of the one that is followed."""
    from timer_app.commands import programmes

    programmes.start_programme(name, begin)


@programme.command("stop")
def stop_programme() -> None:
    """Follow no programme any more."""
    from timer_app.commands import programmes

    programmes.stop_programme()


@programme.command("show")
@click.argument("name", type=ProgrammeName(), required=False)
def show_programme(name: str | None) -> None:
    """Show the weeks of a programme.

    Without NAME, of the one that is followed, with what was done.
    """
    from timer_app.commands import programmes

    programmes.show_programme(name)


@programme.command("ics")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", type=TimeOfDay(), metavar="TIME", help="The time of day, such as 7:30; else for the whole day.")
@click.option(
    "--remind",
    "remind_min",
    type=click.IntRange(0, 1_440),
    metavar="MINUTES",
    help="So long before that time the phone reminds; usually at that time. Needs --at.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def programme_calendar(file: Path, *, at: time | None, remind_min: int | None, force: bool) -> None:
    """Write the programme that is followed into FILE, a calendar for the phone."""
    if remind_min is not None and at is None:
        raise click.UsageError("--remind needs --at: an entry for the whole day has no time to remind at.")
    from timer_app.commands import programmes

    programmes.write_calendar(file, at, remind_min or 0, force=force)


@cli.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print what makes SHELL complete commands and names.

    For bash, add to ~/.bashrc: eval "$(timer-app completion bash)"
    """
    from timer_app.commands.completing import print_completion

    print_completion(cli, shell, COMPLETION_VARIABLE)
