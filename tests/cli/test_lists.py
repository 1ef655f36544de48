from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import BROKEN, SHORT, Inside
from timer_app import paths
from timer_app.commands.tables import cells, clipped, table

SHIPPED = sorted(path.stem for path in paths.shipped_sessions().glob("*.toml"))


def own(home: Path, name: str, text: str) -> None:
    folder = home / "config" / "sessions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_list_has_every_shipped_session(timer_app: Inside) -> None:
    found = timer_app("list")
    assert (found.status, found.err) == (0, "")
    assert [row.split()[0] for row in found.out.splitlines()[1:]] == SHIPPED


def test_own_sessions_come_first_and_a_broken_one_is_marked(timer_app: Inside, home: Path) -> None:
    own(home, "aa-broken.toml", BROKEN)
    own(home, "short.toml", SHORT)
    rows = timer_app("list").out.splitlines()[1:]
    assert rows[0].split()[:2] == ["aa-broken", "-"]
    assert rows[0].endswith("Broken: cannot be started, it has 2 faults: timer-app check aa-broken")
    assert rows[1].split()[0] == "short"


def test_without_a_terminal_the_program_alone_lists_and_says_how_to_start(timer_app: Inside) -> None:
    found = timer_app()
    assert found.status == 0
    assert found.out == timer_app("list").out
    assert "timer-app run NAME" in found.err


def test_the_list_of_exercises_names_id_dose_and_sides(timer_app: Inside) -> None:
    found = timer_app("list", "--exercises")
    (row,) = [row for row in found.out.splitlines() if row.startswith("wall-squat ")]
    assert "Wall squat" in row
    assert "30s to 1:00" in row


def shown(timer_app: Inside, *arguments: str | Path) -> dict[str, Any]:
    found = timer_app("show", *arguments, "--json")
    assert (found.status, found.err) == (0, "")
    data: dict[str, Any] = json.loads(found.out)
    return data


@pytest.mark.parametrize("name", ["desk-break", "upper-back-release"])
def test_a_timeline_as_json_has_the_documented_keys_and_adds_up(timer_app: Inside, name: str) -> None:
    data = shown(timer_app, name)
    assert list(data) == ["name", "total_ms", "phases"]
    durations = [phase["duration_ms"] or 0 for phase in data["phases"]]
    assert data["total_ms"] == sum(durations)
    assert [phase["start_ms"] for phase in data["phases"]] == [0, *accumulate(durations[:-1])]
    for phase in data["phases"]:
        assert list(phase) == [
            *("kind", "label", "start_ms", "duration_ms", "step", "set", "sets"),
            *("side", "rep", "reps", "round", "rounds", "cues"),
        ]
        for cue in phase["cues"]:
            content = "text" if cue["kind"] == "speech" else "sound"
            assert list(cue) == ["at_ms", "kind", content, "length_ms"]
            assert cue["at_ms"] >= 0
            assert phase["duration_ms"] is None or cue["at_ms"] < phase["duration_ms"]


def test_the_level_moves_doses_up(timer_app: Inside) -> None:
    low, high = (shown(timer_app, "desk-break", "--level", level)["total_ms"] for level in ("0", "1"))
    assert low < high


def test_the_level_of_the_settings_is_the_usual_one(timer_app: Inside, home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("level = 1\n", encoding="utf-8")
    assert shown(timer_app, "desk-break") == shown(timer_app, "desk-break", "--level", "1")


def test_a_seed_makes_a_shuffled_order_repeatable(timer_app: Inside, home: Path) -> None:
    steps = ", ".join(f'{{ name = "Number {n}", hold = 5 }}' for n in range(8))
    text = f'schema = 1\nname = "Mixed"\n[[steps]]\nshuffle = true\nsteps = [{steps}]\n'
    path = home / "mixed.toml"
    path.write_text(text, encoding="utf-8")
    orders = [shown(timer_app, path, "--seed", seed) for seed in ("1", "1", "2")]
    assert orders[0] == orders[1] != orders[2]


def test_a_timeline_as_a_table_tells_phases_and_on_request_what_is_heard(timer_app: Inside, short: Path) -> None:
    plain = timer_app("show", short).out
    assert plain.startswith("Short one, 26 s\n")
    assert "waits" in plain
    assert "Back flat" not in plain
    with_cues = timer_app("show", short, "--cues").out
    assert "“Back flat on the wall.”" in with_cues
    assert "(start)" in with_cues


def test_columns_align_for_wide_and_combining_characters() -> None:
    rows = list(table([("日本", "x"), ("e\u0301", "x"), ("four", "x")]))
    assert [cells(row) for row in rows] == [7, 7, 7]
    assert [clipped(text, 4) for text in ("four", "fives", "日本語", "abc")] == ["four", "fiv…", "日…", "abc"]
