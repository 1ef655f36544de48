"""The language to be guided in, from the command line and the settings."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import Inside, outcome, start
from timer_app.cli.main import SUMMARIES
from timer_app.core.i18n import share_with_libraries, use_language
from timer_app.library.library import Library
from timer_app.system import paths


def test_a_session_is_shown_in_the_language_asked_for(timer_app: Inside) -> None:
    found = timer_app("show", "desk-break", "--language", "de", "--json")
    assert (found.status, found.err) == (0, "")
    assert json.loads(found.out)["name"] == "Pause am Schreibtisch"


def test_the_settings_choose_a_language_and_the_command_line_goes_before_them(timer_app: Inside, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text('language = "de"\n', encoding="utf-8")
    assert timer_app("show", "desk-break").out.startswith("Pause am Schreibtisch, ")
    assert "Eine kurze Pause zwischen zwei Aufgaben" in timer_app("list").out
    assert timer_app("show", "desk-break", "--language", "en").out.startswith("Desk break, ")
    (home / "config" / "settings.toml").write_text('language = "fr"\n', encoding="utf-8")
    untranslated = timer_app("show", "posture-check")
    assert (untranslated.status, untranslated.err) == (0, "")


def test_without_a_setting_a_session_is_in_the_language_of_the_system(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    assert timer_app("show", "desk-break").out.startswith("Pause am Schreibtisch, ")
    assert "Eine kurze Pause zwischen zwei Aufgaben" in timer_app("list").out
    assert timer_app("show", "desk-break", "--language", "en").out.startswith("Desk break, ")


def test_exercises_are_listed_in_the_language_of_the_system(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    rows = timer_app("list", "--exercises").out.splitlines()
    (row,) = [row for row in rows if row.startswith("ball-gentle-pressure ")]
    assert "Leichter Druck" in row
    assert "links und rechts" in row


def test_a_run_is_guided_in_the_language_asked_for(timer_app: Inside) -> None:
    found = timer_app("run", "desk-break", "--plain", "--no-sound", "--speed", "1000", "--language", "de")
    assert found.status == 0
    assert "Schulterblätter zusammenziehen" in found.out
    assert "Stand up" not in found.out


PLAIN_RUN = ("run", "desk-break", "--plain", "--no-sound", "--speed", "1000")


def test_a_run_in_german_is_german_to_its_last_line(timer_app: Inside) -> None:
    found = timer_app(*PLAIN_RUN, "--language", "de")
    assert (found.status, found.err) == (0, "")
    for text in (
        "  BEREIT  ",
        "  WDH.  ",
        " 3 von 10",
        "  FERTIG  ",
        "Zeit: ",
        " in Übungen.",
        "1 Satz je Seite",
    ):
        assert text in found.out
    for text in ("PREPARE", "REPS", "FINISHED", "each side", " at work"):
        assert text not in found.out


def test_the_screen_may_speak_another_language_than_the_coach(timer_app: Inside, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text('screen_language = "en"\nlanguage = "de"\n', encoding="utf-8")
    found = timer_app(*PLAIN_RUN)
    assert "Schulterblätter zusammenziehen" in found.out
    assert "PREPARE" in found.out
    assert "BEREIT" not in found.out


def test_the_language_of_the_system_is_that_of_the_screen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - no files
    monkeypatch.setenv("LC_MESSAGES", "fr_FR.UTF-8")
    found = outcome(start(*PLAIN_RUN))
    assert (found.status, found.err) == (0, "")
    assert "Shoulder-blade retraction" in found.out
    assert "de chaque côté" in found.out


def test_what_other_programs_read_stays_as_it_is(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    assert timer_app(*PLAIN_RUN, "--history").status == 0
    commands = (
        ("show", "desk-break", "--json"),
        ("history", "--json"),
        ("history", "--csv"),
        ("check", "desk-break", "--fast", "--json"),
    )
    in_english = [timer_app(*command).out for command in commands]
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    assert [timer_app(*command).out for command in commands] == in_english


PAIN = """\
schema = 1
name = "Probe"

[[steps]]
name = "Squat"
reps = 2
tempo = "free"
sides = "each"

[[steps]]
measure = "pain"
name = "Neck"
sides = "each"
"""


def test_what_a_run_stores_and_what_other_programs_read_is_the_same_in_german(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "probe.toml"
    file.write_text(PAIN, encoding="utf-8")
    run = ("run", file, "--plain", "--no-sound", "--speed", "1000", "--history", "--language", "de")
    assert timer_app(*run).status == 0
    with closing(sqlite3.connect(paths.history_file())) as base:
        stored = [dose for (dose,) in base.execute("SELECT dose FROM steps ORDER BY number")]
    assert stored[0] == "2 reps each side"
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("show", file, "--fast", "--json"),
        ("today", "--json"),
        ("diff", "desk-break", file, "--json"),
        ("import", file.with_suffix(".txt"), "--dry-run", "--json"),
    )
    file.with_suffix(".txt").write_text("Plank 30s\nOdd 5 sets", encoding="utf-8")
    timer_app("programme", "start", "gentle-start")
    in_english = [timer_app(*command).out for command in commands]
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    assert [timer_app(*command).out for command in commands] == in_english
    assert timer_app("show", "desk-break", "--language", "de", "--fast", "--json").out.count('"kind": "work"')


def test_values_that_are_allowed_are_not_translated(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    found = timer_app("run", "desk-break", "--voice", "none:x")
    assert found.status == 2
    assert "none" in found.err.partition(";")[2]


@pytest.mark.parametrize("command", [("new", "mine.toml"), ("interval", "--save", "mine.toml")])
def test_commands_without_a_session_obey_the_language_of_the_screen(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text('screen_language = "de"\n', encoding="utf-8")
    monkeypatch.chdir(home)
    found = timer_app(*command)
    assert found.status == 0
    assert "geschrieben" in found.out
    assert 'name = "Work"' in Path("mine.toml").read_text(encoding="utf-8") or command[0] == "new"


def test_the_phases_of_a_session_are_shown_in_german(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    found = timer_app("show", "desk-break", "--fast").out
    assert {"Ansage", "bereit", "üben", "wechseln"} <= set(found.split())
    assert not {"say", "prepare", "work", "switch"} & set(found.split())


BROKEN = """\
schema = 1
name = "Probe"
langage = "de"

[[steps]]
name = "Squat"
reps = 0
say = "Hello {foo}"
"""


def test_faults_of_a_file_are_told_in_german(timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "broken.toml"
    file.write_text(BROKEN, encoding="utf-8")
    english = timer_app("check", file, "--json").out
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    found = timer_app("check", file, "--fast")
    assert (found.status, found.err) == (1, "")
    for text in (
        "langage: unbekannter Schlüssel\n",
        '  meintest du "language"?\n',
        "steps[0].reps: 0 sind zu wenige\n",
        "  erlaubt: eine ganze Zahl von 1 bis 1000,",
        "unbekannter Platzhalter {foo}\n",
        "1 Datei: 3 Fehler; die Längen sind geschätzt\n",
    ):
        assert text in found.out
    assert timer_app("check", file, "--json").out == english


def test_help_is_in_german(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    in_english = {name: timer_app(name, "--help").out for name in SUMMARIES}
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    monkeypatch.setattr("gettext._current_domain", "messages")  # so that it is set back
    use_language("de")
    share_with_libraries()
    main = timer_app("--help").out
    assert main.startswith("Aufruf: timer-app ")
    for name, text in in_english.items():
        found = timer_app(name, "--help").out
        assert found.startswith(f"Aufruf: timer-app {name} ")
        english_lines = {line.strip() for line in text.splitlines() if len(line.split()) > 4}
        same = english_lines & {line.strip() for line in found.splitlines()}
        assert all(line.startswith(("timer-app ", "--")) for line in same), same
    told = 'timer-app run: es gibt keine Option "--qqq"; `timer-app run --help` zeigt sie alle\n'
    assert timer_app("run", "--qqq").err == told
    use_language("en")
    monkeypatch.delenv("LC_MESSAGES")
    assert {name: timer_app(name, "--help").out for name in SUMMARIES} == in_english


def test_what_is_not_translated_is_told_when_it_was_asked_for(timer_app: Inside) -> None:
    found = timer_app("show", "posture-check", "--language", "fr")
    assert found.status == 0
    assert found.err == 'timer-app: "posture-check" n\'est pas traduite en "fr" ; elle existe en "en" et "de"\n'


@pytest.mark.parametrize("code", ["german", "d", "de_DE", ""])
def test_what_is_no_language_is_a_wrong_call(timer_app: Inside, code: str) -> None:
    found = timer_app("show", "desk-break", "--language", code)
    assert (found.status, found.out) == (2, "")
    assert "is not a language code" in found.err


def test_translations_are_no_names_of_sessions(timer_app: Inside) -> None:
    assert not [name for name in Library.default().ids() if "." in name]
    assert ".de" not in timer_app("list").out


def test_faults_of_own_phrases_are_told_beside_those_of_the_session(timer_app: Inside, home: Path) -> None:
    folder = home / "config" / "phrases"
    folder.mkdir(parents=True)
    (folder / "de.toml").write_text('language = "de"\nrest = 3\n', encoding="utf-8")
    found = timer_app("check", "desk-break")
    assert found.status == 0
    assert "de.toml:2:8: rest: must be a text" in found.err
    assert timer_app("check", folder / "de.toml").status == 1
