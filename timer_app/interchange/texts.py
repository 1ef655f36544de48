"""Makes names and texts of a source fit for a session file: one line, nothing hidden, braces doubled, cut to length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from timer_app.core.diagnostics.safe_text import refused_character
from timer_app.core.fields import NotationError, clean_text
from timer_app.core.fields.types import MAX_NAME, MAX_TEXT
from timer_app.core.i18n import N_

_SPACES = re.compile(r"\s+")
_SLUG = re.compile(r"[a-z0-9]+")
_MAX_SLUG = 48
# Names that Windows keeps for devices.
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10)))
)
_LETTERS = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l"})

CUT = N_("cut to the longest that sessions allow")
HIDDEN = N_("has hidden characters, which are removed")
UNNAMED = N_("is empty, so it is called {name}")

REST_WORDS = frozenset(
    (
        *(
            "rest",
            "resting",
            "off",
            "pause",
            "break",
            "recover",
            "recovery",
            "breather",
            "relax",
            "erholung",
            "ruhe",
            "repos",
        ),
        *("récupération", "descanso", "riposo", "rust", "pausa", "paus", "odpoczynek", "休憩", "休息"),
    )
)
_PLAIN_REST = frozenset(("rest", "pause", "break", "recover", "recovery", "interval", "interval rest", "set rest"))


def cleaned(raw: str, most: int = MAX_TEXT, placeholders: Mapping[str, str] | None = None) -> tuple[str, str]:
    """A text as sessions may have it, and why it is another one; empty if it is the same.

    Args:
        raw: Any text.
        most: How many characters it may have.
        placeholders: What stands for a value in the source, and which placeholder does in sessions.
    """
    if not raw or raw.isspace():
        return "", ""
    # Far longer texts are cut before anything looks at each of their characters.
    text, reason = (raw[: 4 * most], CUT) if len(raw) > 4 * most else (raw, "")
    if refused_character(text):
        text, reason = "".join(one for one in text if not refused_character(one)), HIDDEN
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= most and "{" not in text and "}" not in text and not (placeholders and "$" in text):
        return (text, reason) if text and text.isprintable() else _checked(text, reason)
    given = placeholders or {}
    tokens = re.compile("|".join(map(re.escape, sorted(given, key=len, reverse=True))) or r"(?!)")
    pieces: list[str] = []
    length, at = 0, 0
    while at < len(text):
        found = tokens.match(text, at)
        piece = given[found[0]] if found else text[at] * 2 if text[at] in "{}" else text[at]
        if length + len(piece) > most:
            reason = CUT
            break
        pieces.append(piece)
        length, at = length + len(piece), at + (len(found[0]) if found else 1)
    return _checked("".join(pieces).strip(), reason)


def _checked(text: str, reason: str) -> tuple[str, str]:
    try:
        return clean_text(text), reason
    except NotationError:
        return "", reason or HIDDEN


def cleaned_name(raw: str, placeholders: Mapping[str, str] | None = None) -> tuple[str, str]:
    """A name as sessions may have it, and why it is another one; raises nothing, and may be empty."""
    return cleaned(raw, MAX_NAME, placeholders)


def slug(name: str, fallback: str = "imported") -> str:
    """The name of a file, or the id of an exercise: small letters, digits and hyphens, whatever the name is."""
    text = unicodedata.normalize("NFKD", name[:200].lower().translate(_LETTERS))
    found = "-".join(_SLUG.findall("".join(one for one in text if not unicodedata.combining(one))))
    short = found[:_MAX_SLUG].strip("-")
    if not short:
        return fallback
    return f"{short}-session" if short in _DEVICES else short


def is_rest(name: str) -> bool:
    """Whether an exercise is called like a rest."""
    words = re.findall(r"\w+", name.casefold())
    return bool(words) and (words[0] in REST_WORDS or (len(words) <= 2 and words[-1] in REST_WORDS))  # noqa: PLR2004 - "Short rest"


def rest_words(name: str) -> str:
    """What is said at the start of a rest of that name; empty where the coach's own word says the same."""
    return "" if " ".join(name.casefold().split()) in _PLAIN_REST else name
