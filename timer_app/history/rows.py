"""Rows on their way into the history; the same row put in twice is there once, as it was last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

Value = str | int | float | None
Key = tuple[str, *tuple[Value, ...]]

# In the order in which they refer to one another.
KEYS: dict[str, tuple[str, ...]] = {
    "texts": ("sha256",),
    "records": ("id",),
    "steps": ("record", "number"),
    "sets": ("record", "number"),
    "pauses": ("record", "number"),
    "answers": ("record", "phase"),
}
PARTS = tuple(KEYS)[2:]
"""The tables that hold the parts of a record."""
_ORDER = {table: place for place, table in enumerate(KEYS)}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, by the names of its columns."""

    table: str
    values: Mapping[str, Value]

    @property
    def key(self) -> Key:
        """What tells it from every other row."""
        return (self.table, *(self.values[name] for name in KEYS[self.table]))


def write(base: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put rows in, those that others refer to first; call it inside a transaction."""
    for row in sorted(rows, key=lambda row: _ORDER[row.table]):
        base.execute(_statement(row.table, tuple(row.values)), tuple(row.values.values()))


@lru_cache(64)
def _statement(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    key = ", ".join(KEYS[table])
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in KEYS[table])
    places = ", ".join("?" * len(names))
    # Table and columns are names of this module's callers, never of a file's.
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({key}) DO UPDATE SET {changed}"  # noqa: S608 - names of ours
