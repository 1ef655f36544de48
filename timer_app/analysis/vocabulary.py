"""The words that a key may have as its value: exercises, sounds, sessions, muscles, areas, equipment and languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from timer_app.core.constraints import KEY_NAMES
from timer_app.core.i18n import N_, _
from timer_app.core.session import area_words
from timer_app.core.wording.doses import exercise_dose_text, instruction_text
from timer_app.core.wording.formatting import joined_by_and
from timer_app.core.wording.languages import base_language

if TYPE_CHECKING:
    from timer_app.analysis.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath
    from timer_app.core.session import Exercise

_GOALS = {
    "end": N_("The session ends."),
    "easier": N_("The easier variant of the exercise comes next."),
    "harder": N_("The harder variant of the exercise comes next."),
}
_PLACEHOLDERS: Mapping[str, str] = {
    "name": N_("the name of the step"),
    "next": N_("the name of the next step"),
    "set": N_("the number of the set"),
    "sets": N_("how many sets there are"),
    "side": N_("the side, such as left"),
    "rep": N_("the number of the rep"),
    "reps": N_("how many reps there are"),
    "round": N_("the number of the round"),
    "rounds": N_("how many rounds there are"),
    "seconds": N_("how long the set takes, in words"),
    "remaining": N_("how much time is left, in words"),
    "load": N_("the load of the set"),
}

# Of the sides of an exercise; others are names that an author gave them.
_SIDES = {"left": N_("left"), "right": N_("right")}

_MARKUP = re.compile(r"[\[\]<`\\]")
_WEEK_KEYS = ("name", "repeat", "level", "every_days")  # everything else names sessions


class Word(NamedTuple):
    """A word that may stand as a value.

    Attributes:
        text: The word.
        kind: What it is, such as `exercise` or `sound`.
        detail: What is shown beside it.
        documentation: What explains it, in Markdown.
    """

    text: str
    kind: str
    detail: str = ""
    documentation: str = ""


def in_markdown(text: str) -> str:
    """A text as Markdown shows it as it stands: nobody's session may load a picture or offer a link."""
    return _MARKUP.sub(r"\\\g<0>", text)


def exercises_for(analysis: Analysis) -> Mapping[str, Exercise]:
    """The exercises of the catalogue by their id, in the language of the text where they are translated into it."""
    language, library = _language_of(analysis), analysis.library
    # Not of every word that is typed there: the library keeps each.
    return library.catalogue_in(language) if base_language(language) in library.phrase_languages else library.catalogue


def _language_of(analysis: Analysis) -> str:
    language = analysis.document.root.get("language")
    return language.text if language is not None else "en"


def exercise_facts(exercise: Exercise) -> str:
    """An exercise in a line: its name, its dose and its sides."""
    sides = joined_by_and([_(_SIDES[side]) if side in _SIDES else side for side in exercise.sides or ()])
    return " · ".join(filter(None, (exercise.name, exercise_dose_text(exercise), sides)))


def exercise_text(exercise: Exercise) -> str:
    """What explains an exercise, in Markdown: its instruction, what it needs and what it works on."""
    lines = [instruction_text(exercise)]
    if exercise.equipment:
        lines.append(_("Needs: {items}").format(items=", ".join(exercise.equipment)))
    if exercise.muscles:
        lines.append(_("Muscles: {items}").format(items=", ".join(exercise.muscles)))
    lines += exercise.cautions or ()
    if exercise.source:
        lines.append(exercise.source)
    return in_markdown("\n\n".join(lines))


def placeholder_words() -> Iterator[Word]:
    """What may stand in braces in a text."""
    for name, meaning in _PLACEHOLDERS.items():
        yield Word(name, "placeholder", _(meaning))
    for name in KEY_NAMES:
        yield Word(f"key:{name}", "placeholder", _("the key for a command, where there is one"))


def words_for(analysis: Analysis, path: KeyPath) -> tuple[Word, ...]:
    """The words that are known for the value at a path; none where it is free."""
    *around, key = ("", *(part for part in path if isinstance(part, str)))
    maker = _BY_KEY.get((around[-1] if around else "", key)) or _BY_KEY.get(("", key))
    if maker is None and analysis.kind == "programme" and around[-1:] == ["weeks"] and key not in _WEEK_KEYS:
        maker = _sessions
    if maker is None and key == "name" and _asks_for_pain(analysis, path):
        maker = _areas
    return tuple(maker(analysis)) if maker else ()


def _asks_for_pain(analysis: Analysis, path: KeyPath) -> bool:
    table = analysis.document.at(path[:-1])
    measure = table.get("measure") if table is not None and table.kind == "table" else None
    return measure is not None and measure.text == "pain"


def _exercises(analysis: Analysis) -> Iterator[Word]:
    for name, exercise in sorted(exercises_for(analysis).items()):
        yield Word(name, "exercise", exercise_facts(exercise), exercise_text(exercise))


def _sessions(analysis: Analysis) -> Iterator[Word]:
    return (Word(name, "session") for name in analysis.library.ids() if name != analysis.path.stem)


def _themes(analysis: Analysis) -> Iterator[Word]:
    return (Word(name, "theme") for name in sorted(analysis.library.sounds.themes))


def _sounds(analysis: Analysis) -> Iterator[Word]:
    sounds = analysis.library.sounds
    names = frozenset[str]().union(*map(sounds.names, sounds.themes))
    return (Word(name, "sound") for name in sorted(names))


def _goals(analysis: Analysis) -> Iterator[Word]:
    for name, meaning in _GOALS.items():
        yield Word(name, "goal", _(meaning))
    for entry in analysis.outline:
        yield from (Word(one.name, "step") for one in (entry, *entry.children) if one.kind != "rest" and one.name)


def _muscles(analysis: Analysis) -> Iterator[Word]:
    return _sorted("muscle", (name for one in analysis.library.catalogue.values() for name in one.muscles))


def _equipment(analysis: Analysis) -> Iterator[Word]:
    return _sorted("equipment", (name for one in analysis.library.catalogue.values() for name in one.equipment or ()))


def _sorted(kind: str, names: Iterable[str]) -> Iterator[Word]:
    return (Word(name, kind) for name in sorted(dict.fromkeys(names)))


def _areas(analysis: Analysis) -> Iterator[Word]:
    return (Word(name, "area") for name in area_words(_language_of(analysis)))


def _measures(_analysis: Analysis) -> Iterator[Word]:
    yield Word("pain", "measure", _("asks for a number from 0 to 10"))


def _voices(_analysis: Analysis) -> Iterator[Word]:
    from timer_app.tts.names import BUILT_IN, FROM_FILES

    return (Word(name, "voice") for name in BUILT_IN if name not in FROM_FILES)


def _languages(analysis: Analysis) -> Iterator[Word]:
    return (Word(name, "language") for name in analysis.library.phrase_languages)


# By the key, and where the same key means several things by the table around it.
_BY_KEY: Mapping[tuple[str, str], Callable[[Analysis], Iterable[Word]]] = {
    ("", "exercise"): _exercises,
    ("", "variants"): _exercises,
    ("", "session"): _sessions,
    ("", "theme"): _themes,
    ("cues", "sound"): _sounds,
    ("", "go"): _goals,
    ("", "muscles"): _muscles,
    ("", "equipment"): _equipment,
    ("", "measure"): _measures,
    ("", "language"): _languages,
    ("voice", "name"): _voices,
}
