"""Breaks texts: flipped bytes, doubled lines, huge numbers, lost quotes, letters of any kind, nested brackets."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

Mutation = Callable[[random.Random, bytes], bytes]

_NUMBERS: Final = (
    *(b"0", b"-1", b"1e400", b"nan", b"inf", b"-inf", b"0x7f", b"1_0", b"00", b"1e-320", b"9" * 30, b"9" * 5_000),
    *(str(2**power).encode() for power in (31, 32, 53, 63, 64)),
    str(-(2**63)).encode(),
    b"0.1",
    b"86400000",
    b'"1e9 s"',
    b'"99999999999h"',
    b"2026-02-30",
    b"true",
    b'""',
    b"[]",
    b"{}",
    b"null",
)
_LETTERS: Final = (
    "\N{ZERO WIDTH SPACE}",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "\N{BYTE ORDER MARK}",
    "\N{COMBINING ACUTE ACCENT}" * 50,
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}",
    "\N{ARABIC-INDIC DIGIT FIVE}",
    "\N{LEFT DOUBLE QUOTATION MARK}",
    "\N{LINE SEPARATOR}",
    "\N{NEXT LINE}",
    "\ue000",
    "\0",
    "\x1b[2J",
    "\\u0000",
    "\\ud800",
    "\r",
    "\t",
    "{",
    "}",
    "{{name}}",
    "%s",
    "\U0010ffff",
)
_TOKENS: Final = re.compile(rb'"[^"\n]*"|[\w.-]+|[][{}=,]')


def _flip(chance: random.Random, text: bytes) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, text: bytes) -> bytes:
    first, last = sorted((chance.randrange(len(text)), chance.randrange(len(text))))
    return text[:first] if chance.random() < 0.3 else text[:first] + text[min(last, first + 40) :]


def _lines(chance: random.Random, text: bytes) -> bytes:
    lines = text.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines.insert(other, lines[one])
        case 1:
            del lines[one]
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines[one:one] = lines[one : one + chance.randint(1, 12)] * chance.choice((2, 3, 20, 200))
    return b"\n".join(lines)


def _number(chance: random.Random, text: bytes) -> bytes:
    return _replace(chance, text, rb"\d+(\.\d+)?", chance.choice(_NUMBERS))


def _value(chance: random.Random, text: bytes) -> bytes:
    return _replace(chance, text, rb'(?<== )[^\n,]+|(?<=":)[^,}\n]+', chance.choice(_NUMBERS))


def _quote(chance: random.Random, text: bytes) -> bytes:
    return _replace(chance, text, rb"[\"'\]\[{}=,:]", chance.choice((b"", b'"', b"'", b'"""', b"[", b"]", b"=")))


def _letter(chance: random.Random, text: bytes) -> bytes:
    place, letter = chance.randrange(len(text) + 1), chance.choice(_LETTERS).encode("utf-8", "surrogatepass")
    return text[:place] + letter * chance.choice((1, 1, 1, 300)) + text[place:]


def _brackets(chance: random.Random, text: bytes) -> bytes:
    depth = chance.choice((3, 50, 500, 5_000))
    opening, closing = chance.choice(((b"[", b"]"), (b"{a=", b"}"), (b'{"a":', b"}"), (b"a.", b"")))
    inner = opening * depth + (b"1" if closing else b"a") + (closing * depth if chance.random() < 0.7 else b"")
    return _replace(chance, text, rb'(?<== )[^\n]+|(?<=":)[^,}\n]+', inner)


def _swap(chance: random.Random, text: bytes) -> bytes:
    """One word, text or bracket in the place of another."""
    found = [*_TOKENS.finditer(text)]
    if len(found) < 2:
        return text
    one, other = chance.choice(found), chance.choice(found)
    return text[: one.start()] + other.group() + text[one.end() :]


def _long(chance: random.Random, text: bytes) -> bytes:
    return _replace(chance, text, rb"(?<=\")[^\"\n]+", chance.choice((b"x", b"x ", "ß".encode())) * 20_000)


def _replace(chance: random.Random, text: bytes, pattern: bytes, new: bytes) -> bytes:
    found = [*re.finditer(pattern, text)]
    if not found:
        return text + new
    one = chance.choice(found)
    return text[: one.start()] + new + text[one.end() :]


MUTATIONS: Final[Sequence[Mutation]] = (
    *(_flip, _cut, _lines, _number, _value, _quote, _letter, _brackets, _swap, _long),
    *(_number, _value, _swap, _lines),  # what leads deeper than the parser, more often
)


def mutated(chance: random.Random, text: bytes) -> bytes:
    """`text`, changed once to three times."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(MUTATIONS)(chance, text or b"\n")
    return text
