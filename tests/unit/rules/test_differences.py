"""A difference is exact: both texts can be read out of it, whatever they are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules.differences import MAX_PARTS, Piece, differences

TEXT = st.text(st.sampled_from("ab \nü.\u0301"), max_size=60) | st.text(max_size=40)


@given(earlier=TEXT, later=TEXT)
def test_both_texts_are_in_it(earlier: str, later: str) -> None:
    pieces = differences(earlier, later)
    assert "".join(one.text for one in pieces if one.change != "added") == earlier
    assert "".join(one.text for one in pieces if one.change != "removed") == later
    assert all(one.text for one in pieces)
    assert all(one.change != two.change for one, two in pairwise(pieces))


@given(text=TEXT)
def test_the_same_text_has_none(text: str) -> None:
    assert differences(text, text) == ((Piece("same", text),) if text else ())


def test_words_stay_whole() -> None:
    assert differences("Pump 3 leaks badly", "Pump 13 leaks") == (
        Piece("same", "Pump "),
        Piece("removed", "3 leaks badly"),
        Piece("added", "13 leaks"),
    )


def test_what_is_too_long_by_words_is_compared_by_lines_and_then_as_a_whole() -> None:
    many = "".join(f"a{n} b c\n" for n in range(MAX_PARTS - 10))
    pieces = differences(f"x\n{many}y", f"z\n{many}w")
    assert [one.change for one in pieces] == ["removed", "added", "same", "removed", "added"]
    more = "w \n" * (MAX_PARTS * 2)
    pieces = differences(f"x\n{more}y", f"z\n{more}w")
    assert [one.change for one in pieces] == ["removed", "added"]
