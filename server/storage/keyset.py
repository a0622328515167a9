"""Pages by position and not by number: where one ended, as text that a browser gives back."""

from sqlalchemy import ColumnElement, and_, or_, true


def mark(time: str, row_id: str) -> str:
    """The position of the last row of a page, in lists that are newest first."""
    return f"{time} {row_id}"


def beyond(text: str, time: ColumnElement[str], row_id: ColumnElement[str]) -> ColumnElement[bool]:
    """The rows after a mark, in such a list. A text that cannot be a mark is none: the list begins at its start."""
    at, _, last = text.partition(" ")
    if not last or "\x00" in text:  # PostgreSQL takes no NUL
        return true()
    return or_(time < at, and_(time == at, row_id < last))
