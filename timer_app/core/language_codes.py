"""Codes of languages, such as `de` and `pt-BR`."""

from __future__ import annotations


def same_language(one: str, other: str) -> bool:
    """Whether two codes mean the same language, of whatever region."""
    return base_language(one) == base_language(other)


def base_language(code: str) -> str:
    """A language without its region: `pt` for `pt-BR`."""
    return code.split("-", maxsplit=1)[0].lower()
