"""Mends slips of the hand in a text that is not TOML, where only one thing can have been meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from timer_app.core.diagnostics import LocatedProblem, quoted
from timer_app.core.i18n import _

# Each begins where a run of its signs does: tried from every sign of a long one, they would take its length squared.
_BROKEN_KEY = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]+)[ \t]+([A-Za-z0-9_-]+)")
_DECIMAL_COMMA = re.compile(r"(?<![0-9])[0-9]+,[0-9]+")
_LOOK_ALIKES = {
    "\N{FULLWIDTH COMMA}": ",",
    "\N{FULLWIDTH EQUALS SIGN}": "=",
    "\N{MINUS SIGN}": "-",
}
_COMMAS = re.compile(r",(?:[ \t]*,)*")
_COLON = re.compile(r":[ \t]*")
_UNCLOSED = re.compile(r'[^"]*=[ \t]*"[^"\\\n{}\[\]]*[^"\\\n{}\[\],\s]')


class Slip(NamedTuple):
    """How a slip is mended.

    Attributes:
        title: What that does.
        start: Where what is replaced begins in the text.
        end: Where it ends.
        new_text: What takes its place.
    """

    title: str
    start: int
    end: int
    new_text: str


def slip_edits(text: str, start: int, end: int, problem: LocatedProblem) -> Slip | None:
    """How the slip of a problem is mended; `None` where several things may have been meant.

    Args:
        text: The text.
        start: Where the place of the problem begins.
        end: Where it ends.
        problem: The problem.
    """
    there, message = text[start:end], problem.message
    if problem.suggestion:
        return _meant(text, start, end, problem.suggestion)
    if there.lower() in {"true", "false"} and there != there.lower():
        return _change(start, end, there.lower())
    if there in _LOOK_ALIKES:
        return _change(start, end, _LOOK_ALIKES[there])
    if message == _('a key and its value are joined by "=", not by ":"'):
        return _colon(text, start)
    if message in {_("a text needs its closing quote in the same line"), _("a text is opened here and never closed")}:
        return _closing_quote(text, start)
    return _commas(text, start, message)


def _commas(text: str, start: int, message: str) -> Slip | None:
    """Without the commas that are too many: at a place, or before the brace that is there."""
    if message == _("there is a comma too many here"):
        found = _COMMAS.match(text, start)
        return Slip(_("Remove the comma"), start, found.end(), "") if found else None
    before = text[:start].rstrip(" \t")
    is_brace = message == _("a table in braces stands on one line, with no comma at its end")
    if is_brace and text.startswith("}", start) and before.endswith(","):
        return Slip(_("Remove the comma"), len(before.rstrip(" \t,")), len(before), "")
    return None


def _change(start: int, end: int, new: str) -> Slip:
    return Slip(_("Change to {name}").format(name=quoted(new)), start, end, new)


def _meant(text: str, start: int, end: int, suggestion: str) -> Slip | None:
    """What writes a suggestion where it belongs."""
    there = text[start:end]
    line_start = text.rfind("\n", 0, start) + 1
    if there == suggestion and '"' not in there and "\\" not in there:
        return Slip(_("Put it in quotes"), start, end, f'"{there}"')
    if suggestion.startswith("[["):
        return _change(start, end, suggestion)
    if not there.strip():  # a blank in a key
        found = next((one for one in _BROKEN_KEY.finditer(text, line_start) if one.start() < start < one.end()), None)
        return _change(*found.span(), suggestion) if found else None
    if there == "," and "." in suggestion:
        numbers = _DECIMAL_COMMA.finditer(text, line_start)
        found = next((one for one in numbers if one.start() <= start < one.end()), None)
        return _change(*found.span(), suggestion) if found else None
    return _curly_quotes(text, start, suggestion)


def _curly_quotes(text: str, start: int, inner: str) -> Slip | None:
    """Straight quotes in the place of others around a text."""
    if '"' in inner or "\\" in inner or not inner:
        return None
    title = _("Use straight quotes")
    if text.startswith(inner, start + 1) and start + 2 + len(inner) <= len(text):
        return Slip(title, start, start + 2 + len(inner), f'"{inner}"')
    if text[:start].endswith(inner) and start > len(inner) and text[start - len(inner) - 1] in "\"'":
        return Slip(title, start - len(inner) - 1, start + 1, f'"{inner}"')
    return None


def _colon(text: str, start: int) -> Slip | None:
    """The sign between a key and its value, with the blanks around it."""
    found = _COLON.match(text, start)
    title = _("Change to {name}").format(name='"="')
    return Slip(title, len(text[:start].rstrip(" \t")), found.end(), " = ") if found else None


def _closing_quote(text: str, start: int) -> Slip | None:
    """The quote that is missing at the end of a line with nothing but one key and its text."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", line_start)
    line_end = len(text) if line_end < 0 else line_end
    line = text[line_start:line_end].rstrip()
    if not _UNCLOSED.fullmatch(line):
        return None
    at = line_start + len(line)
    return Slip(_("Add the closing quote"), at, at, '"')
