"""Expands what people write and a voice would misread, such as "3x10", "20 kg" or "L → R", into words.

Only what is spoken is expanded; screens, captions and files show what the author wrote. What has more than one meaning
stays as it is: "5 m" may be metres or minutes, "3/10" a share or a date. "40/20" and "4-7-8" are numbers and nothing
else, whatever they mean: a voice would say "slash" and "dash" between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

Expand = Callable[[str], str]


class _Unit(NamedTuple):
    one: str
    other: str


class _Words(NamedTuple):
    """The words of one language.

    Attributes:
        times: Between the numbers of "3x10".
        to: Between the ends of "5-8".
        left_to_right: "L → R".
        right_to_left: "R → L".
        units: Each abbreviation that may follow a number.
        fractions: Each fraction that has a word.
        mixed: Between a whole number and a fraction.
        abbreviations: Words for what stands by itself, by patterns.
    """

    times: str
    to: str
    left_to_right: str
    right_to_left: str
    units: Mapping[str, _Unit]
    fractions: Mapping[str, str]
    mixed: str
    abbreviations: Mapping[str, str]


def _units(second: _Unit, minute: _Unit, kilogram: _Unit, centimetre: _Unit, **more: _Unit) -> Mapping[str, _Unit]:
    usual = {"s": second, "sec": second, "min": minute, "kg": kilogram, "cm": centimetre}
    return MappingProxyType(usual | more)


def _fractions(half: str, third: str, thirds: str, quarter: str, quarters: str) -> Mapping[str, str]:
    return MappingProxyType({"1/2": half, "1/3": third, "2/3": thirds, "1/4": quarter, "3/4": quarters})


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            "times",
            "to",
            "left to right",
            "right to left",
            _units(
                _Unit("second", "seconds"),
                _Unit("minute", "minutes"),
                _Unit("kilogram", "kilograms"),
                _Unit("centimetre", "centimetres"),
                secs=_Unit("second", "seconds"),
                mins=_Unit("minute", "minutes"),
                h=_Unit("hour", "hours"),
                hr=_Unit("hour", "hours"),
                hrs=_Unit("hour", "hours"),
                kgs=_Unit("kilogram", "kilograms"),
                lb=_Unit("pound", "pounds"),
                lbs=_Unit("pound", "pounds"),
                mm=_Unit("millimetre", "millimetres"),
                km=_Unit("kilometre", "kilometres"),
            ),
            _fractions("half", "one third", "two thirds", "a quarter", "three quarters"),
            "and",
            MappingProxyType(
                {
                    r"e\. ?g\.": "for example",
                    r"i\. ?e\.": "that is",
                    r"etc\.?": "et cetera",
                    r"approx\.": "approximately",
                    r"vs\.?": "versus",
                    r"w/o": "without",
                    r"T-spine": "thoracic spine",
                    r"C-spine": "cervical spine",
                    r"L-spine": "lumbar spine",
                }
            ),
        ),
        "de": _Words(
            "mal",
            "bis",
            "links nach rechts",
            "rechts nach links",
            _units(
                _Unit("Sekunde", "Sekunden"),
                _Unit("Minute", "Minuten"),
                _Unit("Kilo", "Kilo"),
                _Unit("Zentimeter", "Zentimeter"),
                sek=_Unit("Sekunde", "Sekunden"),
                h=_Unit("Stunde", "Stunden"),
                std=_Unit("Stunde", "Stunden"),
                mm=_Unit("Millimeter", "Millimeter"),
                km=_Unit("Kilometer", "Kilometer"),
            ),
            _fractions("ein halb", "ein Drittel", "zwei Drittel", "ein Viertel", "drei Viertel"),
            "und",
            MappingProxyType(
                {
                    r"z\. ?B\.": "zum Beispiel",
                    r"d\. ?h\.": "das heißt",
                    r"u\. ?a\.": "unter anderem",
                    r"usw\.": "und so weiter",
                    r"bzw\.": "beziehungsweise",
                    r"ca\.": "zirka",
                    r"Wdh\.?": "Wiederholungen",
                    r"HWS": "Halswirbelsäule",
                    r"BWS": "Brustwirbelsäule",
                    r"LWS": "Lendenwirbelsäule",
                }
            ),
        ),
        "fr": _Words(
            "fois",
            "à",
            "de gauche à droite",
            "de droite à gauche",
            _units(
                _Unit("seconde", "secondes"),
                _Unit("minute", "minutes"),
                _Unit("kilo", "kilos"),
                _Unit("centimètre", "centimètres"),
            ),
            _fractions("un demi", "un tiers", "deux tiers", "un quart", "trois quarts"),
            "et",
            MappingProxyType({r"p\. ?ex\.": "par exemple"}),
        ),
        "es": _Words(
            "por",
            "a",
            "de izquierda a derecha",
            "de derecha a izquierda",
            _units(
                _Unit("segundo", "segundos"),
                _Unit("minuto", "minutos"),
                _Unit("kilo", "kilos"),
                _Unit("centímetro", "centímetros"),
            ),
            _fractions("medio", "un tercio", "dos tercios", "un cuarto", "tres cuartos"),
            "y",
            MappingProxyType({r"p\. ?ej\.": "por ejemplo"}),
        ),
        "it": _Words(
            "per",
            "a",
            "da sinistra a destra",
            "da destra a sinistra",
            _units(
                _Unit("secondo", "secondi"),
                _Unit("minuto", "minuti"),
                _Unit("chilo", "chili"),
                _Unit("centimetro", "centimetri"),
            ),
            _fractions("mezzo", "un terzo", "due terzi", "un quarto", "tre quarti"),
            "e",
            MappingProxyType({r"ad es\.": "ad esempio"}),
        ),
        "pt": _Words(
            "vezes",
            "a",
            "da esquerda para a direita",
            "da direita para a esquerda",
            _units(
                _Unit("segundo", "segundos"),
                _Unit("minuto", "minutos"),
                _Unit("quilo", "quilos"),
                _Unit("centímetro", "centímetros"),
            ),
            _fractions("meio", "um terço", "dois terços", "um quarto", "três quartos"),
            "e",
            MappingProxyType({r"p\. ?ex\.": "por exemplo"}),
        ),
        "nl": _Words(
            "keer",
            "tot",
            "van links naar rechts",
            "van rechts naar links",
            _units(
                _Unit("seconde", "seconden"),
                _Unit("minuut", "minuten"),
                _Unit("kilo", "kilo"),
                _Unit("centimeter", "centimeter"),
            ),
            _fractions("een half", "een derde", "twee derde", "een kwart", "drie kwart"),
            "en",
            MappingProxyType({r"bijv\.": "bijvoorbeeld"}),
        ),
    }
)

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_ALONE = r"(?<![\w.,:/–-])"
_CHAIN = re.compile(rf"{_ALONE}[0-9]+(?:[-–][0-9]+)?(?: ?[x×] ?{_NUMBER})+")
_CROSS = re.compile(r" ?[x×] ?")
_SO_OFTEN = re.compile(rf"{_ALONE}([0-9]+(?:[-–][0-9]+)?) ?[x×](?![\w-])")
_RANGE = re.compile(rf"{_ALONE}({_NUMBER})( ?[a-zA-Z]{{1,4}})?[-–]({_NUMBER})(?![0-9]|[.,:/–-][0-9])")
_COUNT = r"(?:0|[1-9][0-9]?)"  # no "06": that is part of a date
_ROW = re.compile(rf"{_ALONE}{_COUNT}(?:(?:-{_COUNT})+|(?:/{_COUNT})+)(?![\w/–-]|[.,:][0-9])")
_MINUTES = re.compile(rf"{_ALONE}([0-9]+):([0-5][0-9]) ?min\b")
_ARROW = re.compile(r"\s*(?:[→➔➜➝➞➡⟶⇒←⟵⇐⬅↔⟷⇔]\ufe0f?|<?[-=]+>)\s*")
_LEFT_RIGHT = re.compile(rf"(?<!\w)([LR]){_ARROW.pattern}([LR])(?!\w)")
_LEFTWARD = re.compile(r"[←⟵⇐⬅↔⟷⇔<]")
_WITH = re.compile(r"(?<!\w)w/ ?(?=\w)", re.IGNORECASE)
_VULGAR = MappingProxyType({"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"})
# "In your 30s" is no time, nor are the 1980s.
_DECADE = re.compile(r"\b(?:your|my|his|her|their|our|the|early|mid|late)[ -]$", re.IGNORECASE)
_YEARS = re.compile(r"[0-9]{4}")

_PICTURE = "\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u231a\u231b\u23e9-\u23fa"
_PART_OF_PICTURE = "\ufe0f\u20e3\U000e0020-\U000e007f"
# A joiner is a part of a picture only behind one: in words of other scripts it is a part of the spelling.
_EMOJI = re.compile(rf"\s*(?:[{_PICTURE}][{_PICTURE}{_PART_OF_PICTURE}\u200d]*\s*)+|[{_PART_OF_PICTURE}]+")
_CLOSES = ".,;:!?…)"


@lru_cache(maxsize=4_096)
def expand_shorthand(text: str, language: str) -> str:
    """`text` in the words in which it is spoken; empty if it says nothing.

    Text without shorthand is unchanged. In a language whose words are not known, only arrows and emoji go.
    """
    expanded = text
    for _ in range(_ROUNDS):
        before = expanded
        for rule in (*_word_rules(language.partition("-")[0].partition("_")[0].lower()), _without_pictures):
            expanded = rule(expanded)
        if expanded == before:
            break
    if expanded != text and not any(character.isalnum() for character in expanded):
        return ""
    return expanded


_ROUNDS = 4  # what one rule has made clear, another may expand


@cache
def _word_rules(language: str) -> tuple[Expand, ...]:
    words = _WORDS.get(language)
    if words is None:
        return (_rows, _arrows)
    english = (lambda text: _WITH.sub("with ", text),) if language == "en" else ()
    return (
        lambda text: _times(text, words.times),
        lambda text: _RANGE.sub(lambda found: _range(found, words.to), text),
        lambda text: _MINUTES.sub(lambda found: _minutes(found, words.units), text),
        _measures(words.units),
        _shares(words),
        *(_abbreviation(pattern, spoken) for pattern, spoken in words.abbreviations.items()),
        *english,
        _rows,
        lambda text: _LEFT_RIGHT.sub(lambda found: _direction(found, words), text),
        _arrows,
    )


def _times(text: str, times: str) -> str:
    """Expands "3x10", and "2x" by itself."""
    chained = _CHAIN.sub(lambda found: _CROSS.sub(f" {times} ", found[0]), text)
    return _SO_OFTEN.sub(rf"\1 {times}", chained)


def _range(found: re.Match[str], to: str) -> str:
    """Expands "5-8"; not "90-90", the name of a stretch, nor a count downward."""
    low, unit, high = found[1], found[2] or "", found[3]
    return f"{low}{unit} {to} {high}" if _value(low) < _value(high) else found[0]


def _rows(text: str) -> str:
    """Expands "40/20", "7/3", "90-90" and "4-7-8"; not "3/10", which may be a share, nor "10-8", a count downward."""
    return _ROW.sub(_row, text)


def _row(found: re.Match[str]) -> str:
    numbers = re.split("[/-]", found[0])
    values = [int(number) for number in numbers]
    falls, is_pair = values == sorted(values, reverse=True), not values[2:]
    is_row = falls if "/" in found[0] else not is_pair or values[0] == values[1]
    return " ".join(numbers) if is_row else found[0]


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _minutes(found: re.Match[str], units: Mapping[str, _Unit]) -> str:
    """Expands "1:30 min"."""
    amounts = ((int(found[1]), units["min"]), (int(found[2]), units["s"]))
    said = [f"{amount} {_form(str(amount), unit)}" for amount, unit in amounts if amount]
    return " ".join(said) or f"0 {units['s'].other}"


def _form(number: str, unit: _Unit) -> str:
    is_share = "/" in number and _rows(number) == number
    return unit.one if number == "1" or is_share else unit.other


def _measures(units: Mapping[str, _Unit]) -> Expand:
    names = "|".join(sorted(units, key=lambda name: -len(name)))
    amount = rf"{_NUMBER}(?:/[0-9]+)?"
    pattern = re.compile(rf"{_ALONE}({amount}) ?({names})(?![\w/'’-])", re.IGNORECASE)

    def measure(found: re.Match[str]) -> str:
        number, name = found[1], found[2]
        is_glued_s = name == "s" and found[0] == number + name
        if name == "S" or (is_glued_s and (_YEARS.fullmatch(number) or _DECADE.search(found.string[: found.start()]))):
            return found[0]
        return f"{number} {_form(number, units[name.lower()])}"

    return lambda text: pattern.sub(measure, text)


def _shares(words: _Words) -> Expand:
    """Expands "1/2" and "1 1/2"."""
    names = "|".join(map(re.escape, (*words.fractions, *_VULGAR)))
    pattern = re.compile(rf"{_ALONE}(?:([0-9]+) ?(?={'|'.join(_VULGAR)})|([0-9]+) )?({names})(?![0-9/])")

    def share(found: re.Match[str]) -> str:
        whole, fraction = found[1] or found[2], words.fractions[_VULGAR.get(found[3], found[3])]
        if whole and fraction == "half":
            fraction = "a half"
        said = f"{whole} {words.mixed} {fraction}" if whole else fraction
        following = found.string[found.end() : found.end() + 1]
        return f"{said} " if following.isalpha() else said

    return lambda text: pattern.sub(share, text)


def _abbreviation(pattern: str, spoken: str) -> Expand:
    compiled = re.compile(rf"(?<![\w.]){pattern}(?!\w)", 0 if pattern.isupper() else re.IGNORECASE)
    return lambda text: compiled.sub(spoken, text)


def _direction(found: re.Match[str], words: _Words) -> str:
    """Expands "L → R"; an arrow that points back, or both ways, is no direction that the letters name."""
    if _LEFTWARD.search(found[0]) or found[1] == found[2]:
        return found[0]
    return words.left_to_right if found[1] == "L" else words.right_to_left


def _arrows(text: str) -> str:
    """An arrow is a short pause."""
    return _ARROW.sub(", ", text).strip() if _ARROW.search(text) else text


def _without_pictures(text: str) -> str:
    """`text` without emoji."""
    return _EMOJI.sub(_gap, text).strip() if _EMOJI.search(text) else text


def _gap(found: re.Match[str]) -> str:
    """What remains where emoji were: a space between words, nothing before a full stop or inside a keycap."""
    following = found.string[found.end() : found.end() + 1]
    return "" if not following or following in _CLOSES or found[0][0] in "\ufe0f\u20e3" else " "
