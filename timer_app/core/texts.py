"""Texts of a file: which characters they may hold, and the placeholders that are filled in as the session runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from timer_app.core.notation import NotationError
from timer_app.core.problems import nearest

PLACEHOLDERS = (
    "name",
    "next",
    "set",
    "sets",
    "side",
    "rep",
    "reps",
    "round",
    "rounds",
    "seconds",
    "remaining",
)

_ALLOWED = " ".join(f"{{{name}}}" for name in PLACEHOLDERS) + " and {{ for a brace"
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SPACES = re.compile(r"\s+")
# Characters that turn the direction of what follows could make a line on the screen say something else.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_text(value: str) -> str:
    """A text as one line, its white space made single blanks.

    Raises:
        NotationError: It is empty, or holds a control or direction character or an unknown placeholder.
    """
    text = _SPACES.sub(" ", value).strip()
    if not text:
        raise NotationError("must not be empty")
    for character in text:
        if unicodedata.category(character) == "Cc" or character in _TURNING:
            raise NotationError(f"has the control character U+{ord(character):04X}", "letters, digits, punctuation")
    check_placeholders(text)
    return text


def check_placeholders(text: str) -> None:
    """See that every brace in `text` is doubled or encloses a placeholder.

    Raises:
        NotationError: One is not.
    """
    for token in _TOKEN.finditer(text):
        name = token[1]
        if token[0] in {"{{", "}}"} or name in PLACEHOLDERS:
            continue
        if name is None:
            raise NotationError(f'has a single "{token[0]}"', _ALLOWED)
        raise NotationError(f"unknown placeholder {{{name}}}", _ALLOWED, nearest(name, PLACEHOLDERS) or "")


def fill(text: str, values: Mapping[str, object]) -> str:
    """`text` with its placeholders replaced; one without a value (no side, no next exercise) leaves nothing behind."""
    if "{" not in text and "}" not in text:
        return text

    def replaced(token: re.Match[str]) -> str:
        if token[0] in {"{{", "}}"}:
            return token[0][0]
        value = values.get(token[1])
        return "" if value is None else str(value)

    filled = _SPACES.sub(" ", _TOKEN.sub(replaced, text)).strip()
    # What a placeholder leaves at the start of a line begins a sentence.
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled
