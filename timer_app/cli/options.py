"""Options that several commands have, and the long lists of `run` and `export`.

What can also be set in the settings file has its range and its help text from the table of settings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from timer_app.cli.errors import PROGRAM
from timer_app.cli.parameters import (
    DurationParam,
    LanguageParam,
    NumberRange,
    OutputParam,
    VoiceParam,
    WholeNumberRange,
)
from timer_app.core.constraints import DOSE_LEVELS, MAX_SEED, MAX_SPEED, MIN_SPEED
from timer_app.core.i18n import _, source_texts
from timer_app.settings import SETTINGS, Setting

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_MINUTE_MS = 60_000
_SETTING_TYPES = {"voice": VoiceParam, "language": LanguageParam, "output": OutputParam}


def examples(*calls: str) -> str:
    """The end of a command's help: calls as they are typed, without the program's name."""
    return "\b\nExamples:\n" + "\n".join(f"  {PROGRAM} {call}" for call in calls)


def _setting_option(key: str, **overrides: Any) -> Decorator:
    """The option that sets for one run what the setting `key` sets for all; `overrides` goes to click as it is."""
    setting = SETTINGS[key]
    declaration = {"type": _param_type(setting), "help": setting.option_help or setting.description, **overrides}
    if setting.limits:
        declaration["metavar"] = "{}..{}".format(*setting.limits)
    return click.option(setting.option, **declaration)


def _param_type(setting: Setting) -> click.ParamType | None:  # type: ignore[type-arg] # not generic in every version of click
    if setting.limits:
        return (NumberRange if setting.type is float else WholeNumberRange)(*setting.limits)
    if setting.choices and setting.type is not bool:
        return click.Choice(setting.choices)
    param_type = _SETTING_TYPES.get(setting.key)
    return param_type() if param_type else None


LEVEL = _setting_option("level")
DOSE = click.option(
    "--dose", type=click.Choice(tuple(DOSE_LEVELS)), help="Every range at that end, instead of doses that grow."
)
SEED = click.option(
    "--seed",
    type=WholeNumberRange(0, MAX_SEED),
    metavar="NUMBER",
    help="Makes a shuffled order and a choice repeatable.",
)
_AT_MOST = click.option(
    "--at-most",
    "max_ms",
    type=DurationParam(),
    metavar="TIME",
    help="Leave steps out, the lowest priority first, until the session takes no longer.",
)
_MINUTES = click.option(
    "--minutes",
    type=WholeNumberRange(1, 1_440),
    metavar="NUMBER",
    help="The same in minutes: how many you have.",
)
VOICE = _setting_option("voice")
RATE = _setting_option("rate")
PITCH = _setting_option("pitch")
VERBOSITY = _setting_option("verbosity")
LANGUAGE = _setting_option("language", metavar="CODE")
OUTPUT = _setting_option("output")
THEME = _setting_option("sound_theme", metavar="NAME")


def untranslated(context: click.Context, _parameter: click.Parameter, wanted: bool) -> bool:
    """Keep texts in English for the rest of a command whose output other programs read."""
    if wanted:
        context.with_resource(source_texts())
    return wanted


AS_JSON = click.option("--json", "as_json", is_flag=True, callback=untranslated, help="As JSON, for other programs.")


def AT_MOST(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802 - an option like the others
    """How long the session may take, as a time or in minutes; the command gets `max_ms`."""

    @wraps(command)
    def with_time(*args: Any, max_ms: int | None, minutes: int | None, **options: Any) -> Any:
        if max_ms is not None and minutes is not None:
            raise click.UsageError(_("--at-most and --minutes exclude each other."))
        return command(*args, max_ms=minutes * _MINUTE_MS if minutes else max_ms, **options)

    return _AT_MOST(_MINUTES(with_time))


def run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `run`, in the order in which help lists them."""
    options = (
        click.option("--plain", is_flag=True, help="One line an event instead of a screen."),
        VOICE,
        _setting_option("sound", is_flag=True),
        _setting_option("volume"),
        RATE,
        PITCH,
        LANGUAGE,
        VERBOSITY,
        OUTPUT,
        _setting_option("latency_ms"),
        THEME,
        LEVEL,
        DOSE,
        SEED,
        AT_MOST,
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
        click.option("--from", "from_step", metavar="STEP", help="Begin with this step: its name, or its number."),
        click.option("--resume", is_flag=True, help="Go on with the latest run that was cut off; NAME may be missing."),
        _setting_option("history", default=None),
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
        VOICE,
        RATE,
        PITCH,
        LANGUAGE,
        _setting_option("volume", help="Loudness; usually 100 percent."),
        THEME,
        VERBOSITY,
        LEVEL,
        SEED,
        AT_MOST,
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
        raise click.UsageError(_("--level and --dose exclude each other."))
