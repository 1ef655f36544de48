"""Names of keys: which there are, how users may write them, and how they are shown."""

from __future__ import annotations

import string
import unicodedata

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_NAMED = frozenset(
    {"space", "enter", "escape", "tab", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"}
    | {"up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)
# Where the terminal library calls a character something shorter than its Unicode name.
_SHORTER = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_SHOWN = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "delete": "Del",
}


def _name_of(character: str) -> str:
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)


_CHARACTERS = {_name_of(character): character for character in string.punctuation}


def key_name(written: str) -> str | None:
    """The name the screen knows a key by, from what a user wrote; `None` where there is no such key.

    Args:
        written: A character (`p`, `+`), a name (`space`, `plus`, `f5`), or either behind modifiers (`ctrl+p`).
    """
    written = written.strip()
    if len(written) == 1:
        return _name_of(written) if written.isprintable() and not written.isspace() else None
    *modifiers, key = written.split("+") if not written.endswith("++") else [*written[:-2].split("+"), "+"]
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return None
    plain = _plain_name(key)
    return None if plain is None else "+".join([*modifiers, plain])


def _plain_name(key: str) -> str | None:
    if key in _NAMED or key in _CHARACTERS:
        return key
    return _name_of(key) if len(key) == 1 and key.isprintable() and not key.isspace() else None


def split_keys(written: str) -> list[str]:
    """The keys of a list such as "space,p", as written."""
    return [part.strip() for part in written.split(",")]


def shown_key(name: str) -> str:
    """How a key is shown: `Space`, `?`, `Ctrl+C`."""
    *modifiers, key = name.split("+")
    plain = _CHARACTERS.get(key) or _SHOWN.get(key) or (key.upper() if key[1:].isdigit() else key)
    if modifiers == ["ctrl"]:
        plain = plain.upper() if len(plain) == 1 else plain  # terminals tell no case behind this one
    return "+".join([*(modifier.capitalize() for modifier in modifiers), plain])
