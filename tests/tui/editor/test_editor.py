from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest
from textual import events
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from tests.tui.conftest import FakeLiveRun, at_rest, squat_timeline
from tests.tui.pictures import check_picture
from timer_app.analysis import analyse
from timer_app.core.diagnostics import LocatedProblem
from timer_app.core.i18n import _ as translated
from timer_app.core.i18n import use_language
from timer_app.library.library import Folders, Library
from timer_app.run.options import RunOptions
from timer_app.settings.settings import Settings
from timer_app.system.paths import own_sessions_dir
from timer_app.tui.app import TimerApp
from timer_app.tui.context import AppContext
from timer_app.tui.dialogs import TextScreen
from timer_app.tui.editor.cards import NEW_STEPS, PART_FIELDS, fields_of
from timer_app.tui.editor.code_area import CodeArea
from timer_app.tui.editor.completion_list import CompletionList
from timer_app.tui.editor.edited_file import EditedFile
from timer_app.tui.editor.exercise_picker import ExercisePicker
from timer_app.tui.editor.form import CardList
from timer_app.tui.editor.panel_content import fault_row
from timer_app.tui.editor.questions import QuestionScreen
from timer_app.tui.editor.screen import EditorScreen
from timer_app.tui.editor.side_panel import PanelList, SidePanel
from timer_app.tui.field_form import FieldForm, FormField
from timer_app.tui.library.preview_figure import PreviewFigure
from timer_app.tui.library.screen import LibraryScreen
from timer_app.tui.library.table import SessionTable
from timer_app.tui.play.screen import PlayScreen
from timer_app.tui.screen import NARROW_FROM, NORMAL_FROM, SHORT_FROM, STANDARD_FROM, TALL_FROM, WIDE_FROM
from timer_app.tui.summary import SummaryScreen

TEXT = """schema = 1
name = "Mine"  # for the morning

# The first of all.
[[steps]]
exercise = "wall-squat"

[[steps]]
say = "Lie down."

[[steps]]
name = "Plank"
hold = "20s"
"""


@dataclass
class Opened:
    pilot: Pilot[None]
    runs: list[tuple[FakeLiveRun, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @property
    def app(self) -> TimerApp:
        return cast("TimerApp", self.pilot.app)

    @property
    def editor(self) -> EditorScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, EditorScreen))

    @property
    def code(self) -> CodeArea:
        return self.editor.query_one(CodeArea)

    def shows(self, kind: type[object]) -> bool:
        return isinstance(self.app.screen, kind)

    def text(self, widget: str) -> str:
        return str(self.app.screen.query_one(widget, Static).render())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        for character in text:
            self.code.insert(character)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(2):
            await at_rest(self.app)
            await self.pilot.pause()


class Sample:
    """A line that is said for ever."""

    def __init__(self) -> None:
        self.done = False
        self.remarks: list[str] = []

    def stop(self) -> None:
        self.done = True


@asynccontextmanager
async def opened(
    edited: EditedFile | None = None, size: tuple[int, int] = (120, 40), **home: Any
) -> AsyncIterator[Opened]:
    runs: list[tuple[FakeLiveRun, Any]] = []
    heard: list[str] = []

    def open_run(*_: Any, starter: Any, **_more: Any) -> Any:
        runs.append((FakeLiveRun(squat_timeline()), starter))
        return runs[-1][0]

    def speak(_options: Any, _session: Any, _path: Path, lines: Any) -> Any:
        heard.extend(line.text for line in lines)
        return Sample()

    context = AppContext(open_run=open_run, speak_lines=speak, edited=edited, **home)
    library = Library.of_default_sounds(Folders.default())
    app = TimerApp(library, RunOptions(sound=False), Settings(), None, context)
    async with app.run_test(size=size) as pilot:
        there = Opened(pilot, runs, heard)
        await there.settle()
        yield there


@pytest.fixture
def mine(tmp_path: Path) -> EditedFile:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    return EditedFile(path)


async def test_the_panel_follows_the_cursor_and_keeps_the_last_timeline_while_the_text_is_broken(
    mine: EditedFile,
) -> None:
    async with opened(mine) as there:
        there.code.go_to(8)
        await there.settle()
        assert "“Lie down.”" in there.text("#side-script")
        before = there.text("#side-sums")
        there.code.go_to(12)
        there.code.replace("hodl", (12, 0), (12, 4))
        await there.settle()
        faults = there.editor.query_one("#side-faults", PanelList)
        assert faults.option_count == 1
        assert before in there.text("#side-sums").replace(", 1 fault", "")
        assert there.editor.query_one("#side").has_class("-stale")
        await there.press("f9")
        assert there.code.document[12] == 'hold = "20s"'
        assert not there.editor.query_one("#side").has_class("-stale")
        await there.press("ctrl+z")
        assert there.code.document[12] == 'hodl = "20s"'


async def test_what_is_typed_into_a_comment_lays_nothing_out_again_and_lets_the_figure_go_on(
    mine: EditedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(mine) as there:
        there.code.go_to(5, 99)
        await there.type("  # sl")
        figure = there.editor.query_one("#side PreviewFigure", PreviewFigure)
        began = figure._began_s
        laid_out: list[str] = []
        monkeypatch.setattr(there.editor, "_refresh_layout", lambda *_, **__: laid_out.append("again"))
        await there.type("owly")
        assert "slowly" in there.code.document[5]
        assert figure.is_moving
        assert figure._began_s == began
        assert not laid_out


async def test_nothing_is_lost_when_the_file_changes_outside_or_the_editor_is_left(mine: EditedFile) -> None:
    async with opened(mine) as there:
        await there.type("# new\n")
        mine.path.write_text("# theirs\n" + TEXT, encoding="utf-8")
        await there.press("ctrl+s")
        assert there.shows(QuestionScreen)
        await there.press("o")
        assert mine.path.read_text(encoding="utf-8") == "# new\n" + TEXT
        assert mine.backup.read_text(encoding="utf-8") == "# theirs\n" + TEXT
        await there.type("# more\n")
        await there.press("escape")
        assert there.shows(QuestionScreen)
        await there.press("k")
        assert there.shows(EditorScreen)
        await there.press("ctrl+c")  # copies
        there.app.action_leave()
    async with opened(EditedFile(mine.path)) as there:
        assert there.shows(QuestionScreen)
        await there.press("t")
        assert there.code.text == "# new\n# more\n" + TEXT
        await there.press("ctrl+s", "escape")
    assert mine.path.read_text(encoding="utf-8") == "# new\n# more\n" + TEXT


async def test_what_others_save_is_there_at_once_and_is_asked_about_where_something_is_not_saved(
    mine: EditedFile,
) -> None:
    tells: list[Any] = []
    closed: list[bool] = []

    def follow(tell: Any, _fail: Any) -> Any:
        tells.append(tell)
        return SimpleNamespace(close=lambda: closed.append(True))

    async with opened(mine, follow_file=lambda _path: follow) as there:
        for text, asks in ((f"# theirs\n{TEXT}", False), (f"# again\n{TEXT}", True)):
            mine.path.write_text(text, encoding="utf-8")
            tells[0](frozenset({mine.path}))
            await there.pilot.pause()
            await there.settle()
            assert there.shows(QuestionScreen) is asks
            if not asks:
                assert there.code.text == text
                await there.type("x")
    assert closed == [True]


async def test_a_line_is_heard_and_run_and_coming_back_lands_in_the_editor(mine: EditedFile) -> None:
    async with opened(mine) as there:
        there.code.go_to(8)
        await there.settle()
        await there.press("ctrl+l")
        assert there.heard == ["Lie down."]
        await there.press("ctrl+r")
        assert there.shows(PlayScreen)
        _run, starter = there.runs[0]

        class Plan:
            timeline = squat_timeline()

        assert starter(Plan).position.phase > 0
        await there.press("q", "y")
        await there.settle()
        if there.shows(SummaryScreen):
            await there.press("escape")
        assert there.shows(EditorScreen)


async def test_from_an_empty_list_to_a_run_with_the_form() -> None:
    async with opened(size=(80, 24)) as there:
        await there.press("ctrl+n")
        await there.pilot.press(*"Evening", "enter")
        await there.settle()
        assert there.shows(EditorScreen)
        await there.press("alt+a", "delete")
        assert there.code.text == ""
        there.code.insert('schema = 1\nname = "Evening"\n')
        await there.settle()
        await there.press("f6", "a")
        await there.pilot.press(*"neck release")
        await there.settle()
        assert "your neck, on the left/right," in there.text("#pick-told")
        await there.press("ctrl+u")
        await there.pilot.press(*"wall squat")
        await there.settle()
        await there.press("enter")
        assert read(there) == [{"exercise": "wall-squat"}]
        await there.press("enter")
        there.app.screen.query_one("#field-sets", Input).value = "two"
        await there.press("enter")
        assert there.app.screen.has_class("-wrong")
        told = there.app.screen.query_one("#fields-told", Static)
        assert "\\n" not in there.text("#fields-told")
        assert 1 < len(there.text("#fields-told").splitlines()) <= told.size.height
        there.app.screen.query_one("#field-sets", Input).value = "2"
        await there.press("enter")
        assert read(there) == [{"exercise": "wall-squat", "sets": 2}]
        await there.press("d", "alt+up", "delete")
        assert len(read(there)) == 1
        await there.press("ctrl+z")
        assert len(read(there)) == 2
        assert " *" in there.text("#place")
        await there.press("ctrl+s")
        assert " *" not in there.text("#place")
        await there.press("ctrl+r")
        assert there.shows(PlayScreen)
        await there.press("q", "y")
        if there.shows(SummaryScreen):
            await there.press("escape")
        await there.press("escape")
        assert there.shows(LibraryScreen)
        entry = there.app.screen.query_one(SessionTable).entry
        assert entry is not None
        assert (entry.name, entry.path) == ("Evening", own_sessions_dir() / "evening.toml")


async def test_a_shipped_session_is_edited_as_a_copy_and_nothing_is_written_unless_it_is_saved() -> None:
    async with opened() as there:
        await there.pilot.press(*"desk")
        await there.press("ctrl+e")
        assert there.editor.edited.path == own_sessions_dir() / "desk-break.toml"
        assert there.code.text.startswith("schema = 1")
        await there.press("escape")
        assert there.shows(LibraryScreen)
        assert not own_sessions_dir().exists()


async def test_what_may_stand_at_the_cursor_is_offered_taken_and_explained(mine: EditedFile) -> None:
    async with opened(mine) as there:
        there.code.go_to(5, 99)
        await there.pilot.press("enter", *"side")
        await there.settle()
        await there.press("enter")
        assert there.code.document[6].startswith("sides = ")
        await there.press("f5")
        assert there.shows(TextScreen)
        await there.press("escape")
        there.code.go_to(6, 99)
        await there.pilot.press('"', *"eac")
        await there.settle()
        await there.press("tab")
        assert there.code.document[6].replace("  ", " ") == 'sides = "each"'


async def test_a_word_is_found_and_replaced(mine: EditedFile) -> None:
    async with opened(mine) as there:
        await there.press("ctrl+f")
        await there.pilot.press(*"plank", "tab", *"Board", "ctrl+a")
        await there.settle()
        assert 'name = "Board"' in there.code.text
        await there.press("escape", "ctrl+z")
        assert 'name = "Plank"' in there.code.text


async def test_a_card_that_is_dragged_goes_where_it_is_dropped(mine: EditedFile) -> None:
    async with opened(mine) as there:
        await there.press("f6")
        cards = there.editor.query_one(CardList).region
        await there.pilot.mouse_down(offset=(cards.x + 6, cards.y))
        await there.pilot.hover(offset=(cards.x + 6, cards.y + 2))
        await there.pilot.mouse_up(offset=(cards.x + 6, cards.y + 2))
        await there.settle()
        assert [step.get("name") for step in read(there)] == [None, "Plank", None]
        assert there.code.text.endswith('# The first of all.\n[[steps]]\nexercise = "wall-squat"\n')


async def test_three_rounds_of_two_exercises_are_made_with_keys_alone(tmp_path: Path) -> None:
    path = tmp_path / "rounds.toml"
    path.write_text('schema = 1\nname = "Rounds"\n\n[defaults]\nfit = "clock"\n', encoding="utf-8")
    async with opened(EditedFile(path), (80, 24)) as there:
        await there.press("f6", "a")
        await there.pilot.press(*"wall squat")
        await there.press("enter")
        await there.press("r")
        await there.press("enter")
        await there.press("3", "enter")
        await there.press("a")
        await there.pilot.press(*"cat and")
        await there.press("enter")
        inner = [{"exercise": "wall-squat"}, {"exercise": "cat-cow"}]
        assert read(there) == [{"rounds": 3, "steps": inner}]
        cards = there.editor.query_one(CardList)
        assert cards.highlighted == 2
        await there.press("alt+up", "alt+up")
        assert read(there) == [inner[1], {"rounds": 3, "steps": inner[:1]}]
        assert cards.highlighted == 0
        await there.press("alt+down", "alt+down", "ctrl+s")
    found = analyse(path.read_text(encoding="utf-8"), path=path, library=Library.of_default_sounds(Folders.default()))
    assert found.timeline is not None
    names = [found.timeline.steps[phase.step].name for phase in found.timeline.phases if phase.step is not None]
    assert [name for name, _same in groupby(names)] == ["Wall squat", "Cat and cow"] * 3


async def test_a_shuffled_block_that_picks_and_a_breath_with_said_parts_are_made_with_keys_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "chance.toml"
    path.write_text('schema = 1\nname = "Chance"\n', encoding="utf-8")
    async with opened(EditedFile(path), (80, 24)) as there:
        await there.press("f6")
        for words in ("wall squat", "cat and"):
            await there.press("a")
            await there.pilot.press(*words)
            await there.press("enter", *(("r",) if words == "wall squat" else ()))
        await there.press("up", "up", "enter", *("down",) * 5, "right", "down", "2", "enter")
        assert there.text("#fields-told").startswith("Picked by chance: there is nothing to choose")
        assert there.app.focused is there.app.screen.query_one("#field-pick")
        await there.press("backspace", "1", "down", "l", "enter")
        inner = [{"exercise": "wall-squat"}, {"exercise": "cat-cow"}]
        assert read(there) == [{"rounds": 2, "shuffle": True, "pick": 1, "sides": "each", "steps": inner}]
        await there.press("down", "down", "a")
        await there.pilot.press(*"with parts")
        await there.press("enter", "enter", "alt+down")
        await there.press("down", "enter", "down", "down", "b", "down", *"Slowly.", "enter")
        await there.press("a", *"Hold", "down", "2", "down", "left", "enter")
        in_, hold, out = (
            {"name": "In", "for": "4s", "breath": "in", "say": "Slowly."},
            {"name": "Hold", "for": 2, "breath": "hold"},
            {"name": "Out", "for": "6s"},
        )
        assert read(there)[1]["flow"] == [in_, hold, out]
        await there.press("alt+down", "alt+down", "r", "a", "escape")
        assert read(there)[1]["flow"] == [in_, out, hold]
        await there.press("d", "delete", "up", "up", "ctrl+l")
        assert there.heard == ["Slowly."]
        await there.press("up", "enter", "down", *"in 5s, out 7s", "enter")
        expected = [{**in_, "name": "in", "for": "5s"}, {**out, "name": "out", "for": "7s", "breath": "out"}]
        assert read(there)[1]["flow"] == expected
        cards = there.editor.query_one(CardList)
        await there.press("down", "down")
        marked = cards.highlighted
        await there.press("t", "f6")
        assert cards.highlighted == marked == cards.option_count - 1
        await there.press("ctrl+s")
    found = analyse(path.read_text(encoding="utf-8"), path=path, library=Library.of_default_sounds(Folders.default()))
    assert found.timeline is not None
    assert not found.problems


@pytest.mark.parametrize("language", ["en", "de"])
async def test_no_label_of_a_form_is_cut_however_narrow_it_is(language: str, mine: EditedFile) -> None:
    kinds = [step for _label, step in NEW_STEPS.values()]
    steps: list[dict[str, Any]] = [{"steps": [{"rest": 1}]}, {"name": "Far", "distance": "400 m"}, *kinds]
    catalogue = Library.of_default_sounds(Folders.default()).catalogue
    forms = {fields_of(step, catalogue) for step in steps} | {PART_FIELDS}
    # No form has a key twice; the fields of all are drawn in as few forms as that allows.
    different = {(field.key, field.label): field for fields in forms for field in fields}.values()
    drawn: list[list[FormField]] = []
    for one in different:
        room = next((fields for fields in drawn if one.key not in {other.key for other in fields}), None)
        room.append(one) if room else drawn.append([one])
    async with opened(mine, (20, 5)) as there:
        use_language(language)
        for fields in forms:
            assert len({translated(field.label) for field in fields}) == len(fields)
        for shown, width in product(drawn, (20, NARROW_FROM, STANDARD_FROM)):
            await there.pilot.resize_terminal(width, 5)
            there.app.push_screen(FieldForm("A form", tuple(shown), {}, lambda _texts: "", shown[0].key))
            await there.settle()
            for field in shown:
                row = there.app.screen.query_one(f"#row-{field.key}")
                label = row.query_one(".field-label")
                lines = [strip.text.strip() for strip in label.render_lines(Region(0, 0, *label.size))]
                assert " ".join(filter(None, lines)) == translated(field.label)
                assert row.region.contains_region(label.region)
            await there.press("escape")


async def test_the_steps_of_a_block_are_changed_each_by_itself_though_they_share_a_line(mine: EditedFile) -> None:
    mine.path.write_text(
        'schema = 1\nname = "Mine"\n\n[[steps]]\nrounds = 2\n'
        'steps = [{ say = "Up." }, { name = "Breathe", rounds = 2, flow = [{ name = "in", for = "4s" }] }]\n',
        encoding="utf-8",
    )
    async with opened(mine) as there:
        await there.press("f6", "down")
        assert "“Up.”" in there.text("#side-script")
        await there.press("ctrl+l")
        assert there.heard == ["Up."]
        await there.press("down")
        await there.press("enter")
        there.app.screen.query_one("#field-flow", Input).value = "in 4s, out"
        await there.press("enter")
        assert there.app.screen.has_class("-wrong")
        there.app.screen.query_one("#field-flow", Input).value = "in 4s, out 6s"
        await there.press("enter")
        assert read(there)[0]["steps"][1]["flow"] == [{"name": "in", "for": "4s"}, {"name": "out", "for": "6s"}]
        await there.press("up", "up")
        offered = {
            command.title: command.callback for command in there.app.get_system_commands(cast("Any", there.editor))
        }
        await offered["Take apart"]()
        await there.settle()
        assert [step.get("say") for step in read(there)] == ["Up.", None]


async def test_keys_that_come_at_once_are_done_one_after_the_other(mine: EditedFile) -> None:
    async with opened(mine) as there:

        async def press_at_once(*keys: str) -> None:
            for key in keys:
                there.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await there.settle()

        await there.press("f6")
        there.app.set_focus(there.editor.query_one("#form-name"))
        await press_at_once("tab", "x", "tab", "alt+down", "alt+down")
        assert 'summary = "x"' in there.code.text
        assert [step.get("exercise") for step in read(there)] == [None, None, "wall-squat"]
        await press_at_once("d", "d", "ctrl+z", "delete")
        assert len(read(there)) == 3
        there.app.set_focus(there.editor.query_one("#form-name"))
        await press_at_once("end", "enter", "d", "ctrl+z")
        assert 'name = "Mine"' in there.code.text
        await press_at_once("a", "d", "t", "delete")  # a name, not yet typed into the list
        assert there.shows(ExercisePicker)
        assert len(read(there)) == 3


async def test_an_exercise_that_is_in_no_list_is_added_by_its_name(mine: EditedFile) -> None:
    async with opened(mine, (80, 24)) as there:
        count = len(read(there))
        await there.press("f6", "a")
        await there.pilot.press(*"side plank")
        await there.settle()
        await there.press("enter")
        form = there.app.screen
        assert isinstance(form, FieldForm)
        assert "Side plank · 30 s" in there.text(".dialogue-title")
        assert form.focused is form.query_one("#field-hold")
        await there.pilot.press(*"45s", "tab", "3", "tab", "right", "enter")
        await there.settle()
        steps = read(there)
        assert len(steps) == count + 1
        assert {"name": "Side plank", "hold": "45s", "sets": 3, "sides": "each"} in steps


async def test_a_form_never_shows_the_dose_of_the_step_that_stood_there_before(mine: EditedFile) -> None:
    mine.path.write_text(
        'schema = 1\nname = "Mine"\n\n[[steps]]\nsay = "Hello."\n\n'
        '[[steps]]\nname = "Stretch"\nhold = "20s"\nsets = 2\nsides = "each"\n',
        encoding="utf-8",
    )
    async with opened(EditedFile(mine.path), (80, 24)) as there:
        await there.press("f6", "a", "enter")
        assert there.shows(FieldForm)
        assert there.text(".dialogue-title") == "Exercise · 30 s"


async def test_keys_that_copy_and_take_back_do_not_end_or_suspend_the_program_in_a_form(
    mine: EditedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(mine) as there:
        suspended, left = Mock(), Mock()
        monkeypatch.setattr(there.app, "action_suspend_process", suspended)
        monkeypatch.setattr(there.app, "action_leave", left)
        await there.press("f6", "enter")
        assert there.shows(FieldForm)
        await there.press("ctrl+z", "ctrl+c")
        assert there.shows(FieldForm)
        assert not suspended.called
        assert not left.called


async def test_a_text_that_is_broken_is_left_alone_by_the_form(mine: EditedFile) -> None:
    async with opened(mine) as there:
        await there.type("steps = [")
        broken = there.code.text
        await there.press("f6")
        await there.pilot.press("enter", "a", "d", "delete", "alt+down", "t")
        await there.settle()
        assert there.shows(EditorScreen)
        assert "mend it first" in there.text("#form-told")
        assert there.code.text == broken


async def test_a_step_whose_form_is_left_at_once_is_not_added(mine: EditedFile) -> None:
    async with opened(mine) as there:
        before = there.code.text
        await there.press("f6")
        await there.press("a")
        await there.press("enter")
        assert there.shows(FieldForm)
        await there.press("escape")
        assert there.code.text == before


@pytest.mark.parametrize(("name", "size"), [("wide", (120, 34)), ("narrow", (43, 46)), ("tiny", (20, 5))])
async def test_the_editor_fits_every_layout(name: str, size: tuple[int, int], mine: EditedFile) -> None:
    async with opened(mine, size) as there:
        there.app.display_options.reduced_motion = True
        there.code.go_to(8)
        await there.settle()
        check_picture(there.app, f"editor-{name}")


async def test_at_every_size_nothing_reaches_over_the_edge_and_what_is_marked_stays_in_sight(mine: EditedFile) -> None:
    mine.path.write_text(TEXT + '\n[[steps]]\nname = "Lie"\nhodl = "20s"\n' * 20 + "# " + "long " * 60)
    async with opened(mine, (240, 70)) as there:
        there.code.go_to(60, 3)
        await there.settle()
        for number, keys in enumerate(((), ("f7",), ("f7", "f6"))):  # the text, the panel and the form
            await there.press(*keys)
            for size in [(240, 70), *sizes()[number::3]]:  # the rule holds at all of them
                await there.pilot.resize_terminal(*size)
                await there.pilot.pause()
                await there.pilot.pause()
                assert_in_sight(there, Region(0, 0, *size))
        await there.press("f6")
        await there.pilot.resize_terminal(240, 70)
        there.code.go_to(24, 0)
        await there.press("ctrl+space")
        assert there.editor.query_one(CompletionList).is_open
        await there.pilot.resize_terminal(20, 5)
        await there.settle()
        assert_in_sight(there, Region(0, 0, 20, 5))


def sizes() -> list[tuple[int, int]]:
    """The least of each kind of size, always smaller ones behind larger ones."""
    widths, heights = (20, NARROW_FROM, STANDARD_FROM, WIDE_FROM), (5, SHORT_FROM, NORMAL_FROM, TALL_FROM)
    return [(width, height) for width in reversed(widths) for height in reversed(heights)]


def assert_in_sight(there: Opened, area: Region) -> None:
    """Nothing lies beside the screen, and below it only what can be scrolled there; what has the focus is seen."""
    for widget in there.editor.query("*"):
        around = next((one for one in widget.ancestors if isinstance(one, SidePanel)), None)
        region = widget.region if around is None else Region(widget.region.x, 0, widget.region.width, 1)
        assert not widget.region.area or not widget.display or area.contains_region(region), (widget, area)
    focused = there.app.focused
    assert focused is not None
    assert focused.region.area, area
    assert area.contains_region(focused.region), (focused, area)
    if isinstance(focused, CodeArea):
        row = focused.cursor_screen_offset.y
    else:
        assert isinstance(focused, OptionList)
        assert focused.highlighted is not None
        row = focused.region.y + focused.highlighted - focused.scroll_offset.y
    assert focused.region.y <= row < focused.region.bottom, (focused, area)


def read(there: Opened) -> list[dict[str, Any]]:
    """The steps of the text."""
    assert there.editor.query(CardList)
    steps: list[dict[str, Any]] = tomllib.loads(there.code.text)["steps"]
    return steps


def test_a_fault_says_where_it_is() -> None:
    assert fault_row(LocatedProblem("f", "is wrong", 3, 1, 2, key="name"), 40) == "✗ 3: name: is wrong"
