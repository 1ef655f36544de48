"""Writes the data of a session or of exercises as a TOML file that its new owner can read and change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SIMPLE = re.compile(r'[^"\\\x00-\x1f\x7f]*')
_WIDE = 100  # a longer list has a line for each item


def session_toml(data: Mapping[str, Any]) -> str:
    """The data of a session as TOML: the head, its tables, and each step under a header of its own."""
    return "\n".join(_table(data, "")).strip("\n") + "\n"


def exercises_toml(exercises: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """Exercises, by their ids, as a TOML file for a catalogue."""
    lines = ["schema = 1", f"language = {toml_value(language)}"]
    for name, exercise in exercises.items():
        lines += ["", *_headed(exercise, f"exercises.{_key(name)}")]
    return "\n".join(lines) + "\n"


def _headed(data: Mapping[str, Any], header: str) -> Iterator[str]:
    yield f"[{header}]"
    yield from _table(data, header)


def _table(data: Mapping[str, Any], header: str) -> Iterator[str]:
    """The lines of a table without its header: what stands in it, then the tables inside, then its steps."""
    inside = f"{header}." if header else ""
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    given = data.get("steps")
    steps = given if isinstance(given, list) and all(isinstance(step, dict) for step in given) else []
    for key, value in data.items():
        if key not in tables and not (steps and key == "steps"):
            yield f"{_key(key)} = {toml_value(value)}"
    for key, value in tables.items():
        yield ""
        yield from _headed(value, f"{inside}{_key(key)}")
    for step in steps:
        yield ""
        yield f"[[{inside}steps]]"
        yield from _table(step, f"{inside}steps")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    return f'"{text}"' if _SIMPLE.fullmatch(text) else tomli_w.dumps({"x": text})[len("x = ") : -1]


def toml_value(value: object) -> str:
    """A value as it stands behind its key."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {toml_value(inside)}" for key, inside in value.items()) + " }"
    if isinstance(value, list):
        items = [toml_value(inside) for inside in value]
        line = f"[{', '.join(items)}]"
        is_table = any(isinstance(inside, dict) for inside in value)
        if items and (is_table or len(line) > _WIDE):
            return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
        return line
    return repr(value)
