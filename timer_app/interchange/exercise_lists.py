"""Reads lists of exercises for one's own catalogue: free-exercise-db, and exercises from wger's API."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from timer_app.core.i18n import N_
from timer_app.interchange.json_source import INTERNAL, Node, ledger
from timer_app.interchange.model import Imported, ImportedExercise
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned, cleaned_name, slug

NAME = "exercises"
TITLE = "list of exercises"

_MAX_SAID = 260  # letters: about twenty seconds
_HOLD_MS, _REPS = 30_000, 10
_ENGLISH = 2  # of wger's languages
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MAX_READ = 2_000  # letters of an instruction; far more than is said
_MAX_MARKED = 20_000  # with its marks
_TAG = re.compile(r"<[^>]{0,200}>")
_ASKS_FOR_MORE = re.compile(r"recommended (?:amount|number)|\btip:|\bvariations?:|\bcaution:", re.IGNORECASE)

DOSED = N_("the list names no dose: {dose} is written, which you may change")
SHORTENED = N_("only its first sentences are said; the rest takes too long")
FORCE = N_("decides whether it is held or repeated")
NO_LEVEL = N_("exercises have no level")
NO_PICTURES = N_("exercises have figures and no pictures")
NO_WORDS = N_("has no instruction in English, and is left out")
ENGLISH = N_("its English name is taken")
TWICE = N_("has the id of another one of the list, and is left out")


def sniff(source: Source) -> bool:
    """Whether it is such a list."""
    root = source.json
    return root is not None and any(_is_free(node) or _is_wger(node) for node in _listed(root)[:20])


def _listed(root: Node) -> list[Node]:
    if isinstance(root.data, list):
        return [node for node in root.data if node.is_table]
    for key in ("exercises", "results"):
        inside = root.find(key)
        if inside is not None and isinstance(inside.data, list):
            return [node for node in inside.data if node.is_table]
    return [root]


def _is_free(node: Node) -> bool:
    return node.has("name", "instructions") and node.has("primaryMuscles")


def _is_wger(node: Node) -> bool:
    return node.has("muscles", "equipment") and (node.has("translations") or node.has("exercises", "category"))


def read(source: Source) -> Imported:
    """The exercises of a list."""
    root = source.json
    if root is None:
        return Imported()
    found: dict[str, ImportedExercise] = {}
    if root.is_table:
        root.lose(INTERNAL, "count", "next", "previous")
    for node in _listed(root):
        exercise = _free(node) if _is_free(node) else _wger(node)
        if exercise is None:
            continue
        if exercise.id in found:
            node.forget(TWICE)
        else:
            found[exercise.id] = exercise
    return Imported((), ledger(root), tuple(found.values()))


def _free(node: Node) -> ImportedExercise | None:
    name = node.name("name", "")
    node.lose(INTERNAL, "id")
    node.lose(NO_LEVEL, "level", "mechanic")
    node.lose(NO_PICTURES, "images")
    lines = [line.own_text() for line in node.items("instructions", tables=False)]
    say = _said(lines)
    if not name or not say:
        node.forget(NO_WORDS)
        return None
    if len(" ".join(lines)) > len(say):
        node.change("instructions", SHORTENED)
        for line in node.items("instructions", tables=False):
            line.mark("changed", SHORTENED)
    category, force = node.raw("category"), node.raw("force")
    is_held = category == "stretching" or force == "static"
    node.change("force", FORCE)
    node.change("category", DOSED, dose=_dose_text(is_held=is_held))
    muscles = _names(node, "primaryMuscles", "secondaryMuscles")
    equipment = _names(node, "equipment")
    return _exercise(name, say, "free-exercise-db, public domain.", muscles, equipment, is_held=is_held)


def _wger(node: Node) -> ImportedExercise | None:
    node.lose(INTERNAL, "id", "uuid", "created", "last_update", "last_update_global", "variations")
    node.lose(NO_PICTURES, "images", "videos")
    inside = node.items("translations") or node.items("exercises")
    english = next((one for one in inside if one.identifier("language", _ENGLISH) == _ENGLISH), None)
    for one in inside:
        if one is not english:
            one.forget(NO_WORDS)
    name = english.name("name", "") if english is not None else ""
    plain = html.unescape(_TAG.sub(" ", english.raw("description")[:_MAX_MARKED])) if english is not None else ""
    say = _said([plain])
    if english is None or not name or not say:
        node.forget(NO_WORDS)
        return None
    english.lose(INTERNAL, "id", "uuid", "exercise", "created", "license")
    english.change("description", SHORTENED)
    category = node.table("category")
    is_held = category is not None and category.raw("name").casefold() in ("stretching", "stretches")
    node.change("category", DOSED, dose=_dose_text(is_held=is_held))
    author = cleaned(english.raw("license_author") or node.raw("license_author"), 200)[0] or "its authors"
    source = f"wger.de, by {author}, {_licence(node)}."
    muscles, equipment = _wger_names(node, "muscles", "muscles_secondary"), _wger_names(node, "equipment")
    return _exercise(name, say, source, muscles, equipment, is_held=is_held)


def _licence(node: Node) -> str:
    licence = node.table("license")
    if licence is None:
        return "see there for its licence"
    licence.lose(INTERNAL, "id", "url")
    names = [cleaned(licence.raw(key), 100)[0] for key in ("short_name", "full_name")]
    return next(filter(None, names), "see there for its licence")


def _exercise(  # noqa: PLR0913 - the keys of an exercise
    name: str, say: str, source: str, muscles: tuple[str, ...], equipment: tuple[str, ...], *, is_held: bool
) -> ImportedExercise:
    dose: dict[str, int] = {"hold_ms": _HOLD_MS} if is_held else {"reps": _REPS}
    return ImportedExercise(
        slug(name, "exercise"), name, say, **dose, muscles=muscles, equipment=equipment, source=source
    )


def _dose_text(*, is_held: bool) -> str:
    return f'hold = "{_HOLD_MS // 1_000}s"' if is_held else f"reps = {_REPS}"


def _said(lines: list[str]) -> str:
    """The first sentences of an instruction, as many as are easily followed."""
    sentences = [one.strip() for line in lines for one in _SENTENCE_END.split(line[:_MAX_READ]) if one.strip()]
    said = ""
    for sentence in sentences:
        if _ASKS_FOR_MORE.search(sentence):
            continue
        if said and len(said) + len(sentence) > _MAX_SAID:
            break
        said = f"{said} {sentence}".strip()
    return cleaned(said, 600)[0]


def _names(node: Node, *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each_name(node, *keys)))[:20]


def _each_name(node: Node, *keys: str) -> Iterator[str]:
    for key in keys:
        inside = node.find(key)
        if inside is None:
            continue
        values = inside.elements(tables=False) if isinstance(inside.data, list) else [inside]
        for value in values:
            name, _ = cleaned_name(value.own_text())
            if name and name not in ("body only", "other", "none"):
                yield name


def _wger_names(node: Node, *keys: str) -> tuple[str, ...]:
    found = []
    for key in keys:
        for item in node.items(key):
            item.lose(INTERNAL, "id", "is_front", "image_url_main", "image_url_secondary")
            english = item.raw("name_en").strip()
            name = item.name("name", "")
            if english_name := cleaned_name(english)[0]:
                item.change("name", ENGLISH)
                name = english_name
            if name and not name.startswith("none"):
                found.append(name.lower() if key == "equipment" else name)
    return tuple(dict.fromkeys(found))[:20]
