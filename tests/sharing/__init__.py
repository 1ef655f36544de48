"""Sessions that are shared: a library to share from, and what reads a code from a picture of a terminal."""

from __future__ import annotations

import base64
import io
import zlib
from pathlib import Path

import pyte
import zxingcpp
from PIL import Image, ImageDraw

from timer_app.library import Folders, Library
from timer_app.sharing.dictionary import WORDS
from timer_app.system import paths

SHIPPED = tuple(sorted(path.stem for path in paths.shipped_sessions_dir().glob("*.toml") if "." not in path.stem))

OWN_EXERCISES = """\
schema = 1

[exercises.toe-raise]
name = "Toe raise"
say = "Stand on both feet, and lift your toes."
reps = 12

[exercises.towel-row]
name = "Towel row"
say = "Pull the towel apart."
hold = "20s"
sides = "each"
"""
OWN_SESSION = """\
schema = 1
name = "Mornings"  # mine

[[steps]]
exercise = "toe-raise"

[[steps]]
name = "Twice"
rounds = 2
steps = [{ exercise = "towel-row", hold = "15s" }, { exercise = "wall-squat" }]
"""


def write_own(sessions: dict[str, str] | None = None, exercises: str = OWN_EXERCISES) -> None:
    """Give the user sessions and exercises."""
    paths.own_exercises_dir().mkdir(parents=True, exist_ok=True)
    (paths.own_exercises_dir() / "mine.toml").write_text(exercises, encoding="utf-8")
    for name, text in (sessions or {"mornings": OWN_SESSION}).items():
        path = paths.own_sessions_dir() / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def library_of(folder: Path, language: str = "") -> Library:
    """A library whose own files lie in a folder, as those of somebody else do."""
    usual = Folders.default()
    folders = Folders(
        (("own", folder / "sessions"), usual.sessions[-1]), (usual.exercises[0], folder / "exercises"), None, None
    )
    return Library.of_default_sounds(folders, language)


_CELL = 4
_COLOURS = {"default": (12, 12, 12), "white": (229, 229, 229)}


def picture_of_terminal(output: str, columns: int, rows: int) -> Image.Image:
    """What a terminal with a dark theme shows of an output: a picture of its cells, blocks drawn from edge to edge."""
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed(output.replace("\n", "\r\n"))
    image = Image.new("RGB", (columns * _CELL, rows * 2 * _CELL), _COLOURS["default"])
    pen = ImageDraw.Draw(image)
    for row in range(rows):
        for column in range(columns):
            cell = screen.buffer[row][column]
            ink, ground = _colour(cell.fg, "white"), _colour(cell.bg, "default")
            x, y = column * _CELL, row * 2 * _CELL
            pen.rectangle((x, y, x + _CELL - 1, y + 2 * _CELL - 1), fill=ground)
            top, bottom = {"█": (0, 2), "▀": (0, 1), "▄": (1, 2)}.get(cell.data, (0, 0))
            if bottom > top:
                pen.rectangle((x, y + top * _CELL, x + _CELL - 1, y + bottom * _CELL - 1), fill=ink)
    return image


def _colour(name: str, default: str) -> tuple[int, int, int]:
    if name in _COLOURS or name == "default":
        return _COLOURS[default if name == "default" else name]
    red, green, blue = (int(name[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def read_code(image: Image.Image | bytes) -> str:
    """What a decoder that has nothing to do with the program reads from a picture."""
    if isinstance(image, bytes):
        image = Image.open(io.BytesIO(image))
    found = zxingcpp.read_barcodes(image.convert("L"))
    return found[0].text if found else ""


def sealed(content: bytes, form: str = "1") -> str:
    """A link to any content, with a checksum that is right."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, zdict=WORDS)
    data = zlib.crc32(content).to_bytes(4) + packer.compress(content) + packer.flush()
    return f"timer-app:{form}{base64.urlsafe_b64encode(data).decode().rstrip('=')}"
