from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.command_line import Inside
from tests.history.performing import Performance
from tests.history.seeded import fill
from tests.history.test_database import as_once_written
from timer_app.cli import output, resources
from timer_app.core.constraints import HISTORY_VERSION, HISTORY_VIEWS
from timer_app.core.player.states import Command
from timer_app.history import database
from timer_app.history.database import damaged_files, open_to_write
from timer_app.history.schema import MIGRATIONS
from timer_app.history.store import Store
from timer_app.history.views import VIEWS
from timer_app.system import paths

RECENT = datetime.now().astimezone().replace(hour=7, minute=30, second=0, microsecond=0) - timedelta(days=2)
OLD = RECENT - timedelta(days=400)


@pytest.fixture
def done(home: Path) -> Path:  # noqa: ARG001 - the user's folders are the test's
    """A history with two records."""
    path = paths.history_file()
    Performance(path, record_id="aaaa1111", start=OLD).whole()
    Performance(path, record_id="bbbb2222", start=RECENT).whole()
    return path


@pytest.mark.parametrize("command", [["history", "--json"], ["history", "stats"], ["today"]])
def test_an_older_file_is_migrated_with_a_bar_only_where_that_takes_long(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(database, "_TICK", 20)
    monkeypatch.setattr(output, "is_terminal", lambda _stream: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    for after_s, is_shown in ((60.0, False), (0.0, True)):
        monkeypatch.setattr(output, "_SHOWN_AFTER_S", after_s)
        shutil.rmtree(paths.data_dir(), ignore_errors=True)
        as_once_written(paths.history_file(), 1, present(home))
        with closing(sqlite3.connect(paths.history_file())) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert ("Updating the history" in timer_app(*command).err) == is_shown
        assert len(Store(paths.history_file()).entries()) == 1


def present(home: Path) -> Path:
    """A file of the present version with a record."""
    path = home / "present" / "history.db"
    if not path.exists():
        Performance(path).whole()
    return path


def test_before_anything_was_done_it_says_so(timer_app: Inside) -> None:
    assert timer_app("history").out == "Nothing was done yet.\n"
    assert timer_app("history", "--json").out == "[]\n"


@pytest.mark.usefixtures("done")
def test_the_table_has_the_newest_first_and_fits_80_columns(timer_app: Inside) -> None:
    rows = timer_app("history").out.splitlines()
    assert rows[0].split() == ["ID", "WHEN", "SESSION", "ENDING", "ACTIVE", "WORK", "REPS", "PAIN"]
    assert rows[1].split()[:2] == ["bbbb2222", f"{RECENT:%Y-%m-%d}"]
    assert rows[1].endswith("finished  1:04    56 s  10    5 -> 3")
    assert len(rows) == 3
    assert max(map(len, rows)) <= 80


def test_a_record_that_is_written_still_goes_on_and_is_cut_off_when_nobody_writes_it(
    timer_app: Inside, done: Path
) -> None:
    performance = Performance(done, record_id="cccc3333", start=RECENT + timedelta(hours=1))
    performance.send(Command.START)
    performance.send(Command.ANSWER, value=5)
    performance.stored()
    assert _told_ending(timer_app) == ("running", "still going")
    performance.close()
    assert _told_ending(timer_app) == ("broken off", "cut off")
    Store(done).mark_broken_off("cccc3333", RECENT)
    assert _told_ending(timer_app) == ("broken off", "cut off")


def _told_ending(timer_app: Inside) -> tuple[str, str]:
    """How the newest record ended, for programs and in the table."""
    (record,) = json.loads(timer_app("history", "--json", "--last", "1").out)
    return record["ending"], " ".join(timer_app("history").out.splitlines()[1].split()[4:6])


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--last", "1"], ["bbbb2222"]),
        (["--since", "30d"], ["bbbb2222"]),
        (["--since", f"{OLD:%Y-%m-%d}"], ["bbbb2222", "aaaa1111"]),
        (["--since", "0d"], []),
    ],
)
def test_it_can_be_narrowed(timer_app: Inside, options: list[str], ids: list[str]) -> None:
    assert [one["id"] for one in json.loads(timer_app("history", "--json", *options).out)] == ids


def test_a_text_of_a_stranger_is_no_formula_in_csv(timer_app: Inside, done: Path) -> None:
    with closing(open_to_write(done)) as base:
        base.execute("UPDATE records SET name = ?, session = ?", ("=cmd|' /C calc'!A0", "+1\x1b[2J"))
    first = next(csv.DictReader(io.StringIO(timer_app("history", "--csv").out)))
    assert (first["name"], first["session"]) == ("'=cmd|' /C calc'!A0", "'+1\\x1b[2J")


@pytest.mark.usefixtures("done")
def test_json_and_csv_have_the_same(timer_app: Inside) -> None:
    as_json = json.loads(timer_app("history", "--json").out)
    as_csv = list(csv.DictReader(io.StringIO(timer_app("history", "--csv").out)))
    assert [{name: str(value) for name, value in one.items()} for one in as_json] == as_csv
    assert as_json[0]["started"] == RECENT.isoformat()


@pytest.mark.usefixtures("done")
def test_what_was_exported_can_be_imported_elsewhere_and_twice(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "mine.jsonl"
    assert timer_app("history", "export", file).out == f"2 records written to {file}.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = timer_app("history", "export", file)
    assert (again.status, again.err) == (2, f"timer-app: {file} is there already; --force replaces it\n")
    here = timer_app("history").out
    monkeypatch.setenv("TIMER_APP_DATA", str(home / "elsewhere"))
    assert timer_app("history", "import", file).out == "2 records added, 0 brought up to date, 0 there already.\n"
    assert timer_app("history", "import", file).out == "0 records added, 0 brought up to date, 2 there already.\n"
    assert timer_app("history").out == here


def test_a_file_that_is_no_history_is_one_clear_line(timer_app: Inside, home: Path) -> None:
    file = home / "x.jsonl"
    file.write_text("hello\n", encoding="utf-8")
    found = timer_app("history", "import", file)
    assert found.status == 1
    assert found.err.startswith(f"timer-app: {file}:1: is no object in JSON; ")
    assert found.err.endswith("nothing was taken in\n")
    missing = timer_app("history", "import", home / "nowhere")
    assert missing.err == f"timer-app: {home / 'nowhere'} cannot be read: no such file or directory\n"


def test_what_was_forgotten_is_nowhere_in_the_files(timer_app: Inside, done: Path) -> None:
    assert timer_app("history", "forget", "aaaa", "--yes").out == "1 record forgotten.\n"
    assert [one["id"] for one in json.loads(timer_app("history", "--json").out)] == ["bbbb2222"]
    left = b"".join(path.read_bytes() for path in done.parent.iterdir())
    assert b"aaaa1111" not in left
    assert b"bbbb2222" in left


def test_forgetting_all_takes_damaged_files_too(timer_app: Inside, done: Path) -> None:
    (done.parent / "history.damaged-2026-01-01-000000.db").write_text("aaaa1111", encoding="utf-8")
    assert timer_app("history", "forget", "--all", "--yes").out == "2 records forgotten.\n"
    assert [path.name for path in done.parent.iterdir()] == ["history.db"]
    assert timer_app("history", "forget", "--all", "--yes").out == "There is nothing to forget.\n"


@pytest.mark.usefixtures("done")
def test_records_before_a_day_can_be_forgotten(timer_app: Inside) -> None:
    assert timer_app("history", "forget", "--before", "100d", "--yes").out == "1 record forgotten.\n"


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "say what: the id of a record, --before DAY, or --all"),
        (["aaaa", "--all"], "say what: the id of a record, --before DAY, or --all"),
        (["aa"], '"aa": write at least 4 characters of the id; `timer-app history` shows the ids'),
        (["cccc"], '"cccc": there is no such record; `timer-app history` shows the ids'),
        (["aaaa"], "Delete 1 record for good? Nobody can be asked here; --yes answers it"),
    ],
)
def test_forgetting_something_unclear_is_refused(timer_app: Inside, arguments: list[str], reason: str) -> None:
    found = timer_app("history", "forget", *arguments)
    assert (found.status, found.err) == (2, f"timer-app history forget: {reason}\n")
    assert len(json.loads(timer_app("history", "--json").out)) == 2


def test_who_is_asked_reads_how_many_records_and_damaged_files_go(timer_app: Inside, done: Path) -> None:
    (done.parent / "history.damaged-2026-01-01-000000.db").touch()
    found = timer_app("history", "forget", "--all")
    assert "Delete 2 records and 1 damaged file set aside for good? " in found.err


@pytest.mark.usefixtures("done")
def test_who_says_no_keeps_everything(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "is_terminal", lambda _: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    found = timer_app("history", "forget", "--all")
    assert (found.status, found.err) == (130, "Nothing was deleted.\n")
    assert len(json.loads(timer_app("history", "--json").out)) == 2


def test_a_damaged_history_is_one_clear_line(timer_app: Inside) -> None:
    paths.history_file().parent.mkdir(parents=True)
    paths.history_file().write_bytes(b"junk" * 2_000)
    for arguments in (["history"], ["history", "stats"], ["run", "--resume"]):
        found = timer_app(*arguments)
        assert found.status == 1
        assert found.err == (
            f"timer-app: {paths.history_file()} is damaged: file is not a database; the next run that is written down "
            "keeps it under another name; to begin a new one now, rename its folder\n"
        )


def test_a_run_that_is_over_at_once_still_tells_that_a_damaged_history_was_set_aside(
    timer_app: Inside, short: Path
) -> None:
    paths.history_file().parent.mkdir(parents=True)
    paths.history_file().write_bytes(b"junk" * 2_000)
    found = timer_app("run", short, "--speed", "500", "--history")
    assert (found.out + found.err).count("The history was damaged. It is kept as ") == 1
    assert len(damaged_files(paths.history_file())) == 1
    assert timer_app("history").err == ""


def test_a_folder_in_the_place_of_the_history_is_told_in_the_same_words_by_all(timer_app: Inside, short: Path) -> None:
    paths.history_file().mkdir(parents=True, mode=0o755)
    reason = f"{paths.history_file()}: the file cannot be opened"
    for arguments in (["history"], ["history", "stats"], ["history", "forget", "--all", "--yes"], ["run", "--resume"]):
        found = timer_app(*arguments)
        assert (found.status, found.err) == (1, f"timer-app: {reason}\n")
    found = timer_app("run", short, "--speed", "500", "--history")
    assert found.status == 0
    assert f"{reason}.\n" in found.err
    assert stat.S_IMODE(paths.history_file().stat().st_mode) == 0o755


def test_a_file_that_cannot_be_written_is_told_in_the_same_words_by_all(timer_app: Inside, home: Path) -> None:
    (home / "file").write_text("", encoding="utf-8")
    there = home / "file" / "x.toml"
    for arguments in (["new"], ["history", "export"]):
        found = timer_app(*arguments, there)
        assert (found.status, found.err) == (1, f"timer-app: {there} cannot be written: not a directory\n")


@pytest.mark.parametrize("arguments", [("history", "export"), ("programme", "ics")])
def test_a_folder_and_a_name_that_no_file_can_have_are_told_in_a_line(
    timer_app: Inside, home: Path, arguments: tuple[str, str]
) -> None:
    timer_app("programme", "start", "desk-week")
    found = timer_app(*arguments, home, "--force")
    assert (found.status, found.err) == (2, f"timer-app: {home} is there and is no plain file\n")
    long = home / ("x" * 300)
    found = timer_app(*arguments, long)
    assert (found.status, found.err) == (2, f"timer-app: {long} cannot be written: file name too long\n")


@pytest.mark.parametrize("day", ["soon", "2026-13-01", "999999w", ""])
def test_a_day_that_is_none_is_refused(timer_app: Inside, day: str) -> None:
    found = timer_app("history", "--since", day)
    assert (found.status, found.err.count("\n")) == (2, 1)
    assert "30d" in found.err


@pytest.fixture
def practised(home: Path) -> None:  # noqa: ARG001 - the user's folders are the test's
    """A history of eight weeks."""
    fill(paths.history_file())


def test_every_view_has_its_name_on_the_command_line() -> None:
    assert tuple(view.id for view in VIEWS) == HISTORY_VIEWS


def test_the_command_line_knows_the_version_of_the_tables_without_loading_them() -> None:
    assert len(MIGRATIONS) == HISTORY_VERSION


@pytest.mark.usefixtures("practised")
def test_the_views_are_told_in_plain_words(timer_app: Inside) -> None:
    reported = timer_app("history", "stats", "--since", "2026-01-01").out
    parts = [part.splitlines() for part in reported.split("\n\n")]
    assert [part[0] for part in parts] == [view.title for view in VIEWS]
    assert parts[0][1].startswith("You trained on 24 days since 1 Jan 2026")
    assert parts[3][1].endswith("This is a training diary, not a diagnosis.")
    assert parts[4][2:] == [
        "  Longest Wall squat: 43 s on 5 Mar 2026",
        "  Most Push-up: 15 reps on 5 Mar 2026",
        "  Longest streak: 2 days, up to 3 Mar 2026",
        "  Most minutes in a week: 56, week of 2 Mar 2026",
    ]


@pytest.mark.usefixtures("practised")
@pytest.mark.parametrize("name", ["desk-break", "Desk Break"])
def test_one_view_of_one_session_can_be_asked_for(timer_app: Inside, name: str) -> None:
    reported = timer_app("history", "stats", "exercises", "--session", name, "--since", "2026-01-01").out
    assert reported.splitlines()[0] == "Exercises"
    assert len(reported.splitlines()) == 4
    assert "16 sets" in reported


@pytest.mark.usefixtures("practised")
def test_a_session_that_was_never_done_is_one_clear_line(timer_app: Inside) -> None:
    found = timer_app("history", "stats", "--session", "desk-brake")
    assert (found.status, found.out) == (2, "")
    assert found.err == ('timer-app history stats: nothing of "desk-brake" was done yet; did you mean "desk-break"?\n')


@pytest.mark.usefixtures("home")
def test_before_anything_was_done_each_view_says_what_will_be_there(timer_app: Inside) -> None:
    reported = timer_app("history", "stats").out
    assert reported.count("This will ") == len(VIEWS)
