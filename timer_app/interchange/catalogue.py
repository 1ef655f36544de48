"""Finds the exercises of the catalogue by the names that people give them, and lets imported steps join them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from timer_app.core.fields import without_placeholders
from timer_app.core.session import Exercise
from timer_app.interchange.model import Block, ImportedSession, Step, Work

# Other names by which bundled exercises are known.
_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "wall-squat": ("wall sit", "wall sits", "static wall squat", "wall chair", "wandsitz", "wandsitzen"),
    "cat-cow": ("cat cow", "cat camel", "cat-cow stretch", "cat cow pose", "marjaryasana bitilasana", "katze kuh"),
    "chest-stretch": ("pec stretch", "pectoral stretch", "chest opener", "doorway stretch"),
    "back-extension": ("back extensions", "prone back extension", "superman hold"),
    "trap-raise-t": ("prone t", "prone t raise", "t raise", "t raises"),
    "trap-raise-y": ("prone y", "prone y raise", "y raise", "y raises"),
    "shoulder-blade-retraction": ("scapular retraction", "shoulder blade retractions", "scap retraction"),
    "scapular-squeeze": ("shoulder blade squeeze", "scap squeeze", "scapula squeeze", "scapular squeezes"),
    "shoulder-blade-push-up": ("scapular push up", "scap push up", "scapula push up", "serratus push up"),
    "shoulder-circles": ("shoulder rolls", "shoulder roll", "schulterkreisen"),
    "arm-circles": ("arm circle", "armkreisen"),
    "upper-trapezius-stretch": ("upper trap stretch", "trapezius stretch", "side neck stretch", "neck side stretch"),
    "levator-scapulae-stretch": ("levator stretch", "levator scap stretch"),
    "rhomboid-stretch": ("cross body stretch", "upper back stretch"),
    "overhead-arm-stretch": ("triceps stretch", "overhead triceps stretch"),
    "thoracic-rotation": ("seated thoracic rotation", "thoracic rotations", "seated trunk rotation"),
    "foam-roller-extension": ("thoracic extension on foam roller", "foam roller thoracic extension"),
    "slow-breathing": ("deep breathing", "breathing", "diaphragmatic breathing"),
}
_ENDING = re.compile(r"(?<=[a-z]{3})s\b")
_BRACKETS = re.compile(r"\([^()]{0,80}\)")


def _folded(name: str) -> str:
    """A name as it is compared: without case, accents, hyphens, brackets and plurals."""
    text = unicodedata.normalize("NFKD", _BRACKETS.sub(" ", name).casefold())
    letters = "".join(one for one in text if not unicodedata.combining(one))
    return " ".join(_ENDING.sub("", " ".join(re.findall(r"\w+", letters))).split())


class ExerciseNames:
    """The exercises of a catalogue by their names.

    Args:
        catalogue: Every exercise by its id.
        translations: The same catalogue in other languages.
    """

    def __init__(self, catalogue: Mapping[str, Exercise], translations: Iterable[Mapping[str, Exercise]] = ()) -> None:
        self._catalogue = catalogue
        self._ids: dict[str, str] = {}
        for language in (catalogue, *translations):
            for name, exercise in language.items():
                for written in (exercise.name, name.replace("-", " ")):
                    self._ids.setdefault(_folded(written), name)
        for name, others in _SYNONYMS.items():
            for other in others if name in catalogue else ():
                self._ids.setdefault(_folded(other), name)

    @property
    def ids(self) -> frozenset[str]:
        """The id of every exercise."""
        return frozenset(self._catalogue)

    def find(self, name: str) -> str:
        """The id of the exercise of that name; empty for none."""
        return self._ids.get(_folded(name), "")

    def exercise(self, name: str) -> Exercise:
        """The exercise with that id."""
        return self._catalogue[name]

    def joined(self, session: ImportedSession) -> ImportedSession:
        """A session whose steps join the exercises of the catalogue that they are named like."""
        return replace(session, steps=tuple(map(self._joined, session.steps)))

    def _joined(self, step: Step) -> Step:
        if isinstance(step, Block):
            return replace(step, steps=tuple(map(self._joined, step.steps)))
        if not isinstance(step, Work) or step.exercise:
            return step
        name = self.find(step.name)
        return replace(step, exercise=name) if name and _can_join(step, self._catalogue[name]) else step


def _can_join(work: Work, exercise: Exercise) -> bool:
    """Whether a step can have its own dose and the words of an exercise that may have been written for another one."""
    if isinstance(exercise.load, tuple) or (exercise.overrun and not work.overrun):
        return False
    if exercise.sides and not work.sides and len(exercise.sides) > 1 and "{side}" in exercise.say and work.has_dose:
        # "Your left arm hangs" has no meaning where no side is named.
        return False
    words = without_placeholders(exercise.say.replace("{side}", "side"))
    return not work.has_dose or words == exercise.say.replace("{side}", "side")
