from __future__ import annotations

import itertools
import random
import sys
import sysconfig
from pathlib import Path
from typing import Final

import pytest

from tests.cli import streams as s
from tests.cli.test_streams import LOST, expected
from tests.hostile.report import figures, shares

SCRIPT: Final = Path(sysconfig.get_path("scripts"), "timer-app")
STARTS: Final = ([str(SCRIPT)], [sys.executable, "-m", "timer_app"])
STATES: Final = (s.OPEN, s.CLOSED, s.FULL, s.BROKEN)
MEASURING: Final = ("check {home}/short.toml", "show {home}/short.toml")  # with a child that speaks
LINES: Final = (*s.COMMANDS, *s.ALSO, *MEASURING)
EVERY_CASE: Final = [
    (words, s.Streams(*states), start)
    for words, states, start in itertools.product(LINES, itertools.product(STATES, repeat=3), range(len(STARTS)))
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    s.prepare(home)
    return home


@pytest.mark.parametrize(("seed", "count"), shares(0, 4, len(EVERY_CASE)))
def test_whatever_the_streams_are_a_command_ends_as_it_must(  # noqa: PLR0917 - two are parameters
    request: pytest.FixtureRequest,
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    count: int,
) -> None:
    for name in ("TERM", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    usual: dict[str, s.Ended] = {}

    def end(words: str, streams: s.Streams, start: int) -> s.Ended:
        folder = tmp_path / f"{len([*tmp_path.iterdir()])}"
        environment = s.own_copy(prepared, folder)
        arguments = s.arguments_for(words, prepared, folder)
        started = s.start_process(STARTS[start], arguments, folder, streams, environment)
        return started.end(stop_when_ready=words == "serve")

    with figures(request, "commands with streams closed, full or broken", seed) as counted:
        for words, streams, start in random.Random(seed).sample(EVERY_CASE, min(count, len(EVERY_CASE))):  # noqa: S311
            counted.tried += 1
            case = f"seed {seed}: {words or 'no command'}, {streams}, {STARTS[start]}"
            try:
                if words not in usual:
                    usual[words] = end(words, s.Streams(), start)
                ended = end(words, streams, start)
            except TimeoutError as error:
                counted.note("hangs", f"{case}: {error}")
                continue
            if ended.is_fault:
                counted.note("tracebacks", f"{case}: {ended}")
            if (ended.status, bool(ended.out)) != expected(usual[words], streams):
                counted.note("wrong", f"{case}: {ended}")
            if any(not line.startswith(LOST) for line in {*ended.err.splitlines()} - {*usual[words].err.splitlines()}):
                counted.note("wrong", f"{case}: {ended}")
