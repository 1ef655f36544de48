"""Which sessions and exercises there are, how they are found, and what is remembered of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.library_folders import Place, write_wav
from timer_app.core.diagnostics.problems import FileFault
from timer_app.library.facts_reader import read_facts
from timer_app.library.index import LibraryIndex, SessionFacts
from timer_app.library.library import Folders, Library, LibraryError, SessionEntry
from timer_app.system.processes import module_command

BRIEF = 'schema = 1\nname = "Brief"\nsummary = "A minute"\nsteps = [{ exercise = "wall-squat" }]\n'
OTHER = 'schema = 1\nname = "Another"\nsteps = [{ say = "Hello." }, { wait = "Wait." }]\n'
BROKEN = 'schema = 1\nname = "Broken"\nsteps = [{ hold = "x", name = "A", sides = 3 }]\n'


def _listed(library: Library) -> list[tuple[str, str, str, int]]:
    return [(entry.id, entry.origin, entry.name, entry.faults) for entry in library.entries()]


def test_an_entry_shows_what_a_list_needs(place: Place) -> None:
    path = place.write("brief.toml", BRIEF)
    (entry,) = place.library().entries()
    assert (entry.id, entry.path, entry.origin, entry.name) == ("brief", path, "own", "Brief")
    assert (entry.summary, entry.equipment, entry.faults) == ("A minute", ("wall",), 0)
    assert 40_000 < entry.length_ms < 70_000


def test_the_user_s_own_sessions_come_first_and_each_list_is_by_name(place: Place) -> None:
    for name in ("b", "a"):
        place.write(f"{name}.toml", BRIEF.replace("Brief", f"Own {name}"))
        place.write(f"shipped-{name}.toml", BRIEF.replace("Brief", f"A shipped {name}"), place.shipped)
    assert [entry.id for entry in place.library().entries()] == ["a", "b", "shipped-a", "shipped-b"]


def test_an_own_session_hides_a_shipped_one_of_the_same_id(place: Place) -> None:
    place.write("brief.toml", BRIEF, place.shipped)
    place.write("brief.toml", OTHER)
    assert _listed(place.library()) == [("brief", "own", "Another", 0)]
    assert place.library().ids() == ["brief"]


PASSED_OVER = {
    # the file, the name by which somebody asks for it, and what to do
    "WORKOUT.TOML": ("WORKOUT", "rename it to WORKOUT.toml"),
    "plan.toml.txt": ("plan", "rename it to plan.toml"),
    "round.json": ("round.json", "write it as TOML"),
    "morning/PLAN.TOML": ("PLAN", "rename it to PLAN.toml"),
    "a/b/c/d/legs.toml": ("legs", "down to a depth of 3: move it up"),
}


@pytest.mark.parametrize("file", PASSED_OVER)
def test_a_file_that_is_passed_over_is_named_with_what_to_do(place: Place, file: str) -> None:
    asked, advice = PASSED_OVER[file]
    (place.own / file).parent.mkdir(parents=True, exist_ok=True)
    path = place.write(file, BRIEF)
    library = place.library()
    assert [(notice.split(":")[0], advice in notice) for notice in library.notices()] == [(str(path), True)]
    with pytest.raises(LibraryError, match=f"there is no session .*{advice}"):
        library.find(asked)


def test_what_is_read_or_belongs_to_no_session_is_not_said_to_be_passed_over(place: Place) -> None:
    for name in ("brief.toml", "brief.de.toml", "read me.txt", ".hidden.json", "bell.wav"):
        place.write(name, BRIEF)
    assert not [notice for notice in place.library().notices() if "passed over" in notice]


def _in_folders(place: Place) -> Library:
    for name in ("wake-up", "morning/wake-up", "morning/walk", "Evening/walk", "evening/deep/er/sleep"):
        place.write(f"{name}.toml", BRIEF.replace("Brief", name.rpartition("/")[2].title()))
    for name in (".git/hidden", "a/b/c/d/too-deep"):
        place.write(f"{name}.toml", BRIEF)
    place.write("in-a-folder/that-is-shipped.toml", BRIEF, place.shipped)
    return place.library()


def test_folders_inside_that_of_the_user_s_sessions_are_groups(place: Place) -> None:
    entries = _in_folders(place).entries()
    assert [(entry.id, entry.group, entry.name) for entry in entries] == [
        ("wake-up", "", "Wake-Up"),
        ("Evening/walk", "Evening", "Walk"),
        ("evening/deep/er/sleep", "evening/deep/er", "Sleep"),
        ("morning/wake-up", "morning", "Wake-Up"),
        ("morning/walk", "morning", "Walk"),
    ]


def test_a_session_in_a_folder_is_found_by_its_id_its_path_or_the_end_of_its_id(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _in_folders(place)
    monkeypatch.chdir(place.own / "evening")
    for name in ("sleep", "er/sleep", "evening/deep/er/sleep", "deep/er/sleep.toml"):
        assert library.find(name).id == "evening/deep/er/sleep"
    assert library.find("wake-up").id == "wake-up"  # one in no folder comes first
    with pytest.raises(LibraryError, match='2 sessions "walk" in folders; name Evening/walk or morning/walk'):
        library.find("walk")
    with pytest.raises(LibraryError, match='no session "morning/wakeup"; did you mean "morning/wake-up"'):
        library.find("morning/wakeup")
    with pytest.raises(LibraryError, match='no session "slep"; did you mean "evening/deep/er/sleep"'):
        library.find("slep")


def test_links_to_folders_are_not_followed_but_named(place: Place) -> None:
    place.write("morning/walk.toml", BRIEF)
    place.write("brief.toml", BRIEF, place.root / "elsewhere")
    (place.own / "linked").symlink_to(place.root / "elsewhere")
    (place.own / "morning" / "circle").symlink_to(place.own)
    library = place.library()
    assert library.ids() == ["morning/walk"]
    (notice,) = library.notices()
    assert "linked: is passed over; links to folders are not followed" in notice


def test_a_session_may_put_in_one_of_a_folder_by_its_id(place: Place) -> None:
    place.write("morning/walk.toml", BRIEF)
    path = place.write("whole.toml", 'schema = 1\nname = "Whole"\nsteps = [{ session = "morning/walk" }]\n')
    assert place.library().check(path) == []
    for written in ("morning/run", "Morning/Walk"):
        place.write("whole.toml", path.read_text(encoding="utf-8").replace("morning/walk", written))
        (problem,) = place.library().check(path)
        assert problem.suggestion == "morning/walk"
        place.write("whole.toml", 'schema = 1\nname = "Whole"\nsteps = [{ session = "morning/walk" }]\n')


def test_a_session_in_a_folder_is_translated_by_the_file_beside_it(place: Place) -> None:
    place.write("morning/walk.toml", BRIEF)
    place.write("morning/walk.de.toml", 'schema = 1\nlanguage = "de"\n[texts]\nBrief = "Kurz"\n')
    assert [entry.name for entry in place.library("de").entries()] == ["Kurz"]


def test_hidden_files_and_other_files_are_no_sessions(place: Place) -> None:
    for name in (".brief.toml", "brief.toml~", "brief.txt"):
        place.write(name, BRIEF)
    assert place.library().entries() == []


def test_a_broken_session_is_listed_by_its_name_with_the_number_of_its_errors(place: Place) -> None:
    place.write("broken.toml", BROKEN)
    place.write("syntax.toml", "[[")
    (place.own / "folder.toml").mkdir()
    place.write("bomb.toml", 'schema = 1\nname = "Bomb"\nsteps = [{ name = "A", hold = "20h", sets = 9 }]\n')
    place.write("escape.toml", 'schema = 1\nname = "\\u001b[31m"\nsteps = []\n')
    assert sorted(_listed(place.library())) == [
        ("bomb", "own", "Bomb", 1),
        ("broken", "own", "Broken", 2),
        ("escape", "own", "escape", 2),
        ("folder", "own", "folder", 1),
        ("syntax", "own", "syntax", 1),
    ]


def test_names_are_shown_without_doubled_braces(place: Place) -> None:
    place.write("brief.toml", BRIEF.replace("Brief", "Set {{1}}").replace("A minute", "{{One}}"))
    (entry,) = place.library().entries()
    assert (entry.name, entry.summary) == ("Set {1}", "{One}")


@pytest.mark.parametrize("name", ["brief", "Brief", "brief.toml", "./brief.toml"])
def test_a_session_is_found_by_id_name_or_path(name: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("brief.toml", BRIEF)
    monkeypatch.chdir(place.own)
    assert place.library().find(name).name == "Brief"


def test_a_path_is_found_though_a_session_lies_elsewhere(place: Place) -> None:
    path = place.write("brief.toml", OTHER, place.root / "elsewhere")
    place.write("brief.toml", BRIEF)
    found = place.library().find(str(path))
    assert (found.name, found.origin, found.path) == ("Another", "file", path)


def test_a_home_folder_may_be_written_short(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("brief.toml", BRIEF, place.root / "home")
    monkeypatch.setenv("HOME", str(place.root / "home"))
    assert place.library().find("~/brief.toml").name == "Brief"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("breif", 'there is no session "breif"; did you mean "brief"?'),
        ("nothing like it", 'there is no session "nothing like it"; `timer-app list` shows them all'),
        ("./gone.toml", "./gone.toml: there is no such file"),
        ("~nobody-of-that-name/x.toml", "~nobody-of-that-name/x.toml: there is no such file"),
        ("a\x1b[31m\0", 'there is no session "a\\x1b[31m\\x00"; `timer-app list` shows them all'),
        ("x" * 5_000, f'there is no session "{"x" * 79}…"; `timer-app list` shows them all'),
        ("", 'there is no session ""; `timer-app list` shows them all'),
    ],
)
def test_a_session_that_is_not_there_is_one_clear_line(name: str, message: str, place: Place) -> None:
    place.write("brief.toml", BRIEF)
    with pytest.raises(LibraryError) as raised:
        place.library().find(name)
    assert str(raised.value) == message


def test_loading_gives_the_session_and_its_warnings(place: Place) -> None:
    place.write("brief.toml", BRIEF.replace("steps", 'language = "sv"\nsteps'))
    library = place.library()
    session, warnings = library.load(library.find("brief"))
    assert session.name == "Brief"
    assert [(warning.line, warning.severity) for warning in warnings] == [(4, "warning"), (5, "warning")]


def test_loading_a_broken_session_raises_all_its_errors(place: Place) -> None:
    place.write("broken.toml", BROKEN)
    library = place.library()
    with pytest.raises(FileFault) as raised:
        library.load(library.find("broken"))
    assert [problem.key for problem in raised.value.problems] == ["steps[0].hold", "steps[0].sides"]


def test_a_session_that_vanished_is_one_clear_line(place: Place) -> None:
    path = place.write("brief.toml", BRIEF)
    library = place.library()
    entry = library.find("brief")
    path.unlink()
    with pytest.raises(FileFault, match="there is no such file"):
        library.load(entry)


# The catalogue.


def test_an_own_exercise_replaces_a_shipped_one_and_adds_to_the_others(place: Place) -> None:
    text = 'schema = 1\n[exercises.row]\nname = "Hard row"\nsay = "Pull."\nreps = 20\n'
    place.write(
        "mine.toml", text + text.partition("\n")[2].replace("row", "curl").replace("Hard", "Arm"), place.own_exercises
    )
    catalogue = place.library().catalogue
    assert {name: exercise.name for name, exercise in catalogue.items()} == {
        "wall-squat": "Wall squat",
        "row": "Hard row",
        "curl": "Arm curl",
    }


def test_what_is_wrong_with_a_file_of_exercises_is_told_and_the_others_are_there(place: Place) -> None:
    place.write("bad.toml", 'schema = 1\n[exercises.row]\nname = "Row"\n', place.own_exercises)
    place.write("worse.toml", "[[", place.own_exercises)
    library = place.library()
    assert library.catalogue["row"].reps is not None
    assert [(Path(p.file).name, p.key) for p in library.catalogue_problems] == [
        ("bad.toml", "exercises.row.say"),
        ("worse.toml", ""),
    ]


def test_an_exercise_may_use_a_sound_beside_it(place: Place) -> None:
    write_wav(place.own_exercises / "gong.wav")
    cues = 'cues = [{ at = "1/2", sound = "gong.wav" }]'
    text = f'schema = 1\n[exercises.plank]\nname = "Plank"\nsay = "Stay."\nhold = 30\n{cues}\n'
    place.write("mine.toml", text, place.own_exercises)
    assert place.library().catalogue_problems == []


# What is remembered.


def _poison(place: Place) -> None:
    """Make what is remembered differ from what the files say."""
    place.index.write_text(place.index.read_text().replace("Brief", "Remembered"))


def test_unchanged_files_are_not_read_again(place: Place) -> None:
    place.write("brief.toml", BRIEF)
    first = place.library().entries()
    assert place.library().entries() == first
    _poison(place)
    assert [entry.name for entry in place.library().entries()] == ["Remembered"]


def test_a_changed_file_is_read_again(place: Place) -> None:
    path = place.write("brief.toml", BRIEF)
    place.library().entries()
    _poison(place)
    os.utime(path, ns=(1, 1))
    assert [entry.name for entry in place.library().entries()] == ["Brief"]


def test_all_files_are_read_again_when_the_catalogue_has_changed(place: Place) -> None:
    place.write("brief.toml", BRIEF)
    place.library().entries()
    _poison(place)
    place.write("more.toml", 'schema = 1\n[exercises.x]\nname = "X"\nsay = "x"\nhold = 3\n', place.own_exercises)
    assert [entry.name for entry in place.library().entries()] == ["Brief"]


def test_broken_files_are_read_each_time_since_what_they_lack_may_have_come(place: Place) -> None:
    cue = 'cues = [{ at = 1, sound = "gong.wav" }]'
    place.write("brief.toml", f'schema = 1\nname = "Brief"\n[[steps]]\nname = "A"\nhold = 9\n{cue}\n')
    assert [entry.faults for entry in place.library().entries()] == [1]
    write_wav(place.own / "gong.wav")
    assert [entry.faults for entry in place.library().entries()] == [0]


def test_broken_files_are_not_read_again_where_only_their_text_is_wrong(place: Place) -> None:
    place.write("brief.toml", BROKEN.replace("Broken", "Brief"))
    place.write("torn.toml", "name = ")
    first = place.library().entries()
    assert all(entry.faults for entry in first)
    with patch("timer_app.library.loader.parse_file", side_effect=AssertionError("read again")):
        assert place.library().entries() == first


def test_a_session_whose_included_one_is_mended_has_no_faults_any_more(place: Place) -> None:
    place.write("all.toml", 'schema = 1\nname = "All"\n[[steps]]\nsession = "brief"\n')
    path = place.write("brief.toml", BROKEN.replace("Broken", "Brief"))
    assert [bool(entry.faults) for entry in place.library().entries()] == [True, True]
    path.write_text(BRIEF)
    assert [entry.faults for entry in place.library().entries()] == [0, 0]


def test_a_file_that_another_one_replaces_is_read_again_though_it_is_as_old_and_as_long(place: Place) -> None:
    path = place.write("brief.toml", BRIEF)
    place.library().entries()
    state, other = path.stat(), place.own / "new.part"
    other.write_text(BRIEF.replace("Brief", "Other"))
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(path)
    assert [entry.name for entry in place.library().entries()] == ["Other"]


def test_very_many_files_are_remembered_and_those_read_first_forgotten_beyond_a_bound(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timer_app.library.index._MAX_FILES", 2_000)
    written = LibraryIndex(place.index, [])
    paths = [place.own / f"{number}.toml" for number in range(2_100)]
    for path in paths:
        written.put(path, SessionFacts(path.stem))
    written.save()
    read = LibraryIndex(place.index, [])
    assert [read.get(path) is not None for path in paths] == [False] * 100 + [True] * 2_000


def test_who_ends_the_first_listing_of_many_files_loses_little(place: Place) -> None:
    begun = LibraryIndex(place.index, [])
    for number in range(5_000):
        begun.put(place.own / f"{number}.toml", SessionFacts(str(number)))
    assert LibraryIndex(place.index, []).get(place.own / "3999.toml") == SessionFacts("3999")


def test_two_that_write_at_the_same_time_leave_an_index_that_is_whole(place: Place) -> None:
    one, other = (LibraryIndex(place.index, []) for _ in range(2))
    for number, index in enumerate((one, other, one, other)):
        index.put(place.own / f"{number}.toml", SessionFacts(str(number)))
        index.save()
    read = LibraryIndex(place.index, [])
    assert [number for number in range(4) if read.get(place.own / f"{number}.toml")] == [1, 3]


@pytest.mark.parametrize("answers", [True, False], ids=["helped", "alone"])
def test_many_new_files_are_read_in_two_processes_or_here_if_the_helper_fails(answers: bool, place: Place) -> None:
    texts = (BRIEF, OTHER, BROKEN)
    paths = [place.write(f"{number}.toml", texts[number % 3]) for number in range(60)]
    library, read_here = place.library(), list[Path]()

    def read(path: Path) -> SessionFacts:
        read_here.append(path)
        return library.facts(path)

    folders = Folders((("own", place.own),), (place.shipped / "exercises",))
    command = "timer_app.library.facts_process" if answers else "no_such_module"
    with patch("timer_app.library.facts_reader.module_command", lambda _name: module_command(command)):
        found = dict(read_facts(paths, read, folders.to_json(), ""))
    assert found == {path: library.facts(path) for path in paths}
    assert (len(read_here) < len(paths)) is answers


def _damaged(stored: str) -> list[str]:
    data = json.loads(stored)
    ((path, known),) = data["files"].items()
    facts = known["facts"]
    wrong_facts: tuple[object, ...] = (
        [],
        {},
        {**facts, "name": 3},
        {**facts, "length_ms": "x"},
        {**facts, "equipment": [3]},
        None,
    )
    replaced = [{**data, "files": {path: {**known, "facts": wrong}}} for wrong in wrong_facts]
    odd: list[object] = [[], {}, {**data, "files": []}, {**data, "files": {path: 3}}, *replaced]
    return [
        "",
        "{",
        "nonsense",
        "[" * 100_000,
        stored[:-20],
        "\ud800".encode("utf-8", "replace").decode(),
        *map(json.dumps, odd),
    ]


def test_a_damaged_memory_is_as_good_as_none(place: Place) -> None:
    place.write("brief.toml", BRIEF)
    first = place.library().entries()
    for text in _damaged(place.index.read_text()):
        place.index.write_text(text)
        assert place.library().entries() == first


def test_a_memory_that_cannot_be_kept_is_no_reason_to_complain(place: Place) -> None:
    place.write("brief.toml", BRIEF)
    place.index.parent.write_text("a file where the folder should be")
    assert _listed(place.library()) == [("brief", "own", "Brief", 0)]


def test_a_library_of_nothing_has_nothing(tmp_path: Path) -> None:
    library = Place(tmp_path / "gone").library()
    assert (library.entries(), library.catalogue, library.catalogue_problems) == ([], {}, [])


# Phrases and sounds.


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", "Rest."), ("de", "Pause."), ("de-AT", "Pause."), ("DE", "Pause."), ("sv", "Rest.")]
)
def test_the_coach_speaks_the_language_its_base_language_or_english(language: str, spoken: str, place: Place) -> None:
    assert place.library().phrases(language).rest == spoken


def test_a_theme_that_lacks_a_sound_takes_the_default_one(place: Place) -> None:
    loud = write_wav(place.sounds / "loud" / "tick.wav", 40)
    library = place.library()
    assert library.sounds.themes == {"calm", "clear", "gym", "wood", "loud"}
    assert library.find_sound("tick", "loud") == loud
    end = library.find_sound("end", "loud")
    assert end is not None
    assert end.parent.name == "calm"
    lengths = library.sound_lengths("loud")
    assert [lengths("tick"), lengths("nothing")] == [40, 0]


def test_a_sound_of_the_author_is_found_beside_the_session_only(place: Place) -> None:
    gong = write_wav(place.own / "gong.wav")
    library = place.library()
    assert library.find_sound("gong.wav", "calm", place.own) == gong
    assert library.find_sound("gong.wav", "calm") is None
    assert library.find_sound("../own/gong.wav", "calm", place.shipped) is None


def test_a_file_takes_the_place_of_a_sound_as_long_as_it_is_there(place: Place) -> None:
    gong = write_wav(place.own / "gong.wav", 70)
    own = {"start": "gong.wav", "end": "gone.wav"}
    library = place.library()
    assert library.find_sound("start", "wood", place.own, own) == gong
    for sound in ("end", "tick"):
        found = library.find_sound(sound, "wood", place.own, own)
        assert found is not None
        assert found.parent.name == "wood"
    assert library.sound_lengths("wood", place.own, own)("start") == 70


def test_entries_can_be_told_apart(place: Place) -> None:
    place.write("brief.toml", BRIEF)
    (entry,) = place.library().entries()
    assert isinstance(entry, SessionEntry)
    assert hash(entry) == hash(place.library().entries()[0])
