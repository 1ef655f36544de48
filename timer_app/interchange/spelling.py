"""Spells out what people shorten: fractions, numbers in words, and how often a day, which is no dose."""

from __future__ import annotations

import re

_FRACTIONS = {"½": "5", "¼": "25", "¾": "75", "⅓": "33", "⅔": "67"}
_SLASHED = {"1/2": "½", "1/4": "¼", "3/4": "¾", "1/3": "⅓", "2/3": "⅔"}
_WORDS = {
    1: "one|ein|eine|einen|einer",
    2: "two|zwei",
    3: "three|drei",
    4: "four|vier",
    5: "five|fünf",
    6: "six|sechs",
    7: "seven|sieben",
    8: "eight|acht",
    9: "nine|neun",
    10: "ten|zehn",
    12: "twelve|zwölf",
    15: "fifteen|fünfzehn",
    20: "twenty|zwanzig",
    30: "thirty|dreißig",
    45: "forty-five|fünfundvierzig",
    60: "sixty|sechzig",
}
_NUMBERS = {word: number for number, words in _WORDS.items() for word in words.split("|")}
_UNIT = (
    r"(?:sets?|reps?(?!\s*max)|repetitions?|times|rounds?|sec(?:ond)?s?|min(?:ute)?s?|breaths?|hours?|"
    r"sätzen?|satz|serien?|mal|wiederholung(?:en)?|wdh|sek(?:unden?)?|minuten?|stunden?|runden?|durchgänge?n?|atemzüge?n?)\b"
)
_ANY_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_NUMBER_IN_WORDS = re.compile(
    rf"\b(?P<before>{_ANY_NUMBER})(?=\s+{_UNIT})"
    rf"|(?<=\bof\s)(?P<of>{_ANY_NUMBER})\b|(?<=\bà\s)(?P<each>{_ANY_NUMBER})\b",
    re.IGNORECASE,
)
_TIME_UNIT = r"(?=\s*(?:min|hour|hr|h\b|std|stunde|sec|sek|s\b|m\b|mile|km|['′]))"
_SLASHED_FRACTION = re.compile(
    rf"(?<![\d/.,:])(?:(\d{{1,3}})\s+)?(1/[234]|[23]/[34])(?![\d/]){_TIME_UNIT}", re.IGNORECASE
)
_FRACTION = re.compile(rf"(?:(\d{{1,3}})\s*)?([½¼¾⅓⅔]){_TIME_UNIT}", re.IGNORECASE)
_HALVES = (
    (re.compile(r"\b(?:half\s+an?|(?:eine?\s+)?halbe)\s+(minute|hour|stunde)\b", re.IGNORECASE), r"0.5 \1"),
    (re.compile(r"\b(?:(?:one|an?)\s+(minute|hour)\s+and\s+a\s+half)\b", re.IGNORECASE), r"1.5 \1"),
    (re.compile(r"\b(?:anderthalb|eineinhalb)\s+(minuten?|stunden?)", re.IGNORECASE), r"1.5 \1"),
    (re.compile(r"\ba\s+(minute|hour)\b(?!\s+and)", re.IGNORECASE), r"1 \1"),
    (re.compile(r"\brepeat\s+twice\b", re.IGNORECASE), "repeat 2 times"),
    (re.compile(r"\b(ein|zwei|drei|vier|fünf|sechs|acht|zehn)mal\b", re.IGNORECASE), r"\1 mal"),
    (re.compile(r"(?<![\w:.]):(\d{2})(?![\d:])"), r"\1 s"),
    (re.compile(r"\bb/w\b|\bbtwn?\b\.?", re.IGNORECASE), "between"),
    (re.compile(r"\bdazwischen\b(?=\s*\d)", re.IGNORECASE), ""),
)
_RIGHT, _LEFT = r"(?:re(?:chts)?|right|r)\b\.?", r"(?:li(?:nks)?|left|l)\b\.?"
_SAME = r"\s*[,;/+&]?\s*(?:und|and|then|dann)?\s*(?P={0})\s*(?:{1})\s*"
_TIME_ON_A_SIDE = r"(?P<{0}>\d{{1,3}}\s*(?:sec(?:ond)?s?|sek(?:unden)?|min(?:ute[ns]?)?|s)\b\.?)\s*{1}"
_ON_EACH_SIDE = re.compile(
    f"{_TIME_ON_A_SIDE.format('a', _RIGHT)}{_SAME.format('a', _LEFT)}"
    f"|{_TIME_ON_A_SIDE.format('b', _LEFT)}{_SAME.format('b', _RIGHT)}",
    re.IGNORECASE,
)
_ONCE = rf"(?:\d{{1,2}}(?:\s*(?:[-‐–—]|to|bis)\s*\d{{1,2}})?|{_ANY_NUMBER})"
_PER = r"(?:/|per\b|an?\b|am\b|pro\b|each\b|every\b|in\s+der\b|die\b|jeden\b)"
_FREQUENCY = re.compile(
    rf"(?:\b(?:frequency|häufigkeit)\s*:\s*)?(?:(?<![\w.,:/])(?:{_ONCE}\s*(?:[x×]|times|mal|sessions?|days?|tage?|einheiten)?"
    r"|once|twice|thrice|einmal|zweimal|dreimal)\s*"
    rf"(?:{_PER}\s*(?:days?|tag|weeks?|wk|woche)\b|(?:daily|täglich|tägl\b\.?|tgl\b\.?|weekly|wöchentlich)(?!\w))"
    rf"|(?<![\w.,:/])\d{{1,2}}\s*[x×]\s*(?:days?|weeks?|wk|tag|woche)\b"
    r"|\b(?:every|each)\s+(?:(?:other|second|single)\s+)?(?:day|morning|evening|night)\b"
    r"|\bjeden\s+(?:zweiten\s+)?(?:tag|morgen|abend)\b"
    rf"|\b(?:every|alle)\s+{_ONCE}\s*(?:hours?|days?|stunden|tage)\b"
    r"|\b(?:daily|täglich)\b)",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:stop|pain\w*|hurts?|schmerz\w*|abbrechen|please|bitte|should|sollten?|remember|avoid|vermeiden?|doctors?|arzt|"
    r"physios?|therapists?|therapeut\w*|ice|kühlen|as\s+tolerated|increase|progress)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?:\s+[A-ZÄÖÜ]|\s*$)")


def spelled_out(line: str) -> str:
    """A line with its fractions and its numbers in words as figures, and some short words in full."""
    for pattern, plain in _HALVES:
        line = pattern.sub(plain, line)
    line = _SLASHED_FRACTION.sub(lambda found: f"{found[1] or ''}{_SLASHED[found[2]]}", line)
    line = _FRACTION.sub(lambda found: f"{found[1] or 0}.{_FRACTIONS[found[2]]}", line)
    line = _ON_EACH_SIDE.sub(lambda found: f"{found['a'] or found['b']} each side ", line)
    return _NUMBER_IN_WORDS.sub(lambda found: str(_NUMBERS[found[0].casefold()]), line)


def without_frequency(line: str) -> tuple[str, str]:
    """A line without how often a day or a week it is done, and that."""
    often = [found[0].strip() for found in _FREQUENCY.finditer(line)]
    return (_FREQUENCY.sub(" ; ", line), ", ".join(often)) if often else (line, "")


def is_advice(line: str) -> bool:
    """Whether a line is a sentence about all of it, such as when to stop, and nothing to be done."""
    return bool(_SENTENCE_END.search(line) and _ADVICE.search(line))
