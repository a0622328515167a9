"""A sentence that can be said again in another language."""

import msgspec
import pytest

from rules.sentence import Sentence


def test_it_is_the_english_text_and_remembers_what_it_was_made_of() -> None:
    made = Sentence("%(name)s has %(count)d files.", name="Ana", count=3)
    assert made == "Ana has 3 files."
    assert (made.template, made.values) == ("%(name)s has %(count)d files.", {"name": "Ana", "count": 3})


def test_without_values_a_percent_sign_stays() -> None:
    assert Sentence("100 % is here") == "100 % is here"


def test_a_template_is_filled_later() -> None:
    assert Sentence("%(name)s is empty.").filled(name="It") == "It is empty."


def test_what_goes_into_a_message_is_plain_text() -> None:
    made = Sentence("%(name)s", name="“Ana” %s")
    assert type(str(made)) is str
    assert msgspec.json.decode(msgspec.json.encode(str(made))) == "“Ana” %s"
    with pytest.raises(TypeError):
        msgspec.json.encode(made)
