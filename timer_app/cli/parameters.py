"""The types of arguments and options: what each accepts, and what a shell completes."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from timer_app.core.constraints import OUTPUT_ALLOWED, OUTPUTS, validate_output_name
from timer_app.core.diagnostics.problems import allowed_text
from timer_app.core.i18n import N_, _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MAX_INPUT_CHARS: Final = 40
STANDARD_OUTPUT: Final = Path("-")
"""What the user calls standard output where a file is to be written, and standard input where one is read."""


class NumberRange(click.ParamType[float]):
    """A number within limits.

    Not `click.FloatRange` (measured with click 8.5): it accepts "nan", repeats even 5,000 digits in its message, and
    adds "[0<=x<=1]" to a help text whose metavar says so already.
    """

    name = "number"
    _kind: type[float] = float
    _called = N_("a number")

    def __init__(self, minimum: float, maximum: float) -> None:
        self._min, self._max = minimum, maximum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was given."""
        try:
            number = self._kind(value)
        except ValueError:
            number = math.nan
        if not self._min <= number <= self._max:
            self.fail(
                _("{value} is not {kind} from {least} to {most}.").format(
                    value=_printable_input(value), kind=_(self._called), least=self._min, most=self._max
                ),
                param,
                ctx,
            )
        return number


class WholeNumberRange(NumberRange):
    """A whole number within limits."""

    _kind = int
    _called = N_("a whole number")


class DurationParam(click.ParamType[int]):
    """A duration as session files write it; the value is in milliseconds."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The milliseconds meant by `20`, `20s` or `1:30`."""
        from timer_app.core.fields import NotationError, parse_duration_ms

        if isinstance(value, int):  # click converts a default again
            return value
        try:
            return parse_duration_ms(value)
        except NotationError as error:
            self.fail(f"{error}.", param, ctx)


class DayParam(click.ParamType[datetime]):
    """A day; the value is its start in the local time zone.

    Not `click.DateTime`, which knows no "30d" and names its formats as "%Y-%m-%d".
    """

    name = "day"
    _AGO = re.compile(r"([0-9]{1,5})([dw])")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day of `2026-03-01`, or of `30d` or `4w`: that many days or weeks ago."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.combine(self._day(value), time()).astimezone()
        except (ValueError, OverflowError):
            self.fail(
                _("{value} is no day such as 2026-03-01, 30d (days ago) or 4w (weeks ago).").format(
                    value=_printable_input(value)
                ),
                param,
                ctx,
            )

    def _day(self, text: str) -> date:
        if ago := self._AGO.fullmatch(text):
            days = int(ago[1]) * (1 if ago[2] == "d" else 7)
            return datetime.now().astimezone().date() - timedelta(days=days)
        return date.fromisoformat(text)


class TimeOfDayParam(click.ParamType[time]):
    """A time of day such as `7:30`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """The time that was given."""
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
        except ValueError:
            self.fail(
                _("{value} is no time of day such as 7:30 or 18:00.").format(value=_printable_input(value)), param, ctx
            )


class ProgrammeParam(click.ParamType[str]):
    """The name of a programme."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        from timer_app.library import ProgrammeLibrary

        return _completions(incomplete, ProgrammeLibrary.default(()).files())


class LanguageParam(click.ParamType[str]):
    """A language such as `de` or `pt-BR`."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code that was given."""
        from timer_app.system.files import is_language_code

        if not is_language_code(value):
            self.fail(
                _('{value} is not a language code such as "de" or "pt-BR".').format(value=_printable_input(value)),
                param,
                ctx,
            )
        return str(value)


class NewFileParam(click.Path):
    """A file to be written; `-` is standard output, and `./-` a file of that name."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path of the file, or `STANDARD_OUTPUT`."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        return path.absolute() if path == STANDARD_OUTPUT and value != str(STANDARD_OUTPUT) else path


class SessionParam(click.ParamType[str]):
    """A session's name or a path to its file."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so; files where none does."""
        from timer_app.library import Library

        return _completions(incomplete, Library.default().ids()) or [_file_completion(incomplete)]


class ExerciseParam(click.ParamType[str]):
    """The id of an exercise, or a path to a session."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Ids that begin so; files where none does."""
        from timer_app.library import Library

        names = sorted(Library.default().catalogue)
        return _completions(incomplete, names) or [_file_completion(incomplete)]


class VoiceParam(click.ParamType[str]):
    """The name of a voice."""

    name = "auto|hibari|espeak|system|pico|piper:FILE|kokoro:FILE|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that was given."""
        from timer_app.tts.names import VoiceNameError, check_name

        try:
            return check_name(value)
        except VoiceNameError as error:
            hint = (
                _('did you mean "{meant}"?').format(meant=error.meant)
                if error.meant
                else _("write {allowed}").format(allowed=allowed_text(error.allowed))
            )
            self.fail(f"{error}; {hint}", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """What help shows for the value."""
        return self.name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        from timer_app.tts import names

        return _completions(incomplete, names.all_names())


class OutputParam(click.ParamType[str]):
    """The name of an output."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that was given."""
        try:
            return validate_output_name(value)
        except ValueError as error:
            self.fail(_("{error}; write {allowed}").format(error=error, allowed=OUTPUT_ALLOWED), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002 - click's signature
        """What help shows for the value."""
        return "|".join(OUTPUTS)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - click's signature
        """Names that begin so."""
        return _completions(incomplete, OUTPUTS)


def _printable_input(value: object) -> str:
    """What was typed, as it may stand inside a message."""
    from timer_app.core.diagnostics import printable  # only where something is wrong

    return printable(str(value), _MAX_INPUT_CHARS)


def _file_completion(incomplete: str) -> CompletionItem:
    """What lets the shell complete the path of a file."""
    from click.shell_completion import CompletionItem

    return CompletionItem(incomplete, type="file")


def _completions(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    """The names that begin with what has been typed, as the shell puts them into the line.

    A name with characters that cannot be seen is left out: shells take one line for one name.
    """
    import shlex

    from click.shell_completion import CompletionItem

    from timer_app.cli.errors import COMPLETION_VARIABLE
    from timer_app.core.diagnostics import printable

    # zsh and fish quote by themselves; what bash puts into the line is what it runs.
    is_bash = os.environ.get(COMPLETION_VARIABLE, "").startswith("bash")
    found = [name for name in names if name.startswith(incomplete) and printable(name) == name]
    return [CompletionItem(shlex.quote(name) if is_bash else name) for name in found]
