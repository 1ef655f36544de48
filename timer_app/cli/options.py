"""Options that several commands have, and the long lists of `run` and `export`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from timer_app.cli.parameters import (
    DurationParam,
    LanguageParam,
    NumberRange,
    OutputParam,
    VoiceParam,
    WholeNumberRange,
)
from timer_app.core.ranges import (
    DOSE_LEVELS,
    MAX_LATENCY_MS,
    MAX_PITCH,
    MAX_RATE,
    MAX_SEED,
    MAX_SPEED,
    MIN_RATE,
    MIN_SPEED,
    VERBOSITIES,
)

LEVEL_HELP = "Where in each range to work: 0 is the low end, 1 the high end."
DOSE_HELP = "Every range at that end, instead of doses that grow."
SEED_HELP = "Makes a shuffled order repeatable."
THEME_HELP = "The set of cue sounds: calm, clear, gym, wood, or your own."

LEVEL = click.option("--level", type=NumberRange(0, 1), metavar="0..1", help=LEVEL_HELP)
DOSE = click.option("--dose", type=click.Choice(tuple(DOSE_LEVELS)), help=DOSE_HELP)
SEED = click.option("--seed", type=WholeNumberRange(0, MAX_SEED), metavar="NUMBER", help=SEED_HELP)
RATE = click.option(
    "--rate",
    type=WholeNumberRange(MIN_RATE, MAX_RATE),
    metavar=f"{MIN_RATE}..{MAX_RATE}",
    help="Words a minute.",
)
PITCH = click.option("--pitch", type=WholeNumberRange(0, MAX_PITCH), metavar="0..100", help="How high the voice is.")
VERBOSITY = click.option(
    "--verbosity",
    type=click.Choice(VERBOSITIES),
    help="How much is said: everything, no explanations, or nothing but tones.",
)
LANGUAGE = click.option(
    "--language",
    type=LanguageParam(),
    metavar="CODE",
    help="The language to be guided in, such as de, where the session is translated into it.",
)
OUTPUT = click.option(
    "--output", type=OutputParam(), help="What plays the sound; file:PATH.wav writes down what is heard."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `run`, in the order in which help lists them."""
    options = (
        click.option("--plain", is_flag=True, help="One line an event instead of a screen."),
        click.option("--voice", type=VoiceParam(), help="Who speaks."),
        click.option("--no-sound", is_flag=True, help="Silent: no voice, no tones."),
        click.option("--volume", type=WholeNumberRange(0, 100), metavar="0..100", help="Loudness in percent."),
        RATE,
        PITCH,
        LANGUAGE,
        VERBOSITY,
        OUTPUT,
        click.option(
            "--latency-ms",
            type=WholeNumberRange(0, MAX_LATENCY_MS),
            metavar=f"0..{MAX_LATENCY_MS}",
            help="By how much later than usual your headset is heard; the screen waits for it.",
        ),
        click.option("--theme", metavar="NAME", help=THEME_HELP),
        LEVEL,
        DOSE,
        SEED,
        click.option(
            "--speed",
            type=NumberRange(MIN_SPEED, MAX_SPEED),
            default=1.0,
            metavar="NUMBER",
            help="Time passes so many times faster; silent above 4.",
        ),
        click.option(
            "--open-steps",
            "open_steps_ms",
            type=DurationParam(),
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


def export_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `export`, in the order in which help lists them."""
    options = (
        click.option("--captions", is_flag=True, help="Also everything said, as .vtt and .srt beside FILE."),
        click.option("--cue-sheet", is_flag=True, help="Also the chapters as .cue beside a .wav or .flac."),
        click.option("--force", is_flag=True, help="Replace files that are there."),
        click.option("--voice", type=VoiceParam(), help="Who speaks."),
        RATE,
        PITCH,
        LANGUAGE,
        click.option(
            "--volume", type=WholeNumberRange(0, 100), metavar="0..100", help="Loudness; usually 100 percent."
        ),
        click.option("--theme", metavar="NAME", help=THEME_HELP),
        VERBOSITY,
        LEVEL,
        SEED,
        click.option(
            "--open-steps",
            "open_steps_ms",
            type=DurationParam(),
            default="10s",
            metavar="SECONDS",
            help="How long steps that wait or ask take; usually 10.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def reject_level_with_dose(level: float | None, dose: str | None) -> None:
    """Allow one way alone to say where in a range to work.

    Raises:
        click.UsageError: Both are given.
    """
    if level is not None and dose is not None:
        raise click.UsageError("--level and --dose exclude each other.")
