from __future__ import annotations

import json
import re
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import BROKEN, SHORT, Inside
from timer_app.cli.commands import list as listing
from timer_app.cli.commands.show import timeline_to_dict
from timer_app.cli.resources import open_tracker
from timer_app.cli.tables import format_table, truncate, wrap_words
from timer_app.core.compiler.compile import Compiled
from timer_app.core.timeline.utterance import Manner, Utterance
from timer_app.core.wording.formatting import cell_len
from timer_app.library.library import Library
from timer_app.run.exact_lengths import LineMeasurer
from timer_app.run.live import open_run
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import SilentSound
from timer_app.settings.settings import Settings
from timer_app.system import paths
from timer_app.system.files import toml_files
from timer_app.tts.cache import SpeechCache
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.registry import open_voice
from timer_app.tts.renderer import SpeechRenderer, VoiceOffer
from timer_app.tts.voice import VoiceError

SHIPPED = sorted(path.stem for path in toml_files(paths.shipped_sessions_dir()))


def own(home: Path, name: str, text: str) -> None:
    path = home / "config" / "sessions" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_list_has_every_shipped_session(timer_app: Inside) -> None:
    found = timer_app("list")
    assert (found.status, found.err) == (0, "")
    assert [row.split()[0] for row in found.out.splitlines()[1:]] == SHIPPED


def test_own_sessions_come_first_and_a_broken_one_is_marked(timer_app: Inside, home: Path) -> None:
    own(home, "aa-broken.toml", BROKEN)
    own(home, "short.toml", SHORT)
    rows = timer_app("list").out.splitlines()[1:]
    assert rows[0].split()[:2] == ["aa-broken", "-"]
    assert "Broken: cannot be started; line " in rows[0]
    assert rows[0].endswith("(and 1 more)")
    assert rows[1].split()[0] == "short"


def test_sessions_in_folders_are_listed_by_group_and_found_by_their_short_name(timer_app: Inside, home: Path) -> None:
    for name in ("walk", "morning/stretch", "evening/breathe", "morning/Run"):
        own(home, f"{name}.toml", SHORT)
    rows = timer_app("list").out.splitlines()[1:5]
    assert [row.split()[0] for row in rows] == ["walk", "evening/breathe", "morning/Run", "morning/stretch"]
    assert timer_app("show", "stretch", "--fast").out == timer_app("show", "morning/stretch", "--fast").out
    assert timer_app("check", "stretch", "--fast").out.startswith("1 file: no faults")
    assert "did you mean `timer-app run stretch`?" in timer_app("stretch").err


def test_without_a_terminal_the_program_alone_lists_and_says_how_to_start(timer_app: Inside) -> None:
    found = timer_app()
    assert found.status == 0
    assert found.out == timer_app("list").out
    assert "timer-app run NAME" in found.err


def test_the_list_of_exercises_names_id_dose_and_sides(timer_app: Inside) -> None:
    found = timer_app("list", "--exercises")
    (row,) = [row for row in found.out.splitlines() if row.startswith("wall-squat ")]
    assert "Wall squat" in row
    assert "30 s to 1:00" in row


def test_a_narrow_terminal_has_the_purpose_of_each_session_below_its_whole_name(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = [row.split("  ") for row in timer_app("list").out.splitlines()[1:]]
    monkeypatch.setattr(listing, "terminal_width", lambda: 43)
    heading, *rows = timer_app("list").out.splitlines()
    assert heading.split() == ["NAME", "LENGTH"]
    assert all(cell_len(row) <= 43 for row in rows)
    assert [row.split()[0] for row in rows if not row.startswith(" ")] == SHIPPED
    reported = " ".join(row.strip() for row in rows)
    assert all(row[-1] in reported for row in piped)
    assert "Needs: chair " in reported


def test_a_terminal_of_eighty_columns_has_a_line_for_each_session(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "terminal_width", lambda: 80)
    assert [row.split()[0] for row in timer_app("list").out.splitlines()[1:]] == SHIPPED


def test_the_list_names_in_minutes_what_show_tells_to_the_second(timer_app: Inside) -> None:
    (row,) = (row for row in timer_app("list").out.splitlines() if row.startswith("desk-break "))
    minutes, seconds = timer_app("show", "desk-break", "--fast").out.splitlines()[0].split(", ")[1].split(":")
    assert row.split()[1:3] == [str(int(minutes) + (int(seconds) >= 30)), "min"]


def test_words_are_wrapped_by_cells_and_one_that_is_too_long_is_cut() -> None:
    assert list(wrap_words("体操 in the morning", 10)) == ["体操 in", "the", "morning"]
    assert list(wrap_words("unimaginable ease", 8)) == ["unimagi…", "ease"]
    assert list(wrap_words("", 8)) == []


def test_what_needs_nothing_says_so(timer_app: Inside, home: Path) -> None:
    own(home, "short.toml", SHORT)
    heading, row = timer_app("list").out.splitlines()[:2]
    assert heading.split("  ")[0] == "NAME"
    at = heading.index("EQUIPMENT")
    assert row[at:].startswith("nothing")
    assert heading.endswith("WHAT IT IS FOR")


SAYING = """schema = 1
name = "Talk"
[[steps]]
say = "Lie down now."
[[steps]]
name = "Row"
reps = 1
tempo = [{ name = "pull", for = 1.5 }]
"""


def test_the_table_names_what_is_said_and_rounds_no_short_part(timer_app: Inside, tmp_path: Path) -> None:
    (tmp_path / "talk.toml").write_text(SAYING, encoding="utf-8")
    rows = [row.split() for row in timer_app("show", tmp_path / "talk.toml").out.splitlines()]
    assert [row[4:7] for row in rows if "Lie" in row] == [["Lie", "down", "now."]]
    assert [row[1:3] for row in rows if "work" in row] == [["1.5", "s"]]


def shown(timer_app: Inside, *arguments: str | Path) -> dict[str, Any]:
    found = timer_app("show", *arguments, "--json")
    assert (found.status, found.err) == (0, "")
    data: dict[str, Any] = json.loads(found.out)
    return data


@pytest.mark.parametrize("name", ["desk-break", "upper-back-release"])
def test_a_timeline_as_json_has_the_documented_keys_and_adds_up(timer_app: Inside, name: str) -> None:
    data = shown(timer_app, name)
    assert list(data) == ["name", "total_ms", "fit", "doses", "picked", "left_out", "late_rounds", "phases"]
    durations = [phase["duration_ms"] or 0 for phase in data["phases"]]
    assert data["total_ms"] == sum(durations)
    assert [phase["start_ms"] for phase in data["phases"]] == [0, *accumulate(durations[:-1])]
    for phase in data["phases"]:
        assert list(phase) == [
            *("kind", "label", "name", "start_ms", "duration_ms", "timed", "step", "set", "sets"),
            *("side", "rep", "reps", "round", "rounds", "until_ms", "then", "load", "effort", "cues", "dropped"),
        ]
        assert all(list(line) == ["at_ms", "text", "reason", "instead"] for line in phase["dropped"])
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
    usual, high = shown(timer_app, "desk-break"), shown(timer_app, "desk-break", "--level", "1")
    assert (usual["total_ms"], usual["phases"]) == (high["total_ms"], high["phases"])


def test_doses_can_be_had_at_either_end_of_their_ranges(timer_app: Inside) -> None:
    for end, level in (("low", "0"), ("high", "1")):
        assert shown(timer_app, "desk-break", "--dose", end) == shown(timer_app, "desk-break", "--level", level)
    both = timer_app("show", "desk-break", "--dose", "low", "--level", "1")
    assert (both.status, "exclude each other" in both.err) == (2, True)


def test_doses_that_grow_say_where_they_come_from(timer_app: Inside) -> None:
    assert "Wall squat: 30 s today (first time, goal 1:00)" in timer_app("show", "wall-and-shoulders").out
    assert shown(timer_app, "wall-and-shoulders", "--level", "0")["doses"] == []


def test_what_is_left_out_and_which_rounds_are_late_is_said_above_the_table(timer_app: Inside, home: Path) -> None:
    steps = '{ name = "Row", hold = "20s" }, { name = "Curl", hold = "5s", priority = "optional" }'
    text = f'schema = 1\nname = "Late"\n[[steps]]\nevery = "15s"\nrounds = 2\nsteps = [{steps}]\n'
    path = home / "late.toml"
    path.write_text(text, encoding="utf-8")
    data = shown(timer_app, path, "--at-most", "1m")
    assert data["left_out"] == ["Curl"]
    assert data["late_rounds"][0].startswith("Round 2 begins ")
    rows = timer_app("show", path, "--at-most", "1m").out.splitlines()
    assert rows[1] == "  Left out: Curl"
    assert rows[2].startswith("  Round 2 begins ")


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
    assert re.search(r"^ +0:\d\d\.\d +\d\.\d s  “Back flat on the wall.”$", with_cues, re.MULTILINE)
    assert re.search(r"^ +0:\d\d\.0 +\d\.\d s  \(start\)$", with_cues, re.MULTILINE)
    assert "dropped" not in with_cues


CROWDED = """
schema = 1
name = "Crowded"
[[steps]]
name = "Plank"
hold = "10s"
cues = [{ at = "4s", say = "First." }, { at = "4s", say = "Much too long to be said in ten seconds, whoever says it." }]
"""


def test_lines_without_room_are_listed_with_their_reason(timer_app: Inside, home: Path) -> None:
    path = home / "crowded.toml"
    path.write_text(CROWDED, encoding="utf-8")
    table = timer_app("show", path, "--cues").out
    (line,) = [line for line in table.splitlines() if "dropped" in line]
    assert line.endswith(
        "“Much too long to be said in ten seconds, whoever says it.”: something else is being said there"
    )
    assert "dropped" not in timer_app("show", path).out
    (work,) = [phase for phase in shown(timer_app, path)["phases"] if phase["kind"] == "work"]
    assert [(missed["at_ms"], missed["reason"]) for missed in work["dropped"]] == [
        (4_000, "something else is being said there")
    ]


def test_a_line_that_is_shortened_is_listed_with_what_is_said_instead(timer_app: Inside, home: Path) -> None:
    path = home / "short-rest.toml"
    name = "Shoulder-blade push-up on the knees with a very long pause at the bottom"
    step = f'{{ name = "{name}", short = "Push-up", hold = "5s", prepare = 0 }}'
    path.write_text(f'schema = 1\nname = "x"\nsteps = [{{ rest = "6s" }}, {step}]\n', encoding="utf-8")
    (rest,) = [phase for phase in shown(timer_app, path)["phases"] if phase["kind"] == "rest"]
    (missed,) = [line for line in rest["dropped"] if line["instead"]]
    assert (missed["text"], missed["instead"]) == (f"Next: {name}.", "Next: Push-up.")
    assert "Next: Push-up." in [cue.get("text") for cue in rest["cues"]]
    reported = f"shorter  “Next: {name}.”, “Next: Push-up.” instead: there is no time left for it"
    assert reported in timer_app("show", path, "--cues").out


def test_by_the_clock_what_is_not_timed_is_in_brackets_and_an_author_s_word_is_the_label(
    timer_app: Inside, tmp_path: Path
) -> None:
    path = tmp_path / "clock.toml"
    step = '[[steps]]\nname = "Run"\nlabel = "SPRINT"\nhold = "20s"\nsides = "each"\nsets = 2\nrest = "9s"\n'
    path.write_text(f'schema = 1\nname = "Test"\n[defaults]\nfit = "clock"\n{step}', encoding="utf-8")
    data = shown(timer_app, path)
    assert (data["fit"], data["total_ms"]) == ("clock", 6_000 + 4 * 20_000 + 2 * 6_000 + 9_000)
    assert [phase["timed"] for phase in data["phases"]] == [False, *[True] * 9, False]
    work = data["phases"][2]
    assert (work["kind"], work["label"], work["name"]) == ("work", "SPRINT", "Run")
    lines = timer_app("show", path).out.splitlines()
    assert lines[0] == "Test, 1:47"
    assert [row.split()[1:4] for row in lines[2:4]] == [["(4", "s)", "say"], ["6", "s", "prepare"]]
    assert [row.split()[3] for row in lines[7:9]] == ["rest", "switch"]


def test_without_a_voice_lines_last_as_long_as_in_a_run_without_one(timer_app: Inside, short: Path) -> None:
    data = shown(timer_app, short, "--voice", "none")
    spoken = [cue for phase in data["phases"] for cue in phase["cues"] if cue["kind"] == "speech"]
    assert spoken
    assert [cue["length_ms"] for cue in spoken] == [
        SilentSound().speech(Utterance(cue["text"])).length_ms for cue in spoken
    ]


@pytest.mark.exact_lengths
def test_with_a_voice_every_line_has_its_true_length(timer_app: Inside, short: Path) -> None:
    data = shown(timer_app, short, "--voice", "espeak", "--rate", "200")
    spoken = {cue["text"]: cue["length_ms"] for phase in data["phases"] for cue in phase["cues"] if "text" in cue}
    voice = open_voice("espeak")
    with closing(
        SpeechRenderer([VoiceOffer.of(voice)], SpeechCache(paths.cache_dir() / "speech"), SpeechStyle(Manner(200)))
    ) as speech_renderer:
        assert speech_renderer.wait(map(Utterance, spoken), 60)
        assert spoken == {text: speech_renderer.speech(Utterance(text)).length_ms for text in spoken}
    assert shown(timer_app, short, "--voice", "espeak", "--rate", "200") == data


@pytest.mark.exact_lengths
def test_what_is_shown_is_what_a_run_plays(timer_app: Inside, short: Path) -> None:
    data = shown(timer_app, short, "--rate", "180")
    library = Library.default()
    session, _ = library.load(library.find(str(short)))
    options = RunOptions(seed=0, voice="espeak", rate=180, output="null")
    options = open_tracker(Settings(), {}).resolve_familiarity(options, library.find(str(short)).id, short)
    with closing(open_run(session, options, library, short)) as live_run:
        played = timeline_to_dict(Compiled(live_run.timeline, ()))
    for phase in data["phases"]:
        phase["dropped"] = []
    assert played == data


def test_a_voice_that_does_not_speak_here_is_told_in_a_line(
    timer_app: Inside, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_measurer: LineMeasurer, _lines: object, name: str, *_how: object) -> None:
        raise VoiceError(f"{name} is hoarse")

    monkeypatch.setattr(LineMeasurer, "measure", fails)
    found = timer_app("show", short, "--voice", "espeak")
    assert (found.status, found.out, found.err) == (1, "", "No voice: espeak is hoarse\n")


def test_how_much_is_said_is_that_of_the_settings_or_of_the_command_line(
    timer_app: Inside, short: Path, home: Path
) -> None:
    def lines(*arguments: str) -> list[str]:
        phases = shown(timer_app, short, *arguments)["phases"]
        return [cue["text"] for phase in phases for cue in phase["cues"] if cue["kind"] == "speech"]

    assert "Back flat on the wall." in lines()
    assert lines("--verbosity", "tones") == []
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('verbosity = "brief"\n', encoding="utf-8")
    assert "Back flat on the wall." not in lines()
    assert "Back flat on the wall." in lines("--verbosity", "full")


def test_columns_align_for_wide_and_combining_characters() -> None:
    rows = list(format_table([("日本", "x"), ("e\u0301", "x"), ("four", "x")]))
    assert [cell_len(row) for row in rows] == [7, 7, 7]
    assert [truncate(text, 4) for text in ("four", "fives", "日本語", "abc")] == ["four", "fiv…", "日…", "abc"]


def test_sounds_are_played_by_name_and_each_is_told(timer_app: Inside, tmp_path: Path) -> None:
    path = tmp_path / "gym.wav"
    found = timer_app("sounds", "--play", "tick", "--theme", "gym", "--output", f"file:{path}")
    assert (found.status, found.err) == (0, "")
    assert found.out.splitlines() == ["tick", f"Played through file:{path}."]
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--play", "tikc"), 'there is no sound "tikc"; did you mean "tick"?'),
        (("--play", "--theme", "gymm"), 'there is no sound theme "gymm"; did you mean "gym"?'),
    ],
)
def test_a_sound_or_theme_that_is_not_there_is_refused(
    timer_app: Inside, arguments: tuple[str, ...], reported: str
) -> None:
    found = timer_app("sounds", *arguments)
    assert found.status == 2
    assert reported in found.err


def test_minutes_are_the_same_as_a_time(timer_app: Inside) -> None:
    in_minutes = timer_app("show", "upper-back-release", "--fast", "--minutes", "9")
    assert in_minutes.out == timer_app("show", "upper-back-release", "--fast", "--at-most", "9m").out
    assert in_minutes.out != timer_app("show", "upper-back-release", "--fast").out
    both = timer_app("show", "upper-back-release", "--minutes", "9", "--at-most", "9m")
    assert (both.status, both.err) == (2, "timer-app show: --at-most and --minutes exclude each other\n")
