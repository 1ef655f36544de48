"""Checks texts of files, and fills in their placeholders, such as `{side}`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from timer_app.core.constraints import KEY_NAMES
from timer_app.core.diagnostics import nearest, printable
from timer_app.core.diagnostics.safe_text import refused_character
from timer_app.core.fields.notation import NotationError
from timer_app.core.i18n import N_, _

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
    "load",
)

TEXT_ALLOWED = N_("letters, digits, punctuation")

_LONGEST_SHOWN = 40
_KEY = "key:"
_KEY_TOKEN = re.compile(r"\{(key:\w+)\}")
_SENTENCE = re.compile(r"[^.!?。！？…]*[.!?。！？…]+[\"'”’»)]*\s*|[^.!?。！？…]+$")
_TITLE_LENGTH = 48
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SPACES = re.compile(r"\s+")


def clean_text(value: str, placeholders: Collection[str] = PLACEHOLDERS) -> str:
    """A text as one line, its white space made single blanks.

    Args:
        value: The text as written.
        placeholders: Those it may use.

    Raises:
        NotationError: Nothing of it is seen, or it holds an unknown placeholder or what `refused_character` names.
    """
    text = _SPACES.sub(" ", value).strip(" ")
    if not any(character.isprintable() or unicodedata.category(character) == "Cc" for character in text):
        raise NotationError(_("must not be empty"))
    if reason := refused_character(value):
        raise NotationError(reason, TEXT_ALLOWED)
    check_placeholders(text, placeholders)
    return text


def check_placeholders(text: str, placeholders: Collection[str] = PLACEHOLDERS) -> None:
    """See that every brace in `text` is doubled or encloses a placeholder.

    Raises:
        NotationError: One is not.
    """
    for token in _TOKEN.finditer(text):
        name = token[1]
        if token[0] in {"{{", "}}"} or name in placeholders:
            continue
        if name is not None and name.startswith(_KEY) and placeholders is PLACEHOLDERS:
            _check_key(name.removeprefix(_KEY))
            continue
        listed = " ".join(f"{{{name}}}" for name in placeholders)
        allowed = (
            _("{placeholders} and {{{{ for a brace").format(placeholders=listed)
            if listed
            else _("{{{{ for a brace").format()
        )
        if name is None:
            raise NotationError(_('has a single "{token}"').format(token=token[0]), allowed)
        suggestion = nearest(name, placeholders)
        raise NotationError(
            _("unknown placeholder {placeholder}").format(placeholder=_in_braces(name)),
            allowed,
            f"{{{suggestion}}}" if suggestion else "",
        )


def _check_key(name: str) -> None:
    if name not in KEY_NAMES:
        close = nearest(name, KEY_NAMES)
        allowed = " ".join(f"{{{_KEY}{known}}}" for known in KEY_NAMES)
        said = _("there is no key for {placeholder}").format(placeholder=_in_braces(_KEY + name))
        raise NotationError(said, allowed, f"{{{_KEY}{close}}}" if close else "")


def _without_unknown_keys(text: str, values: Mapping[str, object]) -> str:
    """`text` without the sentences that name a key which nobody can press."""
    sentences: list[str] = _SENTENCE.findall(text)
    return "".join(one for one in sentences if all(key in values for key in _KEY_TOKEN.findall(one))).strip()


def _in_braces(name: str) -> str:
    """A placeholder as authors write it, a long one cut."""
    return f"{{{printable(name, _LONGEST_SHOWN)}}}"


def fill_placeholders(text: str, values: Mapping[str, object]) -> str:
    """`text` with its placeholders replaced; one without a value (no side, no next exercise) leaves nothing behind.

    A sentence with a key that has no value is left out.
    """
    if "{" not in text and "}" not in text:
        return text
    if "{key:" in text:
        text = _without_unknown_keys(text, values)

    def replaced(token: re.Match[str]) -> str:
        if token[0] in {"{{", "}}"}:
            return token[0][0]
        value = values.get(token[1])
        return "" if value is None else str(value)

    filled = " ".join(_TOKEN.sub(replaced, text).split())
    # What a placeholder leaves at the start of a line begins a sentence.
    return filled[:1].upper() + filled[1:] if text.startswith("{") else filled


def short_title(text: str) -> str:
    """The beginning of a longer text, cut between words; `…` stands where only the run knows what is said."""
    return shortened(without_placeholders(_TOKEN.sub(lambda found: "…" if found[1] else found[0], text)))


def shortened(text: str) -> str:
    """The beginning of a longer text that is filled in already, cut between words."""
    if len(text) <= _TITLE_LENGTH:
        return text
    return text[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(".,;: ") + "…"


def without_placeholders(text: str) -> str:
    """`text` as it is shown where no placeholder has a value: without them, and with single braces."""
    return fill_placeholders(text, {})
