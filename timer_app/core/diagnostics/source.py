"""The text of a TOML file: its data, and the position of everything in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from timer_app.core.diagnostics.positions import NodeSpans, find_span, read_spans, span_columns
from timer_app.core.diagnostics.problems import (
    MAX_NESTING,
    CaretTarget,
    Collector,
    FileFault,
    KeyPath,
    LocatedProblem,
    Problem,
    dotted_key,
)
from timer_app.core.diagnostics.toml_errors import (
    explain_toml_error,
    find_deep_nesting,
    find_long_key,
    find_long_number,
)
from timer_app.core.diagnostics.toml_slips import SourcePosition
from timer_app.core.i18n import _


def _too_deep() -> str:
    return _("tables and lists are nested more than {count} deep").format(count=MAX_NESTING)


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Attributes:
        name: The file's name as the user gave it.
        text: What it says, lines ended by a line feed alone, without a byte order mark.
        data: What that means.
    """

    name: str
    text: str
    data: dict[str, Any]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    @cached_property
    def _spans(self) -> NodeSpans:
        return read_spans(self.text, MAX_NESTING)

    def locate(self, path: KeyPath, part: CaretTarget = "value") -> tuple[int, int, int]:
        """Line, first column and the column after the last, all 1-based and in characters.

        What goes over several lines ends with its first. A path that is not in the file gives the header or the
        opening brace of the nearest table around it; the root gives the first line.
        """
        span = find_span(self._spans, path, part)
        return span_columns(self.lines, span) if span else (1, 1, 2)

    def located(self, problem: Problem) -> LocatedProblem:
        """A problem with its position in the text."""
        line, column, end_column = self.locate(problem.path, problem.part)
        return LocatedProblem(
            file=self.name,
            message=problem.message,
            line=line,
            column=column,
            end_column=end_column,
            source_line=self.lines[line - 1],
            key=dotted_key(problem.path),
            allowed=problem.allowed,
            suggestion=problem.suggestion,
            severity=problem.severity,
        )

    def collected(self, problems: Iterable[Problem]) -> list[LocatedProblem]:
        """Problems with their positions, in the order of the text."""
        collector = Collector(self.located)
        collector.add(*problems)
        return collector.located()


def parse_toml(text: str, name: str) -> Source:
    """Read the text of a TOML file.

    Args:
        text: The file's text, decoded.
        name: How problems name the file.

    Raises:
        FileFault: It is not valid TOML, or nested deeper than 64 tables and lists.
    """
    text = text.removeprefix("\N{BYTE ORDER MARK}").replace("\r\n", "\n")
    if text.count(".") >= MAX_NESTING and (position := find_long_key(text, MAX_NESTING)):
        raise _fault(text, name, Problem((), _too_deep()), position)
    try:
        source = Source(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _fault(text, name, *explain_toml_error(text, str(error))) from error
    except RecursionError as error:
        raise _fault(text, name, Problem((), _too_deep()), find_deep_nesting(text, MAX_NESTING)) from error
    except ValueError as error:
        raise _fault(text, name, Problem((), _("this number has too many digits")), find_long_number(text)) from error
    if path := _deep_path(source.data):
        raise _fault(text, name, Problem((), _too_deep()), source.locate(path))
    return source


def _fault(text: str, name: str, problem: Problem, position: SourcePosition) -> FileFault:
    line, column, end_column = position
    return FileFault(
        [
            LocatedProblem(
                file=name,
                message=problem.message,
                line=line,
                column=column,
                end_column=end_column,
                source_line=text.split("\n")[line - 1],
                allowed=problem.allowed,
                suggestion=problem.suggestion,
                mending=problem.mending,
            )
        ]
    )


def _deep_path(data: dict[str, Any]) -> KeyPath | None:
    """The path of a value nested too deep, if there is one."""
    waiting: list[tuple[KeyPath, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_NESTING:
            return path
        if isinstance(value, dict):
            waiting += [((*path, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]
    return None
