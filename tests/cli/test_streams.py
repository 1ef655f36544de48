from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli import streams as s
from timer_app.cli.main import cli

LOST = "timer-app: the output cannot be written: "
# Each state of each stream once for every command: input and errors together, as neither changes what a command does.
INPUT_AND_ERRORS = [s.Streams(stdin=state, stderr=state) for state in (s.CLOSED, s.FULL, s.BROKEN)]
OUTPUT = [s.Streams(stdout=state) for state in (s.CLOSED, s.FULL, s.BROKEN)]
CASES = [s.Streams(), *INPUT_AND_ERRORS, *OUTPUT, s.Streams(s.CLOSED, s.CLOSED, s.CLOSED)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    s.prepare(home)
    return home


def test_every_command_is_tried_with_bad_streams() -> None:
    assert set(s.command_words(cli)) == set(s.COMMANDS)


@pytest.mark.parametrize("words", [*s.COMMANDS, *s.ALSO])
def test_a_stream_that_is_closed_full_or_broken_changes_no_more_than_it_must(
    prepared: Path, tmp_path: Path, words: str
) -> None:
    def end(number: int) -> s.Ended:
        folder = tmp_path / str(number)
        environment = s.own_copy(prepared, folder)
        arguments = s.arguments_for(words, prepared, folder)
        started = s.start_forked(arguments, prepared, folder, CASES[number], environment)
        return started.end(stop_when_ready=words == "serve")

    see_that_all_end_well(words, end, CASES)


def see_that_all_end_well(words: str, end: Callable[[int], s.Ended], cases: list[s.Streams]) -> None:
    """See that a command ends in each case as it does in the first, where all streams are open, or as it must."""
    with ThreadPoolExecutor(3) as pool:
        usual, *others = pool.map(end, range(len(cases)))
    assert usual.status == s.STATUSES.get(words, 0), usual
    for streams, ended in zip(cases[1:], others, strict=True):
        assert (ended.status, *told(ended)) == expected(usual, streams), (words, streams, ended)


def told(ended: s.Ended) -> tuple[bool, str]:
    """Whether there is output, and the beginning of the errors."""
    assert "Traceback" not in ended.err
    assert "unexpected" not in ended.err
    return bool(ended.out), ended.err[: len(LOST)]


def expected(usual: s.Ended, streams: s.Streams) -> tuple[int | None, bool, str]:
    """How a command has to end: as usual, unless it has something to print which is lost."""
    errors = usual.err[: len(LOST)] if streams.stderr == s.OPEN else ""
    if streams.stdout == s.OPEN or not usual.out:
        return usual.status, bool(usual.out), errors
    if streams.stdout == s.BROKEN:
        return 141, False, ""
    return 1, False, LOST if streams.stderr == s.OPEN else ""
