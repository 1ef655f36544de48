"""Draws the cover of an exported session: its name, its length, its course as a strip, and its steps."""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from timer_app.core.timeline import Timeline

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

COVER_SIZE: Final = 800
_MARGIN: Final = 56
_WIDTH: Final = COVER_SIZE - 2 * _MARGIN
_PAPER, _INK, _PALE = (24, 34, 44), (240, 240, 232), (150, 164, 172)
_COLOURS: Final = {"work": (236, 148, 84), "rest": (84, 148, 172), "switch": (124, 132, 172), "say": (72, 84, 96)}
# The first that the system has; the one that comes with Pillow has only the plain Latin letters.
_FONTS: Final = ("NotoSansCJK-Regular.ttc", "DejaVuSans.ttf", "Arial Unicode.ttf", "Arial.ttf", "arial.ttf")
_MOST_STEPS: Final = 12
_SMALLEST, _LARGEST = 34, 76
_LINE: Final = 34


def draw_cover(timeline: Timeline) -> bytes:
    """A square PNG of `COVER_SIZE` pixels.

    Raises:
        ImportError: Pillow is not installed.
    """
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (COVER_SIZE, COVER_SIZE), _PAPER)
    draw = ImageDraw.Draw(picture)
    _draw_line(draw, timeline.name, _MARGIN, _largest_font(draw, timeline.name), _INK)
    _draw_line(draw, _minutes(timeline.total_ms), 160, _font(44), _COLOURS["work"])
    _strip(draw, timeline, 250)
    names = [step.name for step in timeline.steps if step.kind != "rest" and step.is_listed]
    shown = names if len(names) <= _MOST_STEPS else [*names[: _MOST_STEPS - 1], f"+ {len(names) - _MOST_STEPS + 1}"]
    for number, name in enumerate(shown):
        _draw_line(draw, name, 326 + number * _LINE, _font(24), _PALE)
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()


def _strip(draw: ImageDraw, timeline: Timeline, top: int) -> None:
    """The course of the session from left to right, a colour for each kind of phase."""
    total_ms = max(1, timeline.total_ms)
    for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True):
        left = _MARGIN + start_ms * _WIDTH // total_ms
        right = _MARGIN + (start_ms + (phase.duration_ms or 0)) * _WIDTH // total_ms
        draw.rectangle((left, top, max(left, right - 1), top + 40), _COLOURS.get(phase.kind, _COLOURS["say"]))


def _minutes(length_ms: int) -> str:
    seconds = round(length_ms / 1_000)
    return f"{seconds // 60}:{seconds % 60:02}"


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    name = _font_of_the_system()
    if name:
        return ImageFont.truetype(name, size)
    plain = ImageFont.load_default(size)
    if not isinstance(plain, ImageFont.FreeTypeFont):
        raise ImportError("Pillow was built without FreeType")  # noqa: TRY004 - reported as a missing library
    return plain


@cache
def _font_of_the_system() -> str:
    """Looking for a font that is not there walks through all folders of fonts, so it is done once."""
    from PIL import ImageFont

    for name in _FONTS:
        try:
            ImageFont.truetype(name)
        except OSError:
            continue
        return name
    return ""


def _largest_font(draw: ImageDraw, text: str) -> FreeTypeFont:
    """The font as large as the text allows."""
    fits = (font for size in range(_LARGEST, _SMALLEST, -4) if draw.textlength(text, font := _font(size)) <= _WIDTH)
    return next(fits, _font(_SMALLEST))


def _draw_line(draw: ImageDraw, text: str, top: int, font: FreeTypeFont, colour: tuple[int, int, int]) -> None:
    """A line of text, cut where it does not fit."""
    text = _drawable(text, font)
    if draw.textlength(text, font) > _WIDTH:
        while text and draw.textlength(f"{text}...", font) > _WIDTH:
            text = text[:-1]
        text = f"{text.rstrip()}..."
    draw.text((_MARGIN, top), text, colour, font)


def _drawable(text: str, font: FreeTypeFont) -> str:
    """The text with letters that the font lacks brought back to plain ones, or left out."""
    blank = bytes(font.getmask("\uffff"))
    return "".join(piece for letter in text for piece in _pieces(letter, font, blank))


def _pieces(letter: str, font: FreeTypeFont, blank: bytes) -> str:
    if letter.isspace() or bytes(font.getmask(letter)) != blank:
        return letter
    return "".join(piece for piece in unicodedata.normalize("NFKD", letter) if piece.isascii())
