"""Turns the errors of Python's TOML parser into plain words with a position."""

from __future__ import annotations

import re

from timer_app.core.diagnostics.positions import key_before, span_columns
from timer_app.core.diagnostics.problems import Mending, Problem, quoted
from timer_app.core.diagnostics.toml_slips import (
    SourcePosition,
    changed,
    closed,
    ended_by_curly_quote,
    find_slip,
    position_of,
)
from timer_app.core.i18n import N_, _

_WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_TOKENS = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})|'''
    r"""'''.*?'''(?:'{0,2})|"""
    r'''"""|"(?:\\.|[^"\\\n])*"|'''
    r"""'''|'[^'\n]*'|"""
    r"""#[^\n]*|["'\[\]{}]""",
    re.DOTALL,
)
_OPENINGS = {'"""', "'''", '"', "'"}
_KEY = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_NUMBER = re.compile(r"[0-9_]{1000,}")
# What authors write without quotes: a word, "30s", "1:30", "1/2", "20-30".
_UNQUOTED = re.compile(r"[+-]?[0-9.]*\s*[^\W\d_][^=\"{}\[\]]*|[+-]?[0-9][0-9.]*\s*[:/–-]\s*[0-9][^=\"'{}\[\]]*")
_VALUE_ERRORS = ("Invalid value", "Expected newline", "Unclosed")
_SECOND_TIME = ("Cannot", "Duplicate")
_KEY_ALLOWED = N_('letters, digits, "-" and "_"; anything else in double quotes')

# What the reader's message starts with, and what to say instead: message, allowed.
_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("Expected '='", N_('a key needs "=" and a value behind it'), N_('such as name = "Wall squat"')),
    ("Expected newline", N_("the line should end here"), N_("one key and value on a line, a text in quotes")),
    (
        "Invalid statement",
        N_("a line cannot start like this"),
        N_("a key, a [table], a [[list of tables]] or a # comment"),
    ),
    (
        "Invalid value",
        N_("a value is missing or cannot be read"),
        N_('a "text", a number, true, false, a [list] or a {table}'),
    ),
    ("Invalid initial character", N_("a key is missing or starts like this"), _KEY_ALLOWED),
    ("Unclosed array", N_('a list needs a "," or its closing "]" here'), ""),
    ("Unclosed inline table", N_('a table in braces needs a "," or its closing "}" here'), ""),
    (
        "Unescaped '\\'",
        N_('a "\\" in a text starts a special character that does not exist'),
        N_('"\\\\" for the sign itself'),
    ),
    ("Invalid hex value", N_('not enough hexadecimal digits behind "\\u"'), ""),
    ("Escaped character", N_('there is no character of the number behind "\\u"'), ""),
    ("Invalid date", N_("there is no such date or time"), ""),
    ("Expected ']]'", N_('the name of a list of tables needs its closing "]]"'), ""),
    ("Expected ']'", N_('the name of a table needs its closing "]"'), ""),
    ("Cannot overwrite", N_("{key} is there a second time"), ""),
    ("Duplicate inline", N_("{key} is there a second time"), ""),
    ("Cannot declare", N_("{key} is there a second time"), N_("a table's keys all in one place")),
    ("Cannot redefine", N_("{key} was already given elsewhere"), N_("a table's keys all in one place")),
    ("Cannot mutate", N_("{key} was already given as a whole and cannot grow"), N_("a table's keys all in one place")),
)


def explain_toml_error(text: str, error: str) -> tuple[Problem, SourcePosition]:
    """What is wrong with a text that is not TOML.

    Args:
        text: The text, lines ended by a line feed alone.
        error: The message of `tomllib.TOMLDecodeError`.

    Returns:
        The problem, and its line, first column and column after the last, 1-based and in characters.
    """
    reason = _WHERE.sub("", error)
    at = _offset(text, error)
    if not text[at : at + 1].isprintable() and text[at] not in "\n\t":
        return Problem(
            (), _("the invisible character {code} cannot stand here").format(code=f"U+{ord(text[at]):04X}")
        ), position_of(text, at, at + 1)
    if slip := find_slip(text, at, reason):
        return slip
    if reason.startswith(("Unterminated", "Expected \"'")):
        return _unclosed(text, _("a text is opened here and never closed"), *_opening(text))
    if reason.startswith(("Illegal character", "Found invalid character")):
        return _unclosed(text, _("a text needs its closing quote in the same line"), at, at + 1)
    if reason.startswith(_VALUE_ERRORS) and (unquoted := _unquoted(text, at)):
        return unquoted
    return _plain(text, reason, at)


def _unclosed(text: str, message: str, start: int, end: int) -> tuple[Problem, SourcePosition]:
    position = position_of(text, start, end)
    return ended_by_curly_quote(text, position[0]) or (Problem((), message, mending=closed(text, start)), position)


def _offset(text: str, error: str) -> int:
    """Where the reader stopped; behind the last word where it is the end of the text."""
    where = _WHERE.search(error)
    if where is None or where["line"] is None:
        return len(text.rstrip())
    start = sum(len(line) + 1 for line in text.split("\n")[: int(where["line"]) - 1])
    return start + int(where["column"]) - 1


def _opening(text: str) -> tuple[int, int]:
    """Where the quote begins and ends that opens a text which is never closed."""
    unclosed = (found for found in _TOKENS.finditer(text) if found[0] in _OPENINGS)
    found = next(unclosed, None)
    return found.span() if found else (len(text), len(text) + 1)


def _unquoted(text: str, at: int) -> tuple[Problem, SourcePosition] | None:
    """The problem of a value at `at` that would be right in quotes, if it is one."""
    line_start = text.rfind("\n", 0, at) + 1
    start = max(line_start, *(text.rfind(sign, line_start, at) + 1 for sign in "=[{,"))
    value = re.split(r"[,\]}#\n]", text[start:], maxsplit=1)[0]
    start += len(value) - len(value.lstrip())
    value = value.strip()
    end = start + len(value)
    if value.lower() in {"true", "false"}:
        said = _("{value} is written in small letters").format(value=value.lower())
        return Problem((), said, mending=changed(start, end, value.lower())), position_of(text, start, end)
    if not _UNQUOTED.fullmatch(value):
        return None
    mending = None if "\\" in value else Mending(_("Put it in quotes"), start, end, f'"{value}"')
    return Problem((), _("this must stand in quotes"), suggestion=value, mending=mending), position_of(text, start, end)


def _plain(text: str, reason: str, at: int) -> tuple[Problem, SourcePosition]:
    known = ((message, allowed) for start, message, allowed in _PLAIN if reason.startswith(start))
    message, allowed = next(known, (N_("this is not written as TOML wants it"), ""))
    line, column, end_column = position_of(text, at, at + 1)
    if reason.startswith(_SECOND_TIME):
        lines = text.split("\n")
        span = key_before(text, line, column)
        line, column, end_column = span_columns(lines, span) if span else (line, column, end_column)
        key = quoted(lines[line - 1][column - 1 : end_column - 1]) if span else _("this key")
        return Problem((), _(message).format(key=key), allowed), (line, column, end_column)
    return Problem((), _(message), allowed), (line, column, end_column)


def find_long_number(text: str) -> SourcePosition:
    """Where a number stands that has too many digits to be read."""
    found = _LONG_NUMBER.search(text)
    return position_of(text, *found.span()) if found else (1, 1, 2)


def find_long_key(text: str, limit: int) -> SourcePosition | None:
    """Where a key of more than `limit` parts stands, if there is one: the reader takes minutes over the longest."""
    many_parts = re.compile(rf"(?<![A-Za-z0-9_-]){_KEY}(?:[ \t]*+\.[ \t]*+{_KEY}){{{limit},}}+")
    tokens = _TOKENS.finditer(text)
    token_start = token_end = 0
    for found in many_parts.finditer(text):
        # Dots within a text or a comment make no key: skip to the first token that ends behind the dots.
        while token_end < found.end() and (token := next(tokens, None)):
            token_start, token_end = token.span()
        if token_end < found.end() or token_start > found.start():
            return position_of(text, *found.span())
    return None


def find_deep_nesting(text: str, limit: int) -> SourcePosition:
    """Where brackets, outside of texts and comments, first go deeper than `limit`."""
    depth = 0
    for found in _TOKENS.finditer(text):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if depth > limit:
            return position_of(text, *found.span())
    return 1, 1, 2
