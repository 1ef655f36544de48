"""Tables and texts measured in terminal cells: aligned and plain for other programs, in colours for people.

A table is drawn by rich where standard output is a terminal, so that a long cell is wrapped in whole words and a file
can be clicked; everywhere else, and with `NO_COLOR`, each row is one line, as scripts expect it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from timer_app.cli.output import echo_drawn, echo_lines, is_decorated, terminal_width
from timer_app.core.diagnostics.safe_text import printable
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import cell_len, char_cells

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem
    from timer_app.core.diagnostics.problems import ProblemPart, Severity

_SEVERITY_STYLES: Mapping[Severity, str] = {"error": "red", "warning": "yellow"}
_PART_STYLES: Mapping[ProblemPart, str] = {"source": "", "carets": "red", "allowed": "bright_black", "meant": "green"}
_MOST_DRAWN = 2_000  # rows; more are printed plainly, many at a time, since a drawn table is measured as a whole


class Cell(NamedTuple):
    """A cell of a table with more than its text.

    Attributes:
        text: What it says.
        style: How rich draws it, such as `red`; empty as its column.
        file: The file that a click on it opens.
    """

    text: str
    style: str = ""
    file: Path | None = None


class Column(NamedTuple):
    """How a column is drawn.

    Attributes:
        style: How rich draws its cells, such as `bold`.
        wraps: Long cells go over several lines; else they are cut.
        right: Its cells end on one line, as numbers do.
        most: Terminal cells that it takes at most; `None` for as many as it needs.
    """

    style: str = ""
    wraps: bool = False
    right: bool = False
    most: int | None = None


Row = Sequence[str | Cell]


def echo_table(rows: Iterable[Row], columns: Sequence[Column] = (), *, cut: bool = True) -> None:
    """Print a table; raises as `echo` does.

    Args:
        rows: The heading, and the others as long as it.
        columns: How they are drawn, from the left; those that are not named are plain.
        cut: Where it is not drawn, lines are cut to the width of the terminal.
    """
    rows = iter(rows)
    first = list(islice(rows, _MOST_DRAWN + 1))
    rest = next(rows, None)
    if is_decorated() and rest is None:
        echo_drawn(_drawn(first, columns))
        return
    everything = [*first, *((rest, *rows) if rest else ())]
    width = terminal_width() if cut else None
    echo_lines(format_table([[_text(cell) for cell in row] for row in everything], width=width))


def styled(text: str, style: str, file: Path | None = None, stream: TextIO | None = None) -> str:
    """A text made safe, in colours and as a link to a file where these may be.

    Args:
        text: What it says.
        style: How rich draws it.
        file: The file that a click on it opens.
        stream: Where it goes; standard output if `None`.
    """
    text = printable(text)
    if not is_decorated(stream) or not (style or file):
        return text
    from rich.color import ColorSystem
    from rich.style import Style

    return Style.parse(f"{style} {_link(file)}".strip()).render(text, color_system=ColorSystem.STANDARD)


def problem_lines(problem: LocatedProblem, stream: TextIO | None = None) -> Iterator[str]:
    """The lines of a problem in a file, made safe; where they may be, in colours, with the place as a link to the file.

    Args:
        problem: What is wrong.
        stream: Where they go; standard output if `None`.
    """
    place = printable(problem.place)
    what = problem.headline.removeprefix(place)
    yield styled(place, "bold", Path(problem.file), stream) + styled(
        what, _SEVERITY_STYLES[problem.severity], stream=stream
    )
    for part, line in problem.details():
        yield styled(line, _PART_STYLES[part], stream=stream)


def _drawn(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    heading, *others = rows
    table = Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="bold",
        border_style="bright_black",
    )
    padded = [*columns, *[Column()] * (len(heading) - len(columns))]
    for text, column in zip(heading, padded, strict=True):
        table.add_column(
            _text(text),
            style=column.style,
            justify="right" if column.right else "left",
            no_wrap=not column.wraps,
            max_width=column.most,
            overflow="fold" if column.wraps else "ellipsis",
        )
    for row in others:
        cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
        table.add_row(*(Text(printable(text), f"{style} {_link(file)}".strip()) for text, style, file in cells))
    console = Console(width=terminal_width(), highlight=False)
    with console.capture() as drawn:
        console.print(table)
    return "\n".join(line.rstrip() for line in drawn.get().rstrip("\n").split("\n"))


def _link(file: Path | None) -> str:
    """The style of what opens a file; its address is quoted, so nothing in it ends the style."""
    return f"link {file.absolute().as_uri()}" if file else ""


def _text(cell: str | Cell) -> str:
    return cell.text if isinstance(cell, Cell) else cell


_GAP = "  "


def usable_cell(*, usable: bool) -> Cell:
    """Whether something works here."""
    return Cell(_("yes"), "green") if usable else Cell(_("no"), "red")


def format_table(rows: Sequence[Sequence[str]], *, width: int | None = None) -> Iterator[str]:
    """Align the columns of `rows`, with what cannot be seen in a cell escaped.

    Args:
        rows: All of the same length; the first may be the heading.
        width: Cells to which each line is cut; `None` for no limit.
    """
    rows = [[printable(text) for text in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (cells - cell_len(text)) for text, cells in zip(row, widths, strict=True))
        yield truncate(_GAP.join(padded).rstrip(), width)


def truncate(text: str, width: int | None) -> str:
    """`text` cut to `width` cells, with an ellipsis where it was cut and what cannot be seen escaped."""
    text = printable(text)
    if width is None or cell_len(text) <= width:
        return text
    limit, cells = max(width - 1, 0), 0
    for index, character in enumerate(text):
        cells += char_cells(character)
        if cells > limit:
            return text[:index] + "…"
    return text


def wrap_words(text: str, width: int) -> Iterator[str]:
    """The words of `text` on lines of at most `width` cells; a word that is longer is cut."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = truncate(word, width)
    if line:
        yield line
