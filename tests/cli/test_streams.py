from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli import streams as s
from timer_app.cli.main import cli

LOST = "timer-app: the output cannot be written: "
# Each state of the output for every command, and one of input and errors together, as neither changes what it does.
INPUT_AND_ERRORS = [s.Streams(stdin=state, stderr=state) for state in (s.CLOSED, s.FULL, s.BROKEN)]
OUTPUT = [s.Streams(s.CLOSED, s.CLOSED, s.OPEN), s.Streams(stdout=s.FULL), s.Streams(stdout=s.BROKEN)]
ALL = [*s.COMMANDS, *s.ALSO]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    s.prepare(home)
    return home


def test_every_command_is_tried_with_bad_streams() -> None:
    assert set(s.command_words(cli)) == set(s.COMMANDS)


@pytest.mark.parametrize("words", ALL)
def test_a_stream_that_is_closed_full_or_broken_changes_no_more_than_it_must(
    prepared: Path, tmp_path: Path, words: str
) -> None:
    cases = [s.Streams(), INPUT_AND_ERRORS[ALL.index(words) % len(INPUT_AND_ERRORS)], *OUTPUT]

    def end(number: int) -> s.Ended:
        folder = tmp_path / str(number)
        environment = s.own_copy(prepared, folder)
        arguments = s.arguments_for(words, prepared, folder)
        started = s.start_forked(arguments, folder, cases[number], environment)
        return started.end(stop_when_ready=words == "serve")

    see_that_all_end_well(words, end, cases)


def see_that_all_end_well(words: str, end: Callable[[int], s.Ended], cases: list[s.Streams]) -> None:
    """See that a command ends in each case as it does in the first, where all streams are open, or as it must."""
    with ThreadPoolExecutor(3) as pool:
        usual, *others = pool.map(end, range(len(cases)))
    assert usual.status == s.STATUSES.get(words, 0), usual
    for streams, ended in zip(cases[1:], others, strict=True):
        assert (ended.status, bool(ended.out)) == expected(usual, streams), (words, streams, ended)
        more = set(ended.err.splitlines()) - set(usual.err.splitlines())
        is_told = ended.status == 1 != usual.status and streams.stderr == s.OPEN
        assert [line[: len(LOST)] for line in more] == [LOST] * is_told, (words, streams, ended)


def expected(usual: s.Ended, streams: s.Streams) -> tuple[int | None, bool]:
    """How a command has to end, and whether it prints: as usual, unless it has something to print which is lost."""
    if streams.stdout == s.OPEN or not usual.out:
        return usual.status, bool(usual.out)
    return 141 if streams.stdout == s.BROKEN else 1, False
