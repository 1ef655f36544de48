from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.css.scalar import ScalarOffset
from textual.pilot import Pilot
from textual.widgets import Static

import timer_app
from tests.tui.conftest import FakeLiveRun, make_app, squat_timeline
from tests.tui.pictures import check_picture
from tests.tui.test_themes import in_every_theme
from timer_app.run.options import RunDefaults, RunOptions
from timer_app.settings.run_options import with_setting
from timer_app.settings.settings import GROUP_TITLES, SETTINGS, Setting, Settings
from timer_app.settings.store import SettingsStore, load_settings
from timer_app.tui.app import TimerApp
from timer_app.tui.context import draws_blocks_itself
from timer_app.tui.dialogs import HelpScreen
from timer_app.tui.settings.choices import ChoiceScreen
from timer_app.tui.settings.entries import EntriesScreen
from timer_app.tui.settings.samples import SAMPLES, SamplePlayer
from timer_app.tui.settings.setting_list import SettingList
from timer_app.tui.settings.values import (
    control_kind,
    description_of,
    is_found,
    options_of,
    parse_value,
    shown_settings,
    stepped,
    table_fault,
    value_at,
    value_text,
)
from timer_app.tui.themes import DEFAULT_THEME
from timer_app.tui.widgets.inputs import MarkedList

MOST_LABEL = 15  # cells, so that values stand beside labels on a phone


@asynccontextmanager
async def opened(path: Path | None, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    settings = load_settings(path).settings if path else Settings()
    store = SettingsStore(settings, path)
    app = make_app(FakeLiveRun(squat_timeline()), settings=settings, settings_store=store)
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("f2")
        await pilot.pause()
        yield pilot


async def choose(pilot: Pilot[None], key: str, *keys: str) -> None:
    pilot.app.screen.query_one(SettingList).mark(key)
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()


def stored(pilot: Pilot[None]) -> Settings:
    store = cast("TimerApp", pilot.app).settings_store
    assert store is not None
    return store.settings


def text(pilot: Pilot[None], widget: str) -> str:
    return str(pilot.app.screen.query_one(widget, Static).render())


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_has_a_label_in_words_a_group_and_a_control(setting: Setting) -> None:
    (shown,) = [each for each in shown_settings({}) if each.key == setting.key]
    assert shown.group in GROUP_TITLES
    assert shown.label[0].isupper()
    assert "_" not in shown.label
    assert cell_len(shown.label) <= MOST_LABEL
    assert description_of(shown).endswith(".")
    assert "`" not in description_of(shown)
    assert "false" not in description_of(shown)
    if control_kind(shown) == "slider":
        assert shown.step > 0
        assert shown.default is not None or shown.usual
    if control_kind(shown) in ("switch", "choice"):
        assert all(option in shown.words for option in options_of(shown))


def test_the_languages_to_choose_from_are_those_of_the_phrases() -> None:
    phrases = Path(timer_app.__file__).parent / "phrases"
    assert sorted(SETTINGS["language"].words) == sorted(path.stem for path in phrases.glob("*.toml"))


def test_settings_of_a_group_stand_together() -> None:
    groups = [setting.group for setting in shown_settings({})]
    assert list(dict.fromkeys(groups)) == list(GROUP_TITLES)
    assert groups == sorted(groups, key=list(GROUP_TITLES).index)
    assert len(groups) == len(fields(Settings))


@given(st.sampled_from([each for each in SETTINGS.values() if each.limits]), st.data())
def test_a_step_changes_a_number_and_never_leaves_its_limits(setting: Setting, data: st.DataObject) -> None:
    least, most = setting.limits or (0, 0)
    value = data.draw(st.integers(int(least), int(most)) | st.none() if setting.type is not float else st.floats(0, 1))
    up, down = stepped(setting, value, 1), stepped(setting, value, -1)
    assert least <= down <= most
    assert least <= up <= most
    if value is not None:
        assert up > value or value == most
        assert down < value or value == least
    assert parse_value(setting.key, str(up)) == (up, "")


@given(st.sampled_from([each for each in SETTINGS.values() if each.limits]), st.floats(0, 1))
def test_every_place_of_a_slider_is_a_value(setting: Setting, share: float) -> None:
    value = value_at(setting, share)
    assert parse_value(setting.key, str(value)) == (value, "")
    assert (value_at(setting, 0), value_at(setting, 1)) == setting.limits


@limited(max_examples=25)
@given(
    st.lists(
        st.sampled_from([("volume", 10), ("volume", None), ("rate", 200), ("flash", False), ("theme", "wood"),
                         ("verbosity", "brief"), ("latency_ms", 30), ("sound", False), ("lexicon", {"psoas": "so ass"}),
                         ("lexicon", None), ("keys", {"pause": "w", "mute": "x"})]),
        max_size=12,
    ),
    st.sampled_from([None, "", "# mine\nvolume = 20 # low\n\n[keys]\npause = 'p'\n", "flash = false\r\n"]),
    st.booleans(),
)  # fmt: skip
def test_undoing_everything_restores_the_file(
    changes: list[tuple[str, Any]], before: str | None, goes_on: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.toml"
        if before is not None:
            path.write_bytes(before.encode())
        store = SettingsStore(load_settings(path).settings, path)
        settings = store.settings
        for key, value in changes:
            store.change(key, value, goes_on=goes_on)
        undone = [store.undo() for _ in changes]
        assert store.undo() == ("", "")
        assert store.settings == settings
        assert all(trouble == "" for _, trouble in undone)
        assert (path.read_bytes().decode() if path.exists() else None) == before


def test_undoing_leaves_alone_what_was_written_by_hand_since(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    store = SettingsStore(Settings(), path)
    store.change("volume", 30)
    path.write_text("volume = 30\nflash = false\n", encoding="utf-8")
    assert store.undo() == ("volume", "")
    assert path.read_text(encoding="utf-8") == "flash = false\n"


def test_a_choice_goes_round() -> None:
    values = [stepped(SETTINGS["verbosity"], value, 1) for value in ("full", "brief", "tones", "else")]
    assert values == ["brief", "tones", "full", "full"]
    assert stepped(SETTINGS["verbosity"], "full", -1) == "tones"


def test_settings_are_found_by_any_of_their_words() -> None:
    found = {words: [s.key for s in SETTINGS.values() if is_found(s, words)] for words in ("loud", "latency", "xyz")}
    assert found == {"loud": ["volume"], "latency": ["latency_ms"], "xyz": []}


@pytest.mark.parametrize(
    ("key", "typed", "value", "fault"),
    [
        ("rate", "160", 160, ""),
        ("level", "0.5", 0.5, ""),
        ("level", "1", 1, ""),
        ("language", "de", "de", ""),
        ("rate", "", None, ""),
        ("rate", "fast", None, "a whole number"),
        ("rate", "1000", None, "450"),
        ("voice", "espaek", None, 'did you mean "espeak"?'),
    ],
)
def test_what_is_typed_is_taken_as_a_file_would_take_it(key: str, typed: str, value: object, fault: str) -> None:
    taken, reported = parse_value(key, typed)
    assert taken == value
    assert fault in reported if fault else reported == ""


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("flash", True, "on"),
        ("flash", False, "off"),
        ("keys", {}, "none"),
        ("keys", {"go": "x"}, "1 entry"),
        ("level", 0.5, "0.5"),
        ("volume", 80, "80 %"),
        ("rate", None, "usual"),
        ("language", None, "as the screen"),
        ("theme", None, DEFAULT_THEME),
        ("voice", "auto", "best installed"),
        ("voice", "piper:/a.onnx", "piper:/a.onnx"),
        ("company", "some", "sometimes"),
    ],
)
def test_values_are_shown_as_words(key: str, value: object, shown: str) -> None:
    assert value_text(SETTINGS[key], value) == shown


@pytest.mark.parametrize(
    ("key", "value", "option", "expected"),
    [("volume", 30, "volume", 30), ("latency_ms", 90, "latency_ms", 90), ("sound_theme", "gym", "sound_theme", "gym")],
)
def test_a_changed_setting_holds_for_the_runs_to_come(key: str, value: Any, option: str, expected: object) -> None:
    store = SettingsStore(Settings())
    store.change(key, value)
    assert getattr(with_setting(RunOptions(seed=7), store.settings, key), option) == expected


@pytest.mark.parametrize(("key", "value"), [("level", 0.5), ("voice", "none"), ("rate", 200), ("pitch", 10)])
def test_a_changed_setting_holds_where_the_session_says_nothing(key: str, value: Any) -> None:
    store = SettingsStore(Settings())
    store.change(key, value)
    options = with_setting(RunOptions(), store.settings, key)
    assert options == RunOptions(defaults=replace(RunDefaults(), **{key: value}))


def test_a_changed_setting_leaves_alone_what_was_asked_for_at_the_start() -> None:
    store = SettingsStore(Settings())
    store.change("rate", 200)
    options = with_setting(RunOptions(volume=12), store.settings, "rate")
    assert (options.volume, options.defaults.rate) == (12, 200)


async def test_a_switch_is_turned_and_written_at_once(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\nvolume = 20\n", encoding="utf-8")
    async with opened(path) as pilot:
        await choose(pilot, "flash", "enter")
        assert not cast("TimerApp", pilot.app).display_options.flash
    assert path.read_text(encoding="utf-8") == "# mine\nvolume = 20\nflash = false\n"


async def test_what_is_typed_takes_the_place_of_the_value(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "level", "enter", "backspace", *"0.5", "enter")
    assert path.read_text(encoding="utf-8") == "level = 0.5\n"


async def test_keys_pressed_fast_are_followed_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "level", "enter")
        for _ in range(3):
            pilot.app.post_message(events.Key("backspace", "\x7f"))
        for key, character in (("1", "1"), ("enter", "\r")):
            pilot.app.post_message(events.Key(key, character))
        await pilot.pause()
        await pilot.pause()
    assert path.read_text(encoding="utf-8") == "level = 1\n"


async def test_a_value_is_checked_while_it_is_typed_and_taken_only_when_it_is_right(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "volume", "enter", *"800")
        assert "100" in text(pilot, "#setting-fault")
        await pilot.press("enter")
        assert not path.exists()
        await pilot.press("backspace", "backspace", "5", "enter")
        await pilot.pause()
        assert text(pilot, "#setting-fault") == ""
        assert load_settings(path).settings.volume == 85


async def test_what_is_typed_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "rate", "enter", "x", "escape")
        assert isinstance(pilot.app.focused, MarkedList)
        assert not path.exists()


async def test_a_broken_file_is_told_and_the_change_holds_for_this_run(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("volume = \n", encoding="utf-8")
    async with opened(path) as pilot:
        assert text(pilot, "#setting-fault").startswith(f"Changes hold for this run only: {path}:1:")
        await choose(pilot, "sound", "enter")
        assert text(pilot, "#setting-fault").startswith("Kept for this run only: ")
        store = cast("TimerApp", pilot.app).settings_store
        assert store is not None
        assert store.settings.sound is False
    assert path.read_text(encoding="utf-8") == "volume = \n"


async def test_a_setting_leaves_alone_what_a_key_of_the_run_has_changed(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        looks = cast("TimerApp", pilot.app).display_options
        looks.reduced_motion = True
        await choose(pilot, "flash", "enter")
        assert (looks.flash, looks.reduced_motion) == (False, True)


async def test_colours_change_while_one_looks(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "theme", "right")
        assert pilot.app.theme == "timer-light"
        await pilot.press("right")
        assert pilot.app.theme == "high-contrast"
        assert path.read_text(encoding="utf-8") == 'theme = "high-contrast"\n'


@pytest.mark.parametrize("reduced", [False, True])
async def test_a_dialogue_glides_into_its_place_unless_motion_is_reduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, reduced: bool
) -> None:
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "full")
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await pilot.press("escape")
        cast("TimerApp", pilot.app).reduce_motion(reduced)
        shown = HelpScreen({})
        pilot.app.push_screen(shown)
        assert shown.has_class("-arriving") is not reduced
        await pilot.app.animator.wait_for_idle()
        await pilot.pause()
        assert not shown.has_class("-arriving")
        await pilot.app.animator.wait_for_idle()
        assert shown.query_one(".dialogue").styles.offset == ScalarOffset.null()


async def test_less_motion_stops_transitions_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "full")
    async with opened(tmp_path / "settings.toml") as pilot:
        observed: list[str] = [pilot.app.animation_level]
        await choose(pilot, "reduced_motion", "right")
        observed.append(pilot.app.animation_level)
    assert observed == ["full", "none"]


async def test_large_digits_are_drawn_smooth_while_one_looks(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        app = cast("TimerApp", pilot.app)
        observed = [app.smooth_digits]
        await choose(pilot, "digits", "right", "right")
        observed.append(app.smooth_digits)
        await pilot.press("left")
        observed.append(app.smooth_digits)
    assert observed == [False, True, False]


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-kitty", "TEXTUAL_DRIVER": "a page in a browser"}, False),
        ({}, False),
    ],
)
def test_only_a_terminal_that_draws_blocks_itself_has_smooth_digits_unasked(
    environment: dict[str, str], known: bool
) -> None:
    assert draws_blocks_itself(environment) is known


async def test_the_key_for_colours_changes_the_line_too(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml", (120, 40)) as pilot:
        await pilot.press("f3")
        await pilot.pause()
        shown = pilot.app.screen.query_one(SettingList)
        assert "timer-light" in str(shown.get_option("theme").prompt)


async def test_a_theme_is_shown_while_it_is_marked_and_the_present_one_is_ticked(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "theme", "enter")
        shown = pilot.app.screen.query_one(MarkedList)
        lines = [str(option.prompt) for option in shown.options]
        assert lines[:2] == ["▸ ✓ timer-dark", "    timer-light"]
        await pilot.press("down")
        await pilot.pause()
        assert pilot.app.theme == "timer-light"
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.theme == DEFAULT_THEME
        assert not path.exists()
        await pilot.press("enter", "down", "enter")
        await pilot.pause()
        await pilot.pause()
        assert pilot.app.theme == "timer-light"
        assert path.read_text(encoding="utf-8") == 'theme = "timer-light"\n'


async def test_a_name_that_is_not_in_the_list_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "output", "enter", "end", "enter")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, ChoiceScreen)
        await pilot.press(*["backspace"] * 4, *"null", "enter")
        await pilot.pause()
    assert path.read_text(encoding="utf-8") == 'output = "null"\n'


async def test_words_for_the_voice_are_added_changed_and_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    before = "volume = 20\n\n[lexicon] # mine\nscapulae = 'skapyulee' # as in Latin\n"
    path.write_text(before, encoding="utf-8")
    async with opened(path) as pilot:
        await choose(pilot, "lexicon", "enter")
        assert shown_lines(pilot) == ["▸ ✓ scapulae  skapyulee", "    Add a word"]
        await pilot.press("end", "enter")
        await pilot.pause()
        await pilot.press(*"psoas", "tab", *"so ass", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EntriesScreen))
        assert stored(pilot).lexicon == {"scapulae": "skapyulee", "psoas": "so ass"}
        assert path.read_text(encoding="utf-8") == f'{before}psoas = "so ass"\n'
        await pilot.press("end", "enter")
        await pilot.pause()
        await pilot.press(*"scapulae", "tab", "x", "enter")  # which is there
        await until(pilot, lambda: "was already given" in text(pilot, "#fields-told"))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, EntriesScreen))
        await pilot.press("home", "delete")
        await pilot.pause()
        assert stored(pilot).lexicon == {"psoas": "so ass"}
        await pilot.press("escape", "ctrl+z", "ctrl+z")
        await pilot.pause()
        assert path.read_text(encoding="utf-8") == before


async def test_a_key_is_refused_where_another_command_has_it_and_taken_where_none_has(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    async with opened(path) as pilot:
        await choose(pilot, "keys", "enter")
        rows = shown_lines(pilot)
        pause = next(at for at, line in enumerate(rows) if line.split() == ["Pause", "p"])
        pilot.app.screen.query_one(MarkedList).highlighted = pause
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"n,w", "enter")
        await until(pilot, lambda: '"n" is the key of "next" too' in text(pilot, "#fields-told").replace("\n", " "))
        await pilot.press("home", "delete", "delete", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, EntriesScreen))
        assert shown_lines(pilot)[pause].split() == ["▸", "✓", "Pause", "w"]
    assert path.read_text(encoding="utf-8") == '[keys]\npause = "w"\n'


def test_a_fault_is_told_of_what_is_changed_and_not_of_what_was_wrong_before() -> None:
    wrong = {"star": "f1"}
    assert table_fault("keys", wrong, {**wrong, "pause": "w"}) == ""
    assert "there is no key" in table_fault("keys", wrong, {**wrong, "pause": "hop"})
    assert "gong.wav" in table_fault("sounds", {}, {"start": "gong.wav"})
    assert "mp3" in table_fault("sounds", {}, {"start": "gong.mp3"})


def test_the_sound_library_is_loaded_only_where_sounds_are_checked() -> None:
    program = """
import sys
from timer_app.tui.settings.values import table_fault
assert table_fault("lexicon", {}, {"reps": "repetitions"}) == ""
assert "timer_app.library.sounds" not in sys.modules
assert "gong.wav" in table_fault("sounds", {}, {"start": "gong.wav"})
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await pilot.pause(0.01)


def shown_lines(pilot: Pilot[None]) -> list[str]:
    shown = pilot.app.screen.query_one(MarkedList)
    return [str(option.prompt).rstrip() for option in shown.options]


async def test_arrow_keys_change_a_number_and_one_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\nvolume = 20\n", encoding="utf-8")
    async with opened(path) as pilot:
        await choose(pilot, "volume", "right", "right", "left", "right")
        assert path.read_text(encoding="utf-8") == "# mine\nvolume = 30\n"
        await pilot.press("delete")
        await pilot.pause()
        assert path.read_text(encoding="utf-8") == "# mine\n"
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert path.read_text(encoding="utf-8") == "# mine\nvolume = 30\n"
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert path.read_text(encoding="utf-8") == "# mine\nvolume = 20\n"
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert text(pilot, "#setting-fault") == "There is nothing to undo."


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (43, 46)])
async def test_a_slider_is_clicked_and_dragged(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path / "settings.toml", size) as pilot:
        await choose(pilot, "pitch")
        shown = pilot.app.screen.query_one(SettingList)
        row = next(y for y in range(shown.size.height) if "Pitch" in shown.render_line(y).text)
        line = shown.render_line(row).text
        first, last = line.index("━"), line.rindex("─")
        await pilot.mouse_down(shown, offset=(last, row))
        await pilot.mouse_up(shown, offset=(last, row))
        assert stored(pilot).pitch == 100
        await pilot.mouse_down(shown, offset=(first, row))
        assert stored(pilot).pitch == 0
        await pilot._post_mouse_events([events.MouseMove], shown, offset=(last + 3, row), button=1)
        await pilot.mouse_up(shown, offset=(last + 3, row))
        await pilot.pause()
        assert stored(pilot).pitch == 100
        await pilot.press("ctrl+z", "ctrl+z")
        await pilot.pause()
        assert stored(pilot).pitch == 50


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_the_arrows_of_a_choice_are_clicked(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path / "settings.toml", size) as pilot:
        await choose(pilot, "company")
        shown = pilot.app.screen.query_one(SettingList)
        row = next(y for y in range(shown.size.height) if "sometimes" in shown.render_line(y).text)
        line = shown.render_line(row).text
        await pilot.click(shown, offset=(line.rindex("▸"), row))
        await pilot.pause()
        assert stored(pilot).company == "none"
        await pilot.click(shown, offset=(line.index("◂"), row))
        await pilot.pause()
        assert stored(pilot).company == "some"


async def test_letters_look_for_a_setting_and_escape_shows_all_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        shown = pilot.app.screen.query_one(SettingList)
        everything = shown.option_count
        await pilot.press(*"volu")
        await pilot.pause()
        assert shown.marked == SETTINGS["volume"]
        assert shown.option_count == 2
        await pilot.press("right")
        await pilot.pause()
        assert stored(pilot).volume == 85
        await pilot.press(*["backspace"] * 4)
        await pilot.pause()
        assert shown.option_count == everything
        await pilot.press("escape")
        await pilot.pause()
        assert (shown.option_count, shown.marked) == (everything, SETTINGS["volume"])
        await pilot.press("slash", *"qx")
        await pilot.pause()
        assert text(pilot, "#setting-fault") == "No setting is called that."


async def test_the_keys_of_a_fast_typist_stay_in_their_order(tmp_path: Path) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        shown = pilot.app.screen.query_one(SettingList)
        for character in "fewer q":
            pilot.app.post_message(events.Key("space" if character == " " else character, character))
        for _ in range(2):
            pilot.app.post_message(events.Key("backspace", "\x7f"))
        pilot.app.post_message(events.Key("enter", "\r"))
        for _ in range(3):
            await pilot.pause()
        assert shown.search == "fewer"
        assert stored(pilot).fewer_words is False


async def test_no_key_suspends_the_program_in_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(tmp_path / "settings.toml") as pilot:
        suspended = Mock()
        monkeypatch.setattr(pilot.app, "action_suspend_process", suspended)
        await pilot.press("ctrl+z")
        await choose(pilot, "theme", "enter", "ctrl+z")
        assert isinstance(pilot.app.screen, ChoiceScreen)
        assert not suspended.called


class Playing:
    """What would be heard, with a timer that fires when it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[tuple[str, ...], str, int]] = []
        self.waiting: list[Callable[[], None]] = []
        self.done, self.remarks = False, ["The voice is missing."]

    def start(self, options: RunOptions, sounds: Sequence[str], line: str) -> Playing:
        self.heard.append((tuple(sounds), line, options.volume))
        return self

    def stop(self) -> None:
        self.waiting.clear()

    def set_timer(self, _seconds: float, then: Callable[[], None]) -> Playing:
        self.waiting.append(then)
        return self

    def fire(self) -> None:
        waiting, self.waiting = self.waiting, []
        for then in waiting:
            then()


def test_a_sample_is_played_once_a_slider_stands_still() -> None:
    playing = Playing()
    told: list[str] = []
    samples = SamplePlayer(playing.start, playing.set_timer, told.append)
    for volume in (50, 60, 70):
        samples.play(RunOptions(volume=volume), "volume")
    samples.play(RunOptions(volume=70), "flash")
    playing.fire()
    assert playing.heard == [(("start",), "", 70)]
    playing.fire()
    assert told == []
    playing.done = True
    playing.fire()
    assert (told, playing.waiting) == (["The voice is missing."], [])
    samples.play(RunOptions(sound=False), "voice")
    playing.fire()
    assert len(playing.heard) == 1
    samples.play(RunOptions(volume=70), "volume")  # as whoever takes what was just heard does
    playing.fire()
    assert len(playing.heard) == 1
    samples.play(RunOptions(volume=80), "volume")
    samples.stop()
    playing.fire()
    assert len(playing.heard) == 1
    samples.play(RunOptions(volume=80), "volume")
    playing.fire()
    assert playing.heard[1:] == [(("start",), "", 80)]
    assert {"voice", "rate", "pitch", "sound_theme", "volume"} == SAMPLES.keys()


@pytest.mark.parametrize(
    ("name", "size"), [("wide", (120, 40)), ("standard", (80, 24)), ("narrow", (43, 46)), ("tiny", (20, 5))]
)
async def test_the_settings_fit_every_layout(name: str, size: tuple[int, int]) -> None:
    async with opened(None, size) as pilot:
        check_picture(pilot.app, f"settings-{name}")


async def test_settings_follow_a_change_of_size() -> None:
    async with opened(None) as pilot:
        await pilot.resize_terminal(20, 5)
        for _ in range(3):
            await pilot.pause()
        check_picture(pilot.app, "settings-tiny")


async def test_every_word_of_the_settings_can_be_read_in_every_theme() -> None:
    async with opened(None) as pilot:
        await choose(pilot, "volume", "enter", "0")
        assert await in_every_theme(cast("TimerApp", pilot.app), pilot) == []
