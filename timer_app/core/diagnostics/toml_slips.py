"""Recognises slips of the hand where a text is not TOML: wrong quotes, a tab in a key, brackets and commas."""

from __future__ import annotations

import re

from timer_app.core.diagnostics.problems import Problem
from timer_app.core.i18n import N_, _

SourcePosition = tuple[int, int, int]
Slip = tuple[Problem, SourcePosition]

_CURLY_QUOTES = frozenset("“”„‟‘’‚‛")  # noqa: RUF001 - the quotes that authors paste
_NO_QUOTES = _CURLY_QUOTES | frozenset("«»‹›´`")  # noqa: RUF001 - likewise
_QUOTE_LIKE = re.compile(f"[{''.join(sorted(_NO_QUOTES))}\"']")
_LOOK_ALIKES = {
    "\N{FULLWIDTH COMMA}": N_('a comma, ","'),
    "\N{FULLWIDTH EQUALS SIGN}": N_('an equals sign, "="'),
    "\N{MINUS SIGN}": N_('a minus, "-"'),
}
_BROKEN_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)([ \t]+)([A-Za-z0-9_-]+)[ \t]*=")
_HALF_HEADER = re.compile(r"[ \t]*\[([^\[\]\n]+)\]\]")
_DECIMAL_COMMA = re.compile(r"[^=]*=[ \t]*([0-9]+),([0-9]+)[ \t]*(?:#|$)")
_LINE_ENDS = re.compile(r"[, \t]*(#|$)")
_LIST_GOES_ON = re.compile(r"[ \t,\]}]*(#|$)")


def find_slip(text: str, at: int, reason: str) -> Slip | None:
    """The slip at which the reader stopped, if it is a known one.

    Args:
        text: The text, lines ended by a line feed alone.
        at: Where the reader stopped.
        reason: What it said.
    """
    finders = (_wrong_sign, _broken_key, _missing_brace, _comma_or_colon, _half_header, _end_of_line)
    return next(filter(None, (finder(text, at, reason) for finder in finders)), None)


def position_of(text: str, start: int, end: int) -> SourcePosition:
    """Line, first column and the column after the last of a stretch, 1-based."""
    line_start = _line_start(text, start)
    return text.count("\n", 0, start) + 1, start - line_start + 1, end - line_start + 1


def ended_by_curly_quote(text: str, line: int) -> Slip | None:
    """The problem of a text that begins with a straight quote in this line, and ends it with a curly one."""
    row = text.split("\n")[line - 1]
    end = max(map(row.rfind, _CURLY_QUOTES))
    if end < 0 or not _LIST_GOES_ON.match(row, end + 1):
        return None
    opening = re.search(r"[\"']", row[:end])
    return _wrong_quote(row[end], row[opening.end() : end] if opening else ""), (line, end + 1, end + 2)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _rest_of_line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def _wrong_quote(sign: str, value: str) -> Problem:
    text = (
        _('{sign} is a curly quote; write " on both sides of the text')
        if sign in _CURLY_QUOTES
        else _('{sign} is no quote here; write " on both sides of the text')
    )
    return Problem((), text.format(sign=sign), suggestion=value)


def _wrong_sign(text: str, at: int, _reason: str) -> Slip | None:
    """A sign that only looks like the right one, as word processors and foreign keyboards put it."""
    sign, position = text[at : at + 1], position_of(text, at, at + 1)
    if sign in _LOOK_ALIKES:
        return Problem((), _("{sign} only looks like {other}").format(sign=sign, other=_(_LOOK_ALIKES[sign]))), position
    if sign not in _NO_QUOTES:
        return None
    value, *closed = _QUOTE_LIKE.split(_rest_of_line(text, at + 1), maxsplit=1)
    return _wrong_quote(sign, value if closed else ""), position


def _broken_key(text: str, at: int, _reason: str) -> Slip | None:
    found = _BROKEN_KEY.match(text, _line_start(text, at))
    if found is None or found.end(2) != at:
        return None
    said = _("a tab cannot stand inside a key") if "\t" in found[2] else _("a blank cannot stand inside a key")
    problem = Problem((), said, suggestion=f"{found[1]}_{found[3]}")
    return problem, position_of(text, *found.span(2))


def _missing_brace(text: str, at: int, reason: str) -> Slip | None:
    sign, message = text[at : at + 1], ""
    if sign == "\n" and reason.startswith("Unclosed inline"):
        message = _('a table in braces needs its closing "}" in the same line')
    elif sign in {"}", "\n"} and reason.startswith(("Unclosed inline", "Invalid initial")):
        message = _("a table in braces stands on one line, with no comma at its end")
    return (Problem((), message), position_of(text, at, at + 1)) if message else None


def _comma_or_colon(text: str, at: int, reason: str) -> Slip | None:
    sign, message = text[at : at + 1], ""
    if sign == "," and reason.startswith(("Invalid value", "Invalid initial")):
        message = _("there is a comma too many here")
    elif sign == ":" and reason.startswith("Expected '='"):
        message = _('a key and its value are joined by "=", not by ":"')
    return (Problem((), message), position_of(text, at, at + 1)) if message else None


def _half_header(text: str, at: int, _reason: str) -> Slip | None:
    found = _HALF_HEADER.match(text, _line_start(text, at))
    if found is None or found.end() != at + 1:
        return None
    problem = Problem((), _('this needs "[[" on its left too'), suggestion=f"[[{found[1]}]]")
    return problem, position_of(text, *found.span())


def _end_of_line(text: str, at: int, reason: str) -> Slip | None:
    """What stands behind a whole value: a comma, or a bracket that nothing opened."""
    rest = _rest_of_line(text, at)
    if not reason.startswith("Expected newline") or rest[:1] not in {",", "]", "}"}:
        return None
    position = position_of(text, at, at + 1)
    if number := _DECIMAL_COMMA.fullmatch(_rest_of_line(text, _line_start(text, at)).partition("#")[0]):
        return Problem(
            (), _("a number has a point in place of a comma"), suggestion=f"{number[1]}.{number[2]}"
        ), position
    if _LINE_ENDS.match(rest):
        return Problem((), _("there is a comma too many here")), position
    closing = re.search(r"[\]}]", rest)
    if closing is None:
        return None
    opening = "[" if closing[0] == "]" else "{"
    message = _('this "{closing}" closes nothing: its opening "{opening}" is missing').format(
        closing=closing[0], opening=opening
    )
    return Problem((), message), position_of(text, at + closing.start(), at + closing.end())
