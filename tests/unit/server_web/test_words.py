"""Which language a page is in."""

import gettext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sentence import Sentence
from rules.templates.filling import Trouble
from rules.templates.sentences import told as told_trouble
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


def test_an_empty_text_is_not_the_header_of_the_catalog() -> None:
    assert words_for("ar")("") == ""


def test_a_sentence_is_said_again_in_the_readers_language() -> None:
    told = Sentence("The %(field)s is empty. Fill it in.", field=Sentence("name"))
    assert words_for("en")(told) == "The name is empty. Fill it in."
    assert words_for("ar")(told) == "«\u2068الاسم\u2069» فارغ. املأه."


def test_what_others_wrote_is_filled_in_as_it_is() -> None:
    told = Sentence("There is a location %(name)s already. Choose another name, or reactivate that one.", name="Add %s")
    assert "\u2068Add %s\u2069" in words_for("ar")(told)
    assert words_for("en")(told) == told


def test_troubles_with_answers_are_said_in_the_readers_language() -> None:
    required = Trouble(path="lamp", code="required", label="Lamp")
    assert words_for("ar")(told_trouble(required)) == "«\u2068Lamp\u2069»: الجواب مطلوب."
    own = Trouble(path="lamp", code="required", label="Lamp", message="Look at the lamp!")
    assert words_for("ar")(told_trouble(own)) == "Look at the lamp!"
