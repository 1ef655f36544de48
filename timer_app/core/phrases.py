"""What the coach says by itself: the words of one language, read from `phrases/LANGUAGE.toml`."""

from __future__ import annotations

from pydantic import Field

from timer_app.core.fields import Name, Strict, Text
from timer_app.core.texts import fill, plain

_SECONDS_BELOW_MS = 90_000  # up to here a number of seconds is quicker to grasp than minutes and seconds


class SideNames(Strict):
    """How the sides are called, inside a sentence."""

    left: Name
    right: Name


class TempoWords(Strict):
    """Words for the parts of a tempo written as numbers."""

    lift: Name
    hold: Name
    lower: Name
    pause: Name

    def for_parts(self, count: int) -> tuple[str, ...]:
        """The words for a tempo of two to four parts."""
        if count == 2:  # noqa: PLR2004 - a tempo of two parts has no hold
            return self.lift, self.lower
        return (self.lift, self.hold, self.lower, self.pause)[:count]


class TimeWords(Strict):
    """Times in words; `{seconds}` stands for the number."""

    one_second: Text
    seconds: Text
    one_minute: Text
    minutes: Text


class Phrases(Strict):
    """The coach's own lines; each may use the placeholders that are named beside it."""

    language: Name
    opening: Text = Field(description="{name}: said before the cautions.")
    introduce: Text = Field(description="{name}: an exercise is introduced.")
    hold_for: Text = Field(description="{seconds}: a time in words; how long a hold lasts.")
    reps_of: Text = Field(description="{reps}: how many reps.")
    reps_free: Text = Field(description="{reps}: self-paced reps.")
    rounds_of: Text = Field(description="{rounds}: how often a flow goes round.")
    side_first: Text = Field(description="{side}: which side begins.")
    switch: Text = Field(description="Change sides.")
    side_now: Text = Field(description="{side}: which side comes now.")
    rest: Text = Field(description="A rest begins.")
    rest_for: Text = Field(description="{seconds}: a time in words; a long rest begins.")
    next_is: Text = Field(description="{name}: what comes after the rest.")
    next_set: Text = Field(description="{set}, {sets}: which set comes next.")
    last_set: Text = Field(description="The last set comes next.")
    next_round: Text = Field(description="{round}, {rounds}: which round comes next.")
    last_round: Text = Field(description="The last round comes next.")
    halfway: Text = Field(description="Half of a hold is over.")
    overrun: Text = Field(description="The planned time is over, the hold may go on.")
    once_more: Text = Field(description="A set is repeated.")
    done: Text = Field(description="The session is over.")
    ask_pain: Text = Field(description="The question for pain from 0 to 10.")
    ask: Text = Field(description="{name}: the question for any other number.")
    label_rest: Name
    label_switch: Name
    label_done: Name
    label_begin: Name
    label_say: Name
    label_wait: Name
    sides: SideNames
    tempo: TempoWords
    time: TimeWords

    def side(self, side: str | None) -> str | None:
        """The spoken name of a side: `left` and `right` are translated, an author's own names are kept."""
        if side in {"left", "right"}:
            name: str = getattr(self.sides, side)
            return name
        return None if side is None else plain(side)

    def duration(self, duration_ms: int) -> str:
        """A time in words: seconds below a minute and a half, then minutes and what is left over."""
        minutes, seconds = divmod(round(duration_ms / 1_000), 60)
        if minutes == 1 and seconds and duration_ms < _SECONDS_BELOW_MS:
            minutes, seconds = 0, 60 + seconds
        parts = [
            (minutes, self.time.one_minute, self.time.minutes),
            (seconds, self.time.one_second, self.time.seconds),
        ]
        said = [fill(one if number == 1 else more, {"seconds": number}) for number, one, more in parts if number]
        return " ".join(said or [fill(self.time.seconds, {"seconds": 0})])
