"""The app in a real browser: what the page shows, fetches and plays, and what becomes of it when the line breaks."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pyte
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.audio.conftest import sound_server  # noqa: F401 - a fixture
from tests.audio.music_files import tone, write_music
from tests.audio.sound_servers import SoundServer
from tests.e2e.browser import (
    KEEP_WRITTEN,
    PHONE,
    PHONE_SCALE,
    ServeProcess,
    chromium,
    is_there,
    open_page,
    until,
    wait_for_place,
    wait_for_text,
)
from tests.e2e.conftest import PROGRAM, Terminal
from tests.e2e.heard import tones_of
from timer_app.core.player.clock import machine_ms
from timer_app.sharing import Bundle
from timer_app.sharing.link import make_link
from timer_app.system import paths
from timer_app.tui.widgets.big_text import draw_text, fit_size

pytestmark = pytest.mark.e2e

SHORT = """
schema = 1
name = "Short"

[defaults]
prepare = "3s"

[[steps]]
name = "Lean"
hold = "5s"
"""

FAIL_AT_FIRST = """
const Kept = window.WebSocket;
let tries = 0;
window.WebSocket = class extends Kept {
  constructor(address) {
    super(tries++ ? address : String(address).replace("/ws", "/nothing"));
  }
};
"""
# The page's sound, given to a device that renders as fast as it can and has no time of its own: two lines of a second
# each, of which all is cancelled but what begins within the next 200 ms. Tells which lines are left, the music's gain
# at each sample from the moment of that, and how many lines are left when nothing is to be kept.
CANCEL_BETWEEN_TWO_LINES = """async () => {
  window.AudioContext = class extends OfflineAudioContext {
    constructor() { super(1, 4 * 48000, 48000); }
    get state() { return "running"; }
  };
  window.MediaElementAudioSourceNode = GainNode;
  const { Sound } = await import(new URL("sound.js", document.querySelector("script[type=module]").src));
  const sound = new Sound((track) => "data:,");
  const { duck } = sound.music;
  const one = new ConstantSourceNode(sound.context);
  one.connect(duck);
  one.start();
  duck.disconnect();
  duck.connect(sound.context.destination);
  sound.sync(performance.now(), 0);
  sound.obey({ do: "music", tracks: ["none"], gain: 1, duck: { to: 0.2, in_ms: 50, hold_ms: 50, back_ms: 50 } });
  sound.obey({ do: "clip", key: 1, rate: 48000, pcm: btoa("\\0".repeat(96000)) });
  const now = sound.clock.machineMs();
  const zero = sound.clock.contextTime(now);
  [100, 1500].forEach((after) => sound.obey({ do: "play", key: 1, at_ms: now + after, speech: true }));
  sound.obey({ do: "cancel", until_ms: now + 200, fade_ms: 30 });
  const kept = [...sound.cues].map((cue) => Math.round(cue.at_ms - now));
  const rendered = await sound.context.startRendering();
  const gains = rendered.getChannelData(0).slice(Math.round(zero * 48000));
  sound.obey({ do: "play", key: 1, at_ms: sound.clock.machineMs() + 5_000, speech: true });
  sound.obey({ do: "cancel", until_ms: null, fade_ms: 30 });
  return [kept, Array.from(gains.filter((gain, index) => index % 48 === 0)), sound.cues.size];
}"""
# What the page's clock uses over a minute, by a clock set by hand: [seconds, milliseconds]. As was measured, the device
# tells 30 ms more of itself in the first seconds; after half of the time it stands still for 300 ms.
FOLLOW_A_DEVICE = """async () => {
  const { MachineClock } = await import(new URL("clock.js", document.querySelector("script[type=module]").src));
  let now = 100;
  performance.now = () => now;
  const awayMs = () => (now < 1_700 ? -1_021 : now < 32_000 ? -1_051 : -1_351);
  const clock = new MachineClock({
    state: "running",
    getOutputTimestamp: () => ({ contextTime: (now + awayMs()) / 1000, performanceTime: now }),
  });
  const used = [];
  while (now < 62_000) {
    clock.compare(now - 1, now, now + 1);
    used.push([now / 1000, clock.used]);
    now += now < 1_500 ? 60 : 2_000;
  }
  return used;
}"""


@pytest.fixture(scope="module")
def player() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as player:
        yield player


@pytest.fixture(scope="module")
def browser(player: Playwright) -> Iterator[Browser]:
    """A browser for all tests that need no special one."""
    with chromium(player) as browser:
        yield browser


@pytest.fixture
def served(own_folders: Path) -> Iterator[ServeProcess]:
    """A server that shows the list."""
    assert not own_folders.exists()
    served = ServeProcess()
    yield served
    served.end()


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A session that is over soon."""
    path = tmp_path / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture
def short_served(own_folders: Path, short: Path) -> Iterator[ServeProcess]:
    """A server that runs it."""
    assert not own_folders.exists()
    served = ServeProcess("--session", str(short))
    yield served
    served.end()


def test_a_session_behind_the_address_is_offered_and_stored_only_after_a_yes(
    served: ServeProcess, browser: Browser
) -> None:
    link = make_link(Bundle({"schema": 1, "name": "From a friend", "steps": [{"say": "Hello."}]}, {}, {}))
    stored = paths.own_sessions_dir() / "from-a-friend.toml"
    page = open_page(browser, f"{served.address()}#{link}")
    wait_for_text(page, "From a friend")
    assert not stored.exists()
    page.keyboard.press("y")
    until(stored.is_file, lambda: "the file")
    page.context.close()


def planned_ms(session: Path) -> list[int]:
    """When every cue is to be heard, from the start of the session."""
    shown = subprocess.run(
        [PROGRAM, "show", str(session), "--json", "--voice", "espeak"], check=True, capture_output=True, text=True
    )
    phases = json.loads(shown.stdout)["phases"]
    return [phase["start_ms"] + cue["at_ms"] for phase in phases for cue in phase["cues"]]


def start_sound(page: Page) -> None:
    page.click("#start-sound")
    page.wait_for_selector("#start-sound", state="hidden")


def test_the_list_is_shown_from_this_computer_alone_and_keys_work(browser: Browser, served: ServeProcess) -> None:
    context = browser.new_context()
    context.add_init_script(KEEP_WRITTEN)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(served.address())
    wait_for_place(page, "library")
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {urlsplit(page.url).netloc}
    assert "token" not in page.url
    wait_for_text(page, "Desk break")
    page.keyboard.press("Enter")
    wait_for_place(page, "play")
    wait_for_text(page, "Volume")
    page.keyboard.press("q")
    wait_for_place(page, "")
    page.keyboard.press("y")
    wait_for_place(page, "library")
    page.keyboard.press("F10")
    before = served.children()
    page.wait_for_selector("#ended >> text=Slow Count was closed.")
    page.click("#ended button")  # the app that was left may still be there
    wait_for_place(page, "library")
    until(lambda: not set(before) & set(served.children()), lambda: f"the end of {before}")
    assert len(served.children()) == 1
    assert wrong == []
    context.close()


def test_an_address_is_good_for_one_device_and_the_next_one_is_printed(browser: Browser, served: ServeProcess) -> None:
    first = open_page(browser, served.address())
    wait_for_place(first, "library")
    second = open_page(browser, served.address())
    assert "has not been let in" in second.inner_text("body")
    second.goto(served.address(1))
    wait_for_place(second, "library")
    assert len(served.children()) == 2
    for page in (first, second):
        page.context.close()


@pytest.mark.sound_server
def test_every_cue_begins_at_its_moment_to_the_sample(
    player: Playwright,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    short_served: ServeProcess,
    short: Path,
) -> None:
    planned = planned_ms(short)  # before the run, which is explained less after it
    with chromium(player, env=sound_server.environment) as browser:
        page = open_page(browser, short_served.address())
        start_sound(page)
        wait_for_text(page, "Well done")
        played = page.evaluate("timerApp.played")
    assert len(played) == len(planned)
    begins_ms = [1000 * cue["begins_s"] for cue in played]
    assert max(cue["late_ms"] for cue in played) == 0
    away = [begin - at for begin, at in zip(begins_ms, planned, strict=True)]
    # What is left is how the device's clock, the browser's and the computer's drift apart.
    assert max(away) - min(away) < 5
    between = [
        abs((b - a) - (y - x)) for a, b, x, y in zip(begins_ms, begins_ms[1:], planned, planned[1:], strict=False)
    ]
    assert max(between) < 2


def moments_away(
    player: Playwright,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    short: Path,
) -> list[float]:
    """How much later than planned each tone of a session is heard that plays in a page, in milliseconds."""
    begun_ms = machine_ms()
    served = ServeProcess("--session", str(short))
    with chromium(player, env=sound_server.environment) as browser:
        page = open_page(browser, served.address())
        start_sound(page)
        wait_for_text(page, "Well done")
        time.sleep(1)
        planned_ms = [cue["at_ms"] for cue in page.evaluate("timerApp.played")]
    served.end()
    away = [heard - at for heard, at in zip(sound_server.onsets_ms(begun_ms, 150), planned_ms, strict=True)]
    assert len(away) == len(tones_of(short))
    return away


@pytest.mark.sound_server
def test_what_is_heard_is_heard_at_its_moment_on_the_computers_clock(
    player: Playwright,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    own_folders: Path,
    short: Path,
) -> None:
    settings = own_folders / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('voice = "none"\nvolume = 100\n', encoding="utf-8")
    away = moments_away(player, sound_server, short)
    assert max(map(abs, away)) < 40
    assert max(away) - min(away) < 15


def silenced_after_ms(page: Page) -> float:
    """Pause while something is to be heard; by the page's own clock. The note of the pause comes after that."""
    page.wait_for_function("() => timerApp.sound.cues.size > 0")
    page.evaluate("window.silentAt = null, window.sounding = [...timerApp.sound.cues]")
    page.evaluate("window.pausedAt = performance.now(), timerApp.line.say('command', 'go')")
    silent = "!sounding.some((cue) => timerApp.sound.cues.has(cue))"
    page.wait_for_function(f"() => {silent} && (silentAt ??= performance.now())", polling=10)
    page.wait_for_timeout(1_500)  # the note is over
    page.wait_for_function("() => timerApp.sound.cues.size === 0")
    return float(page.evaluate("silentAt - pausedAt"))


@pytest.mark.sound_server
def test_a_pause_silences_at_once_and_mute_and_volume_reach_the_page(
    browser: Browser, short_served: ServeProcess
) -> None:
    page = open_page(browser, short_served.address())
    start_sound(page)
    page.wait_for_function("() => timerApp.played.length > 2")
    delays_ms = [silenced_after_ms(page)]
    for _ in range(2):
        page.evaluate("timerApp.line.say('command', 'go')")
        delays_ms.append(silenced_after_ms(page))
    assert min(delays_ms) < 300  # what else the computer does can only make it later
    before = page.evaluate("timerApp.played.length")
    page.evaluate("timerApp.line.say('command', 'mute')")
    page.wait_for_function("() => timerApp.sound.master.gain.value < 0.001")
    assert page.evaluate("timerApp.played.length") == before
    page.evaluate("timerApp.line.say('command', 'mute')")
    page.wait_for_function("() => timerApp.sound.master.gain.value > 0.5")
    page.context.close()


def test_where_the_sound_is_started_late_what_has_passed_is_not_made_up_for(
    browser: Browser, short_served: ServeProcess
) -> None:
    page = open_page(browser, short_served.address())
    wait_for_place(page, "play")
    page.wait_for_function("() => timerApp.sound.clips.size > 4")
    assert page.evaluate("timerApp.played.length") == 0
    assert page.evaluate("timerApp.sound.waiting.length") < 8
    now_ms = machine_ms()
    start_sound(page)
    page.wait_for_function("() => timerApp.played.length > 2")
    assert min(cue["at_ms"] for cue in page.evaluate("timerApp.played")) > now_ms - 500
    page.context.close()


def test_a_server_that_falls_silent_is_joined_anew_and_one_that_was_not_asked_is_not(
    browser: Browser, served: ServeProcess
) -> None:
    page = open_page(browser, served.address())
    wait_for_place(page, "library")
    page.evaluate("timerApp.line.heardAt = -60_000, timerApp.line.askedAt = -60_001, timerApp.line.look()")
    assert page.evaluate("sockets.length") == 1
    page.evaluate(
        "sockets[0].onmessage = null, timerApp.line.heardAt = -60_001, timerApp.line.askedAt = -60_000,"
        "timerApp.line.look()"
    )
    page.wait_for_function("() => sockets.length === 2 && sockets[1].readyState === 1")
    page.context.close()


def test_music_plays_below_steps_back_for_the_voice_and_stands_still_in_a_pause(
    browser: Browser, own_folders: Path, tmp_path: Path
) -> None:
    assert not own_folders.exists()
    write_music(tmp_path / "sea.wav", tone(30))
    session = tmp_path / "with-music.toml"
    session.write_text(SHORT.replace("[defaults]", '[sound]\nmusic = ["sea.wav"]\n\n[defaults]'), encoding="utf-8")
    served = ServeProcess("--session", str(session))
    page = open_page(browser, served.address())
    start_sound(page)
    music = "timerApp.sound.music"
    page.wait_for_function(f"() => {music}.player?.currentTime > 0.2")
    page.wait_for_function(f"() => {music}.level.gain.value > 0.05")
    page.wait_for_function(f"() => {music}.duck.gain.value < 0.4")
    page.evaluate("timerApp.line.say('command', 'go')")
    page.wait_for_function(f"() => {music}.player.paused")
    page.evaluate("timerApp.line.say('command', 'go')")
    page.wait_for_function(f"() => !{music}.player.paused")
    page.wait_for_function(f"() => {music}.level.gain.value > 0.05")
    page.evaluate(f"window.before = {{ player: {music}.player, level: {music}.level }}")
    lay = f"{music}.lay({{ tracks: [{music}.tracks[0]], gain: 1, duck: {music}.steps }})"
    assert page.evaluate(f"{lay}, before.level.gain.value > 0.02 && !before.player.paused")
    page.wait_for_function("() => before.level.gain.value < 0.01 && before.player.paused")
    page.evaluate(f"{music}.go({{ level: 1, fade_ms: 100, at_ms: timerApp.sound.clock.machineMs() }})")
    page.wait_for_function(f"() => {music}.level.gain.value > 0.5 && {music}.player.currentTime > 0.1")
    page.context.close()
    served.end()


def test_what_is_about_to_begin_is_heard_out_and_the_music_steps_back_for_that_alone(
    browser: Browser, served: ServeProcess
) -> None:
    page = open_page(browser, served.address())
    wait_for_place(page, "library")
    stored, gains, left = page.evaluate(CANCEL_BETWEEN_TWO_LINES)
    assert stored == [100]
    assert len(gains) > 2_500
    assert min(gains[:100]) > 0.99
    assert max(gains[200:1_100]) < 0.25
    assert min(gains[1_300:]) > 0.99
    assert left == 0
    page.context.close()


def test_what_a_device_tells_wrongly_at_first_moves_no_cue_and_a_device_that_stood_still_is_followed(
    browser: Browser, served: ServeProcess
) -> None:
    page = open_page(browser, served.address())
    wait_for_place(page, "library")
    used = page.evaluate(FOLLOW_A_DEVICE)
    first = [(at_s, used_ms) for at_s, used_ms in used if at_s < 32]
    assert len(first) > 30
    steps = [abs(ms - before_ms) / (at_s - before_s) for (before_s, before_ms), (at_s, ms) in pairwise(first)]
    assert 0 < max(steps) <= 0.251  # milliseconds a second
    assert abs(used[-1][1] + 1_351) < 1
    page.context.close()


def test_a_line_that_breaks_is_joined_again_and_the_run_goes_on_where_it_is(
    browser: Browser, short_served: ServeProcess
) -> None:
    page = open_page(browser, short_served.address())
    start_sound(page)
    page.wait_for_function("() => timerApp.played.length > 2")
    children = short_served.children()
    assert children
    page.evaluate("window.written = '', timerApp.line.socket.close()")
    page.wait_for_function("() => sockets.length === 2 && sockets[1].readyState === 1")
    wait_for_text(page, "Lean")
    page.wait_for_selector("#news", state="hidden")
    before = page.evaluate("timerApp.played.length")
    page.wait_for_function("before => timerApp.played.length > before + 2", arg=before)
    assert short_served.children() == children
    page.context.close()


def test_a_line_that_is_joined_only_at_the_second_try_says_nothing_more_of_that(
    browser: Browser, served: ServeProcess
) -> None:
    context = browser.new_context()
    context.add_init_script(KEEP_WRITTEN)
    context.add_init_script(FAIL_AT_FIRST)
    page = context.new_page()
    page.goto(served.address())
    page.wait_for_selector("#news >> text=The connection is lost")
    wait_for_place(page, "library")
    page.wait_for_selector("#news", state="hidden")
    wait_for_text(page, "Desk break")
    context.close()


def test_a_page_that_is_loaded_again_shows_the_same_run(browser: Browser, short_served: ServeProcess) -> None:
    page = open_page(browser, short_served.address())
    wait_for_place(page, "play")
    children = short_served.children()
    assert children
    page.reload()
    wait_for_place(page, "play")
    wait_for_text(page, "Lean")
    assert short_served.children() == children
    page.context.close()


def test_a_page_that_is_loaded_again_and_turned_is_drawn_as_wide_as_the_app_was_told(
    browser: Browser, short_served: ServeProcess
) -> None:
    page = open_page(browser, short_served.address(), viewport={"width": 390, "height": 780})
    wait_for_place(page, "play")
    page.reload()  # everything is at hand now, so that the terminal is there before the page has been loaded
    wait_for_place(page, "play")
    page.set_viewport_size({"width": 800, "height": 390})
    page.wait_for_function("() => timerApp.line.size.width > 80")
    assert page.locator(".xterm").count() == 1
    page.wait_for_function("() => document.querySelector('.xterm-screen').clientWidth > 780")
    page.context.close()


def test_a_phone_gets_as_many_columns_as_the_narrow_layout_wants_and_keys_for_fingers(
    player: Playwright, served: ServeProcess
) -> None:
    with chromium(player, PHONE_SCALE) as browser:
        page = open_page(browser, served.address(), **PHONE)
        wait_for_place(page, "library")
        size = page.evaluate("timerApp.line.size")
        assert 43 <= int(size["width"]) <= 45
        assert int(size["height"]) > 20
        assert page.evaluate("document.documentElement.scrollWidth") == 393
        wait_for_text(page, "Desk break")
        page.tap("#start-sound")
        page.wait_for_selector("#start-sound", state="hidden")
        page.tap("nav button:visible:text('Enter')")
        wait_for_place(page, "play")
        wait_for_text(page, "Volume")
        page.tap("nav button:visible:text('Pause')")
        wait_for_text(page, "to go on")
        for button in page.query_selector_all("nav button"):
            if box := button.bounding_box():
                assert box["height"] >= 44
                assert box["y"] + box["height"] <= 727
        page.tap("nav button:visible:text('End')")
        wait_for_text(page, "Give up this session?")
        page.tap("nav button:visible:text('▼')")
        page.tap("nav button:visible:text('Enter')")
        page.wait_for_function("() => ['library', 'summary'].includes(document.body.dataset.place)")
        page.context.close()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_the_end_of_the_server_leaves_no_process_behind(
    browser: Browser, served: ServeProcess, number: signal.Signals, status: int
) -> None:
    page = open_page(browser, served.address())
    wait_for_place(page, "library")
    wait_for_text(page, "Desk break")
    page.keyboard.press("Enter")
    wait_for_place(page, "play")
    children = served.children()
    assert children
    assert served.end(number) == status
    until(lambda: not any(map(is_there, children)), lambda: f"the end of {children}")
    assert "Traceback" not in "".join(served.reported)
    page.context.close()


def test_a_server_that_is_killed_takes_its_apps_with_it(browser: Browser, served: ServeProcess) -> None:
    page = open_page(browser, served.address())
    wait_for_place(page, "library")
    children = served.children()
    assert children
    assert served.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not any(map(is_there, children)), lambda: f"the end of {children}")
    page.wait_for_selector("#news >> text=The connection is lost")
    page.context.close()


def test_enter_in_the_terminal_prints_another_address_and_control_c_ends_it(terminal: Terminal) -> None:
    terminal.resize(80, 60)
    terminal.run(PROGRAM, "serve", "--port", "0")
    screen = terminal.wait_for("Open this on the device", "token=", "Only this computer")
    assert "▄" not in screen  # no phone could open what a code would say
    terminal.press("Enter")
    screen = terminal.wait_until(lambda screen: screen.count("token=") == 2, "another address")
    first, second = re.findall(r"token=(\S+)", screen)
    assert first != second
    terminal.press("C-c")
    terminal.wait_for("status=0")


def test_a_port_that_is_taken_and_a_session_that_is_not_there_are_told_in_a_line(served: ServeProcess) -> None:
    port = str(urlsplit(served.address()).port)
    for options, said in ((["--port", port], f"port {port}: address already in use"), (["--session", "x"], '"x"')):
        done = subprocess.run([PROGRAM, "serve", *options], check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode in (1, 2)
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


SCREENS = {"phone": (390, 844), "short phone": (390, 700), "lying phone": (844, 390), "computer": (1280, 800)}
SMALLEST_KEY_PX = 44  # what a finger hits
SMALLEST_NUMBER_ROWS = 4
LONG = SHORT.replace('hold = "5s"', 'hold = "90s"').replace('prepare = "3s"', "prepare = 0")


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS)
def test_at_every_size_the_word_and_the_number_are_there_and_keys_work_after_every_tap(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "long.toml"
    path.write_text(LONG, encoding="utf-8")
    width, height = size
    fingers = width != SCREENS["computer"][0]
    device = {"viewport": {"width": width, "height": height}, "is_mobile": fingers, "has_touch": fingers}
    served = ServeProcess("--session", str(path))
    try:
        page = open_page(browser, served.address(), **device)
        wait_for_place(page, "play")
        assert page.locator("#loading").is_hidden()
        page.locator("#start-sound").click()
        page.wait_for_selector("#start-sound", state="hidden")
        see_word_and_number(page)
        if fingers:
            keys = page.locator("nav button:visible").evaluate_all(
                "all => all.map(key => [key.getBoundingClientRect().width, key.getBoundingClientRect().height])"
            )
            assert min(map(min, keys)) >= SMALLEST_KEY_PX
            assert page.locator("nav").evaluate("nav => nav.getBoundingClientRect().height") <= height / 3
            page.locator('[data-command="go"]').tap()
        else:
            page.keyboard.press("Space")  # the banner was clicked before
        see_word_and_number(page, "PAUSED")
        page.reload()
        wait_for_place(page, "play")
        see_word_and_number(page, "PAUSED")
        page.mouse.click(width / 2, height / 4)
        page.evaluate("window.written = ''")
        if fingers:
            page.locator('[data-command="go"]').tap()
        else:
            page.keyboard.press("Space")
        see_word_and_number(page)
    finally:
        served.end()


class TerminalInPage:
    """What the terminal in a page shows."""

    def __init__(self, page: Page) -> None:
        self._page = page
        size = page.evaluate("timerApp.line.size")
        self.width, self.height = int(size["width"]), int(size["height"])
        self._screen = pyte.Screen(self.width, self.height)
        self._stream = pyte.Stream(self._screen)
        self._read = 0

    def rows(self) -> list[str]:
        """Its lines of text."""
        new = self._page.evaluate("read => window.written.slice(read)", self._read)
        # What is written is kept in the units of the page, of which a character can take two.
        self._read += len(new.encode("utf-16-le")) // 2
        self._stream.feed(new)
        return list(self._screen.display)


def see_word_and_number(page: Page, word: str = "HOLD") -> None:
    """See that the terminal in the page shows the word, large or as text, and a number of some rows made of blocks."""
    terminal = TerminalInPage(page)
    sizes = {fit_size(word, columns, rows) for columns in range(terminal.width) for rows in range(12)}
    drawn = [draw_text(word, glyphs) for glyphs in sizes if glyphs]

    def is_there() -> bool:
        shown = terminal.rows()
        is_large = any(all(any(part in row for row in shown) for part in large) for large in drawn)
        is_named = is_large or any(word in row for row in shown)
        of_blocks = "".join("x" if re.search("[▀▄█]", row) else " " for row in shown)
        return is_named and max(map(len, of_blocks.split()), default=0) >= min(
            SMALLEST_NUMBER_ROWS, terminal.height // 4
        )

    until(is_there, lambda: "\n".join(terminal.rows()), every_s=0.3)  # each look reads the whole screen
