"""Words and translations with faults are told of where they are missed, and other words stand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Inside

SESSION = 'schema = 1\nname = "Break"\n[[steps]]\nsay = "Breathe."\n'
BROKEN_TEXTS = 'schema = 1\nlanguage = "de"\n[texts]\n"Breathe." = 3\n'


def write(home: Path, name: str, text: str) -> None:
    path = home / "config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def own(home: Path) -> None:
    write(home, "sessions/break.toml", SESSION)
    write(home, "sessions/break.de.toml", BROKEN_TEXTS)
    write(home, "phrases/de.toml", 'language = "de"\nswich = "Wechsel."\n"x" = 1\n')


PHRASES = (
    "phrases/de.toml:2: swich: unknown key and 1 more fault; other words stand in, and `timer-app check` tells more."
)
TEXTS = (
    'sessions/break.de.toml:4: texts."Breathe.": must be a text, not a whole number; '
    "other words stand in, and `timer-app check` tells more."
)


def reported(timer_app: Inside, home: Path) -> list[str]:
    found = timer_app("list")
    assert (found.status, "break " in found.out) == (0, True)
    return [line.removeprefix(f"{home / 'config'}/") for line in found.err.splitlines()]


def test_the_list_tells_a_line_for_each_file_and_remembers_it(timer_app: Inside, home: Path) -> None:
    assert reported(timer_app, home) == [PHRASES, TEXTS]
    assert (home / "cache" / "library.json").is_file()
    assert reported(timer_app, home) == [PHRASES, TEXTS]
    write(home, "phrases/de.toml", 'language = "de"\n')
    assert reported(timer_app, home) == [TEXTS]


def test_the_list_tells_of_a_broken_file_of_exercises_too(timer_app: Inside, home: Path) -> None:
    write(home, "exercises/mine.toml", "schema = 1\n")
    assert reported(timer_app, home)[0].startswith("exercises/mine.toml:")


@pytest.mark.parametrize(
    ("session_language", "wanted", "notices"), [("en", "de", [TEXTS]), ("en", "fr", []), ("de", "de", [PHRASES])]
)
def test_a_run_tells_once_of_the_files_that_it_misses(
    timer_app: Inside, home: Path, session_language: str, wanted: str, notices: list[str]
) -> None:
    write(home, "settings.toml", 'screen_language = "en"\n')
    write(home, "sessions/break.toml", f'language = "{session_language}"\n{SESSION}')
    found = timer_app("run", "break", "--plain", "--speed", "50", "--language", wanted)
    lines = [line for line in found.out.splitlines() if "NOTICE" in line]
    assert [line.partition(f"{home / 'config'}/")[2] for line in lines] == notices
    assert found.status == 0
