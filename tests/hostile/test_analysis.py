"""Texts as they are while they are typed, and broken in every other way, in the analysis that editors share."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.hostile.mutations import mutated
from tests.hostile.report import figures, shares
from tests.hostile.test_files import keep, template, trouble_of
from timer_app.analysis import Analysis, analyse, apply_edits, completions, fixes, hover
from timer_app.library import Library
from timer_app.system import paths

_PLACES = 5


class Analyser:
    """Analyses texts, and asks about places in them.

    Args:
        chance: Chooses the places.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._library = Library.default("")

    def __call__(self, written: bytes) -> None:
        text = written.decode(errors="replace")
        analysis = self._analysed(text)
        for entry in analysis.outline:
            assert 0 <= entry.line <= entry.end_line < len(analysis.lines)
            phases = analysis.timeline.phases if analysis.timeline is not None else ()
            assert all(0 <= index < len(phases) for index in analysis.phases_at(entry.line))
        for _ in range(_PLACES):
            line = self._chance.randrange(len(analysis.lines))
            column = self._chance.randint(0, len(analysis.lines[line]))
            completions(analysis, line, column)
            hover(analysis, line, column)
        if found := [fix for fix in fixes(analysis) if fix.is_sure]:
            fix = self._chance.choice(found)
            after = self._analysed(apply_edits(analysis.text, fix.edits))
            assert fix.problem.headline not in {problem.headline for problem in after.problems}, fix.title

    def _analysed(self, text: str) -> Analysis:
        return analyse(text, path=Path("mine.toml"), library=self._library)


@pytest.mark.parametrize(("seed", "count"), shares(20, 160, 60_000))
def test_no_text_however_broken_stops_the_editor(request: pytest.FixtureRequest, seed: int, count: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - mutations, not secrets
    analyser = Analyser(chance)
    shipped = sorted(paths.shipped_sessions_dir().rglob("*.toml"))
    texts = [template(), *(path.read_bytes() for path in shipped)]
    with figures(request, "texts in an editor", seed) as counted:
        for number in range(count):
            text = chance.choice(texts)
            text = text[: chance.randint(0, len(text))] if chance.random() < 1 / 3 else mutated(chance, text)
            counted.tried += 1
            if trouble := trouble_of(analyser, text):
                kept = keep(text, f"editor-{seed}-{number}")
                counted.note(trouble[0], f"seed {seed}, text {number}, {kept}: {trouble[1]}")
