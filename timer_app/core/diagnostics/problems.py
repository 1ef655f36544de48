"""A fault in a file: what is wrong, where, what is allowed, and how it is shown."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, NamedTuple

from timer_app.core.diagnostics.safe_text import printable
from timer_app.core.i18n import N_, _

KeyPath = tuple[str | int, ...]
Severity = Literal["error", "warning"]
CaretTarget = Literal["key", "value", "table"]
ProblemPart = Literal["source", "carets", "allowed", "meant"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
MAX_NESTING = 64  # tables and lists in one another
MAX_PROBLEMS = 1_000  # of a file; more help nobody, and finding the place of each takes time
_LONGEST_COMPARED = 64
LETTERS_PER_SLIP = 4
_LARGEST_SHOWN_BITS = 64
_LINE_CELLS = 100
_TAB = "    "

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, N_("true or false")),
    (str, N_("a text")),
    (int, N_("a whole number")),
    (float, N_("a number")),
    (dict, N_("a table")),
    ((list, tuple, set, frozenset), N_("a list")),
    ((dt.date, dt.datetime), N_("a date")),
    (dt.time, N_("a time of day")),
)


def kind_of(value: object) -> str:
    """What sort of TOML value this is, in plain words with an article ("a text")."""
    return _(next((words for types, words in _KINDS if isinstance(value, types)), N_("something else")))


def quoted(value: object, limit: int = 40) -> str:
    """`value` as it may be inside a message: texts in quotes, long ones cut, tables and lists by kind."""
    if isinstance(value, str):
        return f'"{printable(value, limit)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > _LARGEST_SHOWN_BITS:
        return _("so large a number")
    return str(value) if isinstance(value, int | float) else kind_of(value)


def allowed_text(allowed: str) -> str:
    """What is allowed, for people: a description in the language in use, a value such as `none` as it is written."""
    return allowed if _BARE_KEY.fullmatch(allowed) else _(allowed)


def nearest(name: str, options: Iterable[str]) -> str | None:
    """The option most like `name`, or `None` where none is like it."""
    import difflib  # needed where a name is wrong

    folded = {folded_name(option): option for option in options}
    wanted = folded_name(name[:_LONGEST_COMPARED])
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def folded_name(name: str) -> str:
    """A name as it is compared: in small letters, with hyphens in place of blanks and underscores."""
    return name.casefold().replace("_", "-").replace(" ", "-")


def is_slip(written: str, meant: str) -> bool:
    """Whether one was written for the other by a slip of the fingers: of four letters one at the most is wrong."""
    if max(len(written), len(meant)) > _LONGEST_COMPARED:
        return False
    return count_slips(folded_name(written), folded_name(meant)) <= max(len(written) // LETTERS_PER_SLIP, 1)


def count_slips(written: str, meant: str) -> int:
    """How many letters are wrong, missing, too many, or in the place of their neighbour."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(written, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(meant, 1):
            slips = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and written[i - 2 : i] == meant[j - 2 : j][::-1]:
                slips = min(slips, last[j - 2] + 1)
            row.append(slips)
    return row[-1]


def dotted_key(path: KeyPath) -> str:
    """A path as authors write it: `steps[2].hold`, with quotes around keys that need them."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in path)
    return text.removeprefix(".")


def _key(part: str) -> str:
    return part if _BARE_KEY.fullmatch(part) else quoted(part, _LONGEST_COMPARED)


class Mending(NamedTuple):
    """How a slip of the hand is mended, where only one thing can have been meant.

    Attributes:
        title: What that does, in a few words.
        start: Where what is replaced begins in the text.
        end: Where it ends.
        new_text: What takes its place.
    """

    title: str
    start: int
    end: int
    new_text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a position in a file's data.

    Attributes:
        path: Keys and list indices from the root to the position; it need not exist (a missing key).
        message: What is wrong, one line, no full stop.
        allowed: What may be there; empty if the message says it all.
        suggestion: What was probably meant; empty if nothing is similar.
        severity: Only errors keep a session from being played.
        part: What the caret points at: the key, its value, or the header of the table.
        mending: How it is mended, if it is a slip in a text that is not TOML.
    """

    path: KeyPath
    message: str
    allowed: str = ""
    suggestion: str = ""
    severity: Severity = "error"
    part: CaretTarget = "value"
    mending: Mending | None = None


def more_problems(first: Problem, count: int) -> Problem:
    """What stands for the problems of a file that are too many to be listed.

    Args:
        first: The first of them.
        count: How many there are.
    """
    message = _("and {count} more, which are not listed").format(count=f"{count:,}")
    return Problem(first.path, message, _("mend those before it first"), severity=first.severity, part=first.part)


@dataclass(frozen=True, slots=True)
class LocatedProblem:
    """A problem with its position in the text.

    Attributes:
        file: The file's name as the user gave it.
        message: What is wrong, one line.
        line: 1-based; 0 where the problem is in no line (a missing file).
        column: First character concerned, 1-based; 0 without a line.
        end_column: The column after the last character concerned in that line.
        source_line: The line itself, without its end.
        key: The dotted key; empty for the file as a whole.
        allowed: What may be there.
        suggestion: What was probably meant.
        severity: `error` or `warning`.
        mending: How it is mended, if it is a slip in a text that is not TOML.
    """

    file: str
    message: str
    line: int = 0
    column: int = 0
    end_column: int = 0
    source_line: str = ""
    key: str = ""
    allowed: str = ""
    suggestion: str = ""
    severity: Severity = "error"
    mending: Mending | None = None

    def to_dict(self) -> dict[str, str | int]:
        """The problem as plain data for editors; columns count characters."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "end_column": self.end_column,
            "key": self.key,
            "severity": self.severity,
            "message": self.message,
            "allowed": self.allowed,
            "suggestion": self.suggestion,
        }

    def render(self) -> str:
        """The problem as it is printed, in several lines."""
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """Each line of the problem as it is printed: the headline, then where it is and what is allowed."""
        return [self.headline, *(line for _part, line in self.details())]

    def details(self, cells: int = _LINE_CELLS) -> Iterator[tuple[ProblemPart, str]]:
        """The lines below the headline, each with what it is; of a long line in the file so many cells are shown."""
        if self.source_line.strip():
            source, carets = excerpt(self.source_line, self.column, self.end_column, cells)
            yield from (("source", f"  {source}"), ("carets", f"  {carets}"))
        if self.allowed:
            yield "allowed", "  " + _("allowed: {what}").format(what=printable(allowed_text(self.allowed)))
        if self.suggestion:
            meant = quoted(self.suggestion, _LONGEST_COMPARED)
            yield "meant", "  " + _("did you mean {name}?").format(name=meant)

    @property
    def place(self) -> str:
        """`mine.toml:3:7`: where it is; the file alone where that is all that is known."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def headline(self) -> str:
        """Where it is, and what is wrong."""
        severity = _("warning") if self.severity == "warning" else ""
        return printable(": ".join(filter(None, (self.place, severity, self.key, self.message))))


def excerpt(line: str, column: int, end_column: int, cells: int = _LINE_CELLS) -> tuple[str, str]:
    """A line and the carets that go below it, both clipped around the carets.

    Args:
        line: The line as it stands in the file.
        column: First character to mark, 1-based; one past the end marks the end.
        end_column: The column after the last character to mark.
        cells: How many terminal cells the result may be wide.

    Returns:
        The line as a terminal shows it, and the carets that stand below the same cells.
    """
    # Of a line of a million characters only those near the mark are looked at.
    near = slice(max(column - 1 - 2 * cells, 0), column - 1 + 2 * cells)
    part, column, end_column = line[near], column - near.start, end_column - near.start
    shown = [_shown(char) for char in part] + [(" ", 1)]
    first = min(max(column, 1), len(shown)) - 1
    last = min(max(end_column - 1, first + 1), max(len(part), first + 1))
    starts = [0, *accumulate(width for _, width in shown)]
    left, right = _window(starts, first, last, cells, whole=part == line)
    before, after = "…" if left or near.start else "", "…" if right < len(part) or near.stop < len(line) else ""
    text = before + "".join(char for char, _ in shown[left:right]).rstrip() + after
    last = min(last, right)
    carets = " " * (len(before) + starts[first] - starts[left]) + "^" * max(starts[last] - starts[first], 1)
    return text, carets


def _shown(char: str) -> tuple[str, int]:
    """What is shown for a character on the terminal, and how many cells it takes."""
    if char == "\t":
        return _TAB, len(_TAB)
    if printable(char) != char:
        return "\N{REPLACEMENT CHARACTER}", 1
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _window(starts: Sequence[int], first: int, last: int, cells: int, *, whole: bool) -> tuple[int, int]:
    """Which characters to show, so that `first` and as much as possible up to `last` fits into `cells`."""
    if whole and starts[-1] - 1 <= cells:
        return 0, len(starts) - 1
    room = cells - 2
    marked = min(starts[last] - starts[first], room)
    lead = min((room - marked) // 2, starts[first])
    left = next(i for i, cell in enumerate(starts) if cell >= starts[first] - lead)
    right = max(i for i, cell in enumerate(starts) if cell <= starts[left] + room)
    return left, max(right, first + 1)


def first_line(error: Exception) -> str:
    """What an error says, in a line; its kind where it says nothing."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)


class FileFault(Exception):  # noqa: N818 - a fault is the word for what is wrong with a file
    """A file that cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[LocatedProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Each line of every problem as it is printed."""
        return [line for problem in self.problems for line in problem.lines()]

    @classmethod
    def about(cls, file: str, message: str, allowed: str = "") -> FileFault:
        """A fault of the file as a whole, such as one that is not there."""
        return cls([LocatedProblem(file=file, message=message, allowed=allowed)])


@dataclass(slots=True)
class Collector:
    """Gathers the problems of one file: a check lists them all, a run refuses to start on the first error.

    Attributes:
        locate: Finds a problem's position in the text, such as `Source.located`.
        problems: What was found so far, in the order in which it was found.
    """

    locate: Callable[[Problem], LocatedProblem]
    problems: list[Problem] = field(default_factory=list, init=False)
    _noted: set[Problem] = field(default_factory=set, init=False)

    def add(self, *problems: Problem) -> None:
        """Take note of problems; one noted before is not noted again."""
        self.problems += [problem for problem in dict.fromkeys(problems) if problem not in self._noted]
        self._noted.update(problems)

    def located(self) -> list[LocatedProblem]:
        """The problems with their positions, in the order of the text, and one for all that are too many."""
        listed, others = self.problems[:MAX_PROBLEMS], self.problems[MAX_PROBLEMS:]
        located = sorted(map(self.locate, listed), key=lambda found: (found.line, found.column))
        if len(others) == 1:  # who gave them may have counted them already
            located.append(self.locate(others[0]))
        elif others:
            located.append(self.locate(more_problems(others[0], len(others))))
        return located
