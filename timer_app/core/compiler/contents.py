"""The contents of a session as a tree, for paper and for watches: blocks stay blocks, and what repeats is there once.

A timeline has every second of a run; here is what a person plans: exercises with their doses, rests, words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timer_app.core.compiler.layout import measure_name, measure_question
from timer_app.core.compiler.resolve import Work, resolve
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.compiler.unroll import all_cautions, included_sessions, round_rest_ms
from timer_app.core.fields import fill_placeholders, without_placeholders
from timer_app.core.session.model import (
    Block,
    IncludedSession,
    MeasureStep,
    RestStep,
    SayStep,
    Session,
    Step,
    WaitStep,
    WorkStep,
)

if TYPE_CHECKING:
    from timer_app.core.compiler.compile import CompileContext


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise with its dose.

    Attributes:
        name: Its name.
        work: Its figures at the low end of their ranges.
        most: The same at the high end.
        instruction: How it is done: what is said before the start.
        side_names: What its sides are called, in their order.
        id: Its id in the catalogue; empty where it is none of it.
    """

    name: str
    work: Work
    most: Work
    instruction: str
    side_names: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rest:
    """A rest of some length, with what is said at its start."""

    lasts_ms: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Something that is said, to do until one goes on, or to answer.

    Attributes:
        text: What.
        waits: The session waits until one goes on.
        asks: It is a question.
    """

    text: str
    waits: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Steps that belong together.

    Attributes:
        name: Their name; empty for none.
        items: The steps.
        rounds: How often they are done; 0 for as many times as one can in `within_ms`.
        most_rounds: The same at the high end of its range.
        rest_ms: The rest between rounds.
        between_ms: The rest between steps.
        every_ms: How long after one round the next begins; 0 where that is not fixed.
        within_ms: How long all rounds may take; 0 for any time.
        picks: How many of the steps are done, chosen by chance; 0 for all.
        shuffled: They come in another order each time.
        by_sides: All are done on one side, then on the other.
        cautions: What belongs to a session that is named here.
    """

    name: str
    items: tuple[Item, ...]
    rounds: int = 1
    most_rounds: int = 1
    rest_ms: int = 0
    between_ms: int = 0
    every_ms: int = 0
    within_ms: int = 0
    picks: int = 0
    shuffled: bool = False
    by_sides: bool = False
    cautions: tuple[str, ...] = ()


Item = Exercise | Rest | Words | Group


@dataclass(frozen=True, slots=True)
class Contents:
    """A session as it is handed on.

    Attributes:
        name: Its name.
        summary: One line about it; empty for none.
        language: The language of its texts.
        cautions: What is told before it starts.
        items: Its steps.
    """

    name: str
    summary: str
    language: str
    cautions: tuple[str, ...]
    items: tuple[Item, ...]

    def exercises(self) -> Iterator[Exercise]:
        """Every exercise, in order."""
        return _exercises(self.items)

    @property
    def equipment(self) -> tuple[str, ...]:
        """What is needed, each thing once."""
        things = (without_placeholders(one) for each in self.exercises() for one in each.work.equipment)
        return tuple(dict.fromkeys(things))


def contents_of(session: Session, plan: CompileContext) -> Contents:
    """The contents of a session.

    Args:
        session: The session, with those that it names in their places.
        plan: Its catalogue and phrases.
    """
    items = _Reader(session, plan).items(session.steps)
    cautions = tuple(map(without_placeholders, all_cautions(session)))
    summary = without_placeholders(session.summary or "")
    return Contents(without_placeholders(session.name), summary, session.language, cautions, items)


def other_languages(session: Session) -> frozenset[str]:
    """The languages of the sessions that are put into a session, where they are not its own."""
    return frozenset(block.session.language for block in included_sessions(session.steps)) - {session.language}


def _exercises(items: Sequence[Item]) -> Iterator[Exercise]:
    for item in items:
        if isinstance(item, Exercise):
            yield item
        elif isinstance(item, Group):
            yield from _exercises(item.items)


class _Reader:
    def __init__(self, session: Session, plan: CompileContext) -> None:
        self._session = session
        self._plan = plan
        self._catalogue, self._phrases = plan.texts_in(session.language)

    def items(self, steps: Sequence[Step]) -> tuple[Item, ...]:
        """What some steps are, without rests of no length and words of none."""
        return tuple(item for step in steps if (item := self._item(step)) is not None)

    def _item(self, step: Step) -> Item | None:
        match step:
            case Block():
                return self._group(step)
            case WorkStep():
                return self._exercise(step)
            case RestStep(rest=rest, say=say):
                # What it is called stands beside its length already.
                text = self._plain(say or "").removeprefix(f"{self._phrases.label_rest}.").strip()
                return Rest(rest.low, text) if rest.low else None
        words = self._words(step)
        return words if words.text else None

    def _words(self, step: Step) -> Words:
        match step:
            case SayStep(say=say, text=text):
                return Words(self._plain(text or say))
            case WaitStep(wait=text):
                return Words(self._plain(text), waits=True)
            case MeasureStep():
                asked = step.text or step.say or measure_question(step, self._phrases)
                sides = tuple(self._phrases.side_name(side) or "" for side in step.sides or ())
                values = {"name": measure_name(step, self._phrases), "side": _either(sides)}
                return Words(fill_placeholders(asked, values), waits=True, asks=True)
        return Words("")

    def _group(self, block: Block) -> Group:
        if isinstance(block, IncludedSession):
            inner = _Reader(block.session, self._plan)
            return Group(
                without_placeholders(block.session.name),
                inner.items(block.steps),
                cautions=tuple(map(without_placeholders, block.session.cautions)),
            )
        rounds = block.rounds
        is_open = block.within is not None and rounds is None
        return Group(
            without_placeholders(block.name or ""),
            self.items(block.steps),
            rounds=0 if is_open else rounds.low if rounds else 1,
            most_rounds=0 if is_open else rounds.high if rounds else 1,
            rest_ms=0 if block.every or block.within else round_rest_ms(block, self._session.defaults),
            between_ms=block.between or 0,
            every_ms=block.every or 0,
            within_ms=block.within or 0,
            picks=block.pick or 0,
            shuffled=block.shuffle,
            by_sides=block.sides is not None,
        )

    def _exercise(self, step: WorkStep) -> Exercise:
        work, most = (
            resolve(step, self._catalogue, self._session.defaults, level, self._phrases) for level in (0.0, 1.0)
        )
        sides = tuple(self._phrases.side_name(side) or "" for side in work.sides)
        context = SetContext(work, side=_either(sides))
        said = (work.text or work.say, work.begin)
        instruction = " ".join(filter(None, (context.fill(text) for text in said)))
        return Exercise(context.name, work, most, instruction, sides, step.exercise or "")

    def _plain(self, text: str) -> str:
        """A text as it stands on paper: without what only a run knows, such as its keys."""
        return fill_placeholders(text, {})


def _either(sides: tuple[str, ...]) -> str | None:
    """`left/right`: what stands for the side where both are told at once."""
    return "/".join(sides) or None
