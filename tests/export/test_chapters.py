from __future__ import annotations

from dataclasses import replace

from timer_app.export.chapters import Caption, Chapter, build_captions, build_chapters, cue_sheet, srt, vtt
from timer_app.testing import hold, line, prepare, rest, say, step, timeline

PLANK = step("Plank", prepare(5_000), hold(20_000), rest(5_000), hold(20_000))


def test_a_step_is_one_chapter_with_its_preparation_sets_and_rests() -> None:
    made = timeline(PLANK, step("Row", hold(3_000)))
    assert build_chapters(made) == (Chapter("Plank", 0, 50_500), Chapter("Row", 50_500, 53_500))


def test_opening_words_are_a_chapter_of_the_sessions_name_and_closing_words_end_the_last_one() -> None:
    made = timeline(say("Hello.", 2_000), step("Row", hold(3_000)), say("Done.", 1_000), name="Morning")
    first, middle, last = made.phases
    made = replace(made, phases=(replace(first, step=None), middle, replace(last, step=None)))
    assert build_chapters(made) == (Chapter("Morning", 0, 2_500), Chapter("Row", 2_500, 6_500))


def test_a_step_that_comes_again_in_another_round_is_numbered() -> None:
    rounds = [step("Row", hold(1_000, round=number)) for number in (1, 2)]
    made = timeline(*rounds)
    made = replace(made, phases=tuple(replace(phase, step=0) for phase in made.phases))
    assert [chapter.title for chapter in build_chapters(made)] == ["Row", "Row (2)"]


def test_a_step_that_takes_no_time_has_no_chapter() -> None:
    made = timeline(step("Ask", hold(0)), step("Row", hold(1_000)))
    assert build_chapters(made) == (Chapter("Row", 0, 1_500),)


def test_chapters_cover_the_session_without_gaps() -> None:
    made = build_chapters(timeline(PLANK, step("Row", hold(3_000)), say("Done.", 1_000)))
    assert [chapter.end_ms for chapter in made[:-1]] == [chapter.start_ms for chapter in made[1:]]


def test_everything_said_is_a_caption_at_its_time() -> None:
    made = timeline(
        prepare(5_000, line(500, "Get\n ready.", length_ms=900)), hold(5_000, line(0, "Go.", length_ms=300))
    )
    assert build_captions(made) == (Caption("Get ready.", 1_000, 1_900), Caption("Go.", 5_500, 5_800))


def test_captions_as_webvtt_and_subrip() -> None:
    said = [Caption("Less < more & done.", 3_723_004, 3_724_500)]
    assert vtt(said) == "WEBVTT\n\n01:02:03.004 --> 01:02:04.500\nLess &lt; more &amp; done.\n"
    assert srt(said) == "1\n01:02:03,004 --> 01:02:04,500\nLess < more & done.\n"


def test_a_caption_is_nothing_but_text() -> None:
    said = build_captions(
        timeline(hold(5_000, line(0, r"A --> b <i>c</i> {\an8} 3 < 4 \x1b\u2028NOTE", length_ms=300)))
    )
    (text,) = [caption.text for caption in said]
    assert vtt([Caption(text, 0, 1)]).splitlines()[3:] == [
        r"A --&gt; b &lt;i&gt;c&lt;/i&gt; {\an8} 3 &lt; 4 \x1b\u2028NOTE"
    ]
    assert srt([Caption(text, 0, 1)]).splitlines()[2:] == [r"A → b ‹i>c‹/i> ‹\an8} 3 < 4 \x1b\u2028NOTE"]


def test_a_cue_sheet_has_a_line_for_a_name_whatever_its_characters() -> None:
    sheet = cue_sheet("A\nTITLE x", "a\nFILE b.wav", [Chapter('B"\r\n  TRACK 99', 0, 1)])
    assert len(sheet.splitlines()) == 5
    assert 'FILE "a\\nFILE b.wav" WAVE' in sheet


def test_a_cue_sheet_has_a_track_for_each_chapter_in_sectors() -> None:
    sheet = cue_sheet('The "best"', "out.wav", [Chapter("Plank", 0, 61_500), Chapter("Row", 6_061_500, 6_070_000)])
    assert sheet.splitlines() == [
        "TITLE \"The 'best'\"",
        'FILE "out.wav" WAVE',
        "  TRACK 01 AUDIO",
        '    TITLE "Plank"',
        "    INDEX 01 00:00:00",
        "  TRACK 02 AUDIO",
        '    TITLE "Row"',
        "    INDEX 01 101:01:37",
    ]


def test_a_cue_sheet_numbers_no_further_than_two_digits() -> None:
    many = [Chapter(str(number), number, number + 1) for number in range(120)]
    assert cue_sheet("Long", "out.wav", many).count("TRACK") == 99
