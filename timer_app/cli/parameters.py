"""Kinds of arguments and options, and the group that knows what was probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from timer_app.core.ranges import OUTPUT_ALLOWED, OUTPUTS, validate_output_name

_MAX_INPUT_CHARS: Final = 40


class CommandGroup(click.Group):
    """A group that answers a missing command with those there are, and an unknown one with what was probably meant."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is left for the command that the arguments name."""
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            *names, last = self.list_commands(ctx)
            raise click.UsageError(f"say what: {', '.join(names)} or {last}; --help tells more.", ctx)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            raise click.UsageError(self._unknown_command_message(ctx, name), ctx)
        return super().resolve_command(ctx, args)

    def _unknown_command_message(self, ctx: click.Context, name: str) -> str:
        from timer_app.core.diagnostics.problems import nearest, quoted

        if name in session_names() or Path(name).suffix == ".toml":
            return f"there is no command {quoted(name)}; did you mean `timer-app run {name}`?"
        meant = nearest(name, self.list_commands(ctx))
        hint = f"did you mean {quoted(meant)}?" if meant else f"`{ctx.command_path} --help` lists all."
        return f"there is no command {quoted(name)}; {hint}"


class NumberRange(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A number within limits; "nan" and "inf" are none.

    Args:
        least: The smallest that is taken.
        most: The largest.
    """

    name = "number"
    _kind: type[float] = float
    _called = "a number"

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was given."""
        try:
            number = self._kind(value)
        except ValueError:
            number = math.nan
        if not self._least <= number <= self._most:
            self.fail(
                f"{_printable_input(value)} is not {self._called} from {self._least} to {self._most}.", param, ctx
            )
        return number


class WholeNumberRange(NumberRange):
    """A whole number within limits."""

    _kind = int
    _called = "a whole number"


class DurationParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A time as sessions write it; the value is in milliseconds."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The milliseconds meant by `20`, `20s` or `1:30`."""
        from timer_app.core.fields.notation import NotationError, parse_duration_ms

        if isinstance(value, int):  # click converts a default once more
            return value
        try:
            return parse_duration_ms(value)
        except NotationError as error:
            self.fail(f"{error}.", param, ctx)


class DayParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A day; the value is its first moment, where the user is."""

    name = "day"
    _AGO = re.compile(r"([0-9]{1,5})([dw])")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day meant by `2026-03-01`, or by `30d` or `4w`: so many days or weeks ago."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.combine(self._day(value), time()).astimezone()
        except (ValueError, OverflowError):
            self.fail(
                f"{_printable_input(value)} is no day such as 2026-03-01, 30d (days ago) or 4w (weeks ago).", param, ctx
            )

    def _day(self, text: str) -> date:
        if ago := self._AGO.fullmatch(text):
            days = int(ago[1]) * (1 if ago[2] == "d" else 7)
            return datetime.now().astimezone().date() - timedelta(days=days)
        return date.fromisoformat(text)


class TimeOfDayParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A time of day such as `7:30`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """The time that was given."""
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            self.fail(f"{_printable_input(value)} is no time of day such as 7:30 or 18:00.", param, ctx)


class ProgrammeParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """The name of a programme."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        from timer_app.library.programmes import ProgrammeLibrary

        return _completions(incomplete, ProgrammeLibrary.default(()).files())


class LanguageParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A language such as `de` or `pt-BR`."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code that was given."""
        from timer_app.system.files import is_language_code

        if not is_language_code(value):
            self.fail(f'{_printable_input(value)} is not a language code such as "de" or "pt-BR".', param, ctx)
        return str(value)


class SessionParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """A session's name or a path to its file."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so; files where none does."""
        return _completions(incomplete, sorted(session_names())) or [CompletionItem(incomplete, type="file")]


class ExerciseParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """The id of an exercise, or a path to a session."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Ids that begin so; files where none does."""
        from timer_app.cli.context import exercise_names

        return _completions(incomplete, exercise_names()) or [CompletionItem(incomplete, type="file")]


class VoiceParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """The name of a voice."""

    name = "espeak|system|piper:FILE|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that was given."""
        from timer_app.tts.names import VoiceNameError, check_name

        try:
            return check_name(value)
        except VoiceNameError as error:
            hint = f'did you mean "{error.meant}"?' if error.meant else f"write {error.allowed}"
            self.fail(f"{error}; {hint}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """What help shows for the value."""
        return self.name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        from timer_app.tts.names import all_names

        return _completions(incomplete, all_names())


class OutputParam(click.ParamType):  # type: ignore[type-arg] # not generic in every version of click
    """The name of an output."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that was given."""
        try:
            return validate_output_name(value)
        except ValueError as error:
            self.fail(f"{error}; write {OUTPUT_ALLOWED}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """What help shows for the value."""
        return "|".join(OUTPUTS)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        return _completions(incomplete, OUTPUTS)


def session_names() -> set[str]:
    """The names of all sessions that can be run by name, from the names of their files alone."""
    from timer_app.system import paths

    folders = (paths.shipped_sessions_dir(), paths.own_sessions_dir())
    stems = {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.toml")}
    # `desk-break.de` only translates `desk-break`.
    return {stem for stem in stems if stem.rpartition(".")[0] not in stems}


def _printable_input(value: object) -> str:
    """What was typed, as it may stand inside a message."""
    from timer_app.core.diagnostics.problems import printable  # only where something is wrong

    return printable(str(value), _MAX_INPUT_CHARS)


def _completions(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    """The names that begin with what has been typed."""
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
