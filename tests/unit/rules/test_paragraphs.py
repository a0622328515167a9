"""Two versions of a text, paragraph by paragraph."""

from hypothesis import given
from hypothesis import strategies as st

from rules.paragraphs import MAX_PARAGRAPHS, compare, paragraphs, read

EARLIER = "# Who\n\nWe do.\n\n# How long\n\nFor a year.\nNo longer.\n\nThis goes."
LATER = "# Who\n\nWe do.\n\n# How long\n\nFor two years. No longer.\n\n# New\n\nMore."

_words = st.lists(st.sampled_from(["# Head", "one", "two", "three four", "five"]), max_size=12).map("\n\n".join)


def test_what_stays_changes_comes_and_goes() -> None:
    found = [(one.change, one.heading, one.text) for one in compare(EARLIER, LATER)]
    assert found == [
        ("same", True, "Who"),
        ("same", False, "We do."),
        ("same", True, "How long"),
        ("changed", False, "For two years. No longer."),
        ("changed", True, "New"),
        ("added", False, "More."),
    ]
    [piece] = [one for one in compare(EARLIER, LATER)[3].pieces if one.change == "removed"]
    assert piece.text.strip() == "a year."


def test_a_text_by_itself() -> None:
    assert [(one.heading, one.text) for one in read("# A\nB\n\n\n  c\nd \n")] == [(True, "A B"), (False, "c d")]
    assert read("") == ()


@given(_words, _words)
def test_both_texts_can_be_read_back(earlier: str, later: str) -> None:
    found = compare(earlier, later)
    after = [one.text for one in found if one.change != "removed"]
    before = [
        "".join(piece.text for piece in one.pieces if piece.change != "added") for one in found if one.change != "added"
    ]
    bare = [[one.removeprefix("# ") for one in paragraphs(text)] for text in (later, earlier)]
    assert [after, before] == bare


def test_a_text_of_very_many_paragraphs_is_compared_as_one() -> None:
    many = "\n\n".join(f"line {number}" for number in range(MAX_PARAGRAPHS + 1))
    assert [one.change for one in compare(many, many + " more")] == ["changed"]
