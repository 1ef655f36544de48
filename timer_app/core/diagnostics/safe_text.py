"""Makes text safe where it goes: a line on a terminal or a screen, JSON, a cell of a table, a command to be copied.

Names come from files that anybody may have written. Control characters in them can change the terminal, line breaks
can forge a line, and characters that turn the direction of writing or that cannot be seen can make a name look like
another. `refused_character` keeps them out of what files say; `printable` shows them as escapes where the name of a
file, an error of a library or an old record has them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from timer_app.core.i18n import N_, _

_PROGRAM: Final = "timer-app"
# Persian and Indic words are written with them, and so are emoji of several parts.
_JOINERS: Final = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")
# Format characters that are seen: signs that enclose a number, in Arabic, Syriac and Kaithi.
_SEEN_FORMATS: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The flags of England, Scotland and Wales: a black flag, tags that name the country, and the tag that ends them.
_TAGGED_FLAG: Final = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,8}\U000e007f)")
# Unassigned for good, or reserved for what is not to be seen.
_NO_CHARACTER: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000effff]")
# Reserved for emoji: the interpreter's Unicode tables may be older than what somebody writes.
_EMOJI: Final = range(0x1F000, 0x1FB00)
_WIDE_SPACE: Final = "\N{IDEOGRAPHIC SPACE}"
_BREAKS: Final = frozenset("\t\n\r\u2028\u2029")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str, limit: int | None = None) -> str:
    r"""`text` on one line: what cannot be seen is escaped, such as `\n` or `\u202e`; joiners and emoji stay.

    Args:
        text: Any text.
        limit: To how many characters it is cut first; `None` for no limit.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isprintable() else _escaped(text, _as_escape)


def storable(text: str) -> str:
    r"""`text` as databases and UTF-8 files take it: a byte in the name of a file that is no letter becomes `\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode()


def json_text(data: Any, indent: int | None = 2) -> str:
    """`data` as JSON that a terminal shows as it is: what cannot be seen is escaped, other letters are not."""
    import json

    text = json.dumps(data, ensure_ascii=False, indent=indent)
    # What is laid out between values is blanks and line feeds; any other such character stands within a text.
    return "\n".join(line if line.isprintable() else _escaped(line, _as_json_escape) for line in text.split("\n"))


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula, and no terminal for a command."""
    shown = printable(text)
    return f"'{shown}" if text.startswith(_FORMULA_STARTS) else shown


def command_text(command: str, *arguments: str, options: str = "") -> str:
    """A command of this program as it may be copied into a shell: `timer-app run 'x; touch y' --resume`.

    Args:
        command: The words of the command, such as `run`.
        arguments: What it is given: names and paths, whatever characters they have.
        options: Options that the program chose, as they are typed.
    """
    words = [_PROGRAM, command, *map(_shell_word, arguments), options]
    if any(argument.startswith("-") for argument in arguments):
        words = [_PROGRAM, command, options, "--", *map(_shell_word, arguments)]
    return " ".join(filter(None, words))


def _shell_word(word: str) -> str:
    import shlex

    if printable(word) == word:
        return shlex.quote(word)
    # What cannot be seen is written by its bytes, within the quotes that shells have for it.
    escaped = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_escaped(escaped, _as_shell_escape)}'"


def refused_character(text: str, *, breaks: bool = True) -> str:
    """What is wrong with the first character that a name or a text must not have; empty if all are fine.

    Joiners, the selectors that choose between text and emoji, and the tags inside a flag are letters.

    Args:
        text: The name or text.
        breaks: Line breaks and tabs may stand in it, since whoever reads it makes blanks of them.
    """
    if text.isprintable():
        return ""
    for part in _TAGGED_FLAG.split(text)[::2]:
        for character in part:
            if not (breaks and character in _BREAKS) and (kind := _refusal(character)):
                return _(kind).format(code=f"U+{ord(character):04X}")
    return ""


def _refusal(character: str) -> str:
    """What is said of a character that is refused; empty for one that is not."""
    if character in _JOINERS or character in _SEEN_FORMATS:
        return ""
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"} or character in _TURNING:
        return N_("has the control character {code}")
    if category == "Co":
        return N_("has the private-use character {code}")
    is_unseen = category in {"Cf", "Cs"} or (category == "Cn" and _NO_CHARACTER.match(character))
    return N_("has the invisible character {code}") if is_unseen else ""


def _is_shown(character: str) -> bool:
    return (
        character.isprintable()
        or character in _JOINERS
        or character in _SEEN_FORMATS
        or character == _WIDE_SPACE
        or (ord(character) in _EMOJI and unicodedata.category(character) == "Cn")
    )


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    """`text` with what cannot be seen replaced by what `escape` makes of it; the tags inside a flag stay."""
    parts = _TAGGED_FLAG.split(text)
    parts[::2] = ["".join(c if _is_shown(c) else escape(c) for c in part) for part in parts[::2]]
    return "".join(parts)


def _as_escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _as_json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _as_shell_escape(character: str) -> str:
    # Some halves of characters stand for a byte in the name of a file that is no text.
    errors = "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", errors))
