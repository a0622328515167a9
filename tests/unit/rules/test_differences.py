"""A difference is exact: both texts can be read out of it, whatever they are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rules import differences as module
from rules.differences import MAX_PARTS, MAX_STEPS, Piece, differences

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


class _Word(str):
    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        _Word.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_no_choice_of_words_makes_a_comparison_long() -> None:
    many = [_Word("a ")] * MAX_PARTS
    every_second = [_Word("x "), _Word("a ")] * (MAX_PARTS // 2)
    assert module._kept(many, every_second) is None
    assert module._kept(many, [_Word("b ")] * MAX_PARTS) is None
    assert _Word.compared < 4 * MAX_STEPS**2  # it was their third power: half a minute for one pair of texts


def test_as_little_as_possible_counts_as_changed() -> None:
    few = differences("a b c d e f", "a x c d f g")
    assert [one.text for one in few if one.change == "same"] == ["a ", "c d "]
