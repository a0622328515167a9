"""What was typed is never lost between title and text."""

from hypothesis import given
from hypothesis import strategies as st

from rules.report_text import MAX_TITLE, split_title


def test_the_first_line_is_the_title() -> None:
    assert split_title("\n Lamp out \nReplaced the tube.\n\nAll burn.\n") == (
        "Lamp out",
        "Replaced the tube.\n\nAll burn.",
    )


def bare(text: str) -> str:
    return "".join(text.split())


@given(st.text())
def test_nothing_that_can_be_read_is_lost(written: str) -> None:
    title, text = split_title(written)
    assert len(title) <= MAX_TITLE
    assert bare(written) in (bare(title + text), bare(text))


def test_a_first_line_that_is_too_long_is_kept_whole_in_the_text() -> None:
    long = "word " * 100
    title, text = split_title(long)
    assert title.endswith("word…")
    assert text == long.strip()
