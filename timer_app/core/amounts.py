"""Amounts in words."""

from __future__ import annotations


def counted(count: int, unit: str) -> str:
    """`1 rep`, `2 reps`: a number with its unit, which is given for one."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
