"""Recognises slips of the hand where a text is not TOML, and mends what is plain: quotes, commas, brackets, blanks."""

from __future__ import annotations

import re

from timer_app.core.diagnostics.problems import Mending, Problem, quoted
from timer_app.core.i18n import N_, _

SourcePosition = tuple[int, int, int]
Slip = tuple[Problem, SourcePosition]

_CURLY_QUOTES = frozenset("“”„‟‘’‚‛")
_NO_QUOTES = _CURLY_QUOTES | frozenset("«»‹›´`")
_DOUBLE_QUOTES = frozenset("“”„‟«»")  # an apostrophe does not end what these begin
_ENDS = (re.compile('["“”„‟«»]'), re.compile(f"[{''.join(sorted(_NO_QUOTES))}\"']"))
_LOOK_ALIKES = {
    "\N{FULLWIDTH COMMA}": (",", N_('a comma, ","')),
    "\N{FULLWIDTH EQUALS SIGN}": ("=", N_('an equals sign, "="')),
    "\N{MINUS SIGN}": ("-", N_('a minus, "-"')),
}
_BROKEN_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)([ \t]+)([A-Za-z0-9_-]+)[ \t]*=")
_HALF_HEADER = re.compile(r"[ \t]*\[([^\[\]\n]+)\]\]")
_DECIMAL_COMMA = re.compile(r"[^=]*=[ \t]*([0-9]+),([0-9]+)[ \t]*(?:#|$)")
_LINE_ENDS = re.compile(r"[, \t]*(#|$)")
_COMMAS = re.compile(r",(?:[ \t]*,)*")
_COLON = re.compile(r":[ \t]*")
# A line with nothing but one key and its text, which lacks its closing quote.
_UNCLOSED = re.compile(r'[^"]*=[ \t]*"[^"\\\n{}\[\]]*[^"\\\n{}\[\],\s]')
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
    lines = text.split("\n")
    row = lines[line - 1]
    end = max(map(row.rfind, _CURLY_QUOTES))
    if end < 0 or not _LIST_GOES_ON.match(row, end + 1):
        return None
    opening = re.search(r"[\"']", row[:end])
    if opening is None:
        return _wrong_quote(row[end], "", None), (line, end + 1, end + 2)
    value = row[opening.end() : end]
    start = sum(len(one) + 1 for one in lines[: line - 1]) + opening.start()
    return _wrong_quote(row[end], value, _straight_quotes(start, value)), (line, end + 1, end + 2)


def changed(start: int, end: int, new: str) -> Mending:
    """What puts something else in the place of a stretch."""
    return Mending(_("Change to {name}").format(name=quoted(new)), start, end, new)


def closed(text: str, at: int) -> Mending | None:
    """What closes the text that is opened in the line of a place; `None` where its end may be elsewhere."""
    line_start = _line_start(text, at)
    line = _rest_of_line(text, line_start).rstrip()
    end = line_start + len(line)
    return Mending(_("Add the closing quote"), end, end, '"') if _UNCLOSED.fullmatch(line) else None


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _rest_of_line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def _straight_quotes(start: int, value: str) -> Mending | None:
    """What puts straight quotes around a text whose first quote is at `start`, whatever quotes it has."""
    if not value or '"' in value or "\\" in value:
        return None
    return Mending(_("Use straight quotes"), start, start + 2 + len(value), f'"{value}"')


def _wrong_quote(sign: str, value: str, mending: Mending | None) -> Problem:
    text = (
        _('{sign} is a curly quote; write " on both sides of the text')
        if sign in _CURLY_QUOTES
        else _('{sign} is no quote here; write " on both sides of the text')
    )
    return Problem((), text.format(sign=sign), suggestion=value, mending=mending)


def _wrong_sign(text: str, at: int, _reason: str) -> Slip | None:
    """A sign that only looks like the right one, as word processors and foreign keyboards put it."""
    sign, position = text[at : at + 1], position_of(text, at, at + 1)
    if sign in _LOOK_ALIKES:
        right, other = _LOOK_ALIKES[sign]
        said = _("{sign} only looks like {other}").format(sign=sign, other=_(other))
        return Problem((), said, mending=changed(at, at + 1, right)), position
    if sign not in _NO_QUOTES:
        return None
    line = _rest_of_line(text, at + 1)
    ends = (end.search(line) for end in (_ENDS if sign in _DOUBLE_QUOTES else _ENDS[1:]))
    end = next(filter(None, ends), None)
    value = line[: end.start()] if end else ""
    return _wrong_quote(sign, value, _straight_quotes(at, value)), position


def _broken_key(text: str, at: int, _reason: str) -> Slip | None:
    found = _BROKEN_KEY.match(text, _line_start(text, at))
    if found is None or found.end(2) != at:
        return None
    said = _("a tab cannot stand inside a key") if "\t" in found[2] else _("a blank cannot stand inside a key")
    joined = f"{found[1]}_{found[3]}"
    problem = Problem((), said, suggestion=joined, mending=changed(found.start(1), found.end(3), joined))
    return problem, position_of(text, *found.span(2))


def _missing_brace(text: str, at: int, reason: str) -> Slip | None:
    sign, message, mending = text[at : at + 1], "", None
    if sign == "\n" and reason.startswith("Unclosed inline"):
        message = _('a table in braces needs its closing "}" in the same line')
    elif sign in {"}", "\n"} and reason.startswith(("Unclosed inline", "Invalid initial")):
        message = _("a table in braces stands on one line, with no comma at its end")
        line_start = _line_start(text, at)
        before = text[line_start:at].rstrip(" \t")
        if sign == "}" and before.endswith(","):
            mending = _without_comma(line_start + len(before.rstrip(" \t,")), line_start + len(before))
    return (Problem((), message, mending=mending), position_of(text, at, at + 1)) if message else None


def _without_comma(start: int, end: int) -> Mending:
    return Mending(_("Remove the comma"), start, end, "")


def _comma_too_many(text: str, at: int) -> Slip:
    """The problem of a comma that nothing follows, and of those right behind it."""
    found = _COMMAS.match(text, at)
    mending = _without_comma(at, found.end()) if found else None
    return Problem((), _("there is a comma too many here"), mending=mending), position_of(text, at, at + 1)


def _comma_or_colon(text: str, at: int, reason: str) -> Slip | None:
    sign = text[at : at + 1]
    if sign == "," and reason.startswith(("Invalid value", "Invalid initial")):
        return _comma_too_many(text, at)
    colon = _COLON.match(text, at) if reason.startswith("Expected '='") else None
    if colon is None:
        return None
    line_start = _line_start(text, at)
    start = line_start + len(text[line_start:at].rstrip(" \t"))
    mending = Mending(_("Change to {name}").format(name=quoted("=")), start, colon.end(), " = ")
    message = _('a key and its value are joined by "=", not by ":"')
    return Problem((), message, mending=mending), position_of(text, at, at + 1)


def _half_header(text: str, at: int, _reason: str) -> Slip | None:
    found = _HALF_HEADER.match(text, _line_start(text, at))
    if found is None or found.end() != at + 1:
        return None
    header = f"[[{found[1]}]]"
    problem = Problem(
        (), _('this needs "[[" on its left too'), suggestion=header, mending=changed(*found.span(), header)
    )
    return problem, position_of(text, *found.span())


def _end_of_line(text: str, at: int, reason: str) -> Slip | None:
    """What stands behind a whole value: a comma, or a bracket that nothing opened."""
    rest = _rest_of_line(text, at)
    if not reason.startswith("Expected newline") or rest[:1] not in {",", "]", "}"}:
        return None
    position = position_of(text, at, at + 1)
    line_start = _line_start(text, at)
    if number := _DECIMAL_COMMA.fullmatch(_rest_of_line(text, line_start).partition("#")[0]):
        written = f"{number[1]}.{number[2]}"
        mending = changed(line_start + number.start(1), line_start + number.end(2), written)
        return Problem((), _("a number has a point in place of a comma"), suggestion=written, mending=mending), position
    if _LINE_ENDS.match(rest):
        return _comma_too_many(text, at)
    closing = re.search(r"[\]}]", rest)
    if closing is None:
        return None
    opening = "[" if closing[0] == "]" else "{"
    message = _('this "{closing}" closes nothing: its opening "{opening}" is missing').format(
        closing=closing[0], opening=opening
    )
    return Problem((), message), position_of(text, at + closing.start(), at + closing.end())
