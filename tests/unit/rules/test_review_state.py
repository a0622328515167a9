"""The review state: a decision stands only while what it was about stands, alone."""

import pytest

from rules.report_text import join_title, split_title
from rules.review import needs_words, review_state


@pytest.mark.parametrize(
    ("revisions", "heads", "decided", "state"),
    [
        (1, ["a"], None, "received"),
        (2, ["b"], None, "edited"),
        (1, ["a"], ("a", "returned"), "returned"),
        (2, ["b"], ("a", "returned"), "edited"),
        (2, ["b"], ("b", "approved"), "approved"),
        (2, ["a", "b"], ("b", "approved"), "edited"),
        (3, ["c"], ("b", "rejected"), "edited"),
        (1, ["b"], ("a", "approved"), "received"),
    ],
)
def test_what_a_decision_leaves(revisions, heads, decided, state) -> None:
    assert review_state(revisions, heads, decided) == state


def test_only_approval_speaks_for_itself() -> None:
    assert [needs_words(one) for one in ("returned", "rejected", "approved")] == [True, True, False]


@pytest.mark.parametrize(
    "written",
    [
        "One line",
        "A title\nand a text\n\nof three",
        "word " * 80,
        "word " * 80 + "\nmore",
        "Ends with …\nx",
        "…",
        "…\nx",
    ],
)
def test_what_was_sent_opens_as_it_was_typed(written: str) -> None:
    title, text = split_title(written)
    assert split_title(join_title(title, text)) == (title, text)
