"""The page of routines: its files are those of the tests, and each lasts what its numbers add up to."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from tests.core.compiling import PlainLengths
from timer_app.core.compiler.compile import CompileContext, compile_session
from timer_app.core.session.model import Session
from timer_app.library.library import Library

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "routines.md").read_text(encoding="utf-8")
ROUTINES: Final = sorted((ROOT / "tests" / "routines").glob("*.toml"))
EXAMPLES: Final = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
# What somebody adds up who has only the file: seconds of getting ready, of work, of rests and of changes.
WRITTEN_S: Final = {
    "circuit-40-20": 10 + 3 * (5 * 40 + 4 * 20) + 2 * 60,
    "twelve-times-30-10": 12 * 30 + 11 * 10,
    "emom": 10 + 10 * 60,
    "repeaters-7-3": 15 + 3 * (6 * 7 + 5 * 3) + 2 * 180,
    "run-and-walk": 300 + 8 * (60 + 90) + 300,
    "physio-hip": (20 + 3 * (2 * 10 * 6 + 8) + 2 * 30) + (20 + 2 * 12 * 7 + 30) + (20 + 2 * (2 * 30 + 8) + 10),
    "breathing-4-7-8": 15 + 15 * (4 + 7 + 8),
    "pyramid": 10 + (4 + 6 + 8 + 10 + 8 + 6 + 4) * 3 + 6 * 45 + 90 + (20 + 40 + 60 + 40 + 20) + 4 * 20,
    "ladder": 10 + 3 * ((1 + 2 + 3 + 4 + 5) * 2 + 4 * 20) + 2 * 120,
    "amrap-20": 15 + 20 * 60,
    "sun-salutation": 15 + 3 * 2 * (12 * 5) + 5 * 8,
    "hundred-push-ups": 10 + (2 + 3 + 2 + 2 + 3) * 3 + 4 * 60 + 10,  # the last 10: the question how many it were
}

by_file = pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)


def _loaded(path: Path) -> tuple[Session, CompileContext]:
    library = Library.default()
    session, _ = library.load(library.find(str(path)))
    return session, library.plan(session, library.estimated_lengths("calm"))


def _length_ms(path: Path) -> int:
    return compile_session(*_loaded(path)).timeline.total_ms


def _in_ms(shown: str) -> int:
    minutes, seconds = shown.split(":")
    return int(minutes) * 60_000 + int(seconds.replace(".", ""))


def test_there_are_twelve_of_them_all_by_the_clock() -> None:
    assert {path.stem for path in ROUTINES} == set(WRITTEN_S)
    assert len(WRITTEN_S) == 12
    assert {_loaded(path)[0].defaults.fit for path in ROUTINES} == {"clock"}


@by_file
def test_a_routine_lasts_what_its_numbers_add_up_to_whatever_is_said(path: Path) -> None:
    session, plan = _loaded(path)
    others = (replace(plan, verbosity="tones"), replace(plan, lengths=PlainLengths(300)))
    lengths_ms = [compile_session(session, one).timeline.total_ms for one in (plan, *others)]
    assert lengths_ms == [WRITTEN_S[path.stem] * 1_000] * 3


@by_file
def test_a_routine_checks_clean(path: Path) -> None:
    assert [problem.render() for problem in Library.default().check(path)] == []


def test_the_files_of_the_page_are_those_of_the_tests() -> None:
    assert sorted(EXAMPLES) == sorted(path.read_text(encoding="utf-8") for path in ROUTINES)


def test_the_table_of_the_page_has_their_sums_and_lengths() -> None:
    rows = re.findall(r"^\| \[([^\]]+)\]\([^)]+\) \| .+? \| ([\d+×() ]+) \| ([\d:.]+) \|$", PAGE, re.MULTILINE)
    assert [title for title, _, _ in rows] == re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    by_text = {path.read_text(encoding="utf-8"): path for path in ROUTINES}
    for text, (title, written, length) in zip(EXAMPLES, rows, strict=True):
        path = by_text[text]
        assert eval(written.replace("×", "*")) == WRITTEN_S[path.stem], title  # noqa: S307 - digits and signs alone
        assert _in_ms(length) == _length_ms(path), title
