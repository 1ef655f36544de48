from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.widgets import Static

from tests.tui.pictures import check_picture
from timer_app import tui
from timer_app.core.player.recorder import Answer, Ending, SessionRecord, StepRecord
from timer_app.core.timeline.dose import Dose, DoseOrigin
from timer_app.core.timeline.model import StepInfo
from timer_app.core.training.assessment import SuggestedSession
from timer_app.core.wording.look_back import LookBack
from timer_app.core.wording.record import answer_text, ending_sentence, times_sentences
from timer_app.tui import summary as report
from timer_app.tui.summary import SummaryScreen
from timer_app.tui.themes import ThemedApp

STEPS = (
    StepInfo("Wall squat", "hold", Dose("hold", 30_000, 2)),
    StepInfo("Rest", "rest", Dose("rest", 20_000)),
    StepInfo("Press-ups", "reps", Dose("reps", 10)),
    StepInfo("Plank", "hold", Dose("hold", 60_000)),
)

GROWN = DoseOrigin("hold", 33_000, 40_000, 3_000, date(2026, 3, 4), date(2026, 3, 2), "grown")


def record(ending: Ending = "finished") -> SessionRecord:
    steps = [
        StepRecord("Wall squat", held_ms=90_000, sets=3, repeated=1, planned_sets=2),
        StepRecord("Rest"),
        StepRecord("Press-ups", held_ms=12_000, reps=4, skipped=1, planned_sets=1),
        StepRecord("Plank", skipped=1, planned_sets=1),
    ]
    answers = [Answer("pain", "Pain now", "", None, 3.0), Answer("reach", "Reach", "cm", "left", 12.5)]
    return SessionRecord("Legs", steps, answers, ending, spent_ms=200_000, paused_ms=20_000)


def test_each_step_of_work_tells_what_was_done_of_what_was_planned() -> None:
    assert list(report.summary_rows(record(), STEPS)) == [
        report.SummaryRow("✓", "Wall squat", "3 sets, 1:30, 1 once more", "2 × 30 s"),
        report.SummaryRow("~", "Press-ups", "4 reps, 12 s, ended early", "10 reps"),
        report.SummaryRow("-", "Plank", "not done", "1:00"),
    ]


def test_doses_that_grow_are_told_each_once() -> None:
    grown = replace(STEPS[0], dose_origin=GROWN)
    assert report.dose_lines((grown, *STEPS[1:], grown)) == ["Doses", "  Wall squat: 33 s today (+3 s since Monday)"]
    assert report.dose_lines(STEPS) == []


def test_times_are_told_with_pauses_and_reps() -> None:
    assert times_sentences(record()) == "It took 3:20, 20 s of it paused. 1:42 at work. 4 reps counted."
    once = SessionRecord("Legs", [StepRecord("Press-ups", held_ms=4_000, reps=1)], spent_ms=5_000)
    assert times_sentences(once) == "It took 5 s. 4 s at work. 1 rep counted."


def test_answers_are_told_with_side_and_unit() -> None:
    assert [answer_text(answer) for answer in record().answers] == ["Pain now: 3", "Reach, left: 12.5 cm"]


@pytest.mark.parametrize(
    ("ending", "line"),
    [
        ("finished", "Well done. The session is finished."),
        ("finished early", "Finished early."),
        ("given up", "Given up."),
    ],
)
def test_how_it_ended_is_said(ending: Ending, line: str) -> None:
    assert ending_sentence(record(ending)) == line


@pytest.mark.parametrize(("width", "lines"), [(100, 3), (40, 9)])
async def test_columns_give_way_to_lines_where_it_is_narrow(width: int, lines: int) -> None:
    class Host(App[None]):
        def on_mount(self) -> None:
            self.push_screen(SummaryScreen(record(), STEPS, {}))

    app = Host()
    async with app.run_test(size=(width, 30)) as pilot:
        await pilot.pause()
        text = str(app.screen.query_one("#steps-done", Static).render())
        assert len(text.splitlines()) == lines
        assert all(len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize("width", range(15, 60))
def test_what_does_not_fit_in_a_line_goes_on_below_its_words(width: int) -> None:
    row = report.SummaryRow(
        "✓", "Pair check: front and back of the shoulder", "1 set each side, 30 s", "15 s each side"
    )
    lines = report.summary_lines([row], width)
    assert all(cell_len(line) <= width for line in lines)
    assert [line[:2] for line in lines] == ["✓ ", *["  "] * (len(lines) - 1)]
    assert " ".join(" ".join(lines).split()) == f"✓ {row.name} {row.done} planned: {row.planned}"


@pytest.mark.parametrize(
    ("signs", "reported"),
    [
        ("✓✓", "Again tomorrow?"),
        ("--", "Again tomorrow?"),
        ("✓-", "Left for next time: Step 2."),
        ("~--", "Left for next time: Step 2 and 1 more."),
        ("", "Again tomorrow?"),
    ],
)
def test_the_summary_ends_with_what_to_do_next_time(signs: str, reported: str) -> None:
    shown = [report.SummaryRow(sign, f"Step {number}", "", "") for number, sign in enumerate(signs, 1)]
    assert report.next_time_line(shown) == reported


@pytest.mark.parametrize(("signs", "line"), [("✓✓", ""), ("--", ""), ("✓-", "Left for next time: Step 2.")])
def test_nobody_who_gave_up_is_asked_to_come_again(signs: str, line: str) -> None:
    shown = [report.SummaryRow(sign, f"Step {number}", "", "") for number, sign in enumerate(signs, 1)]
    assert report.next_time_line(shown, "given up") == line


def test_of_a_trial_nothing_is_kept_and_nothing_is_asked() -> None:
    shown = [report.SummaryRow(sign, f"Step {sign}", "", "") for sign in "-✓"]
    known = LookBack(next_day=date(2026, 3, 4), today=date(2026, 3, 3))
    assert report.next_text(shown, "finished", known).splitlines() == [
        "Left for next time: Step -.",
        "Next: tomorrow.",
    ]
    told = "This was a trial: nothing of it is in the history."
    assert report.next_text(shown, "finished", known, is_trial=True) == told
    assert SummaryScreen(record(), STEPS, {}, is_trial=True).unavailable == {"note"}
    assert SummaryScreen(record(), STEPS, {}, write_note=str).unavailable == set()


async def test_last_time_the_best_days_in_a_row_and_what_is_due_next_are_told() -> None:
    today = date(2026, 3, 3)
    known = LookBack(102_000, 4, (60_000, 90_000), (4, 4), 6, today, today + timedelta(1), ("Desk break",))

    class Host(App[None]):
        def on_mount(self) -> None:
            done = replace(record(), steps=[StepRecord("Wall squat", held_ms=1, sets=1, planned_sets=1)])
            self.push_screen(SummaryScreen(done, STEPS[:1], {}, look_back=lambda: known))

    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert str(app.screen.query_one("#looked-back", Static).render()).splitlines() == [
            "At work: 1:42; last time 1:30. Longer than ever before.",
            "The last times: ▅▇█",
            "6 days in a row.",
        ]
        assert str(app.screen.query_one("#next-time", Static).render()) == "Next: tomorrow, Desk break."


async def test_a_question_without_an_answer_is_told_as_passed_over() -> None:
    class Host(App[None]):
        def on_mount(self) -> None:
            asked = (*STEPS, StepInfo("Pain now", "measure"), StepInfo("Mood", "measure"))
            done = replace(record(), steps=[*record().steps, StepRecord("Pain now"), StepRecord("Mood")])
            self.push_screen(SummaryScreen(done, asked, {}))

    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        lines = str(app.screen.query_one("#answers", Static).render()).splitlines()
        assert lines == ["Your answers", "  Pain now: 3", "  Reach, left: 12.5 cm", "  Mood: passed over"]


class Noting(App[None]):
    """A summary that keeps notes, or says why it cannot."""

    def __init__(self, trouble: str = "") -> None:
        super().__init__()
        self.trouble = trouble
        self.notes: list[str] = []
        self.wanted: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(SummaryScreen(record(), STEPS, {}, write_note=self.keep))

    def keep(self, note: str) -> str:
        self.notes.append(note)
        return self.trouble

    def on_summary_screen_again_wanted(self) -> None:
        self.wanted.append("again")

    def on_summary_screen_history_wanted(self) -> None:
        self.wanted.append("history")

    def on_summary_screen_closed(self) -> None:
        self.wanted.append("closed")


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("", "Your note: quiet"), ("the disk is full", "The note is not kept: the disk is full.")],
)
async def test_a_note_is_written_and_told(trouble: str, told: str) -> None:
    app = Noting(trouble)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"quiet", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.notes == ["quiet"]
        assert str(app.screen.query_one("#note-told", Static).render()) == told
        await pilot.press("n", "x", "escape")
        await pilot.pause()
        assert (app.notes, app.wanted) == (["quiet"], [])


class Themed(ThemedApp):
    """A summary with everything in it, as the app shows it."""

    def __init__(self) -> None:
        super().__init__(None, [Path(tui.__file__).parent / "app.tcss"])

    def on_mount(self) -> None:
        today = date(2026, 3, 3)
        times = (60_000, 80_000, 75_000, 110_000, 90_000)
        known = LookBack(102_000, 4, times, (4,), 6, today, today + timedelta(1), ("Desk break",))
        done = replace(record(), steps=[*record().steps, StepRecord("Mood")])
        asked = (*STEPS, StepInfo("Mood", "measure"))
        suggested = (SuggestedSession("desk-break", "the chest is perhaps tight"),)
        compared = ["Pain now: 3; last time 4  █▆"]
        shown = SummaryScreen(done, asked, {}, lambda: compared, suggested, look_back=lambda: known, write_note=str)
        self.push_screen(self.with_size_classes(shown))


@pytest.mark.parametrize(
    ("name", "size"), [("wide", (120, 40)), ("standard", (80, 24)), ("narrow", (43, 46)), ("tiny", (20, 5))]
)
async def test_the_summary_fits_every_layout(name: str, size: tuple[int, int]) -> None:
    app = Themed()
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        check_picture(app, f"summary-{name}")


async def test_keys_do_the_session_again_and_show_the_history() -> None:
    app = Noting()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a", "h", "q")
        await pilot.pause()
        assert app.wanted == ["again", "history", "closed"]


async def test_what_was_measured_is_set_against_earlier_times() -> None:
    class Host(App[None]):
        def on_mount(self) -> None:
            self.push_screen(SummaryScreen(record(), STEPS, {}, lambda: ["Pain now: 3; last time 4"]))

    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        reported = str(app.screen.query_one("#compared", Static).render())
        assert reported == "Against earlier times\nPain now: 3; last time 4"


async def test_what_answers_suggest_is_named_and_started_by_a_key() -> None:
    wanted: list[str] = []

    class Host(App[None]):
        def on_mount(self) -> None:
            suggestions = (SuggestedSession("desk-break", "the chest is perhaps tight"),)
            self.push_screen(SummaryScreen(record(), STEPS, {}, list, suggestions))

        def on_summary_screen_wanted(self, message: SummaryScreen.Wanted) -> None:
            wanted.append(message.session)

    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.pause()
        reported = str(app.screen.query_one("#advice", Static).render())
        assert reported == "Suggested (t starts the first)\n  desk-break: the chest is perhaps tight"
        await pilot.press("t")
        assert wanted == ["desk-break"]
