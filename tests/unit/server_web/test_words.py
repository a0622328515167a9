"""Which language a page is in."""

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web import words
from server.web.words import Words, words_for

AVAILABLE = ("en", "pt", "pt-BR", "ar")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("pt-PT, en;q=0.8", "pt"),
        ("pt-BR", "pt-BR"),
        ("PT-br;q=0.9, ar;q=0.95", "ar"),
        ("xx, *;q=0.1", "en"),
        ("pt;q=0, ar;q=0.1", "ar"),
        ("pt;q=broken", "en"),
        ("ar-EG", "ar"),
    ],
)
def test_the_best_language_there_is(header: str, language: str) -> None:
    assert words._best(header, AVAILABLE) == language


@given(st.text(max_size=300))
def test_no_header_is_too_odd(header: str) -> None:
    assert words._best(header, AVAILABLE) in AVAILABLE


def test_english_is_shipped_and_is_the_source() -> None:
    assert words.languages()[0] == "en"
    assert words_for("xx").language == "en"


def test_direction_follows_the_language() -> None:
    assert Words("ar-EG", gettext.NullTranslations()).direction == "rtl"
    assert Words("pt-BR", gettext.NullTranslations()).direction == "ltr"


def test_numbers_choose_their_form() -> None:
    english = words_for("en")
    assert english.count("%(num)d file", "%(num)d files", 1) == "1 file"
    assert english.count("%(num)d file", "%(num)d files", 2) == "2 files"


def test_a_percent_sign_without_values_stays() -> None:
    assert words_for("en")("100 % is here") == "100 % is here"
