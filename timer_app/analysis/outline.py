"""Finds the steps of a session in the structure of its text, which may be broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from timer_app.analysis.syntax import Document, Value
from timer_app.core.diagnostics import KeyPath, printable
from timer_app.core.fields import short_title, without_placeholders
from timer_app.core.i18n import _
from timer_app.core.session import Exercise
from timer_app.core.session.model import STEP_KINDS

MAX_NAME = 80
_SPOKEN = ("say", "wait")


class StepLines(NamedTuple):
    """A step as it is written.

    Attributes:
        name: What it is called, or what it says.
        kind: The key that says what it is; empty where there is none yet.
        line: The line on which it begins, from 0.
        end_line: Its last line.
        path: Where it stands in the data.
        children: The steps of a block.
    """

    name: str
    kind: str
    line: int
    end_line: int
    path: KeyPath
    children: tuple[StepLines, ...] = ()


def step_lines(document: Document, catalogue: Mapping[str, Exercise]) -> tuple[StepLines, ...]:
    """The steps of a session in the order written.

    Args:
        document: The structure of its text.
        catalogue: The exercises by their id, for their names.
    """
    return tuple(_steps(document, document.root, (), catalogue))


def _steps(document: Document, table: Value, path: KeyPath, catalogue: Mapping[str, Exercise]) -> Iterator[StepLines]:
    steps = table.get("steps")
    for index, step in enumerate(steps.items if steps is not None and steps.kind == "list" else ()):
        if step.kind != "table":
            continue
        here = (*path, "steps", index)
        kind = next((key for key in STEP_KINDS if key in step.names), "")
        children = tuple(_steps(document, step, here, catalogue))
        lines = document.line(step.start), document.last_line_within(step)
        yield StepLines(printable(_name(step, kind, catalogue), MAX_NAME), kind, *lines, here, children)


def _name(step: Value, kind: str, catalogue: Mapping[str, Exercise]) -> str:
    written = _text(step, "name")
    if not written and (used := catalogue.get(_text(step, "exercise"))):
        written = used.name
    if not written and kind in _SPOKEN:
        return short_title(_text(step, kind))
    if not written:
        written = _text(step, "exercise") or _text(step, kind)
    return without_placeholders(written) or (_("rest") if kind == "rest" else _("block") if kind == "steps" else kind)


def _text(step: Value, key: str) -> str:
    found = step.get(key)
    return found.text if found is not None else ""
