"""Puts sessions into the sessions that name them, and reports what is wrong with them at the place of the name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from timer_app.core.compiler import flat_steps
from timer_app.core.diagnostics import FileFault, KeyPath, Problem, nearest, quoted
from timer_app.core.i18n import N_, _
from timer_app.core.session.model import Block, IncludedSession, Session, SessionStep, Step, with_one_fit

MAX_INCLUDED_DEPTH = 3
_ALLOWED = N_("the name of a session that `timer-app list` shows")


class IncludeError(Exception):
    """A session cannot be put in; the message says why, in a line."""


class Sources(NamedTuple):
    """Where the sessions come from that others name.

    Attributes:
        find: Gives the file of a session by its name; `None` for none.
        names: Gives the names of all sessions.
        read: Reads a file for a session whose sounds and recordings are looked for beside another file.
    """

    find: Callable[[str, Path], Path | None]
    names: Callable[[], Iterable[str]]
    read: Callable[[Path, Path], Session]


class Included(NamedTuple):
    """A session with the sessions that it names in their places.

    Attributes:
        session: The session.
        files: The files of those that were put in.
        problems: What could not be put in.
    """

    session: Session
    files: tuple[Path, ...] = ()
    problems: tuple[Problem, ...] = ()


def names_sessions(steps: Sequence[Step]) -> bool:
    """Whether any of some steps names another session."""
    return any(isinstance(flat.step, SessionStep) for flat in flat_steps(steps))


def put_in(session: Session, path: Path, sources: Sources) -> Included:
    """Put the sessions in that a session names.

    Args:
        session: The session, as read.
        path: Its file.
        sources: Where the others come from.
    """
    if not names_sessions(session.steps):
        return Included(session)
    expander = _Expander(path, sources)
    steps = expander.steps(session.steps, ("steps",), (path,))
    lexicon = dict(session.lexicon)
    for block in (step for step in _blocks(steps) if isinstance(step, IncludedSession)):
        lexicon = {**block.session.lexicon, **lexicon}
    whole = with_one_fit(session.model_copy(update={"steps": steps, "lexicon": lexicon}))
    return Included(whole, tuple(dict.fromkeys(expander.files)), tuple(expander.problems))


class _Expander:
    """Replaces steps that name a session by the session.

    Attributes:
        files: The files of those that were put in.
        problems: What could not be put in.
    """

    def __init__(self, path: Path, sources: Sources) -> None:
        self.files: list[Path] = []
        self.problems: list[Problem] = []
        self._path = path
        self._sources = sources

    def steps(self, steps: Sequence[Step], path: KeyPath, around: tuple[Path, ...]) -> tuple[Step, ...]:
        """Some steps, with the sessions that they name.

        Args:
            steps: As written.
            path: Their key in the file.
            around: The files from the outermost session to the one of these steps.
        """
        return tuple(self._step(step, (*path, index), around) for index, step in enumerate(steps))

    def _step(self, step: Step, path: KeyPath, around: tuple[Path, ...]) -> Step:
        if isinstance(step, Block):
            return step.model_copy(update={"steps": self.steps(step.steps, (*path, "steps"), around)})
        if not isinstance(step, SessionStep):
            return step
        try:
            return self._included(step, path, around)
        except IncludeError as error:
            if len(around) > 1:
                raise  # reported where the file that is read names the outermost session
            known = self._find(step.session) is not None
            near = "" if known else nearest(step.session, self._sources.names()) or ""
            self.problems.append(Problem((*path, "session"), str(error), "" if known else _ALLOWED, near))
            return step

    def _find(self, name: str) -> Path | None:
        return self._sources.find(name, self._path)

    def _included(self, step: SessionStep, path: KeyPath, around: tuple[Path, ...]) -> Step:
        file = self._find(step.session)
        if file is None:
            raise IncludeError(_("there is no session {session}").format(session=quoted(step.session)))
        if file in around:
            chain = " > ".join(one.stem for one in (*around[around.index(file) :], file))
            raise IncludeError(_("a session cannot be put into itself: {chain}").format(chain=chain))
        if len(around) > MAX_INCLUDED_DEPTH:
            raise IncludeError(
                _("sessions are put into one another more than {depth} deep").format(depth=MAX_INCLUDED_DEPTH)
            )
        try:
            session = self._sources.read(file, self._path)
        except FileFault as fault:
            first = fault.problems[0]
            where = ": ".join(filter(None, (f"{file.name}:{first.line}" if first.line else file.name, first.key)))
            raise IncludeError(
                _("the session {session} has a fault: {where}: {message}").format(
                    session=quoted(step.session), where=where, message=first.message
                )
            ) from None
        self.files.append(file)
        try:
            inner = self.steps(session.steps, (*path, "steps"), (*around, file))
        except IncludeError as error:
            raise IncludeError(
                _("in the session {session}: {error}").format(session=quoted(step.session), error=error)
            ) from None
        return IncludedSession.of(step, session.model_copy(update={"steps": inner}))


def _blocks(steps: Iterable[Step]) -> Iterator[Block]:
    for step in steps:
        if isinstance(step, Block):
            yield step
            yield from _blocks(step.steps)


def at_the_name(problems: Iterable[Problem], session: Session) -> list[Problem]:
    """Problems of a whole session, those inside of a session that was put in moved to where that is named.

    Args:
        problems: With the paths of the whole session.
        session: The whole session.
    """
    moved = (_moved(problem, session.steps) for problem in problems)
    return list(dict.fromkeys(moved))


def _moved(problem: Problem, steps: Sequence[Step]) -> Problem:
    path, at = problem.path, 1
    while path[:1] == ("steps",) and at < len(path) and isinstance(index := path[at], int) and index < len(steps):
        step = steps[index]
        if isinstance(step, IncludedSession) and len(path) > at + 1:
            said = _("in the session {session}: {message}").format(
                session=quoted(step.session_id), message=problem.message
            )
            return replace(problem, path=(*path[: at + 1], "session"), message=said, suggestion="", part="value")
        if not isinstance(step, Block):
            break
        steps, at = step.steps, at + 2
    return problem
