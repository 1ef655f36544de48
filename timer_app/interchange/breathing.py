"""Reads breathing exercises: `4-7-8 breathing x 4`, `inhale 4, hold 4, exhale 4, hold 4 - 5 min`."""

from __future__ import annotations

import re

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNT
from timer_app.interchange.amounts import SECOND, TIME, written_ms
from timer_app.interchange.model import Breath, Part, Work
from timer_app.interchange.texts import cleaned_name

_SECONDS = r"\d{1,2}"
_IN = r"(?:inhale|breathe?\s+in|in|einatmen|ein)"
_OUT = r"(?:exhale|breathe?\s+out|out|ausatmen|aus)"
_HOLD = r"(?:hold|pause|wait|halten|anhalten)"
_KIND = rf"(?:(?P<in>{_IN})|(?P<out>{_OUT})|(?P<hold>{_HOLD}))"
_UNIT = rf"(?:\s*{SECOND}(?!\w)\.?)?"
_NAMED_FIRST = re.compile(rf"\b{_KIND}\b\s*(?:for|:|=)?\s*(?P<s>{_SECONDS})(?![\d:]){_UNIT}", re.IGNORECASE)
_TIME_FIRST = re.compile(rf"(?<![\d:])(?P<s>{_SECONDS}){_UNIT}\s*(?:lang\s+)?{_KIND}\b", re.IGNORECASE)
_FOUR = rf"({_SECONDS})-({_SECONDS})-({_SECONDS})(?:-({_SECONDS}))?(?!-?\d)"
_BREATHING = r"(?:breath\w*|atm\w*|atem\w*)"
_COUNTS = (
    re.compile(rf"(?<![\d-]){_FOUR}[\s-]*{_BREATHING}", re.IGNORECASE),
    re.compile(rf"\b{_BREATHING}\s*[:(]?\s*{_FOUR}\)?", re.IGNORECASE),
)
_TOTAL = re.compile(rf"({TIME})", re.IGNORECASE)
_TIMES = re.compile(
    r"[x×]\s*(\d{1,4})(?!\w)|(\d{1,4})\s*(?:[x×](?!\w)|(?:times|mal|rounds?|runden|cycles?|breaths?|atemzüge)\b)",
    re.IGNORECASE,
)
_ORDER: tuple[Breath, ...] = ("in", "hold", "out", "hold")
_LEAST_PARTS = 2


def breath_of(text: str) -> Work | None:
    """The exercise that a line describes by the parts of a breath; `None` for any other line.

    Without how often or how long, it is an instruction.
    """
    named = _by_counts(text) or _by_words(text)
    if named is None:
        return None
    name, parts, rest = named
    one_ms = sum(part.lasts_ms for part in parts)
    times, total = _TIMES.search(rest), _TOTAL.search(rest)
    if times:
        breaths = int(times[1] or times[2])
    elif total and (total_ms := written_ms(total[1])):
        breaths = round(total_ms / one_ms)
    else:
        return None
    if not 1 <= breaths <= MAX_COUNT:
        return None
    return Work(
        cleaned_name(name.strip(" :,;.-–("))[0] or "Breathing", reps=(DoseRange(breaths, breaths),), tempo=parts
    )


def _by_counts(text: str) -> tuple[str, tuple[Part, ...], str] | None:
    found = next(filter(None, (pattern.search(text) for pattern in _COUNTS)), None)
    if found is None:
        return None
    counts = [int(one) for one in found.groups() if one]
    parts = tuple(_part(breath, count) for breath, count in zip(_ORDER, counts, strict=False) if count)
    return (text[: found.end()], parts, text[found.end() :]) if len(parts) >= _LEAST_PARTS else None


def _by_words(text: str) -> tuple[str, tuple[Part, ...], str] | None:
    for pattern in (_NAMED_FIRST, _TIME_FIRST):
        found = [one for one in pattern.finditer(text) if int(one["s"])]
        kinds: list[Breath] = ["in" if one["in"] else "out" if one["out"] else "hold" for one in found]
        if {"in", "out"} <= set(kinds):
            parts = tuple(_part(kind, int(one["s"])) for kind, one in zip(kinds, found, strict=True))
            return text[: found[0].start()], parts, text[found[-1].end() :]
    return None


def _part(breath: Breath, seconds: int) -> Part:
    return Part(breath, seconds * 1_000, breath)
