"""Language codes such as `de` and `pt-BR`: one spelling for each, and the nearest one a voice has."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from timer_app.core.i18n import _
from timer_app.core.wording.formatting import joined_by_or

_FEW = 12
# Codes of language families, and the member that people mean by them.
_MEMBERS = {"zh": "cmn", "no": "nb"}


def normalise_code(code: str) -> str:
    """One spelling for `pt_BR.UTF-8`, `pt-BR` and `PT-br`: `pt-br`."""
    return code.strip().partition(".")[0].replace("_", "-").lower()


def base_code(code: str) -> str:
    """The language without its region: `pt` for `pt-br`."""
    return normalise_code(code).partition("-")[0]


def best_match(wanted: str, offered: Collection[str]) -> str | None:
    """The code in `offered` that comes nearest to `wanted`.

    The same code first, then the code with its last parts left off, then the same language of another region.

    Args:
        wanted: A code in any spelling.
        offered: Codes in the spelling of `normalise`.

    Returns:
        One of `offered`, or `None` where the language is not among them.
    """
    code = normalise_code(wanted)
    while code:
        if code in offered:
            return code
        code = code.rpartition("-")[0]
    family = {base_code(wanted), _MEMBERS.get(base_code(wanted), "")}
    siblings = [other for other in offered if base_code(other) in family]
    return min(siblings, key=lambda other: (len(other), other), default=None)


def unsupported_language_message(voice: str, wanted: str, offered: Collection[str]) -> str:
    """The line that says that `voice` lacks a language, and which ones it has."""
    known = sorted({base_code(code) for code in offered})
    if not known:
        text = _('the {voice} voice does not speak "{language}", nor any other')
    elif len(known) <= _FEW:
        text = _('the {voice} voice does not speak "{language}"; it speaks {known}')
    else:
        text = _('the {voice} voice does not speak "{language}"; it speaks {count} languages (`timer-app voices`)')
    said = text.format(voice=voice, language=wanted, known=", ".join(known), count=len(known))
    near = difflib.get_close_matches(normalise_code(wanted), sorted(offered), n=3, cutoff=0.5)
    if len(known) <= _FEW or not near:
        return said
    return said + "; " + _("did you mean {near}?").format(near=joined_by_or(near))


def same_language(one: str, other: str) -> bool:
    """Whether two codes mean the same language, of whatever region."""
    return base_language(one) == base_language(other)


def base_language(code: str) -> str:
    """A language without its region: `pt` for `pt-BR`."""
    return code.split("-", maxsplit=1)[0].lower()
