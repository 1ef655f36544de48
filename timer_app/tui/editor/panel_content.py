"""What the panel beside the text says of the line with the cursor: faults, steps with their times, what is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _, ngettext
from timer_app.core.timeline.utterance import Utterance
from timer_app.core.wording.formatting import clock_text, length_text
from timer_app.tui.widgets.text_layout import fit_to_width, words_in_lines

if TYPE_CHECKING:
    from timer_app.analysis import Analysis, OutlineEntry
    from timer_app.core.diagnostics import KeyPath, LocatedProblem
    from timer_app.core.timeline import Timeline

_MOST_LINES = 30  # of a script; a set of reps that are counted has as many
_INDENT = "  "
_TIME_CELLS = 7


class SpokenLine(NamedTuple):
    """A line of the script.

    Attributes:
        at_ms: When it is said, from the start of the session.
        utterance: What is said.
    """

    at_ms: int
    utterance: Utterance


class Step(NamedTuple):
    """A step as the panel lists it.

    Attributes:
        line: The line on which it begins, from 0.
        text: Its time and its name.
    """

    line: int
    text: str


def phases_at(analysis: Analysis, valid: Analysis | None, line: int) -> tuple[int, ...]:
    """The phases of the step on a line, in the last timeline that there was.

    Args:
        analysis: What is known of the text as it is.
        valid: What was known when it last had a timeline; `None` if it never had.
        line: The line, from 0.
    """
    if analysis.timeline is not None or valid is None:
        return analysis.phases_at(line)
    entry = analysis.step_at(line)
    before = next((one for one in _entries(valid.outline) if entry and one.path == entry.path), None)
    return valid.phases_at(before.line) if before else ()


def _entries(outline: Sequence[OutlineEntry]) -> Iterator[OutlineEntry]:
    for entry in outline:
        yield entry
        yield from _entries(entry.children)


def spoken_lines(timeline: Timeline, phases: Sequence[int]) -> list[SpokenLine]:
    """What is said in some phases, each line once."""
    found: dict[str, SpokenLine] = {}
    for index in phases:
        for cue in timeline.phases[index].cues:
            if isinstance(cue.content, Utterance):
                at_ms = timeline.starts_ms[index] + cue.offset_ms
                found.setdefault(cue.content.text, SpokenLine(at_ms, cue.content))
    return list(found.values())


def _without_counts(timeline: Timeline, phases: Sequence[int]) -> list[SpokenLine]:
    return [line for line in spoken_lines(timeline, phases) if not line.utterance.text.isdecimal()]


def lines_to_hear(timeline: Timeline, phases: Sequence[int], source_line: str) -> list[Utterance]:
    """What somebody wants to hear who stands on a line of the text: what it says, or else all that its step says.

    Args:
        timeline: The timeline.
        phases: The phases of the step.
        source_line: The line of the text.
    """
    spoken = [line.utterance for line in _without_counts(timeline, phases)]
    written = "".join(source_line.split())
    return [line for line in spoken if "".join(line.text.split()) in written] or spoken


def script_text(timeline: Timeline, phases: Sequence[int], width: int) -> str:
    """The script of some phases: what is said with its time; numbers that are only counted are left out."""
    spoken = _without_counts(timeline, phases)
    lines: list[str] = []
    for line in spoken[:_MOST_LINES]:
        first, *more = words_in_lines(f"“{line.utterance.text}”", max(1, width - _TIME_CELLS), _MOST_LINES)
        lines += [f"{clock_text(line.at_ms):>5}  {first}", *(f"{'':{_TIME_CELLS}}{rest}" for rest in more)]
    if len(spoken) > _MOST_LINES:
        lines.append(_("and {count} more").format(count=len(spoken) - _MOST_LINES))
    return "\n".join(lines)


def times_of(outline: Sequence[OutlineEntry]) -> dict[KeyPath, int]:
    """When each step begins for the first time, by where it stands in the file."""
    return {entry.path: entry.start_ms for entry in _entries(outline) if entry.start_ms is not None}


def step_rows(
    outline: Sequence[OutlineEntry], times: Mapping[KeyPath, int], width: int, depth: int = 0
) -> Iterator[Step]:
    """Each step with the time at which it begins, those of a block further in.

    Args:
        outline: The steps.
        times: When they begin, as far as that is known.
        width: The cells a line may take.
        depth: In how many blocks these steps are.
    """
    for entry in outline:
        time = clock_text(times[entry.path]) if entry.path in times else ""
        room = max(1, width - _TIME_CELLS)
        name = fit_to_width(f"{_INDENT * depth}{entry.name or entry.kind or '…'}", room).rstrip()
        yield Step(entry.line, f"{time:>5}  {name}")
        yield from step_rows(entry.children, times, width, depth + 1)


def step_index(outline: Sequence[OutlineEntry], line: int) -> int | None:
    """Which of the rows of `step_rows` is that of a line; `None` where it belongs to no step."""
    found = None
    for index, entry in enumerate(_entries(outline)):
        if entry.line <= line <= entry.end_line:
            found = index
    return found


def fault_row(problem: LocatedProblem, width: int) -> str:
    """A fault on a line: where, and what is wrong."""
    mark = "✗" if problem.severity == "error" else "!"
    key = f"{problem.key}: " if problem.key else ""
    return fit_to_width(f"{mark} {problem.line}: {key}{problem.message}", max(1, width)).rstrip()


def fault_text(problem: LocatedProblem) -> str:
    """A fault in full: what is wrong, what is allowed, and what was probably meant."""
    lines = [f"{problem.key}: {problem.message}" if problem.key else problem.message]
    lines += [line.strip() for part, line in problem.details() if part in ("allowed", "meant")]
    return "\n".join(map(printable, lines))


def faults_at(problems: Sequence[LocatedProblem], line: int) -> list[LocatedProblem]:
    """The faults of a line, which counts from 0."""
    return [problem for problem in problems if problem.line - 1 == line]


def summary_text(analysis: Analysis, valid: Analysis | None, *, is_exact: bool) -> str:
    """How long the session takes, and how many faults the text has."""
    timeline = valid.timeline if valid else None
    errors = sum(problem.severity == "error" for problem in analysis.problems)
    warnings = len(analysis.problems) - errors
    parts = []
    if timeline is not None:
        length = length_text(timeline.total_ms)
        parts.append(length if is_exact else _("about {time}").format(time=length))
    if errors:
        parts.append(ngettext("{count} fault", "{count} faults", errors).format(count=errors))
    if warnings:
        parts.append(ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings))
    return ", ".join(parts) if parts else _("no steps yet")


def place_marker(timeline: Timeline, phases: Sequence[int], width: int) -> str:
    """A sign below the place of some phases in a bar of so many cells."""
    if not phases or width < 1 or not timeline.total_ms:
        return ""
    first, last = phases[0], phases[-1]
    start = timeline.starts_ms[first] * width // timeline.total_ms
    end = (timeline.starts_ms[last] + timeline.phases[last].timed_ms) * width // timeline.total_ms
    start = min(start, width - 1)
    return " " * start + "▔" * max(1, min(end, width) - start)


def plain_text(markdown: str) -> str:
    """Help as it is read on a terminal, without the signs of Markdown."""
    lines = [line for line in markdown.splitlines() if not line.startswith("```")]
    return "\n".join(line.replace("**", "").replace("`", "").lstrip("# ") for line in lines).strip()
