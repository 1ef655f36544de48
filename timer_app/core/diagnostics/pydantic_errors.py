"""Turns pydantic's errors into plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic_core.core_schema import ErrorType

from timer_app.core.diagnostics.problems import kind_of, nearest, quoted
from timer_app.core.diagnostics.safe_text import printable
from timer_app.core.i18n import N_, _

_PYDANTIC_KINDS = frozenset(get_args(ErrorType))
_QUOTED = re.compile(r"'([^']*)'")

EXPECTED_KINDS: dict[str, str] = {
    **dict.fromkeys(("string_type", "string_sub_type"), N_("a text")),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), N_("a whole number")),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), N_("a number")),
    **dict.fromkeys(("bool_type", "bool_parsing"), N_("true or false")),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), N_("a list")),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), N_("a table")),
    **dict.fromkeys(("date_type", "date_parsing", "datetime_type", "datetime_parsing"), N_("a date")),
    **dict.fromkeys(("time_type", "time_parsing"), N_("a time of day")),
}
_BOUNDS: dict[str, str] = {
    "greater_than": N_("must be above {gt}"),
    "greater_than_equal": N_("must be at least {ge}"),
    "less_than": N_("must be below {lt}"),
    "less_than_equal": N_("must be at most {le}"),
    "multiple_of": N_("must be a multiple of {multiple_of}"),
    "finite_number": N_("must be a finite number"),
    "int_parsing_size": N_("is too large a number"),
    "string_too_long": N_("is too long: at most {max_length} characters are allowed"),
    "too_long": N_("has too many entries: at most {max_length} are allowed"),
    "string_pattern_mismatch": N_("is not written as it must be"),
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
        return ErrorText(
            _("must be {kind}, not {value}").format(
                kind=_(EXPECTED_KINDS[kind]), value=_found(value, EXPECTED_KINDS[kind])
            )
        )
    if kind in _BOUNDS:
        return ErrorText(_(_BOUNDS[kind]).format_map({name: _plain(bound) for name, bound in context.items()}))
    if kind in {"string_too_short", "too_short"}:
        return _too_short(context)
    if kind in {"literal_error", "enum"}:
        return _not_among(str(context.get("expected", "")), value)
    return ErrorText(_("is not valid here"))


def _plain(bound: object) -> object:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _found(value: object, expected: str) -> str:
    kind = kind_of(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return quoted(value) if kind == _(expected) or (is_number and expected.endswith("number")) else kind


def _too_short(context: Mapping[str, Any]) -> ErrorText:
    least = context.get("min_length", 1)
    return ErrorText(
        _("must not be empty") if least == 1 else _("is too short: at least {count} are needed").format(count=least)
    )


def _not_among(expected: str, value: object) -> ErrorText:
    options = _QUOTED.findall(expected)
    if not options:
        return ErrorText(_("{value} is not allowed here").format(value=quoted(value)), expected)
    if not isinstance(value, str):
        return ErrorText(_("must be a text, not {value}").format(value=kind_of(value)), _listed(options))
    return ErrorText(
        _("{value} is not allowed here").format(value=quoted(value)), _listed(options), nearest(value, options) or ""
    )


def _listed(options: list[str]) -> str:
    return ", ".join(quoted(option) for option in options)


def _raised(error: object) -> ErrorText:
    """The words of an exception that a validator raised; it may carry what is allowed and what was meant."""
    reason = str(getattr(error, "reason", error or "")) or _("is not valid here")
    return ErrorText(one_line(reason), _detail(error, "allowed"), _detail(error, "suggestion"))


def _detail(error: object, name: str) -> str:
    value = getattr(error, name, "")
    return one_line(value) if isinstance(value, str) else ""


def _own(message: str, context: Mapping[str, Any]) -> ErrorText:
    return ErrorText(
        _(one_line(message)),
        one_line(str(context.get("allowed") or "")),
        one_line(str(context.get("suggestion") or "")),
    )


def one_line(text: str) -> str:
    """`text` with its white space made single blanks and invisible characters escaped."""
    return printable(" ".join(text.split()))
