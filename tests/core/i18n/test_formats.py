from __future__ import annotations

from datetime import date

import pytest

from timer_app.core.i18n import source_texts, use_language
from timer_app.core.timeline.dose import DoseOrigin
from timer_app.core.wording.doses import dose_origin_text
from timer_app.core.wording.formatting import (
    day_text,
    exact_length_text,
    short_day_text,
    short_weekday_text,
    weekday_text,
    with_unit,
)

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["12.5 cm", "1.5 s", "5 Mar 2026", "5 Mar", "Thu", "Thursday"]),
        ("de", ["12,5 cm", "1,5 s", "05.03.2026", "5. März", "Do", "Donnerstag"]),
        ("fr", ["12,5 cm", "1,5 s", "5 mars 2026", "5 mars", "jeu.", "jeudi"]),
        ("ja", ["12.5 cm", "1.5 s", "2026/03/05", "3月5日", "木", "木曜日"]),
    ],
)
def test_numbers_and_days_are_written_as_in_the_language(language: str, written: list[str]) -> None:
    use_language(language)
    numbers = [with_unit(12.5, "cm"), exact_length_text(1_500)]
    assert [*numbers, day_text(DAY), short_day_text(DAY), short_weekday_text(DAY), weekday_text(DAY)] == written


def test_what_is_stored_is_written_as_in_english_whatever_the_screen_speaks() -> None:
    use_language("de")
    with source_texts():
        assert (with_unit(12.5, "cm"), day_text(DAY)) == ("12.5 cm", "5 Mar 2026")
    assert with_unit(12.5, "cm") == "12,5 cm"


@pytest.mark.parametrize(
    ("language", "last", "text"),
    [
        ("de", date(2026, 3, 4), "heute 22 s: +2 s seit gestern"),
        ("de", date(2026, 3, 2), "heute 22 s: +2 s seit Montag"),
        ("de", date(2026, 2, 1), "heute 22 s: +2 s seit dem 1. Februar"),
        ("pl", date(2026, 3, 3), "22 s dzisiaj: +2 s od wtorku"),
        ("ja", date(2026, 3, 4), "今日は 22 s：昨日から +2 s"),  # noqa: RUF001 - the colon of Japanese
    ],
)
def test_why_a_dose_is_what_it_is_is_a_sentence_of_the_language(language: str, last: date, text: str) -> None:
    use_language(language)
    origin = DoseOrigin("hold", 22_000, 30_000, change=2_000, today=DAY, last=last, reason="grown")
    assert dose_origin_text(origin) == text
