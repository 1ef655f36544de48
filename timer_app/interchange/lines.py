"""The lines of a routine, each with what its writing says: bullet or number, letter of a superset, heading, day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from timer_app.core.fields.types import MAX_COUNT
from timer_app.interchange.amounts import TIME_RANGE
from timer_app.interchange.circuits import pace_of
from timer_app.interchange.notation import parse_line
from timer_app.interchange.source import MAX_LINES

SHORT_WORDS = 6
"""How many words a name has at most."""
_MIN_NUMBERED = 3

_BULLET = re.compile(
    r"^\s*(?:[-*•·‣◦▪–—+]|\(?\d{1,2}[.)]{1,2}(?!\d)|\(?(?P<letter>[a-zA-Z])(?P<number>\d?)[.):])\s+", re.IGNORECASE
)
_CHECKBOX = re.compile(r"^\s*\[[ xX]?\]\s+")
_MARKDOWN = re.compile(r"^\s*(#{1,6})\s+|\*\*|__|`")
_RULE = re.compile(r"^[\s\-_=*~#.]+$")
_ROUNDS = re.compile(
    r"(?:^|[\s(,:-])(?:[x×]\s*)?(\d{1,4})\s*(?:[x×]\s*)?"
    r"(?:rounds?|rds?|runden|circuits?|laps?|times\s+through|durchgänge)\b(?:\s*(?:of|for|:))?"
    r"|\brepeat\s*(?:[x×]\s*)?(\d{1,4})(?:\s*[x×]|\s*times)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,2})\s+(?=[A-Za-zÄÖÜäöü])")
_LETTERED = re.compile(r"^\s*([A-H])([1-9])\s+(?=[A-Za-zÄÖÜäöü])")
_PART = re.compile(
    r"(?:round|circuit|block|part|phase|station|superset|section|set|runde|teil|block|week|woche)\s+[\dA-Z]{1,2}\s*:?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:warm(?:ing)?[ -]?up|cool(?:ing)?[ -]?down|main\s+(?:part|set)|finisher|mobility|strength(?:\s+work)?|"
    r"aufwärmen|hauptteil|abwärmen|ausklang|kräftigung|mobilisation)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:day|tag|workout|session)\s*(?:\d{1,2}|[A-G]))\b\s*(?P<sign>[:.–-]?)\s*(?P<more>.*)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:routine|workout|stretch(?:es)?|stretching|flow|session|program(?:me)?|mobility|training|übungen|\w*programm)$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_BRACKETED_TIME = re.compile(rf"\s*\(\s*(?:(?:ca|approx)\.?|about|~|etwa)?\s*{TIME_RANGE}\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Line:
    """A line without bullet and markdown.

    Attributes:
        number: Its number in the text, from 1 on.
        raw: As it was written.
        text: What it says.
        level: The level of the heading that it is; 0 for none.
        is_listed: It has a bullet or a number.
        letter: The letter that exercises have that are done in turn, such as the A of `A1.`; empty for none.
        below: The line right below it; `None` for an empty one, or none.
        next: The next line that is not empty.
    """

    number: int
    raw: str
    text: str
    level: int
    is_listed: bool
    letter: str
    below: Line | None = None
    next: Line | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not self.text or bool(_RULE.match(self.raw))

    @property
    def title(self) -> str:
        """What it says as a heading: without how long that takes."""
        return _BRACKETED_TIME.sub("", self.text).rstrip(": ") or self.text

    @property
    def is_part(self) -> bool:
        """Whether it is called like a part of a routine, such as `Round 2`."""
        return bool(_PART.fullmatch(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether it begins a block."""
        if self.level or self.is_part or (self.text.endswith(":") and not parse_line(self.text[:-1]).has_dose):
            return True
        if self.is_listed:
            return False
        if _SECTION.fullmatch(self.title):
            return True
        if self.below is None or not self.below.is_listed or not is_name(self.title):
            return False
        first = parse_line(self.below.text)
        return first.has_dose and bool(first.name)

    @property
    def is_title(self) -> bool:
        """Whether it is, as the first line, the name of all: what stands in brackets is then no dose."""
        if self.is_listed or self.next is None:
            return False
        if self.below is None and _CALLED.search(self.text) and len(self.text.split()) <= SHORT_WORDS:
            return True
        after = self.below.next if self.below is not None else None
        if self.below is not None and after is not None and is_name(after.text) and pace_of(self.below.text):
            return True
        if not _BRACKETED.search(self.text):
            return False
        bare = _BRACKETED.sub("", self.text)
        is_apart = self.below is None or self.below.is_listed or not any(sign.isdigit() for sign in self.text)
        return is_apart and is_name(bare)


def is_name(text: str) -> bool:
    """Whether a text can be a name: short, no sentence, and without anything to be done."""
    return not text.endswith((".", "!", "?")) and len(text.split()) <= SHORT_WORDS and not parse_line(text).says_how


def lines_of(raws: Sequence[str]) -> list[Line]:
    """The lines of a text."""
    numbered, lettered = _numbered_lines(raws), _lettered_lines(raws)
    found: list[Line] = []
    below = following = None
    for index in range(len(raws) - 1, -1, -1):
        raw = raws[index]
        text = _NUMBERED.sub("", raw) if index + 1 in numbered else raw
        text = _LETTERED.sub(r"\1\2. ", text) if index + 1 in lettered else text
        line = _line(index + 1, raw, text, below, following, is_numbered=index + 1 in numbered)
        below = None if line.is_empty else line
        following = below or following
        found.append(line)
    return found[::-1]


def _line(  # noqa: PLR0913 - a line, and where it stands
    number: int, raw: str, text: str, below: Line | None, following: Line | None, *, is_numbered: bool
) -> Line:
    found = _MARKDOWN.match(raw)
    level = len(found[1]) if found and found[1] else 0
    text = _MARKDOWN.sub("", text)
    bullet = _BULLET.match(text)
    letter = (bullet["letter"] or "").upper() if bullet and bullet["number"] else ""
    text = _CHECKBOX.sub("", text[bullet.end() :] if bullet else text)
    text = re.sub(r"\s+", " ", text.replace("\t", " ")).strip()
    return Line(number, raw, text, level, is_numbered or bullet is not None, letter, below, following)


def is_spaced(text: str) -> bool:
    """Whether blank lines stand between most lines, so that they end nothing."""
    lines = text.strip().split("\n")
    filled = sum(bool(line.strip()) for line in lines)
    return len(re.findall(r"\n\s*\n", text.strip())) > (filled - 1) // 2


def _numbered_lines(raws: Sequence[str]) -> frozenset[int]:
    """The lines of a list that is numbered without dots: 1, 2, 3 and so on."""
    found: list[int] = []
    for number, line in enumerate(raws[:MAX_LINES], 1):
        begins = _NUMBERED.match(line)
        if begins and int(begins[1]) == len(found) + 1:
            found.append(number)
    return frozenset(found) if len(found) >= _MIN_NUMBERED else frozenset()


def _lettered_lines(raws: Sequence[str]) -> frozenset[int]:
    """The lines of supersets that are lettered without dots: of each letter from 1 on, if there is a 2."""
    runs: list[list[int]] = []
    going: dict[str, list[int]] = {}
    for number, line in enumerate(raws[:MAX_LINES], 1):
        if begins := _LETTERED.match(line):
            if begins[2] == "1":
                going[begins[1]] = []
                runs.append(going[begins[1]])
            run = going.get(begins[1], [])
            if int(begins[2]) == len(run) + 1:
                run.append(number)
    return frozenset(number for run in runs if len(run) > 1 for number in run)


def day_of(text: str) -> tuple[str, str] | None:
    """The name of the day that a line begins, and what is to be done on it that stands in the same line."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    more, has_dose = found["more"].strip(), parse_line(found["more"]).has_dose
    if more and not has_dose and (not found["sign"] or len(more.split()) > SHORT_WORDS):
        return None
    return found["day"] if has_dose or not more else f"{found['day']} {more}", more if has_dose else ""


def rounds_in(text: str) -> int:
    """How many rounds a line names besides anything else; 0 for none."""
    found = _ROUNDS.search(text)
    rounds = int(found[1] or found[2]) if found else 0
    return rounds if rounds <= MAX_COUNT else 0


def rounds_of(text: str) -> tuple[str, int, int] | None:
    """The name, the rounds and the rest of a line that only says how often what follows is done."""
    found = _ROUNDS.search(text)
    if found is None:
        return None
    rounds = int(found[1] or found[2])
    dose = parse_line(f"{text[: found.start()]} ; {text[found.end() :]}")
    if dose.has_dose or dose.sets or not 1 <= rounds <= MAX_COUNT or len(dose.name.split()) > SHORT_WORDS:
        return None
    return dose.name.strip(" :,-"), rounds, dose.rest_ms or 0
