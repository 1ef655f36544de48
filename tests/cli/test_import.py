from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.command_line import Inside, Standard
from tests.interchange import SAMPLES
from timer_app.system import paths


def test_it_shows_what_it_would_write_and_writes_it(timer_app: Inside) -> None:
    found = timer_app("import", SAMPLES / "morning.seconds", "--yes")
    assert found.status == 0
    assert "morning/back-circuit.toml" in found.out
    assert "each half gets half the time" in found.out
    assert found.out.endswith("Wrote 4 files.\nStart one with: timer-app run morning/back-circuit\n")
    assert (paths.own_sessions_dir() / "morning" / "back-circuit.toml").is_file()
    assert "morning/back-circuit" in timer_app("list").out
    assert timer_app("run", "morning/back-circuit", "--plain", "--speed", "1000", "--no-sound").status == 0


def test_the_preview_of_a_text_has_what_was_understood(timer_app: Inside, home: Path) -> None:
    file = home / "plan.txt"
    file.write_text(
        "Plan\n\nWall sit 3x30s each side\n3 rounds, rest 1 min:\n- Row 8-12\n- rest 20s\n", encoding="utf-8"
    )
    shown = timer_app("import", str(file), "--dry-run").out.splitlines()
    at = next(number for number, line in enumerate(shown) if line.startswith("  Wall sit"))
    assert shown[at].startswith("  Wall sit: 3 × 30 s each side, rest 10 s")
    assert shown[at + 1].startswith("  Block, 3 rounds, rest 1:00")
    assert [line.split(",")[0] for line in shown[at + 2 : at + 4]] == ["    Row: 8–12 reps", "    Rest 20 s"]
    assert "Wall sit" not in timer_app("import", str(file), "--dry-run", "--json").out.split('"text"')[0]


def test_twice_writes_nothing_more(timer_app: Inside) -> None:
    timer_app("import", SAMPLES / "Backup.json", "--yes")
    before = sorted(paths.own_sessions_dir().rglob("*"))
    found = timer_app("import", SAMPLES / "Backup.json")
    assert (found.status, found.out.splitlines()[-1]) == (0, "Everything is there already; nothing was written.")
    assert sorted(paths.own_sessions_dir().rglob("*")) == before


def test_without_a_terminal_nobody_is_asked_and_nothing_written(timer_app: Inside) -> None:
    found = timer_app("import", SAMPLES / "one-liner.txt")
    assert found.status == 2
    assert "Nobody can be asked here; --yes answers it" in found.err
    assert not paths.own_sessions_dir().exists()


@pytest.mark.parametrize(("answer", "status"), [(b"n\n", 130), (b"y\n", 0)])
def test_at_a_terminal_it_asks(timer_app: Inside, monkeypatch: pytest.MonkeyPatch, answer: bytes, status: int) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(answer, is_terminal=True))
    found = timer_app("import", SAMPLES / "one-liner.txt")
    assert found.status == status
    assert f"Write 1 file into {paths.own_sessions_dir()}?" in found.err
    assert (paths.own_sessions_dir() / "one-liner.toml").is_file() is (status == 0)


def test_a_dry_run_writes_nothing(timer_app: Inside) -> None:
    found = timer_app("import", SAMPLES / "handout.txt", SAMPLES / "wger-exercises.json", "--dry-run")
    assert (found.status, found.out.splitlines()[-1]) == (0, "Nothing was written.")
    assert not paths.own_sessions_dir().exists()
    assert not paths.own_exercises_dir().exists()


def test_a_text_from_standard_input(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(b"10s ready, [1m work, 30s rest]x5"))
    assert timer_app("import", "-", "--yes", "--name", "Five times", "--language", "de").status == 0
    text = (paths.own_sessions_dir() / "five-times.toml").read_text(encoding="utf-8")
    assert text.startswith(
        '# Imported from standard input (text).\n\nschema = 1\nname = "Five times"\nlanguage = "de"\n'
    )


@pytest.mark.parametrize(
    ("settings", "given", "code"),
    [
        ("", (), "de"),
        ('language = "es"\nscreen_language = "en"\n', (), "es"),
        ('screen_language = "en"\n', ("--language", "fr"), "fr"),
    ],
)
def test_texts_are_in_the_language_of_the_coach_which_the_preview_names(
    timer_app: Inside,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    given: tuple[str, ...],
    code: str,
) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    paths.settings_file().parent.mkdir(parents=True, exist_ok=True)
    paths.settings_file().write_text(settings, encoding="utf-8")
    found = timer_app("import", SAMPLES / "one-liner.txt", "--yes", *given)
    assert f'language = "{code}"\n' in (paths.own_sessions_dir() / "one-liner.toml").read_text(encoding="utf-8")
    assert [f'"{code}"' in line for line in found.out.splitlines() if "--language" in line] == ([] if given else [True])


def test_an_exercise_list_stays_in_its_own_language_and_nothing_is_said_of_another(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    found = timer_app("import", SAMPLES / "wger-exercises.json", "--yes")
    (file,) = paths.own_exercises_dir().glob("*.toml")
    assert 'language = "en"\n' in file.read_text(encoding="utf-8")
    assert "--language" not in found.out


def test_the_ledger_calls_a_session_by_the_name_that_it_was_given(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(b"Plank 3x45s"))
    (found,) = json.loads(timer_app("import", "-", "--dry-run", "--name", "My plan", "--json").out)
    assert {entry["key"] for entry in found["ledger"] if entry["fate"] == "changed"} == {"My plan"}


def test_json_has_every_file_and_every_entry_of_the_ledger(timer_app: Inside) -> None:
    (found,) = json.loads(timer_app("import", SAMPLES / "morning.seconds", "--yes", "--json").out)
    assert (found["source"], found["format"]) == ("morning.seconds", "seconds")
    assert {file["status"] for file in found["files"]} == {"written"}
    assert Path(found["files"][0]["path"]).read_text(encoding="utf-8") == found["files"][0]["text"]
    entry = next(entry for entry in found["ledger"] if entry["key"] == "items[0].items[0].random")
    assert entry == {
        "line": 16,
        "key": "items[0].items[0].random",
        "value": "true",
        "fate": "changed",
        "note": "shuffled in each round; --seed repeats an order",
    }
    (again,) = json.loads(timer_app("import", SAMPLES / "morning.seconds", "--dry-run", "--json").out)
    assert {file["status"] for file in again["files"]} == {"there already"}


def test_exercises_go_into_the_catalogue(timer_app: Inside) -> None:
    assert timer_app("import", SAMPLES / "free-exercise-db.json", "--yes").status == 0
    assert "90-90-hamstring" in timer_app("list", "--exercises").out


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"workouts": [}', "line 1: this is not JSON"),
        (b'[{"name": "x",\n "a" 1}]', "line 2: a colon is missing"),
        (b'{"some": "app"}', "is JSON, but of no app that is known; known are: TimeR Machine, OpenHIIT"),
        (b"[" * 10_000 + b"{", "more than 60 objects and lists in one another"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"\x00\x01\x02\x03" * 500, "is not a text file"),
        (b"PK\x03\x04broken", "is a damaged archive"),
        (b"x" * 10_000_001, "is larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(timer_app: Inside, home: Path, data: bytes, message: str) -> None:
    path = home / "strange.json"
    path.write_bytes(data)
    found = timer_app("import", path, "--yes")
    assert (found.status, found.out) == (1, "")
    assert found.err.startswith(f"timer-app: {path}")
    assert message in found.err
    assert found.err.count("\n") == 1


def test_a_session_is_to_be_copied(timer_app: Inside, short: Path) -> None:
    found = timer_app("import", short, "--yes")
    assert found.status == 1
    assert found.err == f"timer-app: {short}: is TOML, as sessions are: copy it into {paths.own_sessions_dir()}\n"


def test_a_text_that_is_no_routine_gives_no_session(timer_app: Inside, home: Path) -> None:
    path = home / "letter.txt"
    path.write_text("Dear all\nthank you\nfor nothing\n", encoding="utf-8")
    found = timer_app("import", path, "--yes")
    assert found.status == 1
    assert found.err == "timer-app: there is nothing to write: no session and no exercise can be made of this\n"


def test_of_several_files_none_is_written_if_one_is_broken(timer_app: Inside, home: Path) -> None:
    path = home / "broken.json"
    path.write_text("{", encoding="utf-8")
    assert timer_app("import", SAMPLES / "one-liner.txt", path, "--yes").status == 1
    assert not paths.own_sessions_dir().exists()


def test_a_narrow_terminal_gets_whole_reasons(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("commands.import_", "tables"):
        monkeypatch.setattr(f"timer_app.cli.{module}.terminal_width", lambda: 46)
    lines = timer_app("import", SAMPLES / "morning.seconds", "--dry-run").out.splitlines()
    assert max(map(len, lines)) <= 46
    assert "each half gets half the time" in " ".join(line.strip() for line in lines)
