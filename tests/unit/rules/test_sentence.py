"""A sentence that can be said again in another language."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sentence import Sentence, pack, plain, together, unpack


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


def test_as_a_hook_it_is_told_as_text_and_nothing_else_is() -> None:
    made = Sentence("%(name)s is empty.", name="It")
    assert msgspec.json.encode({"why": made}, enc_hook=plain) == b'{"why":"It is empty."}'
    with pytest.raises(NotImplementedError):
        msgspec.json.encode({"why": object()}, enc_hook=plain)


def test_two_stand_one_after_the_other_and_each_is_said_by_itself() -> None:
    first = Sentence("%(host)s cannot be reached.", host="a.example")
    made = together(first, "Try again 100 % later.")
    assert made == "a.example cannot be reached. Try again 100 % later."
    assert list(made.values.values()) == [first, "Try again 100 % later."]
    assert all(isinstance(value, Sentence) for value in made.values.values())


@given(st.text(), st.integers(), st.text())
def test_what_is_kept_comes_back_as_it_was(name: str, count: int, inner: str) -> None:
    made = Sentence(
        "%(name)s: %(count)s %(why)s 100 %%", name=name, count=count, why=Sentence("(%(in)s)", **{"in": inner})
    )
    back = unpack(str(made), pack(made))
    assert isinstance(back, Sentence)
    assert (back, back.template, back.values) == (made, made.template, made.values)


@given(st.text(), st.text() | st.just('{"template":"%(a)s %(b)d","values":{"a":"x"}}'))
def test_what_does_not_make_the_text_is_left_aside(text: str, packed: str) -> None:
    back = unpack(text, packed)
    assert back == text
    assert not isinstance(back, Sentence) or back.template


def test_text_alone_has_nothing_to_keep() -> None:
    assert pack("It is empty.") == pack(Sentence("It is empty.")) == ""
    assert unpack("It is empty.", "") == "It is empty."


def test_what_would_fill_the_memory_is_not_made() -> None:
    wide = '{"template":"%(a)999999999d","values":{"a":1}}'
    laughing = '{"template":"ha","values":{}}'
    for _ in range(40):
        laughing = '{"template":"%(a)s%(a)s%(a)s%(a)s","values":{"a":' + laughing + "}}"
    deep = '{"template":"%(a)s","values":{"a":' * 20_000
    for hostile in (wide, laughing, deep, "[]", '{"template":"%(a)q","values":{"a":1}}'):
        assert unpack("It is empty.", hostile) == "It is empty."
        assert type(unpack("It is empty.", hostile)) is str
