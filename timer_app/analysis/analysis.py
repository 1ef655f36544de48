"""Analyses a text: its problems, the timeline that it becomes, and which line is which step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from timer_app.analysis.outline import MAX_NAME, StepLines, step_lines
from timer_app.analysis.recognise import kind_of_document
from timer_app.analysis.syntax import Document, Value, read_document
from timer_app.core.compiler import flat_steps
from timer_app.core.diagnostics import FileFault, KeyPath, LocatedProblem, parse_toml, printable
from timer_app.core.i18n import _
from timer_app.system import paths
from timer_app.system.files import MAX_BYTES

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.core.timeline import Timeline
    from timer_app.library import FileKind, Library, RefinePlan

_UNNAMED: Final = "untitled.toml"


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A step, a block or an exercise of a file.

    Attributes:
        name: What it is called.
        kind: The key that says what it is, such as `hold`, `steps` or `rest`; `exercise` for one of the catalogue or of
            an exercise file, and empty where it is not written yet.
        line: The line on which it begins, from 0.
        end_line: Its last line.
        start_ms: When it begins for the first time; `None` where that is not known.
        duration_ms: How long that takes, of a block with all its rounds; `None` where that is not known.
        children: The steps of a block.
        path: Where it stands in the data of the file.
        step: The index of its first step among those of the timeline; `None` where that is not known.
    """

    name: str
    kind: str
    line: int
    end_line: int
    start_ms: int | None = None
    duration_ms: int | None = None
    children: tuple[OutlineEntry, ...] = ()
    path: KeyPath = ()
    step: int | None = None


@dataclass(frozen=True)
class Analysis:
    """What is known of a text.

    Attributes:
        text: The text, lines ended by a line feed alone, without a byte order mark.
        read_as: As what sort of file it was read; `None` where it is no TOML.
        problems: Its faults, as `timer-app check` lists them: their lines and columns count from 1. Warnings only where
            there are no errors.
        session: The session, with those that it names in their places; `None` for another file, or one with errors.
        timeline: What becomes of the session; `None` where there is none.
        library: What the text may refer to.
        path: Where it lies; where it would lie, if it is not saved yet.
        file: How its problems name it; those of another file, such as the original of a translation, name that one.
    """

    text: str
    read_as: FileKind | None
    problems: tuple[LocatedProblem, ...]
    session: Session | None
    timeline: Timeline | None
    library: Library = field(repr=False, compare=False)
    path: Path
    file: str = _UNNAMED

    @cached_property
    def document(self) -> Document:
        """Its structure, as far as it has one."""
        return read_document(self.text)

    @cached_property
    def kind(self) -> FileKind:
        """What sort of file it is."""
        return self.read_as or kind_of_document(self.document)

    @property
    def own_problems(self) -> tuple[LocatedProblem, ...]:
        """The faults that are at a line of this text."""
        return tuple(problem for problem in self.problems if problem.line and problem.file == self.file)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text without their ends."""
        return self.text.split("\n")

    @cached_property
    def outline(self) -> tuple[OutlineEntry, ...]:
        """Its steps or exercises, blocks with theirs inside."""
        if self.kind == "exercises":
            return tuple(self._exercise_entries())
        found = step_lines(self.document, self.library.catalogue if self.kind == "session" else {})
        return tuple(self._entry(lines) for lines in found)

    def entries(self) -> Iterator[OutlineEntry]:
        """All of the outline in the order of the text, a block before its steps."""
        waiting = [*reversed(self.outline)]
        while waiting:
            entry = waiting.pop()
            yield entry
            waiting += reversed(entry.children)

    def step_at(self, line: int) -> OutlineEntry | None:
        """The step, block or exercise of a line, the innermost one; `None` where it belongs to none."""
        found = max(self._entries_at(line), key=lambda entry: len(entry.path), default=None)
        if found is not None:
            return found
        # What is behind the last key of a table, such as a blank line, belongs to it as well.
        section = self.document.section_at(self.document.offset(line, 0))
        around = [entry for entry in self.entries() if entry.path == section.path[: len(entry.path)]]
        return max(around, key=lambda entry: len(entry.path), default=None)

    def phases_at(self, line: int) -> tuple[int, ...]:
        """The phases of the timeline that the step or the block of a line becomes, with the rests of that block."""
        entry = self.step_at(line)
        return tuple(self._phases_of(entry.path)) if entry is not None and self.timeline is not None else ()

    def phases_of(self, path: KeyPath) -> tuple[int, ...]:
        """The phases of the step or the block that stands somewhere in the data."""
        return tuple(self._phases_of(path)) if self.timeline is not None else ()

    def exercise_at(self, line: int) -> str | None:
        """The id of the exercise that the step of a line does, or that an exercise file describes there."""
        entry = self.step_at(line)
        if entry is None:
            return None
        if self.kind == "exercises":
            return str(entry.path[-1])
        table = self.document.at(entry.path)
        used = table.get("exercise") if table is not None else None
        return used.text if used is not None and used.text in self.library.catalogue else None

    @cached_property
    def _paths(self) -> tuple[KeyPath, ...]:
        """Where each step of the timeline stands in the data."""
        return tuple(flat.path for flat in flat_steps(self.session.steps)) if self.session is not None else ()

    @cached_property
    def _steps_of_phases(self) -> tuple[KeyPath, ...]:
        """Of each phase, where its step stands; of what a block has of its own, where the block does."""
        phases = self.timeline.phases if self.timeline is not None else ()
        return tuple(
            self._paths[phase.step] if phase.step is not None else self._block_around(index)
            for index, phase in enumerate(phases)
        )

    def _block_around(self, index: int) -> KeyPath:
        """The innermost block in which the steps before and after a phase are; empty for none."""
        phases = self.timeline.phases if self.timeline is not None else ()
        before = next((phases[i].step for i in range(index - 1, -1, -1) if phases[i].step is not None), None)
        after = next((phases[i].step for i in range(index + 1, len(phases)) if phases[i].step is not None), None)
        if before is None or after is None:
            return ()
        common: KeyPath = ()
        for one, other in zip(self._paths[before], self._paths[after], strict=False):
            if one != other:
                break
            common = (*common, one)
        # A block is done again, or its steps follow each other: its path ends with an index.
        inner = self._paths[before][:-2] if before == after else common[:-1] if common[-1:] == ("steps",) else common
        return inner if inner and isinstance(inner[-1], int) else inner[:-1]

    def _phases_of(self, path: KeyPath) -> Sequence[int]:
        return self._phases_by_path.get(path, ())

    @cached_property
    def _phases_by_path(self) -> Mapping[KeyPath, Sequence[int]]:
        """The phases of each step and each block, by where it stands."""
        return _by_beginning(self._steps_of_phases)

    @cached_property
    def _steps_by_path(self) -> Mapping[KeyPath, Sequence[int]]:
        """The steps of the timeline that each step and each block becomes."""
        return _by_beginning(self._paths)

    def _entry(self, found: StepLines) -> OutlineEntry:
        children = tuple(self._entry(one) for one in found.children)
        step = next(iter(self._steps_by_path.get(found.path, ())), None)
        name = found.name
        start_ms = duration_ms = None
        if self.timeline is not None:
            if step is not None and self._paths[step] == found.path:
                name = self.timeline.steps[step].name or name
            start_ms, duration_ms = self._time_of(found.path)
        place = found.line, found.end_line
        return OutlineEntry(name, found.kind, *place, start_ms, duration_ms, children, found.path, step)

    def _time_of(self, path: KeyPath) -> tuple[int | None, int | None]:
        """When what stands there begins for the first time, and how long it takes then."""
        timeline, phases = self.timeline, self._phases_of(path)
        if timeline is None or not phases:
            return None, None
        first, is_block = phases[0], self._paths[self._steps_by_path[path][0]] != path
        duration_ms, last_round = 0, timeline.phases[first].round
        for number, index in enumerate(phases):
            phase = timeline.phases[index]
            is_later = index != first + number or (not is_block and phase.round != last_round)
            if is_later:
                break
            duration_ms += phase.timed_ms
        return timeline.starts_ms[first], duration_ms

    def _entries_at(self, line: int) -> list[OutlineEntry]:
        # Of several on one line the first counts.
        found = [entry for entry in self.entries() if entry.line <= line <= entry.end_line]
        return sorted(found, key=lambda entry: (entry.end_line - entry.line, entry.path))

    def _exercise_entries(self) -> Iterator[OutlineEntry]:
        table = self.document.root.get("exercises")
        for entry in table.entries if table is not None and table.kind == "table" else ():
            name = printable(_text_at(entry.value, "name") or entry.name, MAX_NAME)
            lines = self.document.line(entry.value.start), self.document.last_line_within(entry.value)
            yield OutlineEntry(name, "exercise", *lines, path=("exercises", entry.name))


def _by_beginning(paths: Iterable[KeyPath]) -> Mapping[KeyPath, Sequence[int]]:
    """The indices of some paths by each path with which they begin."""
    found: dict[KeyPath, list[int]] = {}
    for index, path in enumerate(paths):
        for size in range(2, len(path) + 1, 2):
            found.setdefault(path[:size], []).append(index)
    return found


def _text_at(value: Value, key: str) -> str:
    found = value.get(key) if value.kind == "table" else None
    return found.text if found is not None else ""


def analyse(text: str, *, path: Path | None, library: Library, estimate: RefinePlan | None = None) -> Analysis:
    """Analyse the text of a session, exercises, a programme, phrases or a translation; never fails.

    Args:
        text: The text as it stands in the editor; it may be broken.
        path: Where it lies; `None` where it has not been saved.
        library: What it may refer to. It remembers the exercises that it has read.
        estimate: Gives a session its plan with other lengths of lines; by default they are estimated at once.
    """
    where = path if path is not None else paths.own_sessions_dir() / _UNNAMED
    shown = str(path) if path is not None else _UNNAMED
    text = text.removeprefix("\N{BYTE ORDER MARK}").replace("\r\n", "\n")
    if len(text) > MAX_BYTES:
        message = _("is larger than {largest} KB").format(largest=f"{MAX_BYTES // 1000:,}")
        fault = LocatedProblem(shown, message, 1, 1, 2, allowed=_("a session needs a few KB"))
        return Analysis("", None, (fault,), None, None, library, where, shown)
    try:
        source = parse_toml(text, shown)
    except FileFault as fault:
        return Analysis(text, None, fault.problems, None, None, library, where, shown)
    found = library.read(source, where, estimate)
    timeline = found.compiled.timeline if found.compiled is not None else None
    return Analysis(text, found.kind, tuple(found.problems), found.session, timeline, library, where, shown)
