"""What is heard in a hold: counts, the time left, how much of it is over, and what comes after its end."""

from __future__ import annotations

from collections.abc import Iterator

from timer_app.core.draft import Draft, Line, Mark, Rank
from timer_app.core.fields.template import fill
from timer_app.core.resolve import Work
from timer_app.core.session.phrases import Phrases

SECOND_MS = 1_000
SHARE_FROM_MS = 10_000  # a hold is divided only into shares at least as long
COUNT_EACH_UNTIL_S = 60  # a hold that is counted upward is counted in tens after a minute
OVERRUN_TENS = 30  # an overrun is counted for five minutes
_NEAR_MS = 3_000
_SHARE_SLACK_MS = 1_500
_TIME_SLACK_MS = 500  # said later, a time left would no longer be true

# Above and below the line of each fraction, and the phrase that names it.
_SHARES: dict[str, tuple[tuple[int, int, str], ...]] = {
    "none": (),
    "halves": ((1, 2, "halfway"),),
    "thirds": ((1, 3, "one_third"), (2, 3, "two_thirds")),
    "quarters": ((1, 4, "one_quarter"), (1, 2, "halfway"), (3, 4, "three_quarters")),
}


def coach_hold(draft: Draft, work: Work, phrases: Phrases, *, explains: bool) -> None:
    """Put into a hold what is heard in it.

    Args:
        draft: The hold.
        work: What is held.
        phrases: The words.
        explains: Its shares have words, not only tones.
    """
    draft.marks.append(Mark("start"))
    draft.count_down(work.countdown)
    told = list(_times_left(work, phrases))
    if work.count_up:
        # The count takes the place of the numbers counted down; the ticks stay.
        draft.lines[:] = _counted_up(work.count)
    else:
        times_ms = [work.count - (line.at_ms or 0) for line in told]
        _divide(draft, work, phrases, times_ms if explains else None)
    draft.lines += told


def _times_left(work: Work, phrases: Phrases) -> Iterator[Line]:
    """The warning before the end, and the time left every so often, each where there is so much left."""
    warned_ms, every_ms = work.heads_up_ms, work.tell_every_ms
    if 0 < warned_ms < work.count:
        yield _time_left(phrases.heads_up, Rank.HEADS_UP, warned_ms, phrases)
    for left_ms in range(every_ms, work.count, every_ms) if every_ms else ():
        # The warning says it already, and the countdown will.
        if left_ms != warned_ms and left_ms > work.countdown * SECOND_MS:
            yield _time_left(phrases.time_left, Rank.TIME_LEFT, left_ms, phrases)


def _time_left(text: str, rank: Rank, left_ms: int, phrases: Phrases) -> Line:
    said = fill(text, {"seconds": phrases.duration(left_ms)})
    return Line(said, rank, left_ms, from_end=True, slack_ms=_TIME_SLACK_MS)


def _divide(draft: Draft, work: Work, phrases: Phrases, told_ms: list[int] | None) -> None:
    """Mark shares of a hold with a tone, and with a word unless a time is told there; `None` for tones alone."""
    shares = _SHARES[work.marks]
    if work.count < SHARE_FROM_MS * (len(shares) + 1):
        return
    for above, below, name in shares:
        at_ms = work.count * above // below
        if _speaks_near(work, at_ms):
            continue
        draft.marks.append(Mark("halfway", at_ms))
        if told_ms is not None and not any(abs(other_ms - at_ms) < _NEAR_MS for other_ms in told_ms):
            draft.lines.append(Line(getattr(phrases, name), Rank.SHARE, at_ms, slack_ms=_SHARE_SLACK_MS))


def _speaks_near(work: Work, at_ms: int) -> bool:
    """Whether the author says something about then."""
    said = (spot.at_ms for spot in work.spots if spot.cue.say and spot.at_ms is not None)
    return any(abs(said_ms - at_ms) < _NEAR_MS for said_ms in said)


def _counted_up(length_ms: int) -> Iterator[Line]:
    for second in range(1, (length_ms - 1) // SECOND_MS + 1):
        if second <= COUNT_EACH_UNTIL_S or second % 10 == 0:
            yield Line(str(second), Rank.SECONDS, second * SECOND_MS, on_beat=True)


def coach_overrun(draft: Draft, phrases: Phrases) -> None:
    """Put into the time past the end of a hold that it is over, and every ten seconds how long ago."""
    draft.marks.append(Mark("end"))
    draft.lines.append(Line(phrases.overrun, Rank.SETS, 0))
    for tens in range(1, OVERRUN_TENS + 1):
        draft.lines.append(Line(str(10 * tens), Rank.SECONDS, tens * 10 * SECOND_MS, on_beat=True))
