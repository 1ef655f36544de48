"""Programmes on the command line."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest

from tests.command_line import Inside
from timer_app.core.training.programme import Programme, Week
from timer_app.library.library import Library
from timer_app.library.programmes import ProgrammeLibrary
from timer_app.system import paths

PAGE = Path(__file__).parents[2] / "docs" / "programmes.md"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAILY = 'schema = 1\nname = "Daily"\n[[weeks]]\n' + "\n".join(f'{day} = "short"' for day in DAYS)


@pytest.fixture
def daily(home: Path, short: Path) -> Path:
    """A user with a session that is due every day; the file of the programme."""
    for folder, name, text in (("sessions", "short", short.read_text()), ("programmes", "daily", DAILY)):
        (home / "config" / folder).mkdir(parents=True)
        (home / "config" / folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return home / "config" / "programmes" / "daily.toml"


def test_every_shipped_programme_has_no_faults(timer_app: Inside) -> None:
    files = sorted(paths.shipped_programmes_dir().glob("*.toml"))
    assert len(files) >= 3
    found = timer_app("check", *files)
    assert (found.status, found.out.splitlines()) == (0, [f"{len(files)} files: no faults"])


def test_levels_of_shipped_programmes_never_fall() -> None:
    own_folder = ProgrammeLibrary.default(Library.default().ids())
    assert len(own_folder.files()) >= 3
    for name in own_folder.files():
        levels = [week.level for week in own_folder.load(name).weeks]
        assert levels == sorted(levels), name


def test_the_programme_of_the_page_has_no_faults(timer_app: Inside, home: Path) -> None:
    text = next(
        block
        for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        if "schema" in block
    )
    (home / "mornings.toml").write_text(text, encoding="utf-8")
    assert timer_app("check", home / "mornings.toml").status == 0


def test_the_table_of_the_page_names_every_key_and_no_other() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))
    keys = {field.alias or name for model in (Programme, Week) for name, field in model.model_fields.items()}
    assert "| `monday` ... `sunday` |" in page
    assert named == keys - set(DAYS[1:])


def test_faults_are_told_with_their_place_and_what_was_meant(timer_app: Inside, home: Path) -> None:
    path = home / "bad.toml"
    path.write_text(
        'schema = 1\nname = "Bad"\n[[weeks]]\nmonday = "desk-brek"\nrepeat = 0\nlevel = 2\nmonay = "x"\n',
        encoding="utf-8",
    )
    found = timer_app("check", path)
    assert found.status == 1
    for line, reported in ((4, 'there is no session "desk-brek"'), (5, "repeat"), (6, "level"), (7, "unknown key")):
        assert re.search(rf"bad\.toml:{line}:\d+: .*{reported}", found.out), (line, found.out)
    assert 'did you mean "desk-break"?' in found.out
    path.write_text('schema = 1\nname = "Empty"\n[[weeks]]\nrepeat = 2\n', encoding="utf-8")
    assert "no day has a session" in timer_app("check", path).out


def test_a_session_that_a_day_names_twice_counts_twice(timer_app: Inside, daily: Path) -> None:
    days = "\n".join(f'{day} = ["short", {{ session = "short", at = "07:30" }}]' for day in DAYS)
    daily.write_text(f'schema = 1\nname = "Twice"\n[[weeks]]\n{days}\n', encoding="utf-8")
    assert timer_app("check", daily).out.startswith("1 file: no faults")
    timer_app("programme", "start", "daily")
    assert "  ● 07:30  Short one, 23 s: timer-app run short" in timer_app("today").out.splitlines()
    timer_app("run", "short", "--plain", "--no-sound", "--speed", "1000", "--history")
    data = json.loads(timer_app("today", "--json").out)
    assert (data["due"], data["done"], data["left"]) == (["short", "short"], ["short"], ["short"])
    assert [entry["at"] for entry in data["entries"]] == [None, "07:30"]
    assert [entry["done"] for entry in data["entries"]] == [True, False]
    assert timer_app("list").out.splitlines()[1].startswith("short ")
    timer_app("run", "short", "--plain", "--no-sound", "--speed", "1000", "--history")
    assert json.loads(timer_app("today", "--json").out)["left"] == []


def test_weeks_by_turns_and_every_so_many_days_are_shown(timer_app: Inside, daily: Path) -> None:
    weeks = '[[weeks]]\nname = "A"\nmonday = "short"\n[[weeks]]\nname = "B"\nevery_days = 2\nsessions = "short"\n'
    daily.write_text(f'schema = 1\nname = "By turns"\nrepeat = 3\n{weeks}', encoding="utf-8")
    assert timer_app("programme", "show", "daily").out.splitlines() == [
        "By turns, 6 weeks",
        "Week 1 (A), level 1",
        "  Monday     short",
        "Week 2 (B), level 1",
        "  Every 2 days: short",
        "All of this 3 times.",
    ]


@pytest.mark.usefixtures("daily")
def test_a_programme_is_followed_done_and_left(timer_app: Inside) -> None:
    assert "No programme is followed" in timer_app("today").out
    assert "Daily began on" in timer_app("programme", "start", "daily", "--from", "2d").out
    assert "Daily begins on" in timer_app("programme", "start", "daily").out
    assert "● Short one, 23 s: timer-app run short" in timer_app("today").out
    assert timer_app("list").out.splitlines()[1].startswith("short ")
    assert timer_app("run", "short", "--plain", "--no-sound", "--speed", "1000", "--history").status == 0
    reported = timer_app("today").out
    assert "✓ Short one, 23 s: done" in reported
    assert "1 day of the programme in a row." in reported
    data = json.loads(timer_app("today", "--json").out)
    assert (data["due"], data["done"], data["left"], data["streak"]) == (["short"], ["short"], [], 1)
    assert "Week 1   ✓" in timer_app("programme", "show").out
    assert timer_app("programme", "stop").status == 0
    assert json.loads(timer_app("today", "--json").out) is None


@pytest.mark.usefixtures("daily")
def test_a_programme_goes_into_a_calendar_file(timer_app: Inside, home: Path) -> None:
    file = home / "training.ics"
    assert timer_app("programme", "ics", file).status == 2
    timer_app("programme", "start", "daily", "--from", "2026-12-28")
    assert timer_app("programme", "ics", file, "--at", "7:30", "--remind", "5").out.startswith("7 sessions written")
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    first = date(2026, 12, 28)
    assert [event.decoded("dtstart").date() for event in events] == [first + timedelta(days=day) for day in range(7)]
    assert timer_app("programme", "ics", file).status == 2
    assert timer_app("programme", "ics", file, "--force").status == 0


@pytest.mark.usefixtures("daily")
@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--at", "25:00"), "25:00 is no time of day"),
        (("--at", "noon"), "noon is no time of day"),
        (("--remind", "5"), "--remind needs --at"),
    ],
)
def test_a_calendar_needs_a_time_that_there_is(
    timer_app: Inside, home: Path, arguments: tuple[str, str], reported: str
) -> None:
    timer_app("programme", "start", "daily", "--from", "2026-12-28")
    found = timer_app("programme", "ics", home / "x.ics", *arguments)
    assert (found.status, (home / "x.ics").exists()) == (2, False)
    assert reported in found.err


def test_an_unknown_programme_is_told_with_what_was_meant(timer_app: Inside) -> None:
    found = timer_app("programme", "start", "desk-wek")
    assert (found.status, 'did you mean "desk-week"?' in found.err) == (2, True)


@pytest.mark.usefixtures("daily")
def test_a_damaged_file_is_told_and_a_run_goes_on(timer_app: Inside, home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / "programme.toml").write_text("junk", encoding="utf-8")
    assert "cannot be read" in timer_app("today").err
    assert timer_app("run", "short", "--plain", "--no-sound", "--speed", "1000").status == 0


def test_a_programme_with_faults_stays_in_the_list(timer_app: Inside, home: Path) -> None:
    (home / "config" / "programmes").mkdir(parents=True)
    (home / "config" / "programmes" / "odd.toml").write_text("weeks = 3\n", encoding="utf-8")
    assert "odd" in timer_app("programme", "list").out
    assert timer_app("programme", "start", "odd").status == 1
