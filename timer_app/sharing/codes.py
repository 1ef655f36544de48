"""QR codes: as text, two modules a character, and as pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    import segno

_QUIET: Final = 2  # modules around a code in a terminal, whose own ground goes on around it
_QUIET_ON_PAPER: Final = 4
_PIXELS: Final = 8  # a module in a picture
PICTURE_ENDINGS: Final = ("png", "svg")


class CodeSize(NamedTuple):
    """How many cells of a terminal a code takes."""

    columns: int
    rows: int


def code_lines(text: str) -> list[str]:
    """A code for a text, drawn with blocks: what is a block is light, and blanks are dark."""
    drawn = io.StringIO()
    _code(text).terminal(drawn, compact=True, border=_QUIET)
    return drawn.getvalue().rstrip("\n").split("\n")


def code_size(text: str) -> CodeSize:
    """How many cells such a code takes."""
    columns, height = _code(text).symbol_size(border=_QUIET)
    return CodeSize(int(columns), -(-int(height) // 2))


def write_code(text: str, file: BinaryIO, ending: str) -> None:
    """Write a code as a picture.

    Args:
        text: What it holds.
        file: Where it goes.
        ending: What kind of picture, one of `PICTURE_ENDINGS`.
    """
    _code(text).save(file, kind=ending, scale=_PIXELS, border=_QUIET_ON_PAPER)


def code_svg(text: str) -> str:
    """A code as an SVG element for a page, as large as the page makes it."""
    return str(_code(text).svg_inline(border=_QUIET_ON_PAPER, omitsize=True, svgclass="code", lineclass=None))


def _code(text: str) -> segno.QRCode:
    import segno  # with an extra only

    return segno.make(text, micro=False, error="l")
