"""Filters and sorts the list of sessions, and asks for the equipment at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.formatting import whole_minutes
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList

if TYPE_CHECKING:
    from timer_app.library import library as sessions


_YEARS_FROM, _MONTHS_FROM, _WEEKS_FROM = 730, 60, 14  # days
_LENGTHS_MIN = (5, 10, 20, 30)  # what a key goes round


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What the user wants to see.

    Attributes:
        words: Each has to be somewhere in what is known of a session.
        missing: Equipment that is not at hand.
        most_min: The longest a session may take, in minutes; `None` for any.
    """

    words: str = ""
    missing: frozenset[str] = frozenset()
    most_min: int | None = None

    def limits_text(self) -> str:
        """All but the words, in a few words."""
        longest = _("at most {minutes} min").format(minutes=self.most_min) if self.most_min else ""
        without = _("without {things}").format(things=", ".join(sorted(self.missing))) if self.missing else ""
        return " · ".join(part for part in (longest, without) if part)


@dataclass(frozen=True, slots=True)
class SessionActivity:
    """What the user does with sessions, by their ids.

    Attributes:
        stars: Those with a star.
        done: When each was last done.
        due: Those that a programme wants today, with what to say of each.
    """

    stars: AbstractSet[str] = frozenset()
    done: Mapping[str, datetime] | None = None
    due: Mapping[str, str] | None = None

    def last_done(self, session_id: str) -> datetime | None:
        """When that one was last done."""
        return (self.done or {}).get(session_id)


def filter_and_rank(
    entries: Iterable[sessions.SessionEntry], criteria: SessionFilter, activity: SessionActivity
) -> list[sessions.SessionEntry]:
    """The entries that fit: first those due today, those with a star, recent ones; then the others in their order.

    A session whose name has the words goes before those that only say them elsewhere.
    """
    words = criteria.words.casefold().split()

    def rank(entry: sessions.SessionEntry) -> tuple[bool, bool, bool, float]:
        only_mentions = not all(word in entry.name.casefold() for word in words)
        done = activity.last_done(entry.id)
        is_due = entry.id in (activity.due or {})
        return only_mentions, not is_due, entry.id not in activity.stars, -done.timestamp() if done else 0.0

    return sorted((entry for entry in entries if matches_filter(entry, criteria)), key=rank)


def matches_filter(entry: sessions.SessionEntry, criteria: SessionFilter) -> bool:
    """Whether a session fits. One with faults has no length and no equipment that could be known."""
    searchable = " ".join((entry.name, entry.id, entry.summary, *entry.equipment, entry.words)).casefold()
    if not all(word in searchable for word in criteria.words.casefold().split()):
        return False
    if criteria.missing.intersection(entry.equipment):
        return False
    return criteria.most_min is None or whole_minutes(entry.length_ms) <= criteria.most_min


def equipment_of(entries: Iterable[sessions.SessionEntry]) -> list[str]:
    """All that any session needs, by the alphabet."""
    return sorted({item for entry in entries for item in entry.equipment}, key=str.casefold)


def next_length_limit(most_min: int | None) -> int | None:
    """The limit that a key goes on to; after the last one there is none."""
    return next((length for length in _LENGTHS_MIN if most_min is None or length > most_min), None)


def relative_date(then: datetime, now: datetime) -> str:
    """When something was, in words that suit how long ago it is."""
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    if days <= 0:
        return _("today at {time}").format(time=f"{then.astimezone(now.tzinfo):%H:%M}")
    if days == 1:
        return _("yesterday")
    if days >= _YEARS_FROM:
        return ngettext("{count} year ago", "{count} years ago", days // 365).format(count=days // 365)
    if days >= _MONTHS_FROM:
        return ngettext("{count} month ago", "{count} months ago", days // 30).format(count=days // 30)
    if days >= _WEEKS_FROM:
        return ngettext("{count} week ago", "{count} weeks ago", days // 7).format(count=days // 7)
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days)


class EquipmentScreen(Dialogue[frozenset[str]]):
    """Returns what is not at hand.

    Args:
        items: All that sessions need.
        missing: What is not at hand so far.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, items: Sequence[str], missing: AbstractSet[str]) -> None:
        super().__init__()
        self._items = list(items)
        self._missing = set(missing)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            title = _("What do you have at hand?  Enter changes a line, Esc shows the list.")
            yield Static(title, classes="dialogue-title", markup=False)
            yield MarkedList([(item, self._line(item)) for item in self._items])

    def _line(self, item: str) -> str:
        return f"{_('no') if item in self._missing else '✓':<3} {item}"

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Have it, or have it not."""
        item = self._items[event.option_index]
        self._missing ^= {item}
        self.query_one(MarkedList).set_line(event.option_index, self._line(item))

    def action_dismiss_it(self) -> None:
        """Go back to the list."""
        self.dismiss(frozenset(self._missing))
