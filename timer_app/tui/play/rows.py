"""How many rows each part of the play screen gets: word and time first, the rest from what is left, by importance.

Everything here is a pure function of the size and of what there is to show, so that every size can be tried in a test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from textual.geometry import Size

from timer_app.tui.play import wording
from timer_app.tui.play.pacer import is_paced
from timer_app.tui.play.view import RunView
from timer_app.tui.screen import NARROW_FROM, NORMAL_FROM, SHORT_FROM, STANDARD_FROM, TALL_FROM, WIDE_FROM

FigurePlace = Literal["none", "below", "beside", "aside"]

LEGIBLE_FROM = 30  # rows of the screen from which on the time is never less than four rows high
_PICTURE_ROWS = 9  # the least in which a figure can be made out, and a row of air above
_FACE_SHARE = 0.3
_HINT_FROM = 3  # rows of the screen
_LEAST_TIME, _LEAST_WORD = 4, 4  # of the word, one row is the air below it


@dataclass(frozen=True, slots=True)
class Needs:
    """What there is to show at one moment of a run, besides a word.

    Attributes:
        counts: A time or a number of reps.
        paced: The pacer.
        figure: A figure that the user wants to see.
        asks: A field for an answer.
        stands: In large letters, how to go on.
        hints: In a line, which key to press.
        scales: The numbers to answer with.
    """

    counts: bool = True
    paced: bool = False
    figure: bool = False
    asks: bool = False
    stands: bool = False
    hints: bool = False
    scales: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of the screen are divided.

    Attributes:
        parts: The rows of each part, by its id in the style sheet; what is not there is hidden.
        above: The rows of air above a part.
        figure: Where the figure stands: below or beside the time, or in the column of the steps.
        has_side: There is a column beside it all.
    """

    parts: Mapping[str, int]
    above: Mapping[str, int]
    figure: FigurePlace = "none"
    has_side: bool = False


class _Wish(NamedTuple):
    """Rows for a part, and air above it; a part may wish more than once."""

    part: str
    rows: int
    above: int = 0


def needs_of(view: RunView, *, figure: bool) -> Needs:
    """What a view has to show.

    Args:
        view: The run.
        figure: There is a figure, and the user wants it.
    """
    snapshot = view.snapshot
    return Needs(
        counts=bool(wording.big_time(snapshot)),
        paced=is_paced(snapshot.phase),
        figure=figure,
        asks=snapshot.question is not None,
        stands=bool(wording.big_hint(view, {})),
        hints=bool(wording.hint(view, {})),
        scales=wording.scale_of(snapshot.question) is not None,
    )


@lru_cache(maxsize=64)
def divide_rows(size: Size, needs: Needs) -> Rows:
    """Divide the rows of a screen of `size`."""
    if size.height < SHORT_FROM:
        return _tiny_rows(size, needs)
    room = size.height - 1 - _least_face(size, needs)  # one for the keys
    parts, above = Counter[str](), Counter[str]()
    for wish in _short_wishes(size, needs) if size.height < NORMAL_FROM else _wishes(size, needs):
        if wish.rows + wish.above <= room:
            room -= wish.rows + wish.above
            parts[wish.part] += wish.rows
            above[wish.part] += wish.above
    figure = _figure_place(size, needs, parts)
    face = _face_rows(size, needs, size.height - 1 - parts.total() - above.total())
    if "go-on" in face and face.get("time", 0) > _LEAST_TIME:  # large letters do not touch the time above them
        face["time"], above["go-on"] = face["time"] - 1, 1
    has_side = size.width >= WIDE_FROM and size.height >= NORMAL_FROM
    return Rows({**parts, **face}, {part: rows for part, rows in above.items() if rows}, figure, has_side)


def _tiny_rows(size: Size, needs: Needs) -> Rows:
    """Where there is room for nothing else, only what is read from afar."""
    below = {"answer": 1} if needs.asks else {"go-on": 1} if needs.stands and size.height >= _HINT_FROM else {}
    room = size.height - sum(below.values())
    if not needs.counts:
        return Rows({"word": max(1, room), **below}, {})
    word = 1 if room > 1 else 0
    return Rows({"word": word, "time": max(1, room - word), **below}, {})


def _least_face(size: Size, needs: Needs) -> int:
    """The rows that word and time have before anything else, and how to go on with them."""
    if size.height < NORMAL_FROM:
        return 1 + 3 * needs.counts + needs.stands
    least = (_LEAST_WORD if size.height >= LEGIBLE_FROM else 2) + _LEAST_TIME * needs.counts + 3 * needs.stands
    return max(least, round(size.height * _FACE_SHARE) if needs.counts or needs.stands else 0)


def _short_wishes(size: Size, needs: Needs) -> Iterator[_Wish]:
    """With little height: what is read from afar, and no line that can be missed."""
    wishes = (
        (True, _Wish("name", 1)),
        (needs.asks, _Wish("answer", 1)),
        (needs.asks, _Wish("question", 1)),
        (needs.scales, _Wish("scale", 2)),
        (needs.counts, _Wish("phase-bar", 1)),
        (needs.hints, _Wish("hint", _hint_rows(size))),
        (needs.paced, _Wish("pacer", 2, 1)),
        (not needs.counts, _Wish("text", 2)),
    )
    return (wish for applies, wish in wishes if applies)


def _wishes(size: Size, needs: Needs) -> Iterator[_Wish]:
    """All parts, the most important first; those that come again grow."""
    is_upright = size.width < STANDARD_FROM  # what stands beside in a wide terminal is below here
    is_slim, is_tall = size.width < NARROW_FROM, size.height >= TALL_FROM
    has_picture = needs.figure and is_upright and not is_slim
    apart = int(not needs.counts)  # where nothing is counted, the words have the room
    wishes = (
        (True, _Wish("name", 1)),
        (needs.asks, _Wish("answer", 1, 1)),
        (needs.asks, _Wish("question", 2)),
        (needs.scales, _Wish("scale", 7 if is_upright else 4, 1)),
        (needs.counts, _Wish("phase-bar", 1)),
        (needs.hints, _Wish("hint", _hint_rows(size), apart)),
        (not needs.asks, _Wish("text", 2, apart)),
        (needs.asks and is_upright, _Wish("question", 1)),
        (True, _Wish("next", 1)),
        (needs.paced, _Wish("pacer", 3, 1)),
        (True, _Wish("foot", 1)),
        (has_picture, _Wish("figure", _PICTURE_ROWS, 1)),
        (not is_slim, _Wish("place", 1)),
        (True, _Wish("session-bar", 1)),
        (True, _Wish("text", 1)),
        (True, _Wish("next", 1)),
        (is_upright and not is_slim, _Wish("place", 1)),
        (is_tall and is_upright and not is_slim, _Wish("foot", 1)),
        (is_tall, _Wish("head", 1)),
        (is_tall, _Wish("middle", 0, 1)),
        (is_tall and is_upright, _Wish("side", 5)),
        (is_tall, _Wish("text", 1, 1 - apart)),
        (is_tall and needs.counts, _Wish("phase-bar", 0, 1)),
        (is_tall and needs.paced, _Wish("pacer", 3)),
        (is_upright, _Wish("text", 1)),
        (is_upright, _Wish("text", 1)),
        (is_upright, _Wish("text", 1)),
        (has_picture, _Wish("figure", 3)),
    )
    return (wish for applies, wish in wishes if applies)


def _hint_rows(size: Size) -> int:
    return 2 if size.width < STANDARD_FROM else 1


def _figure_place(size: Size, needs: Needs, parts: Mapping[str, int]) -> FigurePlace:
    if not needs.figure or size.height < NORMAL_FROM:
        return "none"
    if size.width < STANDARD_FROM:
        return "below" if parts.get("figure") else "none"
    if size.width >= WIDE_FROM:
        return "aside"
    # While it stands still, how to go on is what has to be seen.
    return "none" if needs.stands else "beside"


def _face_rows(size: Size, needs: Needs, rows: int) -> dict[str, int]:
    """How word, time and the way to go on share what is theirs."""
    go_on = max(1, min(7, rows // 4 if needs.counts else rows // 2)) if needs.stands else 0
    rows -= go_on
    below = {"go-on": go_on} if go_on else {}
    if not needs.counts:
        return {"word": max(1, min(9, rows)), **below}
    if rows >= _LEAST_WORD + _LEAST_TIME:
        most = 9 if size.height >= TALL_FROM else 5
        word = max(_LEAST_WORD, min(most, rows // 3))
    else:
        word = max(1, min(2, rows - _LEAST_TIME))
    return {"word": word, "time": max(1, rows - word), **below}
