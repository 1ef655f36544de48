"""Turns pydantic's errors into plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic_core.core_schema import ErrorType

from timer_app.core.diagnostics.problems import kind_of, nearest, quoted
from timer_app.core.diagnostics.safe_text import printable

_PYDANTIC_KINDS = frozenset(get_args(ErrorType))
_QUOTED = re.compile(r"'([^']*)'")

EXPECTED_KINDS: dict[str, str] = {
    **dict.fromkeys(("string_type", "string_sub_type"), "a text"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "a table"),
    **dict.fromkeys(("date_type", "date_parsing", "datetime_type", "datetime_parsing"), "a date"),
    **dict.fromkeys(("time_type", "time_parsing"), "a time of day"),
}
_BOUNDS: dict[str, str] = {
    "greater_than": "must be above {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be below {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "int_parsing_size": "is too large a number",
    "string_too_long": "is too long: at most {max_length} characters are allowed",
    "too_long": "has too many entries: at most {max_length} are allowed",
    "string_pattern_mismatch": "is not written as it must be",
}


@dataclass(frozen=True, slots=True)
class ErrorText:
    """A message, what is allowed instead and what was probably meant; each one line."""

    message: str
    allowed: str = ""
    suggestion: str = ""


def explain_error(kind: str, message: str, context: Mapping[str, Any], value: object) -> ErrorText:
    """Plain words for an error.

    Args:
        kind: Pydantic's name for the sort of error, or that of a validator's own.
        message: Pydantic's message, which is shown only where a validator wrote it.
        context: What pydantic or the validator adds.
        value: What is in the file.
    """
    if kind in {"value_error", "assertion_error"}:
        return _raised(context.get("error"))
    if kind not in _PYDANTIC_KINDS or "allowed" in context:
        return _own(message, context)
    return _about_value(kind, context, value)


def _about_value(kind: str, context: Mapping[str, Any], value: object) -> ErrorText:
    if kind in EXPECTED_KINDS:
        return ErrorText(f"must be {EXPECTED_KINDS[kind]}, not {_found(value, EXPECTED_KINDS[kind])}")
    if kind in _BOUNDS:
        return ErrorText(_BOUNDS[kind].format_map({name: _plain(bound) for name, bound in context.items()}))
    if kind in {"string_too_short", "too_short"}:
        return _too_short(context)
    if kind in {"literal_error", "enum"}:
        return _not_among(str(context.get("expected", "")), value)
    return ErrorText("is not valid here")


def _plain(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _found(value: object, expected: str) -> str:
    kind = kind_of(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return quoted(value) if kind == expected or (is_number and expected.endswith("number")) else kind


def _too_short(context: Mapping[str, Any]) -> ErrorText:
    least = context.get("min_length", 1)
    return ErrorText("must not be empty" if least == 1 else f"is too short: at least {least} are needed")


def _not_among(expected: str, value: object) -> ErrorText:
    options = _QUOTED.findall(expected)
    if not options:
        return ErrorText(f"{quoted(value)} is not allowed here", expected)
    if not isinstance(value, str):
        return ErrorText(f"must be a text, not {kind_of(value)}", _listed(options))
    return ErrorText(f"{quoted(value)} is not allowed here", _listed(options), nearest(value, options) or "")


def _listed(options: list[str]) -> str:
    return ", ".join(quoted(option) for option in options)


def _raised(error: object) -> ErrorText:
    """The words of an exception that a validator raised; it may carry what is allowed and what was meant."""
    reason = str(getattr(error, "reason", error or "")) or "is not valid here"
    return ErrorText(one_line(reason), _detail(error, "allowed"), _detail(error, "suggestion"))


def _detail(error: object, name: str) -> str:
    value = getattr(error, name, "")
    return one_line(value) if isinstance(value, str) else ""


def _own(message: str, context: Mapping[str, Any]) -> ErrorText:
    return ErrorText(
        one_line(message),
        one_line(str(context.get("allowed") or "")),
        one_line(str(context.get("suggestion") or "")),
    )


def one_line(text: str) -> str:
    """`text` with its white space made single blanks and invisible characters escaped."""
    return printable(" ".join(text.split()))
