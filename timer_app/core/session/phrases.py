"""The schema of the coach's own phrases in one language, read from `phrases/LANGUAGE.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr

from timer_app.core.fields import clean_text, fill_placeholders, without_placeholders
from timer_app.core.fields.types import MAX_TEXT, Language, Name, Strict, TempoStart, as_tuple

PluralCategory = Literal["zero", "one", "two", "few", "many", "other"]
# Which plural form a number takes in a language.
PluralRule = Callable[[int], str]

_SECONDS_BELOW_MS = 90_000  # up to here a number of seconds is quicker to grasp than minutes and seconds
_LENGTH = Field(max_length=MAX_TEXT)
_PLACEHOLDER = re.compile(r"{\w*}")


def _allowing(*placeholders: str) -> AfterValidator:
    return AfterValidator(partial(clean_text, placeholders=placeholders))


Plain = Annotated[str, _LENGTH, _allowing()]
WithName = Annotated[str, _LENGTH, _allowing("name")]
WithTime = Annotated[str, _LENGTH, _allowing("seconds")]
WithSet = Annotated[str, _LENGTH, _allowing("set", "sets")]
WithRound = Annotated[str, _LENGTH, _allowing("round", "rounds")]
WithSide = Annotated[str, _LENGTH, _allowing("side")]
WithLoad = Annotated[str, _LENGTH, _allowing("load")]
WithRpe = Annotated[str, _LENGTH, _allowing("rpe")]
WithRir = Annotated[str, _LENGTH, _allowing("rir")]
WithCount = Annotated[str, _LENGTH, _allowing("count")]
WithMinutes = Annotated[str, _LENGTH, _allowing("minutes", "seconds")]


WithBreaths = Annotated[str, _LENGTH, _allowing("seconds", "breaths")]
WithEquipment = Annotated[str, _LENGTH, _allowing("equipment")]
MAX_POOL = 20
Pool = Annotated[tuple[Plain, ...], Field(min_length=1, max_length=MAX_POOL), BeforeValidator(as_tuple)]
"""One wording or several, of which the coach chooses one each time."""


def english_plural(number: int) -> PluralCategory:
    """The plural form that a number takes in English, and where nothing is known of a language."""
    return "one" if number == 1 else "other"


class SideNames(Strict):
    """How the sides are called where a text says `{side}`."""

    left: Name
    right: Name


class SideLines(Strict):
    """A sentence about a side: whole ones for left and right, since many languages inflect the words for them."""

    left: Plain
    right: Plain
    other: WithSide = Field(description="{side}: a side that the author named.")


class Counted(Strict):
    """A number of something, in every plural form that the language has; `{count}` is the number."""

    zero: WithCount | None = None
    one: WithCount | None = None
    two: WithCount | None = None
    few: WithCount | None = None
    many: WithCount | None = None
    other: WithCount

    def form(self, category: str) -> str:
        """The text of a plural form, or the general one."""
        text: str | None = getattr(self, category, None)
        return text or self.other


class TempoWords(Strict):
    """Words for the parts of a tempo written as numbers."""

    lift: Name
    hold: Name
    lower: Name
    pause: Name

    def for_parts(self, count: int, starts: TempoStart = "lift") -> tuple[str, ...]:
        """The words for a tempo of two to four parts that starts with the lift, or as trainers do, with lowering."""
        order = (self.lift, self.hold, self.lower, self.pause)
        if starts == "lower":
            order = (self.lower, self.pause, self.lift, self.hold)
        return order[::2] if count == 2 else order[:count]  # noqa: PLR2004 - a tempo of two parts has no hold


class Phrases(Strict):
    """The coach's own lines; each may use the placeholders that are named beside it."""

    language: Language
    opening: WithName = Field(description="{name}: said before the cautions.")
    tones_explained: Plain = Field(description="What the tones of start and end mean, before a session's first run.")
    cautions_short: Plain = Field(description="Said in place of a session's cautions once they are known.")
    introduce: WithName = Field(description="{name}: an exercise is introduced.")
    hold_for: WithTime = Field(description="{seconds}: a time in words; how long a hold or a flow lasts.")
    hold_breaths: WithBreaths = Field(description="{seconds}, {breaths}: the same, and about how many breaths that is.")
    about_time: WithTime = Field(description="{seconds}: a time in words; about how long a flow lasts.")
    load: WithLoad = Field(description="{load}: what is lifted, worn or pulled.")
    rpe: WithRpe = Field(description="{rpe}: how hard a set is to be, from 1 to 10.")
    rir: WithRir = Field(description="{rir}: how many reps are to be left in reserve.")
    hold_max: Plain = Field(description="A hold lasts as long as one can.")
    reps_max: Plain = Field(description="As many reps as one can.")
    reps_at_least: Counted = Field(description="So many reps or more.")
    reps_of: Counted = Field(description="How many reps.")
    reps_free: Counted = Field(description="How many self-paced reps.")
    rounds_of: Counted = Field(description="How often a flow goes round.")
    as_many_rounds: WithTime = Field(description="{seconds}: a time in words; as many rounds as possible in it.")
    at_most: WithTime = Field(description="{seconds}: a time in words; how long the rounds just named may take.")
    side_first: SideLines = Field(description="Which side begins.")
    switch: Plain = Field(description="Change sides.")
    release: Plain = Field(description="End a hold slowly, before its other side.")
    side_now: SideLines = Field(description="Which side comes now.")
    rest: Plain = Field(description="A rest begins.")
    rest_for: WithTime = Field(description="{seconds}: a time in words; a long rest begins.")
    next_is: WithName = Field(description="{name}: what comes after the rest.")
    equipment: WithEquipment = Field(description="{equipment}: what is needed for what comes next.")
    next_set: WithSet = Field(description="{set}, {sets}: which set comes next.")
    last_set: Plain = Field(description="The last set comes next.")
    next_round: WithRound = Field(description="{round}, {rounds}: which round comes next.")
    last_round: Plain = Field(description="The last round comes next.")
    halfway: Pool = Field(description="Half of a hold is over.")
    one_third: Plain = Field(description="A third of a hold is over.")
    two_thirds: Plain = Field(description="Two thirds of a hold are over.")
    one_quarter: Plain = Field(description="A quarter of a hold is over.")
    three_quarters: Plain = Field(description="Three quarters of a hold are over.")
    heads_up: WithTime = Field(description="{seconds}: a time in words; a warning so long before the end of a hold.")
    time_left: WithTime = Field(description="{seconds}: a time in words; so much is left of a hold.")
    half_minute_left: Plain = Field(description="Thirty seconds of a hold or a rest are left.")
    encourage: Pool = Field(description="In the last third of long work.")
    breathe: Pool = Field(description="In a long hold, unless the author speaks of breathing.")
    company: Pool = Field(description="A sign of life in the long silence of a hold or a rest.")
    company_rest: Pool = Field(description="The same in a rest only.")
    last_rep: Plain = Field(description="The last rep begins.")
    today: WithName = Field(description="{name}: the names of what was chosen for today.")
    left_out: WithName = Field(description="{name}: the names of what is left out today, for want of time.")
    session_half: Plain = Field(description="Half of the session is over.")
    last_exercise: Plain = Field(description="The last exercise comes next; its name follows.")
    overrun: Plain = Field(description="The planned time is over, the hold may go on.")
    once_more: Plain = Field(description="A set is repeated.")
    changed: Counted = Field(description="The session's file was changed while it ran; so many steps are left.")
    done: Plain = Field(description="The session is over.")
    ask_pain: Plain = Field(description="The question for pain from 0 to 10.")
    ask: WithName = Field(description="{name}: the question for any other number.")
    ask_reps: Plain = Field(description="How many reps a set had.")
    ask_load: Plain = Field(description="With which load a set was done.")
    ask_rpe: Plain = Field(description="How hard a set was, from 1 to 10.")
    ask_rir: Plain = Field(description="How many more reps there would have been.")
    as_planned: Plain = Field(description="It goes on as planned without an answer.")
    label_rest: Name
    label_switch: Name
    label_done: Name
    label_begin: Name
    label_say: Name
    label_wait: Name
    label_pain: Name = Field(description="What a measure of pain is called.")
    sides: SideNames
    tempo: TempoWords
    second: Counted = Field(description="A time in seconds, inside a sentence.")
    breath: Counted = Field(description="A number of breaths, inside a sentence.")
    minute: Counted = Field(description="A time in minutes, inside a sentence.")
    metre: Counted = Field(description="A distance.")
    kilometre: Counted = Field(description="A distance.")
    mile: Counted = Field(description="A distance.")
    yard: Counted = Field(description="A distance.")
    breath_words: Pool = Field(
        description="Parts of words about breathing, by which the coach sees that the author speaks of it."
    )
    minutes_and_seconds: WithMinutes = Field(description="{minutes}, {seconds}: both, as they stand in the two above.")
    _plural: PluralRule | None = PrivateAttr(default=None)
    _borrowed: frozenset[str] = PrivateAttr(default=frozenset())
    _lender: str = PrivateAttr(default="")

    def with_plurals(self, rule: PluralRule) -> Phrases:
        """The same phrases with the plural forms of their language."""
        made = self.model_copy()
        made._plural = rule  # noqa: SLF001 - its own copy
        return made

    def borrowing(self, keys: Collection[str], lender: str) -> Phrases:
        """The same phrases, those under `keys` taken from the language `lender`, in which they have to be spoken."""
        made = self.model_copy()
        made._borrowed, made._lender = frozenset(keys), lender  # noqa: SLF001 - its own copy
        return made

    def language_of(self, key: str) -> str:
        """The language in which a phrase is spoken if it is borrowed; empty for the language of the session.

        A phrase that is only a placeholder, such as `"{name}."`, is in the language of what is filled in.
        """
        # Asked for every line, and pydantic looks its private attributes up in three calls.
        borrowed = (self.__pydantic_private__ or {}).get("_borrowed")
        if not borrowed:
            return ""
        text = getattr(self, key)
        if isinstance(text, str) and not any(map(str.isalpha, _PLACEHOLDER.sub("", text))):
            key = "second" if "{seconds}" in text else ""
        return self._lender if key in borrowed else ""

    def tempo_language(self, word: str) -> str:
        """The language in which the word of a part is spoken, if it is a borrowed one; empty for the session's."""
        return self.language_of("tempo") if word in {*self.tempo.for_parts(2), *self.tempo.for_parts(4)} else ""

    def plural_text(self, texts: Counted, number: int) -> str:
        """A number of something, in the plural form that the number takes."""
        rule = self._plural or english_plural
        return fill_placeholders(texts.form(rule(number)), {"count": number})

    def distance(self, number: str, unit: str) -> tuple[str, str]:
        """A distance in words, after the key of its phrase.

        Args:
            number: How many of that unit, such as `1.5`.
            unit: `m`, `km`, `mi` or `yd`.
        """
        key = {"km": "kilometre", "mi": "mile", "yd": "yard"}.get(unit, "metre")
        texts: Counted = getattr(self, key)
        if number.isdigit():
            return key, self.plural_text(texts, int(number))
        return key, fill_placeholders(texts.other, {"count": number})

    def side_name(self, side: str | None) -> str | None:
        """The spoken name of a side: `left` and `right` are translated, an author's own names are kept."""
        if side in {"left", "right"}:
            name: str = getattr(self.sides, side)
            return name
        return None if side is None else without_placeholders(side)

    def side_sentence(self, lines: SideLines, side: str | None) -> str:
        """A sentence about a side as `side()` names it."""
        if side == self.sides.left:
            return lines.left
        return lines.right if side == self.sides.right else fill_placeholders(lines.other, {"side": side})

    def duration(self, duration_ms: int) -> str:
        """A time in words: seconds below a minute and a half, then minutes and what is left over."""
        minutes, seconds = divmod(round(duration_ms / 1_000), 60)
        if minutes == 1 and seconds and duration_ms < _SECONDS_BELOW_MS:
            minutes, seconds = 0, 60 + seconds
        if not minutes:
            return self.plural_text(self.second, seconds)
        said = self.plural_text(self.minute, minutes)
        if not seconds:
            return said
        # Not by `fill`, which begins a sentence with a capital: this stands inside one.
        return self.minutes_and_seconds.format(minutes=said, seconds=self.plural_text(self.second, seconds))
