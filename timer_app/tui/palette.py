"""What the palette finds, from commands and settings to sessions and exercises.

Each kind has its own provider, so that those that read files keep no other one waiting. It is imported when the palette
is opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.types import IgnoreReturnCallbackType

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.formatting import whole_minutes

if TYPE_CHECKING:
    from timer_app.tui.palette_app import PaletteApp

_WIDEST_SPREAD = 3  # letters of a word that lie further apart, in its lengths, are there by chance
_SEARCH = FuzzySearch()  # one, which remembers what it has looked for
_SAYS_IT = 0.5  # what a word counts that stands in the explanation and not in the name


class PaletteItem(NamedTuple):
    """Something that can be found.

    Attributes:
        name: What it is called.
        explanation: What choosing it does.
        run: Does it.
        words: What else it is found by.
    """

    name: str
    explanation: str
    run: IgnoreReturnCallbackType
    words: str = ""


def score_item(query: str, item: PaletteItem) -> tuple[float, frozenset[int]]:
    """How well an item fits what was typed, 0 for not at all, and which characters of its name do.

    Each word has to fit: fuzzily in the name, or as it is in the explanation and the words besides.
    """
    score, positions = 0.0, set[int]()
    said = f"{item.explanation} {item.words}".casefold()
    for word in query.split():
        found, offsets = _SEARCH.match(word, item.name)
        if found <= 0 or offsets[-1] - offsets[0] >= _WIDEST_SPREAD * len(word):
            offsets = ()
            if word.casefold() not in said:
                return 0.0, frozenset()
            found = _SAYS_IT
        score += found
        positions.update(offsets)
    return score, frozenset(positions)


class ItemProvider(Provider):
    """Searches what `load` gives, which is called when the palette opens."""

    is_discovered = False
    _items: tuple[PaletteItem, ...] = ()

    @property
    def timer(self) -> PaletteApp:
        """The app."""
        return cast("PaletteApp", self.app)

    async def startup(self) -> None:
        self._items = tuple(await self.load())

    async def load(self) -> Iterable[PaletteItem]:
        """What can be found."""
        return ()

    async def search(self, query: str) -> Hits:
        for item in self._items:
            score, positions = score_item(query, item)
            if score > 0:
                yield Hit(score, self._marked(item.name, positions), item.run, item.name, Content(item.explanation))  # type: ignore[arg-type]

    def _marked(self, name: str, positions: frozenset[int]) -> Content:
        content = Content(name)
        for position in sorted(positions):
            content = content.stylize(self.match_style or "bold", position, position + 1)
        return content

    async def discover(self) -> Hits:
        for item in self._items if self.is_discovered else ():
            yield DiscoveryHit(Content(item.name), item.run, item.name, Content(item.explanation))  # type: ignore[arg-type]


class CommandProvider(ItemProvider):
    """The commands of the screen, which are shown before anything is typed."""

    is_discovered = True

    async def load(self) -> Iterable[PaletteItem]:
        commands = self.timer.get_system_commands(self.screen)
        return [PaletteItem(each.title, each.help, each.callback) for each in commands]


class SettingProvider(ItemProvider):
    """Settings, and the values of those that are chosen by name: voices, languages and themes."""

    async def load(self) -> Iterable[PaletteItem]:
        if self.timer.settings_store is None:
            return [*self._themes()]
        return [*self._settings(), *self._themes(), *self._voices(), *self._languages()]

    def _settings(self) -> Iterator[PaletteItem]:
        from timer_app.settings import SETTINGS
        from timer_app.tui.settings.values import description_of

        for key, setting in SETTINGS.items():
            explanation = _("Setting: {what}").format(what=description_of(setting))
            yield PaletteItem(_(setting.label), explanation, partial(self.timer.open_setting, key), key)

    def _themes(self) -> Iterator[PaletteItem]:
        for name in self.timer.theme_names:
            explanation = _("Colours: switch to this theme and keep it.")
            yield PaletteItem(name, explanation, partial(self.timer.choose_theme, name))

    def _voices(self) -> Iterator[PaletteItem]:
        from timer_app.tts import DEFAULT_VOICE
        from timer_app.tts import names as voice_names
        from timer_app.tts.facts import FACTS

        best = _("Voice: take the best one installed for each language.")
        yield PaletteItem(DEFAULT_VOICE, best, partial(self.timer.change_setting, "voice", DEFAULT_VOICE))
        for name, facts in FACTS.items():
            if name in voice_names.FROM_FILES:
                explanation = _("Voice: needs a file; opens the setting. It speaks {languages}.")
                run = partial(self.timer.open_setting, "voice")
            else:
                explanation = _("Voice: let it speak from now on. It speaks {languages}.")
                run = partial(self.timer.change_setting, "voice", name)
            yield PaletteItem(name, explanation.format(languages=facts.speaks), run)

    def _languages(self) -> Iterator[PaletteItem]:
        from timer_app.settings import SETTINGS

        for code, name in SETTINGS["language"].words.items():
            explanation = _("Language: be guided in it from the next start on ({code}).").format(code=code)
            yield PaletteItem(name, explanation, partial(self.timer.change_setting, "language", code))


class SessionProvider(ItemProvider):
    """Sessions and exercises, where no session runs."""

    async def load(self) -> Iterable[PaletteItem]:
        if not self.timer.can_start_sessions:
            return ()
        return await asyncio.to_thread(lambda: [*self._sessions(), *self._exercises()])

    def _sessions(self) -> Iterator[PaletteItem]:
        for entry in self.timer.listed_sessions:
            minutes = max(1, whole_minutes(entry.length_ms))
            start = ngettext(
                "Session: start it, {count} minute. {purpose}", "Session: start it, {count} minutes. {purpose}", minutes
            )
            explanation = start.format(count=minutes, purpose=entry.summary)
            if entry.faults:
                explanation = _("Session: show what is wrong with its file.")
            run = partial(self.timer.start_entry, entry)
            yield PaletteItem(printable(entry.name), printable(explanation), run, entry.words)

    def _exercises(self) -> Iterator[PaletteItem]:
        library = self.timer.library
        for exercise in library.catalogue_in(library.language or "en").values():
            muscles = ", ".join(exercise.muscles)
            explanation = _("Exercise: show the sessions with it. {muscles}").format(muscles=muscles)
            name = printable(exercise.name)
            yield PaletteItem(name, printable(explanation), partial(self.timer.filter_sessions, exercise.name))


class ProgrammeProvider(ItemProvider):
    """Programmes to follow, and the end of the one that is followed."""

    async def load(self) -> Iterable[PaletteItem]:
        return await asyncio.to_thread(lambda: [*self._programmes()])

    def _programmes(self) -> Iterator[PaletteItem]:
        from timer_app.core.diagnostics import FileFault

        store = self.timer.programme_store
        if store is None or not self.timer.can_start_sessions:
            return
        followed = store.current()
        for name in store.programmes.files():
            try:
                programme = store.programmes.load(name)
            except FileFault:
                continue  # `timer-app check` tells what is wrong with it
            weeks = ngettext(
                "Programme: follow it from today on, {count} week. {purpose}",
                "Programme: follow it from today on, {count} weeks. {purpose}",
                programme.length,
            )
            explanation = printable(weeks.format(count=programme.length, purpose=programme.summary or ""))
            yield PaletteItem(printable(programme.name), explanation, partial(self.timer.follow_programme, name))
        if followed:
            explanation = _("Programme: stop following {name}.").format(name=followed.programme.name)
            yield PaletteItem(_("Stop the programme"), printable(explanation), self.timer.stop_programme)


class CommandLineProvider(ItemProvider):
    """What can be done from a command line: choosing it shows how."""

    async def load(self) -> Iterable[PaletteItem]:
        command_line = self.timer.command_line
        if command_line is None:
            return ()
        explanation = _("Command line: show how to use it. {what}")
        return [
            PaletteItem(f"timer-app {name}", explanation.format(what=what), partial(self.timer.show_command, name))
            for name, what in command_line.summaries.items()
        ]
